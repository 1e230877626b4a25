// Goal: an entry has one form, and every byte of it is accounted for. Method: golden bytes of each type; every bit of a
// signed entry flipped. entry_form_test.cc breaks each rule of the form alone.
#include "vault/custody/entry.h"

#include <vector>

#include "tests/custody/example_entries.h"
#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using custody::DecodeEntryText;
using custody::EncodeEntryText;
using custody::Entry;
using custody::SignedEntry;

custody::SealedFile ExampleSealedFile() {
  return {*custody::HeaderDigest::From(Hex("1e0584a25d9f43bf5cbd0aec01eb1af2220ed085b4e7f1837b0d89958cae353a")), 316,
          300, *tlog::RootHash::From(Hex("4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2"))};
}

Entry ExampleEntry(std::uint64_t sequence, const std::string& previous, Moment time, custody::EntryBody body) {
  return {Unwrap(tlog::Origin::Parse("vault.example/case-1")),
          {sequence},
          previous.empty() ? tlog::LeafHash() : *tlog::LeafHash::From(Hex(previous)),
          time,
          "alice+5d6d6ad4",
          std::move(body)};
}

Entry ExampleGenesisEntry() {
  const auto recipient =
      Unwrap(seal::X25519Recipient::Parse("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"));
  return ExampleEntry(
      0, "", {1795481052123},
      custody::Genesis{
          recipient, ExampleLogKey().verifier(), {"Alice Example", Alice().verifier(), {custody::Role::kCustodian}}});
}

}  // namespace

TEST_CASE("entries are written to the bytes that another program made", "[entry]") {
  CHECK(EncodeEntryText(ExampleGenesisEntry()) == kGenesisText);
  const custody::EntryBody item = custody::Item{ExampleSealedFile()};
  CHECK(EncodeEntryText(ExampleEntry(1, kGenesisLeaf, {1795481053000}, item)) == kItemText);
  const custody::EntryBody omission = custody::Omission{2, ExampleSealedFile()};
  CHECK(EncodeEntryText(ExampleEntry(2, kItemLeaf, {1795481054000}, omission)) == kOmissionText);
}

TEST_CASE("signing gives the bytes that another program signed", "[entry]") {
  for (const Example& example : Examples()) {
    const Entry entry = Unwrap(DecodeEntryText(example.text));
    const SignedEntry made = Unwrap(SignedEntry::Sign(entry, Alice()));
    CHECK(TextOf(made.bytes()) == example.text + example.signature);
    CHECK(ToHex(made.leaf().view()) == example.leaf);
    REQUIRE_OK(made.CheckSignature(Alice().verifier()));
  }
}

TEST_CASE("every field of an entry is read", "[entry]") {
  const Entry genesis = Unwrap(DecodeEntryText(kGenesisText));
  CHECK(custody::TypeOf(genesis.body) == custody::EntryType::kGenesis);
  CHECK(custody::SealedFileOf(genesis.body) == nullptr);
  CHECK(genesis.origin.text() == "vault.example/case-1");
  CHECK(genesis.sequence.value == 0);
  CHECK(genesis.previous == tlog::LeafHash());
  CHECK(genesis.time == Moment{1795481052123});
  CHECK(genesis.actor == "alice+5d6d6ad4");
  CHECK(genesis.actor == custody::ActorOf(Alice().verifier()));
  const auto& keys = std::get<custody::Genesis>(genesis.body);
  CHECK(keys.recipient.ToText() == "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p");
  CHECK(keys.log_key == ExampleLogKey().verifier());
  CHECK(keys.custodian.name == "Alice Example");
  CHECK(keys.custodian.key == Alice().verifier());
  CHECK(keys.custodian.roles == std::vector{custody::Role::kCustodian});

  const Entry item = Unwrap(DecodeEntryText(kItemText));
  CHECK(custody::TypeOf(item.body) == custody::EntryType::kItem);
  CHECK(item.sequence.value == 1);
  CHECK(ToHex(item.previous.view()) == kGenesisLeaf);
  REQUIRE(custody::SealedFileOf(item.body) != nullptr);
  CHECK(*custody::SealedFileOf(item.body) == ExampleSealedFile());

  const Entry omission = Unwrap(DecodeEntryText(kOmissionText));
  CHECK(custody::TypeOf(omission.body) == custody::EntryType::kOmission);
  CHECK(std::get<custody::Omission>(omission.body).count == 2);
  REQUIRE(custody::SealedFileOf(omission.body) != nullptr);
  CHECK(*custody::SealedFileOf(omission.body) == ExampleSealedFile());
}

TEST_CASE("what is unusual and allowed comes back to the same text", "[entry]") {
  const auto same = [](const std::string& text) {
    CAPTURE(text);
    const auto entry = DecodeEntryText(text);
    REQUIRE_OK(entry);
    CHECK(EncodeEntryText(*entry) == text);
  };
  for (const Example& example : Examples()) same(example.text);
  // Numbers are exact where a double is not.
  const Entry odd = Unwrap(DecodeEntryText(Replaced(kOmissionText, "\"count\":2", "\"count\":9007199254740993")));
  CHECK(std::get<custody::Omission>(odd.body).count == 9007199254740993);
  same(Replaced(kItemText, "\"seq\":1,", "\"seq\":9007199254740993,"));
  same(Replaced(kItemText, "\"seq\":1,", "\"seq\":18446744073709551615,"));
  same(Replaced(kItemText, "2026-11-24T00:44:13.000Z", "9999-12-31T23:59:59.999Z"));
  same(Replaced(kItemText, "2026-11-24T00:44:13.000Z", "0000-01-01T00:00:00.000Z"));
  same(Replaced(kGenesisText, "Alice Example", R"(A \"quoted\" \\ name: näme, 愛麗絲)"));
  same(Replaced(kGenesisText, "Alice Example", std::string(256, 'a')));
  same(Replaced(kGenesisText, R"(["custodian"])", R"(["collector","custodian","witness"])"));
}

TEST_CASE("an entry has at most 65,535 bytes with its signature", "[entry]") {
  const auto with_actor = [](std::size_t bytes) {
    return Replaced(kItemText, "alice+5d6d6ad4", std::string(bytes, 'a'));
  };
  const std::size_t others = kItemText.size() - std::string("alice+5d6d6ad4").size();
  REQUIRE_OK(DecodeEntryText(with_actor(65'535 - others)));
  CHECK_FAILS(DecodeEntryText(with_actor(65'536 - others)), ErrorCode::kInvalid, "longer than 65535 bytes");

  const std::size_t signature = kItemSignature.size();
  const Bytes longest = Unwrap(tlog::SignNote(with_actor(65'535 - others - signature), Alice()));
  CHECK(longest.size() == 65'535);
  REQUIRE_OK(SignedEntry::Parse(longest));
  const Bytes longer = Unwrap(tlog::SignNote(with_actor(65'536 - others - signature), Alice()));
  CHECK_FAILS(SignedEntry::Parse(longer), ErrorCode::kInvalid, "longer than 65535 bytes");
}

TEST_CASE("nothing is signed that a reader would refuse", "[entry]") {
  Entry entry = ExampleGenesisEntry();
  std::get<custody::Genesis>(entry.body).custodian.name = "Alice\n";
  CHECK_FAILS(SignedEntry::Sign(entry, Alice()), ErrorCode::kInvalid, "\"name\"");
  std::get<custody::Genesis>(entry.body).custodian.name = std::string(257, 'a');
  CHECK_FAILS(SignedEntry::Sign(entry, Alice()), ErrorCode::kInvalid, "\"name\"");
  std::get<custody::Genesis>(entry.body).custodian = {"Alice", Alice().verifier(), {}};
  CHECK_FAILS(SignedEntry::Sign(entry, Alice()), ErrorCode::kInvalid, "\"roles\" is empty");

  entry = ExampleEntry(1, kGenesisLeaf, {0}, custody::Item{});
  CHECK_FAILS(SignedEntry::Sign(entry, Alice()), ErrorCode::kInvalid, "payload of 0 bytes");

  const auto cosigner =
      tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("wit")), tlog::SignatureType::kCosignature);
  entry = ExampleEntry(1, kGenesisLeaf, {0}, custody::Item{ExampleSealedFile()});
  entry.actor = custody::ActorOf(cosigner.verifier());
  CHECK_FAILS(SignedEntry::Sign(entry, cosigner), ErrorCode::kInvalid, "for cosignatures only");
}

TEST_CASE("a key's name may hold what JSON escapes", "[entry]") {
  const auto key = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(R"(o'b"ri\en-愛)")));
  Entry entry = ExampleEntry(1, kGenesisLeaf, {0}, custody::Item{ExampleSealedFile()});
  entry.actor = custody::ActorOf(key.verifier());
  const SignedEntry made = Unwrap(SignedEntry::Sign(entry, key));
  REQUIRE_OK(made.CheckSignature(key.verifier()));
  CHECK(made.parsed().actor == custody::ActorOf(key.verifier()));
}

TEST_CASE("what stands around the signed line is of one form, too", "[entry]") {
  const auto parse = [](const std::string& bytes) { return SignedEntry::Parse(ToBytes(ViewOf(bytes))); };
  const std::string good = kItemText + kItemSignature;
  REQUIRE_OK(parse(good));
  struct Row {
    std::string what;
    std::string bytes;
    std::string words;
  };
  const std::vector<Row> rows = {
      {"nothing", "", "note: "},
      {"the text alone", kItemText, "no empty line before signatures"},
      {"no signature", kItemText + "\n", "note: "},
      {"no line feed at the end", good.substr(0, good.size() - 1), "does not end in a line feed"},
      {"a line feed behind it", good + "\n", "note: "},
      {"a space behind it", good + " ", "does not end in a line feed"},
      {"text behind it", good + "and more\n", "signature line 2"},
      {"another entry behind it", good + good, "not a JSON object"},
      {"a zero byte behind it", good + std::string(1, '\0'), "control character"},
      {"CRLF", Replaced(good, "}}\n", "}}\r\n"), "control character"},
      {"no empty line", kItemText + kItemSignature.substr(1), "no empty line"},
      {"two empty lines", kItemText + "\n" + kItemSignature, "not in the one form"},
      {"a line of text more", kItemText + "more\n" + kItemSignature, "not a JSON object"},
      {"another dash", Replaced(good, "—", "-"), "signature line 1"},
      {"no padding", Replaced(good, "=\n", "\n"), "signature line 1"},
      {"base64 with a bit too many", Replaced(good, "wQM=\n", "wQN=\n"), "not canonical"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK_FAILS(parse(row.bytes), ErrorCode::kInvalid, row.words);
  }
}

TEST_CASE("an entry carries one signature, of the key that is asked for", "[entry]") {
  const SignedEntry good = ExampleItem();
  REQUIRE_OK(good.CheckSignature(Alice().verifier()));
  const auto mallory = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("mallory")));
  const auto namesake = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("alice")));

  SECTION("by another key") {
    CHECK_FAILS(good.CheckSignature(mallory.verifier()), ErrorCode::kTampered, "not signed by a known key");
    CHECK_FAILS(good.CheckSignature(namesake.verifier()), ErrorCode::kTampered, "not signed by a known key");
    CHECK_FAILS(SignText(kItemText, mallory).CheckSignature(Alice().verifier()), ErrorCode::kTampered,
                "signature by alice+5d6d6ad4");
  }
  SECTION("under a borrowed name and id") {
    const auto signature = mallory.Sign(ViewOf(kItemText));
    const std::string forged =
        kItemText + "\n" + tlog::SignatureLine(Alice().verifier().name(), Alice().verifier().id(), signature.view());
    CHECK_FAILS(ParseEntry(forged).CheckSignature(Alice().verifier()), ErrorCode::kTampered,
                "the signature of alice does not fit the text");
  }
  SECTION("of another text") {
    CHECK_FAILS(ParseEntry(kItemText + kOmissionSignature).CheckSignature(Alice().verifier()), ErrorCode::kTampered,
                "does not fit the text");
  }
  SECTION("two: the same twice, or another's in front or behind") {
    const std::string line = kItemSignature.substr(1);
    const auto other = mallory.Sign(ViewOf(kItemText));
    const std::string others = tlog::SignatureLine(mallory.verifier().name(), mallory.verifier().id(), other.view());
    for (const std::string& lines : {line + line, line + others, others + line}) {
      CAPTURE(lines);
      CHECK_FAILS(ParseEntry(kItemText + "\n" + lines).CheckSignature(Alice().verifier()), ErrorCode::kTampered,
                  "carries 2 signatures instead of one");
    }
  }
  SECTION("of 63 or 65 bytes") {
    for (const std::size_t size : {std::size_t{63}, std::size_t{65}}) {
      Bytes bytes = ToBytes(Alice().Sign(ViewOf(kItemText)).view());
      bytes.resize(size);
      const std::string entry =
          kItemText + "\n" + tlog::SignatureLine(Alice().verifier().name(), Alice().verifier().id(), bytes);
      CHECK_FAILS(ParseEntry(entry).CheckSignature(Alice().verifier()), ErrorCode::kTampered, "does not fit the text");
    }
  }
}

TEST_CASE("no bit of a signed entry can be flipped, and none of its bytes left out", "[entry]") {
  for (const Example& example : Examples()) {
    const Bytes good = ToBytes(ViewOf(example.text + example.signature));
    const tlog::VerifierKey key = Alice().verifier();
    const auto accepted = [&](Bytes bytes) {
      const auto entry = SignedEntry::Parse(std::move(bytes));
      return entry && entry->CheckSignature(key);
    };
    REQUIRE(accepted(good));
    for (std::size_t at = 0; at < good.size(); ++at) {
      CAPTURE(example.text, at);
      for (int bit = 0; bit < 8; ++bit) {
        Bytes flipped = good;
        flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ (1U << bit));
        REQUIRE_FALSE(accepted(flipped));
      }
      Bytes shorter = good;
      shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
      REQUIRE_FALSE(accepted(shorter));
      REQUIRE_FALSE(accepted(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(at))));
    }
  }
}

TEST_CASE("the digest of a header is its SHA-256", "[entry]") {
  CHECK(custody::DigestOfHeader(ViewOf("header")) == ExampleSealedFile().header);
}

TEST_CASE("the leaf is over the bytes as they stand, signature included", "[entry]") {
  const SignedEntry entry = ExampleItem();
  CHECK(ToHex(entry.leaf().view()) == kItemLeaf);
  const auto other = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("mallory")));
  CHECK(SignText(kItemText, other).leaf() != entry.leaf());
}

}  // namespace exhibit::testing
