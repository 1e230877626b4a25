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
    for (std::uint64_t i = 0; large.size() < (3U << 20); ++i)
      large += ToHex(crypto::Sha256(ViewOf(std::to_string(i))).view());
    Add({{"a.log", "kept\n"}, {"b.log", "to be destroyed\n"}, {"c.log", large}});
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
    const auto entry = Unwrap(reader->Entry(item));
    const auto* const file = custody::SealedFileOf(entry.parsed().body);
    const auto layout = Unwrap(seal::PayloadLayout::Create(file->payload_bytes, file->tail_bytes));
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
  for (const tlog::Sequence item : {tlog::Sequence{2}, tlog::Sequence{3}}) {
    CAPTURE(item.value);
    const auto traces = TracesOf(item);
    const std::string stored = StoreBytes();
    for (const std::string& trace : traces) CHECK(stored.find(trace) != std::string::npos);
    Unwrap(work::Shred(*Unwrap(OpenWriter()), {item, "order", "reason"}, nullptr));
    CheckGone(traces);
  }
  CHECK(Cat({1}) == "kept\n");
  const auto report = Verify(verify::Depth::kContent);
  CHECK(report.ok());
  CHECK(report.items == 1);
}

TEST_CASE_METHOD(ShredFixture, "a shredding that was interrupted behind its entry is ended by the next writer",
                 "[shred]") {
  const auto traces = TracesOf({3});
  Unwrap(Unwrap(OpenWriter())->CommitAct(custody::Shred{{3}, "order", "reason"}));
  const auto before = Verify(verify::Depth::kSealed);
  CHECK(before.ok());
  REQUIRE(before.remarks.size() == 1);
  CHECK(before.remarks.front().find("its sealed file is still there") != std::string::npos);
  Unwrap(OpenWriter());
  CheckGone(traces);
  CHECK(Verify(verify::Depth::kSealed).remarks == std::vector<std::string>{"item 3: shredded under entry 4"});
}

TEST_CASE_METHOD(ShredFixture, "what is held or shredded already is not shredded", "[shred]") {
  const auto writer = Unwrap(OpenWriter());
  Unwrap(writer->CommitAct(custody::Hold{Unwrap(custody::ItemSet::Parse("2")), "order", "reason"}));
  CHECK_FAILS(work::Shred(*writer, {{2}, "order", "reason"}, nullptr), ErrorCode::kInvalid, "item 2 is held");
  CHECK_FAILS(work::Shred(*writer, {{0}, "order", "reason"}, nullptr), ErrorCode::kInvalid, "entry 0 is the genesis");
  Unwrap(work::Shred(*writer, {{1}, "order", "reason"}, nullptr));
  CHECK_FAILS(work::Shred(*writer, {{1}, "order", "reason"}, nullptr), ErrorCode::kInvalid,
              "item 1 was shredded under entry 5");
}

}  // namespace exhibit::testing
