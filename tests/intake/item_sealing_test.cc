// Goal: what an item's fields say of its original is so, whatever pieces it came in. Method: originals with known digests and
// parts, cut in several ways, and claims that are right and wrong.
#include "vault/intake/item_sealing.h"

#include "tests/support/check.h"
#include "vault/crypto/hash.h"
#include "vault/custody/field_forms.h"

namespace exhibit::intake {
namespace {

using custody::Claims;
using custody::DigestAlgorithm;
using custody::PartsBy;
using testing::Hex;
using testing::Unwrap;

struct Watched {
  custody::FieldList fields;
  custody::ItemFacts facts;
};
Result<Watched> Watch(std::string_view original, custody::ItemFacts facts = {}, const SealingChoices& choices = {},
                      std::size_t piece = 1000, const Ending& ending = {}) {
  OriginalWatch watch(std::move(facts), choices);
  for (std::size_t at = 0; at < original.size(); at += piece) watch.See(ViewOf(original.substr(at, piece)));
  TRY(store::Fields fields, watch.Finish(ending));
  TRY(custody::FieldList list, custody::FieldList::Make(std::move(fields)));
  TRY_VOID(custody::CheckFieldForms("item", list));
  const custody::ItemFacts told = custody::ItemFactsIn(list);
  CHECK(told == watch.facts());
  return Watched{std::move(list), told};
}

TEST_CASE("size and digests are those of the original, in whatever pieces it comes", "[sealing]") {
  SealingChoices choices;
  choices.digests = {true, true, true};
  for (const std::size_t piece : {1U, 2U, 100U}) {
    const auto [fields, facts] = Unwrap(Watch("abc", {}, choices, piece));
    CHECK(facts.size == 3);
    CHECK(facts.sha256 == crypto::Sha256(ViewOf("abc")));
    CHECK(ToHex(facts.sha512->view()).starts_with("ddaf35a193617aba"));
    CHECK(ToHex(facts.sha1->view()) == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(ToHex(facts.md5->view()) == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(facts.state == custody::ItemState{});
  }
}

TEST_CASE("digests beside SHA-256 are made on request, and where somebody claims them", "[sealing]") {
  custody::ItemFacts facts;
  facts.claimed = {{DigestAlgorithm::kMd5, Hex("900150983cd24fb0d6963f7d28e17f72"), false}};
  const auto watched = Unwrap(Watch("abc", facts));
  CHECK(watched.facts.md5);
  CHECK_FALSE(watched.facts.sha1);
  CHECK_FALSE(watched.facts.sha512);
  CHECK(watched.facts.claimed.front().matched);
  CHECK(watched.facts.state->claims == Claims::kMatched);
}

TEST_CASE("an original that is not what somebody stated is refused, or recorded with both", "[sealing]") {
  custody::ItemFacts facts;
  facts.claimed = {{DigestAlgorithm::kMd5, Bytes(16), false},
                   {DigestAlgorithm::kSha1, Hex("a9993e364706816aba3e25717850c26c9cd0d89d"), false}};
  CHECK_FAILS(Watch("abc", facts), ErrorCode::kInvalid,
              "its md5 is 900150983cd24fb0d6963f7d28e17f72, and the list of hashes says 00000");
  const auto watched = Unwrap(Watch("abc", facts, {.on_mismatch = OnMismatch::kRecord}));
  CHECK(watched.facts.state->claims == Claims::kDiffer);
  CHECK_FALSE(watched.facts.claimed[0].matched);
  CHECK(watched.facts.claimed[1].matched);
}

TEST_CASE("what was cut short says so, and why", "[sealing]") {
  const auto watched = Unwrap(Watch("abc", {}, {}, 2, {true, custody::PartialFacts{"interrupted", 0, std::nullopt}}));
  CHECK(watched.facts.state == custody::ItemState{false, true, Claims::kNone, false, custody::ContentPlace::kHere});
  CHECK(watched.facts.partial == custody::PartialFacts{"interrupted", 3, std::nullopt});
  custody::ItemFacts before;
  before.partial = custody::PartialFacts{"cut-sealed-file", 17, std::nullopt};
  before.state.emplace().derived = true;
  const auto known = Unwrap(Watch("abc", before)).facts;
  CHECK(known.partial == before.partial);
  CHECK_FALSE(known.state->whole);
  CHECK(known.state->derived);
}

TEST_CASE("a kind that is given stays, and another one is guessed", "[sealing]") {
  custody::ItemFacts facts;
  facts.name = "auth.log";
  CHECK(Unwrap(Watch("a line\n", facts)).facts.kind == custody::Kind::kLog);
  facts.kind = custody::Kind::kNotice;
  CHECK(Unwrap(Watch("a line\n", facts)).facts.kind == custody::Kind::kNotice);
}

TEST_CASE("text has parts by lines, of the seed that is told nobody", "[sealing]") {
  const std::string text = "one\ntwo\nthree";
  for (const std::size_t piece : {1U, 5U, 100U}) {
    const auto [fields, facts] = Unwrap(Watch(text, {}, {}, piece));
    REQUIRE(facts.parts);
    CHECK(facts.parts->by == PartsBy::kLines);
    CHECK(facts.parts->count == 3);
    const auto seed = Unwrap(custody::PartsSeed::Parse(*fields.Find(custody::kPartsSeed)->Text()));
    custody::PartsTree tree(PartsBy::kLines, seed);
    tree.Update(ViewOf(text));
    CHECK(facts.parts == tree.Finish());
  }
}

TEST_CASE("what is no text, or long, has parts only where somebody wants them", "[sealing]") {
  const std::string binary("a\n\0b\n", 5);
  const std::string long_text(kMaxTextForParts + 1, 'x');
  CHECK_FALSE(Unwrap(Watch(binary)).facts.parts);
  CHECK_FALSE(Unwrap(Watch(binary)).fields.Tells(custody::kPartsSeed));
  CHECK_FALSE(Unwrap(Watch("")).facts.parts);
  CHECK_FALSE(Unwrap(Watch(long_text, {}, {}, 1 << 20)).facts.parts);
  CHECK_FALSE(Unwrap(Watch("text\n", {}, {.parts = PartsChoice::kNone})).facts.parts);
  CHECK(Unwrap(Watch(binary, {}, {.parts = PartsChoice::kLines})).facts.parts->count == 2);
  const auto blocks = Unwrap(Watch(std::string(5000, 'x'), {}, {.parts = PartsChoice::kBlocks})).facts.parts;
  CHECK(blocks->by == PartsBy::kBlocks);
  CHECK(blocks->count == 2);
}

TEST_CASE("text with more lines than may be parts has parts by blocks", "[sealing]") {
  const std::string most(custody::kMaxLineParts, '\n');
  CHECK(Unwrap(Watch(most, {}, {}, 1 << 20)).facts.parts->count == custody::kMaxLineParts);
  const auto parts = Unwrap(Watch(most + "\n", {}, {}, 1 << 20)).facts.parts;
  CHECK(parts->by == PartsBy::kBlocks);
  CHECK(parts->count == custody::kMaxLineParts / custody::kPartBlockBytes + 1);
}

}  // namespace
}  // namespace exhibit::intake
