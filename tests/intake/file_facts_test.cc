// Goal: an item's fields tell what the system does of a file, to the nanosecond, and nothing else. Method: files with known
// times, modes, attributes and holes.
#include "vault/intake/file_facts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/custody/field_forms.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
using testing::Unwrap;
using testing::WriteText;

class Telling {
 protected:
  fs::path At(std::string_view name) const { return folder_.path() / name; }
  static Found Find(const fs::path& path, custody::FileType type = custody::FileType::kRegular) {
    Found found{path, type, {}, {}};
    REQUIRE(::lstat(path.c_str(), &found.status) == 0);
    return found;
  }
  // Skips the test where the file system has no extended attributes for users.
  bool SetXattr(const fs::path& path, const char* name, std::string_view value) const {
    if (::setxattr(path.c_str(), name, value.data(), value.size(), 0) == 0) return true;
    WARN("no extended attributes here");
    return false;
  }
  testing::TemporaryFolder folder_;
};

TEST_CASE_METHOD(Telling, "times have nanoseconds, and mode, owner and links are there", "[facts]") {
  WriteText(At("auth.log"), "one\n");
  const timespec times[2] = {{1'700'000'001, 123'456'789}, {-1, 999'999'999}};
  REQUIRE(::utimensat(AT_FDCWD, At("auth.log").c_str(), times, 0) == 0);
  REQUIRE(::chmod(At("auth.log").c_str(), 04640) == 0);
  fs::create_hard_link(At("auth.log"), At("second"));
  const custody::ItemFacts facts = FactsOfFile(Find(At("auth.log")));
  CHECK(facts.name == "auth.log");
  CHECK(facts.path == At("auth.log").native());
  CHECK(facts.times.accessed == custody::FileTime{1'700'000'001, 123'456'789});
  CHECK(facts.times.modified == custody::FileTime{-1, 999'999'999});
  CHECK(facts.times.changed);
  CHECK(facts.system.mode == "4640");
  CHECK(facts.system.links == 2);
  CHECK(facts.system.uid == ::getuid());
  CHECK(facts.system.gid == ::getgid());
  CHECK(facts.system.holes == false);
  CHECK(facts.system.device);
}

TEST_CASE_METHOD(Telling, "a time that no field can write is told, and is not another one", "[facts]") {
  WriteText(At("odd"), "text");
  Found found = Find(At("odd"));
  found.status.st_mtim = {INT64_MAX, 7};
  found.status.st_atim = {INT64_MIN, 0};
  const custody::ItemFacts facts = FactsOfFile(found);
  CHECK_FALSE(facts.times.modified);
  CHECK_FALSE(facts.times.accessed);
  CHECK(facts.times.changed);
  CHECK(facts.times.beyond ==
        std::vector<std::pair<std::string, std::string>>{{"modified", "9223372036854775807.000000007"},
                                                         {"accessed", "-9223372036854775808.000000000"}});
}

TEST_CASE_METHOD(Telling, "a link is looked at itself", "[facts]") {
  WriteText(At("target"), "text");
  REQUIRE(::chmod(At("target").c_str(), 0600) == 0);
  fs::create_symlink("target", At("link"));
  Found found = Find(At("link"), custody::FileType::kSymbolicLink);
  found.link_target = "target";
  const custody::ItemFacts facts = FactsOfFile(found);
  CHECK(facts.link_target == "target");
  CHECK(facts.file_type == custody::FileType::kSymbolicLink);
  CHECK(facts.system.mode == "0777");
  CHECK_FALSE(facts.system.holes);
}

TEST_CASE_METHOD(Telling, "a file with a stretch that was never written has holes", "[facts]") {
  WriteText(At("sparse"), "");
  REQUIRE(::truncate(At("sparse").c_str(), 1 << 20) == 0);
  CHECK(FactsOfFile(Find(At("sparse"))).system.holes == true);
}

TEST_CASE_METHOD(Telling, "extended attributes are told by name, in their bytes", "[facts]") {
  WriteText(At("file"), "text");
  const std::string bytes("\xff\0x", 3);
  if (!SetXattr(At("file"), "user.b", bytes) || !SetXattr(At("file"), "user.a", "text")) return;
  const custody::ItemFacts facts = FactsOfFile(Find(At("file")));
  using Xattrs = std::vector<std::pair<std::string, std::string>>;
  CHECK(facts.system.xattrs == Xattrs{{"user.a", "text"}, {"user.b", bytes}});
  CHECK(custody::ItemFactsIn(Unwrap(custody::FieldList::Make(custody::FieldsOf(facts)))) == facts);
}

TEST_CASE_METHOD(Telling, "attributes that are too long for a field are told by their digests", "[facts]") {
  WriteText(At("file"), "text");
  // Each byte takes six in a field's line.
  const std::string longest(20'000, '\x01');
  if (!SetXattr(At("file"), "user.long", longest)) return;
  const custody::ItemFacts facts = FactsOfFile(Find(At("file")));
  REQUIRE(facts.system.xattrs.size() == 1);
  CHECK(facts.system.xattrs.front().first == "user.long#sha256");
  CHECK(facts.system.xattrs.front().second == ToHex(crypto::Sha256(ViewOf(longest)).view()));
  REQUIRE_OK(custody::FieldList::Make(custody::FieldsOf(facts)));
}

TEST_CASE("an access control list is told in words", "[facts]") {
  const auto acl = [](std::initializer_list<std::string> entries) {
    std::string bytes("\x02\0\0\0", 4);
    for (const std::string& entry : entries) bytes += entry;
    return bytes;
  };
  const std::string none(4, '\xff');
  const std::string owner = std::string("\x01\0\x06\0", 4) + none;
  const std::string carol = std::string("\x02\0\x04\0\xe8\x03\0\0", 8);
  const std::string group = std::string("\x04\0\x05\0", 4) + none;
  const std::string mask = std::string("\x10\0\x07\0", 4) + none;
  const std::string other = std::string("\x20\0\0\0", 4) + none;
  CHECK(AclText(acl({owner, carol, group, mask, other})) == "user::rw-,user:1000:r--,group::r-x,mask::rwx,other::---");
  // What is no list of this form stays as it is.
  for (const std::string& bytes :
       {std::string(), std::string("\x03\0\0\0", 4), acl({owner.substr(1)}),
        acl({std::string("\x03\0\x06\0", 4) + none}), acl({std::string("\x01\0\x08\0", 4) + none})}) {
    CHECK(AclText(bytes) == bytes);
  }
}

}  // namespace
}  // namespace exhibit::intake
