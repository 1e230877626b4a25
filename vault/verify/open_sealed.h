// Opening a sealed file of a log: the one way from an entry to its fields and its original.
//
//   header    the entry's, or one that a reseal entry made anew, whichever these identities open
//   key       compared with the entry's commitment before anything of the payload is read
//   layout    the line that the entry's `payload` is the hash of
//   fields    those that the entry's `fields` is the hash of the list of
//
// Whoever swaps a header, a layout line or fields causes a failure, and cannot present other content.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "vault/custody/collectors.h"
#include "vault/custody/entry.h"
#include "vault/custody/field.h"
#include "vault/seal/item_reader.h"
#include "vault/seal/recipient.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// A header that was made anew, as the reseal entry names it.
struct Rewrapped {
  tlog::Sequence under;
  custody::HeaderDigest digest;
};

// The headers that were made anew for the sealed file of `item`, as the index (a hint) says: in the order
// of the log. None if the source keeps no index.
Result<std::vector<Rewrapped>> FindRewrapped(const LogSource& source, tlog::Sequence item);

// The entry of the item that a collector gave this number, as the index says; nothing if there is none, or
// the source keeps no index.
Result<std::optional<tlog::Sequence>> FindCollected(const LogSource& source, const custody::CollectedNumber& number);

// What the reseal entry at `under` says of each of its items, in their order.
std::vector<std::pair<tlog::Sequence, Rewrapped>> RewrappedBy(const custody::Reseal& reseal, tlog::Sequence under);

// What the entry says of the file key.
seal::KeyCommitment CommitmentOf(const custody::SealedFile& file);

// The entry's own header. kTampered if it is not the one that the entry names, kNotFound if it was destroyed; kInvalid
// naming the rule if no vault may have it (seal::CheckVaultHeader). Errors of the source.
Result<seal::AgeHeader> ReadOwnHeader(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file);
// A header that was made anew. Errors likewise.
Result<seal::AgeHeader> ReadRewrappedHeader(const LogSource& source, tlog::Sequence item, const Rewrapped& rewrapped);

// The file key of the sealed file of `item`, from its own header or, newest first, those that were made anew. It is the
// one to which the entry commits. Errors as of seal::OpenHeader (of the own header, where none opens); kTampered.
Result<seal::FileKey> OpenFileKey(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file,
                                  seal::Identities identities);

// The layout line. kTampered if it is not the one that the entry names; errors of the source.
Result<seal::PayloadLayout> ReadLayoutOf(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file);

// REQUIRES: `source` outlives the reader. Errors of the three above, and of seal::ItemReader::Open.
Result<seal::ItemReader> OpenSealed(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file,
                                    seal::Identities identities);

// The fields of an opened file. kTampered if they are not those that the entry names.
Result<custody::FieldList> FieldsOf(const seal::ItemReader& opened, tlog::Sequence item,
                                    const custody::SealedFile& file);

// OpenSealed and FieldsOf. Reads header, layout line, nonce and tail, and no content.
Result<custody::FieldList> ReadFields(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file,
                                      seal::Identities identities);

}  // namespace exhibit::verify
