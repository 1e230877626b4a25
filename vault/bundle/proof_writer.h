// Making a proof of one entry: for somebody who has the original, or who needs only what the entry tells, or some parts of it
// (proof_file.h). The rules of what is told are those of a bundle.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/access_grant.h"
#include "vault/custody/entry.h"
#include "vault/custody/item_set.h"
#include "vault/seal/recipient.h"
#include "vault/verify/source.h"

namespace exhibit::bundle {

struct ProofRequest {
  tlog::Sequence entry;
  std::vector<std::string> withhold = {};  // keys of its fields that are not told
  // What is shown of the original, ascending: lines, counted from 1 as editors do, or blocks of 4,096 bytes, counted from 0.
  // One of the two; where something is hidden, nothing is told that would give it away.
  std::vector<custody::ItemSet::Range> lines = {};
  std::vector<custody::ItemSet::Range> blocks = {};
  std::vector<crypto::TimestampToken> timestamps = {};  // over the source's head
  const std::atomic<bool>* interrupted = nullptr;
};

// The file. What it proves it proves at the source's head.
//   kDenied       `grant` is not for proving this entry, or the keys do not open it
//   kInvalid      a key is withheld that must be told; lines or blocks are asked for that the original was not taken in with,
//                 or does not have; the file would be longer than one may be
//   kTampered     the entry is not what was signed
//   kInterrupted, and the errors of the source
Result<std::string> MakeProof(const custody::AccessGrant& grant, const verify::Source& source, seal::Identities keys,
                              const ProofRequest& request, Pool& pool);

// What is told of an entry beside its bytes: some of its fields, or nothing.
using TellOfLaw = std::function<Result<std::optional<custody::FieldList>>(const custody::SignedEntry& entry)>;

// A proof file of the law alone, at the source's head: entry 0, the last entry and all law entries, each with the fields that
// `tell` gives. It tells no original, so no act is recorded for it. Errors of `tell`, and as above.
Result<std::string> MakeLawProof(const verify::Source& source, const TellOfLaw& tell,
                                 const std::atomic<bool>* interrupted);

// A C2SP tlog-proof of the entry, for other programs: it is in the log whose head the source has. It tells no field.
Result<Bytes> MakeTlogProof(const verify::Source& source, tlog::Sequence entry);

}  // namespace exhibit::bundle
