// Goal: nothing leaves without the entries that say so, and an export that fails leaves nothing but an entry. Method: exports
// of a real vault, plain and sealed, whole and failing.
#include "vault/work/export.h"

#include "tests/support/vault_fixture.h"
#include "vault/bundle/verifier.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct NothingBeside final : bundle::Companion {
  Result<void> Begin(bundle::BagWriter&, const bundle::BundleHead&, const bundle::Contents&) override { return {}; }
  Result<void> Add(const bundle::ExportedEntry&) override { return {}; }
  Result<bundle::BagInfo> Finish(bundle::BagWriter&, const bundle::LogTexts* /*log*/) override {
    return bundle::BagInfo();
  }
};

// Entries: 0 genesis, 1 and 2 items.
struct ExportFixture : VaultFixture {
  ExportFixture() {
    auto facts = FactsOf("one\n", "a.log");
    facts.cases = {"IR-2025-014"};
    AddItem("one\n", facts);
    Add({{"b.log", "two\n"}});
    job.target = path() / "bundle";
    job.choose = [](const VaultReader&) { return std::vector<tlog::Sequence>{{1}, {2}}; };
    job.purpose = "hand-over";
    job.program = "test";
    job.open_reader = [this] { return OpenReader(); };
    job.open_writer = WriterDoor();
    job.load_signer = [this] { return custody::LoadKey(key(), NoPassphrase); };
    job.companion = &companion;
  }
  std::string TextIn(tlog::Sequence entry, std::string_view field) {
    const custody::FieldList fields = Fields(entry);
    const custody::FieldValue* const value = fields.Find(field);
    return value == nullptr || value->Text() == nullptr ? "" : *value->Text();
  }
  std::uint64_t size() { return Unwrap(OpenReader())->head().size.value; }

  NothingBeside companion;
  work::ExportJob job;
};

}  // namespace

TEST_CASE_METHOD(ExportFixture, "an export is two acts around the data, for the items' cases", "[export]") {
  const VaultKeys keys = VaultKey();
  const work::Exported done = Unwrap(work::Export(job, keys, pool()));
  CHECK(done.items == 2);
  CHECK(done.export_entry == tlog::Sequence{3});
  CHECK(done.exported_entry == tlog::Sequence{4});
  CHECK(TextIn({3}, "act") == "export");
  CHECK(TextIn({3}, "purpose") == "hand-over");
  CHECK(TextIn({4}, "act") == "exported");
  CHECK(TextIn({4}, "items") == "1-2");
  CHECK(*Fields({4}).Find("export")->Number() == 3);
  CHECK(*Fields({4}).Find("checked")->Bool());
  CHECK(TextIn({4}, "manifest") == HashOf(ReadText(job.target / "manifest-sha256.txt")));
  const auto secret = Unwrap(LoadLabelSecret(VaultPaths(vault()), NoPassphrase));
  const auto reader = Unwrap(OpenReader());
  for (const tlog::Sequence act : {tlog::Sequence{3}, tlog::Sequence{4}}) {
    const custody::SealedFile sealed = *Unwrap(reader->Entry(act)).parsed().sealed;
    CHECK(sealed.labels.Has(secret.KeyOf("IR-2025-014").LabelFor(reader->fingerprint(), sealed.header)));
  }
}

TEST_CASE_METHOD(ExportFixture, "an export that fails leaves nothing, and an entry says why by a word", "[export]") {
  fs::create_directories(job.target);
  const VaultKeys keys = VaultKey();
  CHECK_FAILS(work::Export(job, keys, pool()), ErrorCode::kExists, "not exported");
  CHECK(fs::is_empty(job.target));
  CHECK(TextIn({size() - 1}, "act") == "export-failed");
  CHECK(TextIn({size() - 1}, "why") == "exists");
}

TEST_CASE_METHOD(ExportFixture, "what can be known to fail is refused before anything is recorded", "[export]") {
  const VaultKeys keys = VaultKey();
  SECTION("an act") {
    job.choose = [](const VaultReader&) { return std::vector<tlog::Sequence>{{0}}; };
    CHECK_FAILS(work::Export(job, keys, pool()), ErrorCode::kInvalid, "entry 0 is an act, not an item");
  }
  SECTION("a purpose that holds nothing") {
    job.purpose = " ";
    CHECK_FAILS(work::Export(job, keys, pool()), ErrorCode::kInvalid, "purpose");
  }
  CHECK(size() == 3);
}

TEST_CASE_METHOD(ExportFixture, "what is not whole fails the export, or is left out and named", "[export]") {
  // An item whose fields say something else than it holds.
  const tlog::Sequence wrong = AddItem("other\n", FactsOf("three\n", "c.log"));
  job.choose = [=](const VaultReader&) { return std::vector<tlog::Sequence>{{1}, wrong}; };
  const VaultKeys keys = VaultKey();
  CHECK_FAILS(work::Export(job, keys, pool()), ErrorCode::kTampered, "not exported");
  CHECK(TextIn({size() - 1}, "act") == "export-failed");
  std::vector<tlog::Sequence> left_out;
  job.whole = work::ExportJob::Whole::kLeaveOut;
  job.on_left_out = [&](const bundle::Missing& one) { left_out.push_back(one.item); };
  const work::Exported done = Unwrap(work::Export(job, keys, pool()));
  CHECK(done.items == 1);
  CHECK(left_out == std::vector{wrong});
}

}  // namespace exhibit::testing
