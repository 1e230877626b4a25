// Goal: a changed file beside SHA256SUMS is damage, an honest interruption is a remark, and a removal on purpose is nothing.
// Method: a folder of small files, replaced and removed as keys are, cut short at each step.
#include "vault/store/folder_sums.h"

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "tests/support/without_rights.h"

namespace exhibit::testing {
namespace {

using Weight = verify::MediumFault::Weight;

struct SumsFixture {
  SumsFixture() {
    Write("reader.age", "first");
    REQUIRE_OK(sums.Allow("reader.age", ToBytes(ViewOf("first"))));
  }
  void Write(const std::string& name, std::string_view text) const { WriteText(folder.path() / name, text); }
  // What is said, or nothing.
  std::string Says(Weight weight) const {
    const auto faults = Unwrap(sums.Check());
    if (faults.empty()) return {};
    CHECK(faults.size() == 1);
    CHECK((faults.front().weight == weight));
    return faults.front().message;
  }
  bool IsQuiet() const { return Unwrap(sums.Check()).empty(); }
  TemporaryFolder folder;
  store::FolderSums sums{folder.path()};
};

bool Has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE_METHOD(SumsFixture, "a file that is replaced has a line that fits at each step", "[store][sums]") {
  CHECK(IsQuiet());
  const std::string next = GENERATE("reader.age.next", "reader.age.next-1a2b3c4d");
  Write(next, "second");
  CHECK(Has(Says(Weight::kRemark), "was being replaced"));
  REQUIRE_OK(sums.Allow("reader.age", ToBytes(ViewOf("second"))));
  CHECK(Has(Says(Weight::kRemark), "was being replaced"));
  std::filesystem::rename(folder.path() / next, folder.path() / "reader.age");
  CHECK(IsQuiet());
  REQUIRE_OK(sums.Settle("reader.age"));
  CHECK(IsQuiet());
  Write("reader.age", "first");
  CHECK(Has(Says(Weight::kDamage), "reader.age is not what was written"));
}

TEST_CASE_METHOD(SumsFixture, "a file that is gone is missing, unless it was removed on purpose", "[store][sums]") {
  std::filesystem::remove(folder.path() / "reader.age");
  CHECK(Has(Says(Weight::kRemark), "reader.age is missing"));
  REQUIRE_OK(sums.Forget("reader.age"));
  CHECK(IsQuiet());
  REQUIRE_OK(sums.Forget("reader.age"));
}

TEST_CASE_METHOD(SumsFixture, "who may not read the keys is told that they were not looked at, and of no damage",
                 "[store][sums]") {
  namespace fs = std::filesystem;
  constexpr fs::perms kToLookInto = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                    fs::perms::others_read | fs::perms::others_exec;
  fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  SECTION("the folder") {
    const WithoutRights without;
    CHECK(Has(Says(Weight::kRemark), "was not looked at: no permission to list it"));
  }
  SECTION("the list") {
    fs::permissions(folder.path(), kToLookInto);
    fs::permissions(folder.path() / "SHA256SUMS", fs::perms::owner_all);
    const WithoutRights without;
    CHECK(Has(Says(Weight::kRemark), "SHA256SUMS"));
  }
  SECTION("a file") {
    fs::permissions(folder.path(), kToLookInto);
    fs::permissions(folder.path() / "SHA256SUMS",
                    fs::perms::owner_all | fs::perms::group_read | fs::perms::others_read);
    fs::permissions(folder.path() / "reader.age", fs::perms::owner_all);
    const WithoutRights without;
    CHECK(Has(Says(Weight::kRemark), "reader.age was not looked at: "));
  }
}

TEST_CASE_METHOD(SumsFixture, "a file that nobody wrote is named", "[store][sums]") {
  const std::string name = GENERATE("stranger", "reader.age.nextone", "other.age.next");
  Write(name, "x");
  CHECK(Has(Says(Weight::kRemark), name + " has no line"));
}

}  // namespace exhibit::testing
