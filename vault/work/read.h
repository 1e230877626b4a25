// Reading the original of one item: recorded first, then written out as it is opened.
#pragma once

#include <string>

#include "vault/work/access.h"

namespace exhibit::work {

struct ReadRequest {
  tlog::Sequence entry;
  std::string purpose;  // for the record
};

// The entry, if it names a sealed file; kInvalid if it does not. Call it before the user is asked for anything.
Result<custody::SignedEntry> FindSealed(const VaultReader& vault, tlog::Sequence entry);

// Errors as of FindSealed, RecordAccess and VaultReader::ReadContent. What `sink` got was authenticated; at an error it
// got what is before it.
Result<seal::Metadata> Read(const VaultReader& vault, const OpenWriter& open_writer, seal::Identities keys,
                            const ReadRequest& request, const seal::ContentDecoder::Sink& sink);

}  // namespace exhibit::work
