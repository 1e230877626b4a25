// Sealing for one vault: from fields, and an original where there is one, to the sealed file of an entry and what the
// entry says of it.
//
// Needs nothing secret but the keys of cases, by which labels are made: a collector has those of its cases, a vault's
// machine the secret that all of them come from. Nothing here stores anything; only ciphertext leaves.
//
// All calls may be made from several threads at once, but for a UseRecipient that changes it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vault/base/byte_source.h"
#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/custody/field.h"
#include "vault/custody/labels.h"
#include "vault/custody/sealed_file.h"
#include "vault/custody/vault_recipient.h"
#include "vault/seal/frame_compressor.h"
#include "vault/seal/layout.h"
#include "vault/seal/recipient.h"
#include "vault/seal/sealed_file.h"
#include "vault/seal/sealed_sink.h"

namespace exhibit::store {

// Which cases this machine can label for.
class CaseKeys {
 public:
  CaseKeys() = default;  // none
  explicit CaseKeys(custody::LabelSecret secret) : keys_(std::move(secret)) {}
  explicit CaseKeys(std::map<std::string, custody::CaseKey> keys) : keys_(std::move(keys)) {}
  // Nothing for a case whose key is not here.
  std::optional<custody::CaseKey> KeyOf(std::string_view case_name) const;

 private:
  std::variant<std::map<std::string, custody::CaseKey>, custody::LabelSecret> keys_;
};

// A sealed file and what its entry says of it.
struct SealedEntry {
  Bytes header;
  custody::SealedFile file;
  seal::PayloadLayout layout;
  std::vector<crypto::LeafHash> block_hashes;
  std::optional<custody::FieldList> fields;  // nothing where a collector sealed it and nobody here may read them
  Bytes payload = {};                        // empty where it went to a sink
};

using Fields = std::vector<custody::FieldList::Item>;

class EntrySealer {
 public:
  struct Vault {
    custody::VaultRecipient recipient;
    custody::Fingerprint fingerprint;  // of entry 0 itself: any, its labels are random
    custody::LabelCount labels;
  };
  EntrySealer(Vault vault, CaseKeys cases);

  const Vault& vault() const { return vault_; }
  const CaseKeys& cases() const { return cases_; }
  // From here on. Nothing is written where it is the same, because others may be sealing to it while a commit ends.
  void UseRecipient(custody::VaultRecipient recipient);

  // Of an act, or of content that is at hand; on the caller's thread.
  //   kInvalid      as of custody::FieldList::Make; more cases than there are labels; a case whose key is not here (with a
  //                 hint); a recipient of the vault that nobody can seal to
  //   kUnsupported  the recipient is hybrid, and there is no ML-KEM here
  // REQUIRES: `original` has at most seal::kEarlyFrameBytes.
  Result<SealedEntry> Seal(Fields fields, const std::vector<std::string>& cases, ByteView original = {},
                           seal::CompressionLevel level = {}) const;

  // The same of fields that have their salts already, because others signed them in a statement.
  // REQUIRES: likewise; all of them are told.
  Result<SealedEntry> SealLines(custody::FieldList lines, const std::vector<std::string>& cases, ByteView original = {},
                                seal::CompressionLevel level = {}) const;

  struct Stream {
    std::vector<std::string> cases;
    seal::CompressionLevel level = {};
    std::function<void(ByteView)> see;  // each piece, in order, on the caller's thread
    // The fields, when all was read and seen. Its error ends the sealing.
    std::function<Result<Fields>(std::uint64_t original_bytes)> fields;
    const std::atomic<bool>* interrupted = nullptr;
  };
  // Content of any length (seal/stream_sealer.h), to `sink`. Errors likewise, and those of source and sink; kInterrupted.
  Result<SealedEntry> Seal(ByteSource& source, const Stream& stream, Pool& pool, seal::SealedSink& sink) const;

 private:
  Result<custody::Labels> LabelsFor(const std::vector<std::string>& cases, const custody::HeaderDigest& header) const;
  Result<seal::NewSealedFile> NewFile() const;
  Vault vault_;
  CaseKeys cases_;
  // The vault's recipient, parsed once: that takes as long as to agree on a key with it.
  Result<std::vector<seal::Recipient>> recipients_;
};

// Entry 0: its fingerprint is not known yet, so all its labels are random.
Result<SealedEntry> SealGenesis(const custody::VaultRecipient& recipient, custody::LabelCount labels, Fields fields);

// The recipient of a vault as one that can be sealed to. kInvalid for one that has the right shape and is no key. One of
// the kind that needs ML-KEM is given where there is none, too: sealing to it then fails with kUnsupported.
Result<seal::Recipient> RecipientOf(const custody::VaultRecipient& recipient);

}  // namespace exhibit::store
