// Goal: what comes out of a bundle is what was taken in, under names that do no harm, and nothing that does not hold. Method: a
// bundle of awkward names, plain and sealed, then damaged file by file; loose files that are looked for.
#include "vault/bundle/extraction.h"

#include <sys/stat.h>

#include "tests/bundle/bundle_fixture.h"
#include "vault/base/zeros.h"

namespace exhibit::testing {
namespace {

struct ExtractionFixture : BundleFixture {
  ExtractionFixture() : BundleFixture(Items{}) {}

  tlog::Sequence AddAs(std::string source, std::string path, std::string_view text, custody::ItemFacts more = {}) {
    custody::ItemFacts facts = FactsOf(text, "name");
    facts.source = std::move(source);
    facts.path = std::move(path);
    facts.times = more.times;
    facts.system = more.system;
    facts.file_type = more.file_type;
    facts.link_target = more.link_target;
    return AddItem(text, facts);
  }
  bundle::CheckedBundle Extract(const fs::path& from, seal::Identities identities = {}) {
    VerifyRequest request;
    request.identities = identities;
    request.extract_to = path() / "out";
    return Unwrap(bundle::CheckBundle(from, request, pool()));
  }
  fs::path out(const std::string& name) const { return path() / "out" / name; }
};

}  // namespace

TEST_CASE_METHOD(ExtractionFixture, "originals come out under safe names, and a list says what they were called",
                 "[extract]") {
  AddAs("fs01", "share/note.txt", "one");
  AddAs("fs01", "../../etc/passwd", "two");
  AddAs("fs01", "share/CON", "three");
  AddAs("fs01", "share/Note.txt", "four");  // taken, for whom case is nothing
  AddAs("renamed.jsonl", "x", "five");
  AddAs("fs01", "\xff\xfe", "six");
  const auto checked = Extract(Export("plain", {{1}, {2}, {3}, {4}, {5}, {6}}));
  REQUIRE(checked.report.ok());
  REQUIRE(checked.extracted);
  CHECK(checked.extracted->files == 6);
  CHECK(checked.extracted->bytes == 3 + 3 + 5 + 4 + 4 + 3);
  CHECK(checked.extracted->renamed == 5);
  CHECK(FilesOf(path() / "out") == std::vector<std::string>{"4", "5", "fs01/.=2E/.=2E/etc/passwd", "fs01/=FF=FE",
                                                            "fs01/share/=43ON", "fs01/share/note.txt",
                                                            "renamed.jsonl"});
}

TEST_CASE_METHOD(ExtractionFixture, "times and permissions come back, and rights do not", "[extract]") {
  custody::ItemFacts facts;
  facts.times.modified = custody::FileTime{1'700'000'000, 135'412'776};
  facts.times.accessed = custody::FileTime{-1, 999'999'999};
  facts.system.mode = "4755";
  AddAs("fs01", "bin/su", "run me", facts);
  facts.system.mode = "rwxr-xr-x";
  AddAs("fs01", "bin/odd", "no mode", facts);
  facts.system.mode = "0777";
  facts.file_type = custody::FileType::kSymbolicLink;
  facts.link_target = "/etc/passwd";
  AddAs("fs01", "bin/link", "/etc/passwd", facts);
  REQUIRE(Extract(Export("plain", {{1}, {2}, {3}})).extracted->links == 1);
  struct ::stat status {};
  REQUIRE(::lstat(out("fs01/bin/su").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0755);
  CHECK((status.st_mtim.tv_sec == 1'700'000'000 && status.st_mtim.tv_nsec == 135'412'776));
  CHECK((status.st_atim.tv_sec == -1 && status.st_atim.tv_nsec == 999'999'999));
  REQUIRE(::lstat(out("fs01/bin/odd").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  REQUIRE(::lstat(out("fs01/bin/link").c_str(), &status) == 0);
  CHECK((S_ISREG(status.st_mode) && (status.st_mode & 07777) == 0600));
  CHECK(ReadText(out("fs01/bin/link")) == "/etc/passwd");
  CHECK(ReadText(out("renamed.jsonl")) ==
        "{\"item\":3,\"file\":\"fs01/bin/link\",\"source\":\"fs01\",\"path\":\"bin/link\",\"name\":\"name\","
        "\"link-target\":\"/etc/passwd\"}\n");
}

TEST_CASE_METHOD(ExtractionFixture, "a sealed bundle comes out as the plain one, for who can open it", "[extract]") {
  AddAs("fs01", "share/note.txt", "one");
  AddAs("fs01", "share/a:b", "two");
  const seal::Identity friends = seal::X25519Identity::Generate();
  const auto folder = Export("sealed", {{1}, {2}}, {Unwrap(seal::RecipientOf(friends))});
  SECTION("with the key") {
    REQUIRE(Extract(folder, {&friends, 1}).extracted->files == 2);
    CHECK(ReadText(out("fs01/share/note.txt")) == "one");
    CHECK(ReadText(out("fs01/share/a=3Ab")) == "two");
  }
  SECTION("without one, or with a stranger's") {
    CHECK_FALSE(Extract(folder).extracted);
    const seal::Identity stranger = seal::X25519Identity::Generate();
    CHECK_FALSE(Extract(folder, {&stranger, 1}).extracted);
    CHECK_FALSE(fs::exists(path() / "out"));
  }
}

TEST_CASE_METHOD(ExtractionFixture, "what does not hold stays inside, and the rest comes out", "[extract]") {
  AddAs("fs01", "a", "one");
  AddAs("fs01", "b", "two");
  const auto folder = Export("plain", {{1}, {2}});
  SECTION("an original that was changed") {
    Flip(folder / "data/fs01/b");
    const auto checked = Extract(folder);
    CHECK_FALSE(checked.report.ok());
    CHECK(checked.extracted->files == 1);
    CHECK(FilesOf(path() / "out") == std::vector<std::string>{"fs01/a"});
  }
  SECTION("the log") {
    Flip(folder / "log/checkpoint");
    CHECK_FALSE(Extract(folder).extracted);
    CHECK_FALSE(fs::exists(path() / "out"));
  }
  SECTION("an entry that is no original") {
    std::string entries = ReadText(folder / "log/entries");
    const std::size_t last = entries.rfind("\"time\":\"2");
    entries[last + 8] = '3';
    WriteText(folder / "log/entries", entries);
    CHECK_FALSE(Extract(folder).extracted);
  }
  SECTION("a page for people speaks against none") {
    Flip(folder / "VERIFY.txt");
    CHECK(Extract(folder).extracted->files == 2);
  }
}

TEST_CASE_METHOD(ExtractionFixture, "an original that changes after it was checked does not get its name",
                 "[extract]") {
  auto extraction = Unwrap(bundle::Extraction::Begin(path() / "out"));
  const auto fields = Unwrap(custody::FieldList::Make(custody::FieldsOf(FactsOf("one", "a"))));
  REQUIRE_OK(extraction.Write({7}, fields, [](const bundle::Extraction::Sink& sink) -> Result<void> {
    TRY_VOID(sink(ViewOf(std::string_view("on"))));
    return Fail(ErrorCode::kTampered, "it is another one");
  }));
  const auto extracted = Unwrap(std::move(extraction).Finish());
  CHECK(extracted.files == 0);
  CHECK(extracted.failed.at({7}).message == "it is another one");
  CHECK_FALSE(fs::exists(path() / "out"));
}

TEST_CASE_METHOD(ExtractionFixture, "an original for which the disk has no room is not begun", "[extract]") {
  auto extraction = Unwrap(bundle::Extraction::Begin(path() / "out"));
  custody::ItemFacts facts = FactsOf("zeros", "a");
  facts.size = std::uint64_t{1} << 52;
  const auto fields = Unwrap(custody::FieldList::Make(custody::FieldsOf(facts)));
  bool is_begun = false;
  REQUIRE_OK(extraction.Write({7}, fields, [&](const bundle::Extraction::Sink&) {
    is_begun = true;
    return Result<void>();
  }));
  CHECK_FALSE(is_begun);
  CHECK(Unwrap(std::move(extraction).Finish()).failed.at({7}).message.find("there is room for") != std::string::npos);
}

TEST_CASE_METHOD(ExtractionFixture, "an original with holes needs room for what is no hole", "[extract]") {
  auto extraction = Unwrap(bundle::Extraction::Begin(path() / "out"));
  custody::ItemFacts facts = FactsOf("zeros", "a");
  facts.size = std::uint64_t{1} << 52;
  facts.system.holes = true;
  const auto fields = Unwrap(custody::FieldList::Make(custody::FieldsOf(facts)));
  REQUIRE_OK(
      extraction.Write({7}, fields, [&](const bundle::Extraction::Sink& sink) { return sink(Zeros(kMostZeros)); }));
  const bundle::Extracted extracted = Unwrap(std::move(extraction).Finish());
  CHECK(extracted.failed.empty());
  CHECK(extracted.bytes == kMostZeros);
}

TEST_CASE_METHOD(ExtractionFixture, "nothing is written into a folder that is there", "[extract]") {
  AddAs("fs01", "a", "one");
  fs::create_directory(path() / "out");
  VerifyRequest request;
  request.extract_to = path() / "out";
  CHECK_FAILS(bundle::CheckBundle(Export("plain", {{1}}), request, pool()), ErrorCode::kExists, "is there already");
  CHECK_FAILS(bundle::Extraction::MayBegin(path() / "out/"), ErrorCode::kExists, "is there already");
  CHECK_FAILS(bundle::Extraction::MayBegin(path() / "no/out"), ErrorCode::kNotFound, "does not exist");
  REQUIRE_OK(bundle::Extraction::MayBegin(path() / "other/"));
}

TEST_CASE_METHOD(ExtractionFixture, "a loose file is found by its bytes, whatever it is called", "[extract]") {
  AddAs("fs01", "a", "one");
  AddAs("fs02", "b", "one");
  AddAs("fs01", "c", "two");
  WriteText(path() / "downloads.bin", "one");
  WriteText(path() / "a", "another");
  const seal::Identity friends = seal::X25519Identity::Generate();
  const auto plain = Export("plain", {{1}, {2}, {3}});
  const auto sealed = Export("sealed", {{1}, {3}}, {Unwrap(seal::RecipientOf(friends))});
  VerifyRequest request;
  request.to_find = {path() / "downloads.bin", path() / "a", path() / "nothing"};
  const auto positions = [](const bundle::FoundFile& found) {
    std::vector<tlog::Sequence> all;
    for (const bundle::TakenIn& taken : found.entries) all.push_back(taken.entry);
    return all;
  };
  const auto found = Unwrap(bundle::CheckBundle(plain, request, pool())).found;
  REQUIRE(found.size() == 3);
  CHECK(positions(found[0]) == std::vector<tlog::Sequence>{{1}, {2}});
  CHECK((found[0].entries[1].source == "fs02" && found[0].entries[1].path == "b"));
  CHECK((found[1].entries.empty() && !found[1].error));
  CHECK(found[2].error);
  CHECK(Unwrap(bundle::CheckBundle(sealed, request, pool())).found[0].entries.empty());
  request.identities = {&friends, 1};
  CHECK(positions(Unwrap(bundle::CheckBundle(sealed, request, pool())).found[0]) == std::vector<tlog::Sequence>{{1}});
  // The log of a bundle that was changed says nothing of anything.
  Flip(plain / "log/checkpoint");
  CHECK(Unwrap(bundle::CheckBundle(plain, request, pool())).found[0].entries.empty());
}

}  // namespace exhibit::testing
