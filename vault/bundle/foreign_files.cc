#include "vault/bundle/foreign_files.h"

#include <algorithm>
#include <array>

namespace exhibit::bundle {
namespace {

// A "*" is at least one character, of any kind.
enum class Case : bool { kAny, kThis };
struct Pattern {
  std::string_view name;
  Case with;
};

constexpr std::array kFiles = {
    Pattern{".DS_Store", Case::kAny},         // macOS: how Finder shows a folder
    Pattern{"._*", Case::kAny},               // macOS: attributes that the file system cannot keep
    Pattern{".localized", Case::kAny},        // macOS
    Pattern{".apdisk", Case::kAny},           // macOS: of shared volumes
    Pattern{".VolumeIcon.icns", Case::kAny},  // macOS
    Pattern{"Icon\r", Case::kAny},            // macOS: a folder's own icon
    Pattern{"Thumbs.db", Case::kAny},         // Windows: small pictures
    Pattern{"ehthumbs.db", Case::kAny},       // Windows Media Center
    Pattern{"ehthumbs_vista.db", Case::kAny},
    Pattern{"desktop.ini", Case::kAny},                          // Windows: how Explorer shows a folder
    Pattern{".directory", Case::kThis},                          // KDE
    Pattern{".nfs*", Case::kThis},                               // NFS: removed while somebody had it open
    Pattern{".fuse_hidden*", Case::kThis},                       // FUSE, likewise
    Pattern{".com.apple.timemachine.donotpresent", Case::kAny},  // macOS
    Pattern{".LSOverride", Case::kAny},
    Pattern{".metadata_never_index", Case::kAny},
    Pattern{"Thumbs.db:encryptable", Case::kAny},  // Windows, where a stream of a file became a file
    Pattern{".hidden", Case::kThis},               // what file managers do not show
    Pattern{".~lock.*#", Case::kThis},             // LibreOffice: open somewhere
    Pattern{"~$*", Case::kThis},                   // Word and Excel, likewise
    Pattern{"*~", Case::kThis},                    // what an editor kept of a file before
    Pattern{".*.swp", Case::kThis},                // vi: open somewhere
};

constexpr std::array kFolders = {
    Pattern{"lost+found", Case::kThis},  // ext4: the root of a file system
    Pattern{".Trash", Case::kThis},      // freedesktop.org
    Pattern{".Trash-*", Case::kThis},
    Pattern{".Trashes", Case::kAny},  // macOS
    Pattern{".fseventsd", Case::kAny},
    Pattern{".Spotlight-V100", Case::kAny},
    Pattern{".DocumentRevisions-V100", Case::kAny},
    Pattern{".TemporaryItems", Case::kAny},
    Pattern{".AppleDouble", Case::kAny},  // netatalk
    Pattern{".AppleDB", Case::kAny},
    Pattern{".AppleDesktop", Case::kAny},
    Pattern{"Network Trash Folder", Case::kAny},
    Pattern{"Temporary Items", Case::kAny},
    Pattern{"__MACOSX", Case::kAny},                   // macOS: in the zips that it makes
    Pattern{"System Volume Information", Case::kAny},  // Windows
    Pattern{"$RECYCLE.BIN", Case::kAny},
    Pattern{"RECYCLER", Case::kAny},
    Pattern{"@eaDir", Case::kThis},  // Synology
    Pattern{"#recycle", Case::kThis},
};

// ASCII only: with a locale, a name would be foreign on one machine and not on another.
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsEqual(std::string_view name, std::string_view with, Case how) {
  return std::ranges::equal(name, with,
                            [how](char a, char b) { return how == Case::kThis ? a == b : Lower(a) == Lower(b); });
}

bool Is(std::string_view name, const Pattern& pattern) {
  const std::size_t star = pattern.name.find('*');
  if (star == std::string_view::npos) return IsEqual(name, pattern.name, pattern.with);
  const std::string_view before = pattern.name.substr(0, star);
  const std::string_view after = pattern.name.substr(star + 1);
  return name.size() > before.size() + after.size() && IsEqual(name.substr(0, before.size()), before, pattern.with) &&
         IsEqual(name.substr(name.size() - after.size()), after, pattern.with);
}

// "found.000": what a check of a Windows file system found.
bool IsFound(std::string_view name) {
  constexpr std::string_view kFound = "found.";
  return name.size() == kFound.size() + 3 && IsEqual(name.substr(0, kFound.size()), kFound, Case::kAny) &&
         std::ranges::all_of(name.substr(kFound.size()), [](char c) { return c >= '0' && c <= '9'; });
}

template <std::size_t N>
bool IsAnyOf(const std::array<Pattern, N>& patterns, std::string_view name) {
  return std::ranges::any_of(patterns, [name](const Pattern& pattern) { return Is(name, pattern); });
}

}  // namespace

bool IsForeignFolder(std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (IsAnyOf(kFolders, path.substr(0, slash)) || IsFound(path.substr(0, slash))) return true;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

bool IsForeignFile(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return IsAnyOf(kFiles, path);
  return IsAnyOf(kFiles, path.substr(slash + 1)) || IsForeignFolder(path.substr(0, slash));
}

}  // namespace exhibit::bundle
