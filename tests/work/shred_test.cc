// Goal: what was shredded is in no file of the store, and nothing else is touched.
// Method: a real vault; the bytes of header and blocks are looked for in all files of the store.
#include "vault/work/shred.h"

#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct ShredFixture : VaultOnDisk {
  ShredFixture() {
    std::string large;
    for (std::uint64_t i = 0; large.size() < (3U << 20); ++i) large += HashOf(std::to_string(i));
    Add({{"a.log", "kept\n"}, {"b.log", "to be destroyed\n"}, {"c.log", large}});
  }
  Result<store::Committed> Shred(std::string_view items) {
    return work::Shred(*Unwrap(OpenWriterAs(key(), custody::Shred::kForm)), ActOf(items));
  }
  static store::Appender::Act ActOf(std::string_view items) {
    return {custody::Shred{Unwrap(custody::ItemSet::Parse(items))}, {{"authority", "order"}, {"reason", "test"}}};
  }
  std::string StoreBytes() const {
    std::string all;
    for (const auto& file : fs::recursive_directory_iterator(VaultPaths(vault()).store)) {
      if (file.is_regular_file()) all += ReadText(file.path());
    }
    return all;
  }
  // A stretch of each thing that must go.
  std::vector<std::string> TracesOf(tlog::Sequence item) {
    const auto reader = Unwrap(OpenReader());
    std::vector<std::string> traces;
    const auto end_of = [&](const Bytes& bytes) {
      traces.emplace_back(TextOf(ByteView(bytes).last(std::min<std::size_t>(bytes.size(), 40))));
    };
    end_of(Unwrap(reader->ReadHeader(item)));
    const auto layout = Unwrap(seal::PayloadLayout::Parse(TextOf(Unwrap(reader->ReadLayout(item)))));
    for (std::uint64_t block = 0; block < layout.block_count(); ++block) end_of(ReadBlock(*reader, item, block));
    end_of(Unwrap(reader->ReadBlockHashes(item)));
    return traces;
  }
  void CheckGone(const std::vector<std::string>& traces) const {
    const std::string stored = StoreBytes();
    for (std::size_t i = 0; i < traces.size(); ++i) {
      CAPTURE(i);
      CHECK(stored.find(traces[i]) == std::string::npos);
    }
  }
};

}  // namespace

TEST_CASE_METHOD(ShredFixture, "what was shredded is in no file of the store", "[shred]") {
  std::vector<std::string> traces = TracesOf({2});
  std::ranges::move(TracesOf({3}), std::back_inserter(traces));
  const std::string stored = StoreBytes();
  for (const std::string& trace : traces) CHECK(stored.find(trace) != std::string::npos);
  Unwrap(Shred("2-3"));
  CheckGone(traces);
  CHECK(Cat({1}) == "kept\n");
  const auto report = Verify(verify::Depth::kContent);
  CHECK(report.ok());
  CHECK(report.items == 4);  // with the words of the genesis, of the shredding and of the access
}

TEST_CASE_METHOD(ShredFixture, "the words for people of an act can be shredded, and its entry stays", "[shred]") {
  const tlog::Sequence note = Act(custody::Note{}, {{"items", "1"}, {"text", "a patient's name"}});
  Unwrap(Shred("4"));
  CHECK(note == tlog::Sequence{4});
  const auto reader = Unwrap(OpenReader());
  CHECK_FAILS(reader->ReadFields(Unwrap(reader->Entry(note)), VaultKey()), ErrorCode::kNotFound, "destroyed");
  CHECK(Verify(verify::Depth::kContent).ok());
}

TEST_CASE_METHOD(ShredFixture, "a shredding that was interrupted after its entry is ended by the next writer",
                 "[shred]") {
  const auto traces = TracesOf({3});
  Unwrap(Unwrap(OpenWriter())->CommitAct(ActOf("3")));
  const auto before = Verify(verify::Depth::kSealed);
  CHECK(before.ok());
  CHECK(before.remarks.size() == 1);
  Unwrap(OpenWriter());
  CheckGone(traces);
  CHECK(Verify(verify::Depth::kSealed).ok());
}

TEST_CASE_METHOD(ShredFixture, "what is held or shredded already is not shredded", "[shred]") {
  Act(custody::Hold{Unwrap(custody::ItemSet::Parse("2"))});
  CHECK_FAILS(Shred("1-2"), ErrorCode::kInvalid, "item 2 is held");
  CHECK(Cat({1}) == "kept\n");
  Unwrap(Shred("1"));
  CHECK_FAILS(Shred("1"), ErrorCode::kInvalid, "shredded");
  CHECK_FAILS(Shred("77"), ErrorCode::kInvalid, "earlier");
}

}  // namespace exhibit::testing
