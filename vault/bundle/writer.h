// Making a bundle from a source and the vault's keys (bundle/layout.h says what is in one).
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/bundle/companion.h"
#include "vault/bundle/exported.h"
#include "vault/custody/access_grant.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/note_key.h"
#include "vault/tlog/policy.h"
#include "vault/verify/source.h"

namespace exhibit::bundle {

// REQUIRES: `signer` is set, to the key of an admitted custodian.
struct ExportRequest {
  std::filesystem::path target;
  std::vector<tlog::Sequence> items;
  // The receivers; none makes a plain bundle.
  std::vector<seal::Recipient> recipients;
  const std::atomic<bool>* interrupted = nullptr;
  const tlog::Policy* policy = nullptr;      // the receiver's, if it is known; the bundle has it as a hint
  std::vector<Missing> missing = {};         // items that were asked for and are not in it, for omissions.json
  const tlog::SigningKey* signer = nullptr;  // who hands over
  std::string program = "exhibit";           // for people, with its version
};

// Writes the bundle, with the files of `companion`, to `target`, which must not exist: as a folder, or as one file if the name is a container's
// (bundle/container.h). It writes under another name first, verifies as a receiver would, and renames when all of it holds.
// A container is packed from that folder, so it needs the room twice meanwhile. After an error `target` does not exist and the
// unfinished folder is removed.
//   kExists    the target exists
//   kInvalid   no items are named, or an entry holds none; the target's name has no place in a container
//   kTampered  an item is not what was signed, or the policy does not accept the checkpoint; nothing is exported
//              as if it were
//   kDenied    `grant` is not for the export of these items to these recipients
Result<void> WriteBundle(const custody::AccessGrant& grant, const verify::Source& source, seal::Identities keys,
                         const ExportRequest& request, Companion& companion, Pool& pool);

// The recipients of an export as its entry names them.
std::vector<std::string> NamesOf(const std::vector<seal::Recipient>& recipients);

// The items that are not whole: reads and opens each to its last byte, with the reader's key. kInterrupted, or an error
// of the medium.
Result<std::vector<Missing>> FindFailing(const verify::Source& source, seal::Identities keys,
                                         const std::vector<tlog::Sequence>& items, const std::atomic<bool>* interrupted,
                                         Pool& pool);

}  // namespace exhibit::bundle
