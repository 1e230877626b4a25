// Goal: what a collection of Velociraptor says of its files is compared with them in both directions, and nothing that it could not
// have is passed over in silence.
// Method: lines of each form; a small collection, and each rule broken once. The forms are those of Velociraptor 0.7 and later.
#include "vault/intake/velociraptor_folder.h"

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/crypto/hash.h"

namespace exhibit::intake {
namespace {

using testing::TemporaryFolder;
using testing::Unwrap;
using testing::WriteText;

std::string Upload(std::string_view components, std::size_t at_source, std::size_t stored, std::string_view type = "") {
  return Format(R"({{"vfs_path":"x","_Components":[{}],"file_size":{},"uploaded_size":{},"Type":"{}"}})", components,
                at_source, stored, type) +
         "\n";
}

std::string Row(std::string_view stored_name, std::string_view content) {
  return Format(R"({{"SourceFile":"C:\\x","Upload":{{"Path":"C:\\x","StoredName":"{}","sha256":"{}"}}}})", stored_name,
                ToHex(crypto::Sha256(ViewOf(content)).view())) +
         "\n";
}

struct Collection {
  Collection() {
    Write("collection_context.json", R"({"session_id":"F.1","query_stats":[{"Artifact":"A"}]})");
    Write("uploads.json", Upload(R"("uploads","auto","C:","a.txt")", 3, 3));
    Write("results/Windows.Files.json", Row("uploads/auto/C%3A/a.txt", "aaa"));
    Write("log.json", "{\"level\":\"DEFAULT\",\"message\":\"Starting\\n\"}\n");
    Write("uploads/auto/C%3A/a.txt", "aaa");
  }
  void Write(const std::filesystem::path& name, std::string_view text) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    WriteText(folder.path() / name, std::string(text));
  }
  TemporaryFolder folder;
};

struct Told {
  std::map<std::string, SaidOfFile> said;  // by name
  FolderFindings findings;
};

Told Tell(const std::filesystem::path& path, const WalkOptions& walk = {}) {
  const Start start = Unwrap(FindStart(path));
  VelociraptorFolder folder = Unwrap(VelociraptorFolder::Look({start}, walk, nullptr));
  Told told;
  REQUIRE_OK(Walk(
      start.path, walk,
      [&](const Found& found) -> Result<void> {
        TRY(told.said[found.path.filename().native()], folder.Of(found));
        return {};
      },
      [](const Refused&) {}));
  told.findings = folder.End();
  return told;
}

bool IsClear(const FolderFindings& findings) {
  return findings.missing.empty() && findings.failures.empty() && findings.differences.empty() &&
         findings.remarks.empty();
}

}  // namespace

TEST_CASE("a place is a path from uploads on, unescaped", "[intake][velociraptor]") {
  CHECK(PlaceOfPath("uploads/auto/C%3A/a.txt") == VelociraptorPlace{"uploads", "auto", "C:", "a.txt"});
  CHECK(PlaceOfPath("uploads/ntfs/%5C%5C.%5CC%3A/$Extend") ==
        VelociraptorPlace{"uploads", "ntfs", "\\\\.\\C:", "$Extend"});
  CHECK(PlaceOfPath("clients/C.1/collections/F.1/uploads/a%2fb") == VelociraptorPlace{"uploads", "a/b"});
  CHECK(PlaceOfPath("uploads/100%/%zz/%4") == VelociraptorPlace{"uploads", "100%", "%zz", "%4"});
  CHECK(PlaceOfPath("results/a.json").empty());
  CHECK(PlaceOfPath("").empty());
}

TEST_CASE("a line of another form says nothing", "[intake][velociraptor]") {
  CHECK(ReadVelociraptorUpload(Upload(R"("uploads","a")", 1, 1)));
  for (const std::string& line : {std::string(), std::string("{"), std::string("[]"), Upload("", 1, 1),
                                  Upload(R"("uploads")", 1, 1), Upload(R"("uploads",1)", 1, 1),
                                  Upload(R"("else","a")", 1, 1), std::string(R"({"_Components":["uploads","a"]})"),
                                  std::string(R"({"_Components":["uploads","a"],"file_size":-1,"uploaded_size":1})")}) {
    CHECK_FALSE(ReadVelociraptorUpload(line));
  }
  CHECK(ReadVelociraptorDigests(R"({"StoredName":"uploads/a","sha256":"00"})").empty());
  CHECK(ReadVelociraptorDigests(R"({"Components":["a"],"md5":"d41d8cd98f00b204e9800998ecf8427e"})").empty());
  CHECK(ReadVelociraptorDigests(R"([{"Components":["uploads","a"]}])").empty());
  CHECK_FALSE(ReadVelociraptorError(R"({"level":"INFO","message":"ERROR"})"));
  CHECK(ReadVelociraptorError("{\"level\":\"ERROR\",\"message\":\"denied\\r\\n\"}") == "denied");
  CHECK(ReadVelociraptorContext("{}").empty());
  CHECK(ReadVelociraptorContext(R"({"query_stats":[{"Artifact":"A","error_message":"late"},{"error_message":""}]})") ==
        std::vector<std::string>{"A: late"});
}

TEST_CASE("digests are found wherever they stand in a row", "[intake][velociraptor]") {
  const auto found = ReadVelociraptorDigests(
      R"({"a":[{"Upload":{"Components":["uploads","auto","C:","b"],"md5":"d41d8cd98f00b204e9800998ecf8427e"}}],)"
      R"("StoredName":"uploads/auto/C%3A/c","md5":"d41d8cd98f00b204e9800998ecf8427e"})");
  REQUIRE(found.size() == 2);
  CHECK(found[0].place == VelociraptorPlace{"uploads", "auto", "C:", "b"});
  CHECK(found[1].place == VelociraptorPlace{"uploads", "auto", "C:", "c"});
}

TEST_CASE("a whole collection has claims and no findings", "[intake][velociraptor]") {
  const Collection there;
  const Told told = Tell(there.folder.path());
  CHECK(told.said.at("a.txt").claimed.size() == 1);
  CHECK(told.said.at("log.json").claimed.empty());
  CHECK(IsClear(told.findings));
}

TEST_CASE("what is missing, shorter, longer or not named is told", "[intake][velociraptor]") {
  const Collection there;
  const std::string first = Upload(R"("uploads","auto","C:","a.txt")", 3, 3);
  SECTION("missing") {
    there.Write("uploads.json", first + Upload(R"("uploads","auto","C:","gone")", 3, 3));
    const Told told = Tell(there.folder.path());
    REQUIRE(told.findings.missing.size() == 1);
    CHECK(told.findings.missing[0].path.filename() == "gone");
    there.Write("uploads.json", first + Upload(R"("uploads","go\u0000ne")", 3, 3));
    CHECK(Tell(there.folder.path()).findings.missing.at(0).path.filename() == "go%00ne");
    there.Write("uploads.json", first + Upload(R"("uploads","auto","C:","gone")", 3, 3));
    WalkOptions walk;
    walk.exclusion = Unwrap(Exclusion::Parse({"gone"}));
    CHECK(IsClear(Tell(there.folder.path(), walk).findings));
  }
  SECTION("named by a row alone, and missing") {
    there.Write("results/B.json", Row("uploads/auto/C%3A/gone", "x"));
    CHECK(Tell(there.folder.path()).findings.missing.size() == 1);
  }
  SECTION("a folder is no file that is missing") {
    there.Write("uploads.json", first + Upload(R"("uploads","auto","C:")", 0, 0));
    CHECK(IsClear(Tell(there.folder.path()).findings));
  }
  SECTION("stored shorter than it was") {
    there.Write("uploads.json", Upload(R"("uploads","auto","C:","a.txt")", 8'000, 3));
    const Told told = Tell(there.folder.path());
    REQUIRE(told.findings.failures.size() == 1);
    CHECK(told.findings.failures[0].reason.message == "uploads.json says: of its 8000 bytes 3 were stored");
  }
  SECTION("with a map of its holes") {
    there.Write("uploads.json", Upload(R"("uploads","auto","C:","a.txt")", 8'000, 3) +
                                    Upload(R"("uploads","auto","C:","a.txt")", 2, 2, "idx"));
    there.Write("uploads/auto/C%3A/a.txt.idx", "[]");
    CHECK(IsClear(Tell(there.folder.path()).findings));
  }
  SECTION("of another size than was stored") {
    there.Write("uploads/auto/C%3A/a.txt", "aaaa");
    const Told told = Tell(there.folder.path());
    REQUIRE(told.findings.differences.size() == 1);
    CHECK(told.findings.differences[0].reason.message ==
          "uploads.json says that 3 bytes of it were stored, and it has 4");
  }
  SECTION("not named") {
    there.Write("uploads/auto/C%3A/b.txt", "b");
    CHECK(Tell(there.folder.path()).findings.remarks.size() == 1);
  }
  SECTION("no list") {
    std::filesystem::remove(there.folder.path() / "uploads.json");
    const Told told = Tell(there.folder.path());
    CHECK(told.findings.remarks.size() == 2);
    CHECK(told.said.at("a.txt").claimed.size() == 1);
  }
}

TEST_CASE("errors of the collector and of its queries could not be had", "[intake][velociraptor]") {
  const Collection there;
  there.Write("log.json", "{\"level\":\"ERROR\",\"message\":\"SAM: Access is denied.\"}\nno JSON\n");
  there.Write("collection_context.json", R"({"query_stats":[{"Artifact":"Srum","error_message":"it is in use"}]})");
  const Told told = Tell(there.folder.path());
  REQUIRE(told.findings.failures.size() == 2);
  CHECK(told.findings.failures[0].reason.message == "log.json says: SAM: Access is denied.");
  CHECK(told.findings.failures[1].reason.message == "collection_context.json says: Srum: it is in use");
}

TEST_CASE("a line that is too long is passed over and said", "[intake][velociraptor]") {
  const Collection there;
  there.Write("results/B.json", "{\"x\":\"" + std::string(kMaxVelociraptorLineBytes, 'x') + "\"}\n" +
                                    Row("uploads/auto/C%3A/a.txt", "aaa"));
  const Told told = Tell(there.folder.path());
  CHECK(told.findings.remarks.size() == 1);
  CHECK(told.said.at("a.txt").claimed.size() == 1);
}

TEST_CASE("collections beside each other are told apart, and none is an error", "[intake][velociraptor]") {
  const Collection there;
  there.Write("second/uploads.json", Upload(R"("uploads","auto","C:","a.txt")", 1, 1));
  there.Write("second/uploads/auto/C%3A/a.txt", "a");
  CHECK(IsClear(Tell(there.folder.path()).findings));
  const TemporaryFolder empty;
  const Start start = Unwrap(FindStart(empty.path()));
  CHECK_FAILS(VelociraptorFolder::Look({start}, {}, nullptr), ErrorCode::kInvalid, "no collection is there");
}

}  // namespace exhibit::intake
