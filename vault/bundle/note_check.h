// Compares bundle.note with its bundle: who made it, of which manifests, and by which act of the log.
//
//   note           signed by the actor of the act that it names, who is a custodian after the last entry
//   exported act   says the manifest of data/, that the maker checked it, and which act it ends
//   export act     of the same handle, before a byte left; it says for whom a sealed bundle is
#pragma once

#include <cstddef>
#include <vector>

#include "vault/bundle/bag_check.h"
#include "vault/bundle/exported.h"
#include "vault/bundle/told_log_check.h"
#include "vault/custody/statements/bundle_note.h"

namespace exhibit::bundle {

// The note, strictly. Nothing is known of its signature. kTampered if its line ends were converted.
Result<custody::SignedBundleNote> ReadNote(const BagFolder& folder);

// kTampered, with the difference, unless the note is of these tag manifests, and of the log and the checkpoint of these
// entries. What could not be read differs from nothing.
Result<void> CompareNote(const custody::BundleNote& note, const BagManifests& manifests, const ToldLogCheck& log);

// kDenied, kTampered: it is not signed by a custodian of the vault.
Result<void> CheckNoteSigner(const custody::SignedBundleNote& note, const ToldLogCheck& log);

struct ExportCheck {
  std::size_t receivers = 0;  // that the export act of a sealed bundle names
};
// The two acts. `files` are those of log/files. kTampered, kInvalid naming the rule.
Result<ExportCheck> CheckExport(const custody::BundleNote& note, const BagManifests& manifests, const ToldLogCheck& log,
                                const std::vector<ToldFile>& files, Form form);

}  // namespace exhibit::bundle
