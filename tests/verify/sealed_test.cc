// Goal: what a sealed file holds is what its entry and its fields say, and each difference is named. Method: a real vault
// into which a custodian seals files whose fields say something else, and entries that the custodian signed again.
#include <atomic>

#include "tests/support/findings.h"
#include "tests/support/noise.h"
#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"
#include "vault/custody/parts.h"
#include "vault/verify/content_check.h"
#include "vault/verify/forwarding_source.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::testing {
namespace {

using custody::FieldValue;
using verify::Depth;
using verify::Property;

struct SealedFixture : VaultFixture {
  // Seals exactly these fields with the content, and commits an item.
  tlog::Sequence Seal(std::string_view content, store::Fields fields) {
    auto writer = Unwrap(OpenWriter());
    std::vector<store::Pending> group;
    group.push_back({custody::Item(), Unwrap(writer->sealer().Seal(std::move(fields), {}, ViewOf(content)))});
    return Unwrap(writer->Commit(std::move(group), nullptr)).first;
  }
  // The fields of an item of this content, of which one is another.
  static store::Fields With(std::string_view content, const std::string& key, FieldValue value) {
    store::Fields fields = custody::FieldsOf(FactsOf(content));
    std::erase_if(fields, [&](const auto& field) { return field.first == key; });
    fields.emplace_back(key, std::move(value));
    return fields;
  }
  static FieldValue State(std::string_view content_place) {
    return FieldValue::Object{{"whole", FieldValue::Bool(true)},
                              {"changed", FieldValue::Bool(false)},
                              {"claims", "none"},
                              {"derived", FieldValue::Bool(false)},
                              {"content", std::string(content_place)}};
  }
};

// Gives another entry the second time that it is asked for this one.
class ChangingSource final : public verify::ForwardingSource {
 public:
  ChangingSource(const verify::Source& source, tlog::Sequence which) : ForwardingSource(source), which_(which) {}
  Result<Bytes> ReadEntry(tlog::Sequence at) const override {
    const bool is_again = at == which_ && asked_++ > 0;
    return ForwardingSource::ReadEntry(is_again ? tlog::Sequence{at.value - 1} : at);
  }

 private:
  tlog::Sequence which_;
  mutable std::atomic<int> asked_{0};
};

}  // namespace

TEST_CASE_METHOD(SealedFixture, "an original is compared with everything that its fields say of it", "[sealed]") {
  const std::string text = "one\ntwo\n";
  const std::string zeros(128, '0');
  struct Case {
    std::string key;
    FieldValue value;
    Property property;
    std::string_view words;
  };
  const std::vector<Case> cases = {
      {"sha256", zeros.substr(64), Property::kContent, "its SHA-256 is"},
      {"sha512", zeros, Property::kContent, "its SHA-512 is"},
      {"sha1", zeros.substr(0, 40), Property::kContent, "its SHA-1 is"},
      {"md5", zeros.substr(0, 32), Property::kContent, "its MD5 is"},
      {"size", FieldValue::Number(7), Property::kContent, "its frames say that they hold 8 bytes, and it must hold 7"},
      {"size", "8", Property::kFields, "field size has another form"},
      {"state", State("elsewhere"), Property::kContent, "and it must hold 0"},
      {"state", State("nowhere"), Property::kFields, "field state has another form"},
      {"case", FieldValue::Array{"b", "a"}, Property::kFields, "field case has another form"},
  };
  std::vector<tlog::Sequence> items;
  for (const Case& one : cases) items.push_back(Seal(text, With(text, one.key, one.value)));
  const auto report = Verify(Depth::kContent);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(cases[i].key, cases[i].words);
    CHECK(Names(report, cases[i].property, items[i].value));
    CHECK(Says(report, cases[i].words));
  }
  CHECK(report.failed_items == items);
  // Who has no key sees what is signed, and nothing of this.
  CHECK(Verify(Depth::kSealed).ok());
}

TEST_CASE_METHOD(SealedFixture, "an entry that is another one when its sealed file is checked is named", "[sealed]") {
  Add({{"a", "one"}, {"b", "two"}, {"c", "three"}});
  const auto vault = Unwrap(OpenReader());
  verify::Options options;
  Pool pool(2);
  const auto report = Unwrap(verify::Verify(ChangingSource(*vault, {2}), options, pool));
  CHECK(Names(report, Property::kEntry, 2));
  CHECK(Says(report, "changed while it was verified"));
  CHECK(report.findings.size() == 1);
  CHECK(Unwrap(verify::Verify(*vault, options, pool)).ok());
}

TEST_CASE_METHOD(SealedFixture, "an item without its digest, its size or its state is named", "[sealed]") {
  const std::string text = "x";
  for (const std::string key : {"sha256", "size", "state"}) {
    store::Fields fields = custody::FieldsOf(FactsOf(text));
    std::erase_if(fields, [&](const auto& field) { return field.first == key; });
    const auto at = Seal(text, std::move(fields));
    CAPTURE(key);
    CHECK(Names(Verify(Depth::kContent), Property::kFields, at.value));
  }
}

TEST_CASE_METHOD(SealedFixture, "fields that nobody knows, digests that fit and content elsewhere are right",
                 "[sealed]") {
  const std::string text = "one\n";
  auto facts = FactsOf(text, "a.txt");
  const auto digest = [&](crypto::HashAlgorithm algorithm) {
    crypto::Hasher hasher(algorithm);
    hasher.Update(ViewOf(text));
    return hasher.Finish();
  };
  facts.sha512 = crypto::Sha512Digest::From(digest(crypto::HashAlgorithm::kSha512));
  facts.sha1 = crypto::Sha1Digest::From(digest(crypto::HashAlgorithm::kSha1));
  facts.md5 = crypto::Md5Digest::From(digest(crypto::HashAlgorithm::kMd5));
  store::Fields fields = custody::FieldsOf(facts);
  fields.emplace_back("of-tomorrow", FieldValue::Array{FieldValue::Bool(true), "x"});
  Seal(text, std::move(fields));
  Seal("", With(text, "state", State("elsewhere")));
  const auto report = Verify(Depth::kContent);
  INFO((report.ok() ? "" : verify::FirstProblem(report)));
  CHECK(report.ok());
  CHECK(report.contents == 3);
}

TEST_CASE_METHOD(SealedFixture, "parts are compared with the original by their seed", "[sealed]") {
  const std::string text = "one\ntwo\nthree";
  const auto seed = custody::PartsSeed::Generate();
  custody::PartsTree tree(custody::PartsBy::kLines, seed);
  tree.Update(ViewOf(text));
  auto facts = FactsOf(text);
  facts.parts = tree.Finish();
  REQUIRE(facts.parts);
  const auto sealed = [&] {
    store::Fields fields = custody::FieldsOf(facts);
    fields.emplace_back(std::string(custody::kPartsSeed), seed.ToFieldText());
    return Seal(text, std::move(fields));
  };
  sealed();
  CHECK(Verify(Depth::kContent).ok());
  facts.parts->count = 2;
  const auto wrong = sealed();
  const auto report = Verify(Depth::kContent);
  CHECK(report.findings.size() == 1);
  CHECK(Names(report, Property::kContent, wrong.value));
  CHECK(Says(report, "its parts are not those that its fields say"));
}

TEST_CASE_METHOD(SealedFixture, "an act holds fields alone", "[sealed]") {
  auto writer = Unwrap(OpenWriter());
  std::vector<store::Pending> group;
  group.push_back({custody::Note(), Unwrap(writer->sealer().Seal({{"text", "see"}}, {}, ViewOf("hidden content")))});
  const auto at = Unwrap(writer->Commit(std::move(group), nullptr)).first;
  const auto report = Verify(Depth::kContent);
  CHECK(Names(report, Property::kContent, at.value));
  CHECK(Says(report, "and it must hold 0"));
}

TEST_CASE_METHOD(SealedFixture, "a key or fields that the entry does not name are found before anything is used",
                 "[sealed]") {
  const auto at = Add({{"a", "one"}, {"b", "two"}}).front();
  const auto reader = Unwrap(OpenReader());
  const auto own = Unwrap(custody::LoadKey(key(), NoPassphrase));
  custody::Entry entry = Unwrap(reader->Entry(at)).parsed();
  const custody::SealedFile other = *Unwrap(reader->Entry({at.value + 1})).parsed().sealed;
  const auto checked = [&] {
    TamperedSource source(*reader);
    source.entries[at.value] = ToBytes(Unwrap(custody::SignedEntry::Sign(entry, own)).bytes());
    return VerifySource(source, Depth::kContent);
  };
  SECTION("another commitment") {
    entry.sealed->key = other.key;
    CHECK(Names(checked(), Property::kSealed, at.value));
  }
  SECTION("other fields") {
    entry.sealed->fields = other.fields;
    const auto report = checked();
    CHECK(Names(report, Property::kFields, at.value));
    CHECK(Says(report, "holds other fields than the entry names"));
  }
}

TEST_CASE_METHOD(SealedFixture, "content is read only where it is what the fields say", "[sealed]") {
  const std::string text(100'000, 'x');
  const auto right = Seal(text, custody::FieldsOf(FactsOf(text)));
  const auto wrong = Seal(text, With(text, "sha256", std::string(64, '0')));
  const auto short_one = Seal(text, With(text, "size", FieldValue::Number(5)));
  const auto reader = Unwrap(OpenReader());
  const VaultKeys keys = VaultKey();
  const auto read = [&](tlog::Sequence at, std::string& content) -> Result<std::uint64_t> {
    const custody::SealedFile file = *Unwrap(reader->Entry(at)).parsed().sealed;
    TRY(const seal::ItemReader opened, verify::OpenSealed(*reader, at, file, keys));
    TRY(const custody::FieldList fields, verify::FieldsOf(opened, at, file));
    return verify::CheckContent(opened, fields, [&](ByteView piece) {
      content += TextOf(piece);
      return Result<void>();
    });
  };
  std::string content;
  CHECK(Unwrap(read(right, content)) == text.size());
  CHECK(content == text);
  CHECK_FAILS(read(wrong, content), ErrorCode::kTampered, "its SHA-256 is");
  content.clear();
  CHECK_FAILS(read(short_one, content), ErrorCode::kTampered, "it must hold 5");
  CHECK(content.empty());
}

TEST_CASE_METHOD(SealedFixture, "a key that opens nothing is said to open nothing", "[sealed]") {
  const auto at = Add({{"a", "one"}}).front();
  const auto reader = Unwrap(OpenReader());
  const seal::Identity stranger = seal::X25519Identity::Generate();
  const custody::SealedFile file = *Unwrap(reader->Entry(at)).parsed().sealed;
  CHECK_FAILS(verify::OpenFileKey(*reader, at, file, {&stranger, 1}), ErrorCode::kDenied, "not sealed to this key");
  CHECK(verify::OpenFileKey(*reader, at, file, VaultKey()).has_value());
}

TEST_CASE_METHOD(SealedFixture, "a payload is given on as it is checked, in order, up to what is missing", "[sealed]") {
  const tlog::Sequence item = Add({{"disk.img", Noise(3'500'000)}}).front();
  const auto reader = Unwrap(OpenReader());
  TamperedSource source(*reader);
  const custody::SealedFile file = *Unwrap(reader->Entry(item)).parsed().sealed;
  const VaultKeys keys = VaultKey();
  verify::Options options;
  options.depth = Depth::kContent;
  options.open_key = [&](tlog::Sequence at, const custody::SealedFile& sealed) {
    return verify::OpenFileKey(*reader, at, sealed, keys);
  };
  const auto layout = Unwrap(seal::PayloadLayout::Parse(TextOf(Unwrap(reader->ReadLayout(item)))));
  const Bytes payload = Unwrap(reader->ReadPayload(item, {0, layout.payload_bytes()}));
  Bytes taken;
  const auto take = [&](ByteView block) -> Result<void> {
    Append(taken, block);
    return {};
  };
  Pool pool;
  for (Pool* const on : {static_cast<Pool*>(nullptr), &pool}) {
    taken.clear();
    CHECK(Unwrap(verify::CheckAndTakeSealed(source, options, {item, file}, on, take)).findings.empty());
    CHECK(taken == payload);
    const auto refused = verify::CheckAndTakeSealed(
        source, options, {item, file}, on, [](ByteView) -> Result<void> { return Fail(ErrorCode::kIo, "full"); });
    CHECK_FAILS(refused, ErrorCode::kIo, "full");
  }
  source.blocks[{item.value, 2}] = std::nullopt;
  taken.clear();
  CHECK_FALSE(Unwrap(verify::CheckAndTakeSealed(source, options, {item, file}, &pool, take)).findings.empty());
  CHECK(taken.size() == layout.block(2).range().offset);
  CHECK(std::ranges::equal(taken, ByteView(payload).first(taken.size())));
}

}  // namespace exhibit::testing
