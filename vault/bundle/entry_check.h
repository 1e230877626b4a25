// The part of a bundle's check that concerns one entry alone, so that entries are checked side by side: that its
// proof leads to a checkpoint of the log, and that its sealed file and what is readable of it are what it names.
//
// Who may sign, and what must come before what, is for verifier.h, which goes through the entries in order.
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

// What is the same for all entries of a bundle.
struct EntryContext {
  BagFolder folder;
  const custody::LogKeys* log_keys = nullptr;
  std::span<const seal::X25519Identity> identities;  // that may open sealed files; may be empty
  bool is_plain = false;                             // originals and metadata stand beside sealed files
  std::optional<Proven> proven;                      // by an entry before: its signature need not be checked again
  const std::atomic<bool>* interrupted = nullptr;
};

// Whether the entry stands where it says in a tree whose root the log signed.
//   kTampered, kInvalid, kDenied, kNotFound, kIo: what is wrong with its proof
Result<Proven> CheckProof(const EntryContext& context, const custody::SignedEntry& entry, tlog::Sequence sequence);

struct SealedFileCheck {
  verify::SealedOutcome outcome;
  std::string original;        // the readable file that its metadata names; empty if that is not known
  std::size_t recipients = 0;  // that its header is for; 0 if that could not be read
};

// `pool` is for large files; null where the caller itself runs on the pool.
SealedFileCheck CheckSealedFile(const EntryContext& context, const verify::SealedEntry& entry, Pool* pool);

}  // namespace exhibit::bundle
