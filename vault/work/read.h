// Reading the original of one item: recorded first, then written out as it is opened.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "vault/seal/cut_reader.h"
#include "vault/work/access.h"

namespace exhibit::work {

struct ReadRequest {
  tlog::Sequence entry;
  std::string purpose;                  // for the record
  std::optional<ByteRange> range = {};  // of the original; nothing for all of it
};

// The entry, if its type has an original; kInvalid if not. Call it before the user is asked for anything.
Result<custody::SignedEntry> FindItem(const VaultReader& vault, tlog::Sequence entry);

// Errors as of FindItem, RecordAccess, VaultReader::ReadContent and ReadContentRange. What `sink` got was authenticated; at
// an error it got what is before it.
Result<custody::ItemFacts> Read(const VaultReader& vault, const OpenWriter& open_writer, seal::Identities keys,
                                const ReadRequest& request, const seal::ItemReader::Sink& sink);

// The original of an item that is a cut sealed file (kCutSealedFile): opens the file inside, too, and writes what of its
// original came before the cut. Gives how many bytes. Errors likewise; kInvalid if the item's content is no such file.
Result<seal::CutReader::End> ReadCut(const VaultReader& vault, const OpenWriter& open_writer, seal::Identities keys,
                                     const ReadRequest& request, const seal::ItemReader::Sink& sink);

// The same into a new file, which gets its name once `read` gave all of it: nothing is left of what is damaged. It has holes if
// the entry's original had some (custody::ZeroBlocksOf). `read` calls one of the two above. kExists, and as of NewFolder::Make,
// before `read` is called; errors of `read`; kIo.
Result<void> ReadIntoNewFile(const VaultReader& vault, seal::Identities keys, tlog::Sequence entry,
                             const std::filesystem::path& target,
                             const std::function<Result<void>(const seal::ItemReader::Sink&)>& read);

// `why` in the field `partial` of an item whose content is a sealed file that was cut, by a kill or a power cut: its sealer
// could write no fields.
inline constexpr std::string_view kCutSealedFile = "cut-sealed-file";

}  // namespace exhibit::work
