// Making a bundle from a source and the vault's keys (bundle/layout.h says what is in one), in two steps, because an act of
// the log comes between them (docs/FORMAT.md, "Who made it"):
//
//   export act     says what leaves, to whom and why, before a byte leaves; the grant is of it
//   Begin          writes data/ and manifest-sha256.txt
//   exported act   names that manifest: the caller commits it, and the log signs a checkpoint with it
//   Finish         writes log/, the tag files and bundle.note, verifies all of it as a receiver would, and names it
//
// Told in log/entries: entry 0, the last, and all that `law` leads to; the two acts of this export; the items; holds,
// releases and shreds that name no other items. A plain bundle also tells notes, transfers and receipts whose fields name
// no other items, which is known where the keys open them. Other entries are not told: log/hashes stands for them.
//
// Told in log/fields of a plain bundle: of an item all but `parts-seed` and what the request withholds; of the two acts of
// the export all; of entries that admit a key their field `custodian`; of the other acts that are told, law entries left out,
// all. A sealed bundle tells what must be told, and nothing else: of the two acts of the export `act`, `export`, `manifest`,
// `checked` and `recipients`. What is in its sealed files, their receivers open.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/bundle/companion.h"
#include "vault/bundle/exported.h"
#include "vault/bundle/file_hasher.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/access_grant.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/note_key.h"
#include "vault/tlog/policy.h"
#include "vault/verify/source.h"

namespace exhibit::bundle {

struct ExportRequest {
  std::filesystem::path target;
  std::vector<tlog::Sequence> items;
  // The receivers; none makes a plain bundle.
  std::vector<seal::Recipient> recipients = {};
  const std::atomic<bool>* interrupted = nullptr;
  const tlog::Policy* policy = nullptr;    // the receiver's, if it is known; the bundle has it as a hint
  std::vector<Missing> missing = {};       // items that were asked for and are not in it, for omissions.json
  std::vector<std::string> withhold = {};  // keys of items' fields that a plain bundle does not tell
  Digests digests = Digests::kSha256;      // of the manifests
  std::string program = "exhibit";         // for people, with its version
};

class BundleWriter {
 public:
  // Writes the files of data/ and the payload's manifests under another name beside the target, which must not exist. Each
  // item is opened to its last byte and compared with its fields. In a sealed bundle its payload is copied, under a header for
  // the receivers.
  //   kExists    the target exists
  //   kInvalid   no items are named, one is an act, or was shredded; a key is withheld that must be told; the target's name
  //              has no place in a container
  //   kTampered  an item is not what was signed
  //   kDenied    `grant` is not for the export of these items to these recipients; or the keys do not open one of them
  // REQUIRES: keys and pool outlive the writer.
  static Result<BundleWriter> Begin(const custody::AccessGrant& grant, const verify::Source& source,
                                    seal::Identities keys, const ExportRequest& request, Pool& pool);
  BundleWriter(BundleWriter&&) noexcept;
  BundleWriter& operator=(BundleWriter&&) noexcept;
  // Removes the unfinished folder.
  ~BundleWriter();

  // What the `exported` act says: the SHA-256 of manifest-sha256.txt.
  const crypto::Sha256Digest& manifest() const;

  struct Handover {
    tlog::Sequence exported;         // the act that names manifest()
    const tlog::SigningKey& signer;  // the key that signed it
    // Over the source's head: what log/timestamps has. At most 16.
    std::vector<crypto::TimestampToken> timestamps = {};
  };
  // Writes the rest, with the files of `companion`, from `source` as it is with that act: its head is the bundle's
  // checkpoint, with whatever cosignatures it has. Verifies the bundle as a receiver would, and renames it to the target
  // when all of it holds: a folder, or one file if the name is a container's (bundle/container.h). A container is packed
  // from that folder, so it needs the room twice meanwhile. After an error nothing is at the target, and the writer is to
  // be destroyed.
  //   kTampered  the bundle would not hold, or the policy does not accept the checkpoint
  //   kInvalid   the act is not of this export, or is not in the source's head
  Result<void> Finish(const verify::Source& source, const Handover& handover, Companion& companion);

 private:
  class Making;
  explicit BundleWriter(std::unique_ptr<Making> making);
  std::unique_ptr<Making> making_;
};

// The recipients of an export as its entry names them: as age writes them; a longer one than 256 bytes by its beginning and
// its SHA-256.
std::vector<std::string> NamesOf(const std::vector<seal::Recipient>& recipients);

// The items that are not whole: reads and opens each to its last byte, with the reader's key. kInterrupted, or an error
// of the medium.
Result<std::vector<Missing>> FindFailing(const verify::Source& source, seal::Identities keys,
                                         const std::vector<tlog::Sequence>& items, const std::atomic<bool>* interrupted,
                                         Pool& pool);

}  // namespace exhibit::bundle
