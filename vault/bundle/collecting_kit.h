// A collecting kit: a folder for a stick, with all that a machine needs so that evidence can be collected there.
//
//   KIT/
//     README.txt                          one page: what to do
//     collect.sh  collect.cmd             the start script; collect.cmd where there is a program for Windows
//     programs/<system>/exhibit-collect   the collecting program of each system that was at hand
//     collector/                          the collector's folder (intake/collector.h): its key, its vault's public half, cases
//     profile.toml                        what is taken, where somebody chose a profile
//     fingerprint                         64 hex digits: which vault
//     law.proof                           the law of that vault (proof_file.h): which keys may sign
//     SHA256SUMS                          all files above that do not change, signed
//     drop/                               what is collected; made by the first run
//     journal/                            the home of the full program where that collects, on the stick and not on the host
//
// SHA256SUMS is a signed note by a custodian. Its text is what `sha256sum -c` reads, after five lines that are comments there:
//
//   # exhibit collecting kit v1
//   # origin <origin>
//   # fingerprint <64 hex digits>
//   # collector <actor>
//   # made <time>
//   <64 hex digits>  <name>      one of each file, in the order of their names
//
// A program that states its own digest proves nothing: the list is checked by a program that came another way. Nothing in it
// is about collector/state, collector/LOCK and the collector's journal, drop/ and journal/, which collecting changes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vault/bundle/manifest.h"
#include "vault/custody/actor.h"
#include "vault/custody/digests.h"
#include "vault/custody/entry_time.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::bundle {

namespace collecting_kit {
inline constexpr std::string_view kList = "SHA256SUMS";
inline constexpr std::string_view kLaw = "law.proof";
inline constexpr std::string_view kFingerprint = "fingerprint";
inline constexpr std::string_view kReadme = "README.txt";
inline constexpr std::string_view kShellScript = "collect.sh";
inline constexpr std::string_view kWindowsScript = "collect.cmd";
inline constexpr std::string_view kProfile = "profile.toml";
inline constexpr std::string_view kPrograms = "programs";
inline constexpr std::string_view kCollector = "collector";

// A file that collecting makes or changes, and that the list leaves out.
bool ChangesInUse(std::string_view name);
}  // namespace collecting_kit

struct KitList {
  tlog::Origin origin;
  custody::Fingerprint fingerprint;
  custody::Actor collector;
  custody::EntryTime made;
  Manifest files;
};

// The text of the note.
std::string EncodeKitList(const KitList& list);
// The one form: what is read is written again to the same bytes. kTampered naming the rule; kUnsupported for another version.
Result<KitList> ParseKitList(std::string_view text);

}  // namespace exhibit::bundle
