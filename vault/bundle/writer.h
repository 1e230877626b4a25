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
  // Who receives; empty makes a plain bundle.
  std::vector<seal::Recipient> recipients;
  const std::atomic<bool>* interrupted = nullptr;
  const tlog::Policy* policy = nullptr;  // that the receiver will hold it to, if that is known; a hint in the bundle
  std::vector<Missing> missing = {};     // asked for too, and not in it: omissions.json says so
  const tlog::SigningKey* signer = nullptr;  // who hands over
  std::string program = "exhibit";           // for people, with its version
};

// Writes the bundle, and beside its evidence what `companion` tells, to `target`, which must not exist, as a folder, or as one file where the name is a container's
// (bundle/container.h): under another name first, verified as a receiver would, and renamed when all of it holds.
// A container is packed from that folder, which takes its room once more meanwhile. On failure nothing stands at `target` and the
// unfinished folder is removed.
//   kExists    there is something at the target
//   kInvalid   no items are named, or an entry holds none; the target's name has no place in a container
//   kTampered  an item is not what was signed, or the policy does not accept the checkpoint; nothing is exported
//              as if it were
//   kDenied    `grant` is not for the export of these items to these recipients
Result<void> WriteBundle(const custody::AccessGrant& grant, const verify::Source& source, seal::Identities keys,
                         const ExportRequest& request, Companion& companion, Pool& pool);

// The recipients of an export as its entry names them.
std::vector<std::string> NamesOf(const std::vector<seal::Recipient>& recipients);

// Which of the items are not whole: each is read and opened in full, with the reader's key. kInterrupted, or an error
// of the medium.
Result<std::vector<Missing>> FindFailing(const verify::Source& source, seal::Identities keys,
                                         const std::vector<tlog::Sequence>& items, const std::atomic<bool>* interrupted,
                                         Pool& pool);

}  // namespace exhibit::bundle
