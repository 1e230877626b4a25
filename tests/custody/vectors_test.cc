// The test vectors at the end of docs/FORMAT.md that are the law's: fields, labels, parts, keys.
#include <fstream>

#include "tests/custody/custody_log.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/labels.h"
#include "vault/custody/parts.h"

using namespace exhibit;
using namespace exhibit::custody;
using exhibit::testing::Unwrap;

namespace {

std::string Vector(const std::string& name) {
  std::ifstream file(EXHIBIT_SOURCE_DIR "/docs/FORMAT.md");
  const std::string begin = "| `" + name + "` | `";
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(begin)) return line.substr(begin.size(), line.size() - begin.size() - 3);
  }
  FAIL("no vector " << name);
  return {};
}

Bytes Ascending(std::uint8_t first, std::uint8_t count) {
  Bytes bytes;
  for (std::uint8_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(first + i));
  return bytes;
}

constexpr std::string_view kSizeLine = "[\"000102030405060708090a0b0c0d0e0f\",\"size\",164]\n";
constexpr std::string_view kNameLine = "[\"101112131415161718191a1b1c1d1e1f\",\"name\",\"Übersicht.txt\"]\n";

template <typename Digest>
Digest Sha256Of(std::string_view text) {
  return DigestOf<Digest>(ViewOf(text));
}

}  // namespace

TEST_CASE("fields: the vectors of docs/FORMAT.md", "[vector]") {
  CHECK(ToHex(Unwrap(FieldLine::Parse(kSizeLine)).hash().view()) == Vector("field line hash, size"));
  CHECK(ToHex(Unwrap(FieldLine::Parse(kNameLine)).hash().view()) == Vector("field line hash, name"));
  const FieldList list = Unwrap(FieldList::ParseWhole(std::string(kNameLine) + std::string(kSizeLine)));
  CHECK(ToHex(list.digest().view()) == Vector("fields"));
  CHECK(Unwrap(FieldList::ParseBlock(list.Without({"name"}).Block())).digest() == list.digest());
}

TEST_CASE("labels: the vectors of docs/FORMAT.md", "[vector]") {
  const LabelSecret secret =
      Unwrap(LabelSecret::Parse("exhibit-label-secret+" + ToBase64(Ascending(0, 32), Base64::kPadded)));
  const CaseKey key = secret.KeyOf("IR-2025-014");
  const auto vault = Sha256Of<Fingerprint>("fingerprint");
  const GivenCaseKey given = Unwrap(GivenCaseKey::Parse(key.ToLine(vault, "IR-2025-014").ExposeSecret()));
  CHECK((given.vault == vault && given.name == "IR-2025-014"));
  CHECK(std::string(key.ToLine(vault, "IR-2025-014").ExposeSecret()).find(Vector("case key")) != std::string::npos);
  CHECK(ToHex(given.key.LabelFor(vault, Sha256Of<HeaderDigest>("header")).view()) == Vector("label"));

  std::vector<Label> labels;
  for (const std::uint8_t byte : std::array<std::uint8_t, 4>{3, 2, 1, 0}) {
    std::array<std::uint8_t, 16> bytes{};
    bytes.fill(byte);
    labels.emplace_back(bytes);
  }
  const Labels set = Unwrap(Labels::Make(labels, {4}));
  CHECK(set.ToText() == Vector("labels"));
  CHECK(Unwrap(Labels::Parse(Vector("labels"))) == set);
}

TEST_CASE("parts: the vectors of docs/FORMAT.md, and what is shown of an original", "[vector]") {
  const PartsSeed seed = Unwrap(PartsSeed::Parse(ToHex(Ascending(32, 32))));
  CHECK(ToHex(seed.SaltOf(0).view()) == Vector("part salt 0"));
  const std::string original = "one\ntwo\nthree";
  PartsTree tree(PartsBy::kLines, seed);
  for (const char c : original) tree.Update(ViewOf(std::string(1, c)));
  const PartsSummary parts = *tree.Finish();
  CHECK(parts.count == 3);
  CHECK(ToHex(parts.root.view()) == Vector("parts root"));

  const auto split = SplitParts(ViewOf(original), PartsBy::kLines);
  REQUIRE(split.size() == 3);
  std::vector<tlog::LeafHash> leaves;
  for (std::uint64_t i = 0; i < 3; ++i) leaves.push_back(LeafOfPart(seed.SaltOf(i), split[i]));
  CHECK(ToHex(leaves[0].view()) == Vector("part leaf 0"));
  for (std::uint64_t i = 0; i < 3; ++i) {
    const std::vector<Part> shown = {{i, seed.SaltOf(i), ToBytes(split[i])}};
    const auto hidden = HiddenSubtrees(leaves, {i});
    REQUIRE_OK(CheckShownParts(parts, shown, hidden));
    auto lied = shown;
    lied[0].bytes[0] ^= 1;
    CHECK_FAILS(CheckShownParts(parts, lied, hidden), ErrorCode::kTampered, "not what stood");
    auto more = hidden;
    more.push_back(hidden[0]);
    CHECK_FAILS(CheckShownParts(parts, shown, more), ErrorCode::kInvalid, "more hashes");
    CHECK_FAILS(CheckShownParts(parts, shown, {}), ErrorCode::kInvalid, "is not there in its place");
  }
}

TEST_CASE("parts: a long line is cut, blocks have 4,096 bytes, an empty original has none", "[parts]") {
  const PartsSeed seed = PartsSeed::Generate();
  const std::string line(70'000, 'x');
  CHECK(SplitParts(ViewOf(line + "\n" + line), PartsBy::kLines).size() == 4);
  CHECK(SplitParts(ViewOf(line), PartsBy::kBlocks).size() == 18);
  CHECK(SplitParts({}, PartsBy::kLines).empty());
  PartsTree empty(PartsBy::kLines, seed);
  CHECK_FALSE(empty.Finish());
  PartsTree streamed(PartsBy::kLines, seed);
  streamed.Update(ViewOf(line + "\n" + line));
  CHECK(streamed.Finish()->count == 4);
}

TEST_CASE("keys: the id of docs/FORMAT.md's vector", "[vector]") {
  const auto name = Unwrap(tlog::KeyName::Parse("x7.example/q4d2/k1"));
  crypto::Ed25519Public key;
  std::ranges::copy(Ascending(0, 32), key.mutable_view().begin());
  CHECK(ToHex(tlog::VerifierKey(name, tlog::SignatureType::kEd25519, key).id().view()) == Vector("key id"));
  CHECK(ToHex(tlog::HashLeaf(ViewOf("entry\n")).view()) == Vector("entry leaf"));
}
