// Goal: a commit is read as it was written and in no other spelling, and nothing in it may contradict the rest.
// Method: one good commit, and each of its members changed.
#include "tests/support/check.h"
#include "vault/store/commit_index.h"
#include "vault/tlog/tree.h"

namespace exhibit::testing {
namespace {

using store::CommitRecord;
using store::NamedObject;

const Bytes kEntry = ToBytes(ViewOf("the entry\n"));

CommitRecord Good() {
  CommitRecord record;
  record.entry_bytes = {kEntry.size()};
  record.acts = {{~std::uint64_t{0}, {0}, "genesis"}};
  record.objects = {{NamedObject::Kind::kPayload, 0x0123456789abcdef, 5000, crypto::Sha256(kEntry), "v1"},
                    {NamedObject::Kind::kHeaders, 7, 300, crypto::Sha256(kEntry), ""}};
  record.places = {
      {{0}, std::nullopt, {100, 5000, 64, {{7, 0, 100}, {0x0123456789abcdef, 0, 5000}, {7, 100, 64}}, "layout\n"}}};
  record.tiles = {{0, 0, ToBytes(tlog::HashLeaf(kEntry).view())}};
  return record;
}

std::string TextOfGood() {
  const Bytes commit = Unwrap(store::EncodeCommit(Good(), {{{0}, kEntry}}));
  return std::string(TextOf(commit));
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a commit is read as it was written", "[store][commit]") {
  const std::string text = TextOfGood();
  CHECK(text.starts_with(
      R"({"v":1,"commit":0,"prev":"","first":0,"entries":[10],"acts":[["18446744073709551615",0,"genesis"]],)"
      R"("objects":[["pay/0123456789abcdef",5000,")"));
  const auto parsed = Unwrap(store::ParseCommit(ViewOf(text)));
  const CommitRecord good = Good();
  CHECK(parsed.record.acts == good.acts);
  CHECK(parsed.record.objects == good.objects);
  REQUIRE(parsed.record.places.size() == 1);
  CHECK(parsed.record.places.front().place == good.places.front().place);
  CHECK(parsed.entries_at == text.size() - kEntry.size());
  const Bytes again = Unwrap(store::EncodeCommit(parsed.record, {{{0}, kEntry}}));
  CHECK(TextOf(again) == text);
}

TEST_CASE("a commit that says anything else is refused", "[store][commit]") {
  struct Row {
    const char* from;
    const char* to;
    const char* words;
  };
  const auto row = GENERATE(values<Row>({
      {"\"v\":1", "\"v\":2", "of version 2"},
      {"\"commit\":0", "\"commit\":1", "commit 0 has none before it"},
      {"\"entries\":[10]", "\"entries\":[]", "the last entry is there"},
      {"\"entries\":[10]", "\"entries\":[11]", "ends before its last entry"},
      {"\"entries\":[10]", "\"entries\":[9]", "1 bytes follow"},
      {"\"entries\":[10]", "\"entries\":[ 10]", "entries"},
      {",0,\"genesis\"", ",1,\"genesis\"", "a row is of an entry of another commit"},
      {"\"pay/0123", "\"pay/012", "digits"},
      {"\"pay/0123", "\"etc/0123", "of pay/ or of hdr/"},
      {"[0,\"\",100,", "[1,\"\",100,", "a sealed file is of an entry of another commit"},
      {"[0,\"\",100,", "[0,\"0\",100,", "a sealed file is of an entry of another commit"},
      {"[0,\"\",100,", "[0,\"\",101,", "not as long as its extents"},
      {"\"layout\\n\"", "\"\"", "a layout line goes with a payload"},
      {"[1,0,100]", "[2,0,100]", "an object that the commit does not list"},
      {"[1,0,100]", "[1,250,100]", "past the end of its object"},
      {"\"tiles\":[[0,0,", "\"tiles\":[[1,0,", "not those that the tree gains"},
      {"\"tiles\":[[0,0,", "\"tiles\":[[64,0,", "no tree has this level"},
      {"\n", " ", "where it ends"},
  }));
  CAPTURE(row.from, row.to);
  const auto parsed = store::ParseCommit(ViewOf(Replaced(TextOfGood(), row.from, row.to)));
  REQUIRE_FALSE(parsed);
  INFO(parsed.error().message);
  CHECK(parsed.error().message.find(row.words) != std::string::npos);
}

TEST_CASE("an index takes the commits of one chain, in their order, and nothing of what does not fit",
          "[store][commit]") {
  store::CommitIndex index;
  const std::string first = TextOfGood();
  CHECK_FAILS(index.Add(ViewOf(first.substr(1))), ErrorCode::kTampered, "commit 0");
  CHECK(index.commits() == 0);
  REQUIRE_OK(index.Add(ViewOf(first)));
  CHECK(index.entries().value == 1);
  CHECK_FAILS(index.Add(ViewOf(first)), ErrorCode::kTampered, "says that it is commit 0");

  tlog::GrowingTree tree;
  tree.Append(tlog::HashLeaf(kEntry));
  tree.Append(tlog::HashLeaf(kEntry));
  CommitRecord second;
  second.commit = 1;
  second.first = {1};
  second.previous = crypto::Sha256(ViewOf(first));
  second.entry_bytes = {kEntry.size()};
  second.tiles = {{0, 1, ToBytes(tlog::HashLeaf(kEntry).view())}};
  const auto encoded = [](const CommitRecord& record) {
    return Unwrap(store::EncodeCommit(record, {{record.first, kEntry}}));
  };
  CommitRecord wrong = second;
  wrong.previous = crypto::Sha256(kEntry);
  CHECK_FAILS(index.Add(encoded(wrong)), ErrorCode::kTampered, "does not follow the commit before it");
  wrong = second;
  wrong.first = {2};
  wrong.tiles = {{0, 2, second.tiles.front().hashes}};
  CHECK_FAILS(index.Add(encoded(wrong)), ErrorCode::kTampered, "begins with entry 2");
  wrong = second;
  wrong.objects = {{NamedObject::Kind::kPayload, 0x0123456789abcdef, 1, crypto::Sha256(kEntry), "v2"}};
  CHECK_FAILS(index.Add(encoded(wrong)), ErrorCode::kTampered, "another object than an earlier commit says");
  REQUIRE_OK(index.Add(encoded(second)));
  CHECK(index.commits() == 2);
  CHECK(index.CommitEndingAt({2}) == 1U);
  CHECK(index.CommitEndingAt({1}) == 0U);
  CHECK_FALSE(index.CommitEndingAt({3}));
  CHECK(index.TileOf({0, 0, 2}, {2}).size() == 64);
  CHECK(index.TileOf({0, 0, 2}, {1}).size() == 32);
}

}  // namespace exhibit::testing
