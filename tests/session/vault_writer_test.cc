// A writer that is open: who may, what it leaves to the next one, and the labels and access entries that it makes.
#include "vault/session/vault_writer.h"

#include "tests/support/vault_fixture.h"
#include "vault/session/key_files.h"
#include "vault/session/writer_hands.h"

namespace exhibit::testing {
namespace {

using custody::AccessWay;

custody::CaseKey KeyOf(const VaultFixture& vault, std::string_view name) {
  return Unwrap(LoadLabelSecret(VaultPaths(vault.vault()), NoPassphrase)).KeyOf(name);
}

// Another key of the vault, an item resealed to it, and a crash before its earlier header is destroyed.
void ResealAndDestroy(VaultFixture& vault, tlog::Sequence item) {
  const auto reader = Unwrap(vault.OpenReader());
  VaultKeys keys = vault.VaultKey();
  const auto file_key = Unwrap(verify::OpenFileKey(*reader, item, *Unwrap(reader->Entry(item)).parsed().sealed, keys));
  keys.insert(keys.begin(), seal::X25519Identity::Generate());
  const auto recipient = Unwrap(seal::RecipientOf(keys.front()));
  const std::vector<Bytes> headers(1, Unwrap(seal::SealHeader(file_key, {recipient})));

  const auto writer = Unwrap(vault.OpenWriterAs(vault.key(), custody::Reseal::kForm));
  const WriterHands hands = WriterHands::Of(*writer);
  custody::Reseal reseal{
      .recipient = Unwrap(custody::VaultRecipient::Parse(seal::RecipientText(recipient))),
      .key_file = Unwrap(key_files::PrepareReaderKey(hands.paths, keys, {{vault.VaultReaderRecipient()}})),
      .items = Unwrap(custody::ItemSet::Of({item})),
      .headers = {},
      .destroy = custody::Yes()};
  reseal.SetHeaders({custody::DigestOf<custody::HeaderDigest>(headers[0])});
  REQUIRE_OK(hands.appender.CommitReseal({std::move(reseal), {{"reason", "test"}}}, headers));
}

}  // namespace

TEST_CASE_METHOD(VaultFixture, "a writer asks whether its key may do what it is opened for", "[session]") {
  const auto collector = path() / "k2.key";
  Admit(2, {custody::Role::kCollector});
  REQUIRE_OK(OpenWriterAs(collector, custody::Item::kForm));
  CHECK_FAILS(OpenWriterAs(collector, custody::Hold::kForm), ErrorCode::kDenied, "no role that may sign");

  const auto stranger = path() / "k3.key";
  REQUIRE_OK(custody::SavePlainKey(stranger, CustodianKey(3)));
  CHECK_FAILS(OpenWriterAs(stranger), ErrorCode::kDenied, "was never admitted");
  // Whoever recovers is admitted by the entry that he is about to sign.
  REQUIRE_OK(OpenWriterAs(stranger, custody::Recovery::kForm));

  const auto other = path() / "other.key";
  REQUIRE_OK(custody::SavePlainKey(other, tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("b.example/k1")))));
  CHECK_FAILS(OpenWriterAs(other), ErrorCode::kDenied, "is no key of a custodian or collector of test.example/vault");
}

TEST_CASE_METHOD(VaultFixture, "one writer at a time", "[session]") {
  const auto first = Unwrap(OpenWriter());
  CHECK_FAILS(OpenWriter(), ErrorCode::kBusy, "is writing to this vault");
}

TEST_CASE_METHOD(VaultFixture, "an entry has the labels of its cases, which who has the key finds", "[session]") {
  auto facts = FactsOf("one");
  facts.cases = {"IR-1", "IR-2"};
  const tlog::Sequence item = AddItem("one", facts);
  const tlog::Sequence note = Act(custody::Note(), {{"text", "seen"}}, {"IR-1"});
  const auto reader = Unwrap(OpenReader());
  const auto has = [&](tlog::Sequence at, std::string_view name) {
    const custody::SealedFile file = *Unwrap(reader->Entry(at)).parsed().sealed;
    return file.labels.Has(KeyOf(*this, name).LabelFor(reader->fingerprint(), file.header));
  };
  CHECK(has(item, "IR-1"));
  CHECK(has(item, "IR-2"));
  CHECK(has(note, "IR-1"));
  CHECK_FALSE(has(note, "IR-2"));
}

TEST_CASE_METHOD(VaultFixture, "without the label secret a vault takes items, and none with a case", "[session]") {
  std::filesystem::remove(vault() / "keys" / "label.key");
  auto writer = Unwrap(OpenWriter());
  REQUIRE(writer->remarks().size() == 1);
  CHECK(writer->remarks()[0] == "keys/label.key is missing");
  REQUIRE_OK(writer->sealer().Seal(custody::FieldsOf(FactsOf("one")), {}, ViewOf("one")));
  CHECK_FAILS(writer->sealer().Seal(custody::FieldsOf(FactsOf("one")), {"IR-1"}, ViewOf("one")), ErrorCode::kInvalid,
              "IR-1");
}

TEST_CASE_METHOD(VaultFixture, "a damaged file in keys/ is named when a writer opens", "[session]") {
  CHECK(Unwrap(OpenWriter())->remarks().empty());
  const auto file = vault() / "keys" / "reader.age";
  std::string text = ReadText(file);
  text[text.size() / 2] ^= 1;
  WriteText(file, text);
  const auto writer = Unwrap(OpenWriter());
  REQUIRE(writer->remarks().size() == 1);
  CHECK(writer->remarks()[0].starts_with("keys/reader.age is not what was written"));
}

TEST_CASE_METHOD(VaultFixture, "access to more items than one entry holds is one commit of several entries",
                 "[session]") {
  std::vector<tlog::Sequence> items;
  for (std::uint64_t at = 1; items.size() < 130'000; at += 2) items.push_back({at});
  auto writer = Unwrap(OpenWriter());
  const auto grant = Unwrap(writer->CommitAccess(AccessWay::kRead, items, {{"purpose", "all"}}));
  CHECK(grant.Covers(items.front()));
  CHECK(grant.Covers(items.back()));
  CHECK_FALSE(grant.Covers({2}));
  CHECK(grant.entry() == tlog::Sequence{2});
  CHECK(writer->head().size == tlog::TreeSize{3});
  // A bundle tells of one act of export.
  CHECK_FAILS(writer->CommitAccess(AccessWay::kExport, items, {}), ErrorCode::kInvalid,
              "more of them than nine fields");
  CHECK_FAILS(writer->CommitAccess(AccessWay::kRead, {}, {}), ErrorCode::kInvalid, "no items");
}

TEST_CASE_METHOD(VaultFixture, "what a writer left half done, the next one ends", "[session]") {
  const auto items = Add({{"a", "one"}, {"b", "two"}});
  const auto reader = Unwrap(OpenReader());
  SECTION("entries past the head") {
    const Bytes head = ToBytes(reader->head_note());
    Add({{"c", "three"}});
    for (const auto& file : {vault() / "HEAD", Unwrap(store::UserHeadPath(reader->head().origin))}) {
      REQUIRE_OK(ReplaceFile(file, head, 0644));
    }
    const auto writer = Unwrap(OpenWriter());
    CHECK(writer->adopted() == 1);
    CHECK(writer->head().size == tlog::TreeSize{4});
  }
  SECTION("a sealed file that is to be shredded") {
    Act(custody::Shred{Unwrap(custody::ItemSet::Of({items[0]}))});
    REQUIRE_OK(Unwrap(OpenReader())->ReadHeader(items[0]));
    Unwrap(OpenWriter());
    CHECK_FAILS(Unwrap(OpenReader())->ReadHeader(items[0]), ErrorCode::kNotFound, "entry 1");
    const auto now = Unwrap(OpenReader());
    CHECK_FAILS(now->ReadFields(Unwrap(now->Entry(items[0])), VaultKey()), ErrorCode::kNotFound, "entry 1");
    REQUIRE_OK(Unwrap(OpenReader())->ReadHeader(items[1]));
  }
  SECTION("headers that a reseal is to destroy") {
    ResealAndDestroy(*this, items[0]);
    REQUIRE_OK(Unwrap(OpenReader())->ReadHeader(items[0]));
    Unwrap(OpenWriter());
    CHECK_FAILS(Unwrap(OpenReader())->ReadHeader(items[0]), ErrorCode::kNotFound, "entry 1");
    CHECK(Cat(items[0]) == "one");
  }
}

}  // namespace exhibit::testing
