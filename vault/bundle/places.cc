#include "vault/bundle/places.h"

#include <algorithm>
#include <array>

#include "vault/bundle/layout.h"

namespace exhibit::bundle {

bool IsTagFile(std::string_view path) {
  static constexpr std::array kOwn = {kBagitFile,       kBagInfoFile,        kManifestFile, kManifest512File,
                                      kTagManifestFile, kTagManifest512File, kNoteFile,     kEntriesFile,
                                      kHashesFile,      kFieldsFile,         kFilesFile,    kCheckpointFile,
                                      kTimestampsFile,  kLayoutsFile,        kHeadersFile};
  return std::ranges::find(kOwn, path) != kOwn.end() || IsForPeople(path);
}

bool IsCompanion(std::string_view path) { return IsForPeople(path) || path == kBagInfoFile; }

}  // namespace exhibit::bundle
