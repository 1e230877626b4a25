// The part of a bundle's check that concerns one entry alone, so that entries are checked side by side: its
// proof leads to a checkpoint of the log, and its sealed file, original and metadata are those that it names.
//
// verifier.h goes through the entries in order and checks who may sign and what must come before what.
// Nothing here writes.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/bag_folder.h"
#include "vault/custody/entry.h"
#include "vault/custody/log_keys.h"
#include "vault/seal/recipient.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::bundle {

// A checkpoint that a proof leads to, as it was signed and read.
struct Proven {
  tlog::Checkpoint checkpoint;
  Bytes note;
};

// The same for all entries of a bundle.
struct EntryContext {
  BagFolder folder;
  const custody::LogKeys* log_keys = nullptr;
  std::span<const seal::X25519Identity> identities;  // that may open sealed files; may be empty
  bool is_plain = false;                             // originals and metadata are beside the sealed files
  std::optional<Proven> proven;                      // by an earlier entry: its signature need not be checked again
  const std::atomic<bool>* interrupted = nullptr;
};

// Whether a tree whose root the log signed has the entry at its number.
//   kTampered, kInvalid, kDenied, kNotFound, kIo: what is wrong with its proof
Result<Proven> CheckProof(const EntryContext& context, const custody::SignedEntry& entry, tlog::Sequence sequence);

struct SealedFileCheck {
  verify::SealedOutcome outcome;
  std::string original;        // the readable file that its metadata names; empty if that is not known
  std::size_t recipients = 0;  // of its header; 0 if it could not be read
};

// `pool` is for large files; null if the caller itself runs on the pool.
SealedFileCheck CheckSealedFile(const EntryContext& context, const verify::SealedEntry& entry, Pool* pool);

}  // namespace exhibit::bundle
