// Goal: no original comes out without the entry that says who read what and why; of a file that was cut its beginning comes
// out. Method: items of a real vault, and a sealed file that is cut at every place of some.
#include "vault/work/read.h"

#include "tests/support/vault_fixture.h"
#include "vault/custody/field_forms.h"

namespace exhibit::testing {
namespace {

struct ReadFixture : VaultFixture {
  Result<std::string> Read(tlog::Sequence item, std::optional<ByteRange> range = {}) {
    const auto reader = Unwrap(OpenReader());
    std::string content;
    TRY_VOID(work::Read(*reader, WriterDoor(), VaultKey(), {item, "triage", range}, [&](ByteView bytes) {
      content += TextOf(bytes);
      return Result<void>();
    }));
    return content;
  }
  Result<std::string> ReadCut(tlog::Sequence item) {
    const auto reader = Unwrap(OpenReader());
    std::string content;
    TRY(const auto end, work::ReadCut(*reader, WriterDoor(), VaultKey(), {item, "triage", {}}, [&](ByteView bytes) {
          content += TextOf(bytes);
          return Result<void>();
        }));
    CHECK(end.original_bytes == content.size());
    return content;
  }
};

}  // namespace

TEST_CASE_METHOD(ReadFixture, "reading is recorded first, with its purpose, for the item's cases", "[read]") {
  auto facts = FactsOf("one", "a.log");
  facts.cases = {"IR-2025-014"};
  const tlog::Sequence item = AddItem("one", facts);
  CHECK(Unwrap(Read(item)) == "one");
  const custody::FieldList fields = Fields({2});
  CHECK(*fields.Find("act")->Text() == "read");
  CHECK(*fields.Find("purpose")->Text() == "triage");
  CHECK(*fields.Find("items")->Text() == "1");
  const auto secret = Unwrap(LoadLabelSecret(VaultPaths(vault()), NoPassphrase));
  const auto reader = Unwrap(OpenReader());
  const custody::SealedFile sealed = *Unwrap(reader->Entry({2})).parsed().sealed;
  CHECK(sealed.labels.Has(secret.KeyOf("IR-2025-014").LabelFor(reader->fingerprint(), sealed.header)));
}

TEST_CASE_METHOD(ReadFixture, "a stretch is read alone", "[read]") {
  Add({{"a", "0123456789"}});
  CHECK(Unwrap(Read({1}, ByteRange{3, 4})) == "3456");
  CHECK_FAILS(Read({1}, ByteRange{3, 40}), ErrorCode::kInvalid, "the original has only 10");
}

TEST_CASE_METHOD(ReadFixture, "an act is no item, and nothing is recorded", "[read]") {
  Add({{"a", "one"}});
  Act(custody::Hold{Unwrap(custody::ItemSet::Parse("1"))});
  CHECK_FAILS(Read({2}), ErrorCode::kInvalid, "entry 2 is no item: it is of type hold");
  CHECK_FAILS(Read({0}), ErrorCode::kInvalid, "entry 0 is no item");
  CHECK(Unwrap(OpenReader())->head().size == tlog::TreeSize{3});
}

TEST_CASE_METHOD(ReadFixture, "a sealed file that was cut gives its beginning through both layers", "[read]") {
  std::string lines;
  for (int i = 0; lines.size() < 1'000'000; ++i) lines += HashOf(std::to_string(i)) + "\n";
  auto writer = Unwrap(OpenWriter());
  const auto sealed = Unwrap(writer->sealer().Seal(custody::FieldsOf(FactsOf(lines)), {}, ViewOf(lines)));
  Bytes file = sealed.header;
  Append(file, sealed.payload);
  std::vector<store::Pending> group;
  std::vector<std::size_t> sizes;
  for (const std::size_t size : {sealed.header.size() + 16, file.size() / 3, file.size() / 2, file.size()}) {
    const std::string_view cut = TextOf(ByteView(file).first(size));
    auto facts = FactsOf(cut);
    facts.state->whole = false;
    facts.partial = custody::PartialFacts{std::string(work::kCutSealedFile), size, std::nullopt};
    group.push_back({custody::Item{}, Unwrap(writer->sealer().Seal(custody::FieldsOf(facts), {}, ViewOf(cut)))});
    sizes.push_back(size);
  }
  const tlog::Sequence first = Unwrap(writer->Commit(std::move(group), nullptr)).first;
  writer.reset();
  std::size_t before = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    CAPTURE(i);
    const std::string read = Unwrap(ReadCut({first.value + i}));
    CHECK(lines.starts_with(read));
    CHECK((i == 0 ? read.empty() : read.size() > before));
    before = read.size();
  }
  CHECK(before == lines.size());
}

TEST_CASE_METHOD(ReadFixture, "what is no sealed file is not read as one that was cut", "[read]") {
  Add({{"a", "no age file"}});
  CHECK_FAILS(ReadCut({1}), ErrorCode::kInvalid, "what the item holds is no sealed file");
}

}  // namespace exhibit::testing
