// Goal: a folder that the program made is known for what it is, and no other one is taken for it.
// Method: an empty folder, and the file that each kind alone has.
#include "vault/custody/folder_kind.h"

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

namespace exhibit::testing {

TEST_CASE("a folder is known by the file that only its kind has", "[custody]") {
  struct Row {
    const char* file;
    std::string_view kind;
  };
  const auto row = GENERATE(values<Row>({{"HEAD", custody::kVaultFolder},
                                         {"collector.key", custody::kCollectorFolder},
                                         {"bagit.txt", custody::kBundleFolder},
                                         {"law.proof", custody::kKitFolder},
                                         {"checkpoint", ""}}));
  const TemporaryFolder folder;
  CHECK(custody::KindOfFolder(folder.path()).empty());
  CHECK(custody::KindOfFolder(folder.path() / "absent").empty());
  WriteText(folder.path() / row.file, "x");
  CHECK(custody::KindOfFolder(folder.path()) == row.kind);
}

TEST_CASE("the log in a bundle is not the bundle, and a log elsewhere is neither", "[custody]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "log");
  CHECK(custody::KindOfFolder(folder.path() / "log").empty());
  WriteText(folder.path() / "bagit.txt", "x");
  CHECK(custody::KindOfFolder(folder.path() / "log") == custody::kLogOfBundle);
  CHECK(custody::KindOfFolder(folder.path() / "log/") == custody::kLogOfBundle);
  CHECK(custody::KindOfFolder(folder.path() / "other").empty());
}

}  // namespace exhibit::testing
