#include "vault/custody/folder_kind.h"

#include <array>
#include <system_error>

#include "vault/base/file.h"

namespace exhibit::custody {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view file;  // that only this kind has
  std::string_view name;
};
constexpr std::array<Kind, 4> kKinds = {{{"HEAD", kVaultFolder},
                                         {"collector.key", kCollectorFolder},
                                         {"bagit.txt", kBundleFolder},
                                         {"law.proof", kKitFolder}}};

}  // namespace

std::string_view KindOfFolder(const fs::path& folder) {
  for (const Kind& kind : kKinds) {
    if (!IsAbsent(folder / kind.file)) return kind.name;
  }
  std::error_code unknown;
  const fs::path whole = (fs::absolute(folder, unknown) / "").lexically_normal().parent_path();
  const bool is_log = whole.filename() == "log" && !IsAbsent(whole.parent_path() / "bagit.txt");
  return is_log ? kLogOfBundle : "";
}

}  // namespace exhibit::custody
