// Goal: signed notes are read, written and verified exactly as signed-note says. Method: the
// published notes, our negative vectors, and each rule broken alone.
#include "vault/tlog/note.h"

#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "tests/tlog/golden_log.h"

namespace exhibit::tlog {
namespace {

using testing::Unwrap;

const std::string kDash = "\xE2\x80\x94 ";
const std::string kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string kPeterLine = kDash +
                               "PeterNeumann "
                               "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6R"
                               "yyBwJnAM=\n";
const std::string kEnochLine = kDash +
                               "EnochRoot "
                               "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvM"
                               "c+QQ=\n";

VerifierKey Key(std::string_view vkey) { return Unwrap(VerifierKey::Parse(vkey)); }
VerifierKey Peter() { return Key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"); }
VerifierKey Enoch() { return Key("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"); }

SignedNote Parsed(std::string_view bytes) { return Unwrap(SignedNote::Parse(bytes)); }

using Signers = std::vector<std::size_t>;

// ---- Notes that hold.

TEST_CASE("the example of the specification verifies", "[note]") {
  const SignedNote note = Parsed("This is an example message.\n\n" + kDash +
                                 "example.com/foo "
                                 "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu7"
                                 "2IneyaQM=\n");
  const VerifierKey key = Key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  CHECK(note.text() == "This is an example message.\n");
  REQUIRE(note.signatures().size() == 1);
  CHECK(note.signatures()[0].name.text() == "example.com/foo");
  CHECK(ToHex(note.signatures()[0].id.view()) == "530d903a");
  CHECK(note.signatures()[0].bytes.size() == 64);
  CHECK(Unwrap(VerifyNote(note, std::span(&key, 1))) == Signers{0});
}

TEST_CASE("the go.sum heads verify, whose key name is not their origin", "[note]") {
  const VerifierKey key = Key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
  const std::vector<std::string> heads = {
      "go.sum database tree\n30055305\nmXfgRcJ0bG0j3CPdKwgGWtUzBUbX67saZGRmFuJGGsM=\n\n" + kDash +
          "sum.golang.org "
          "Az3grpgEild5qw7+5dtV13Kf1C2Xurm8q4fhdxvcsDHnqNTaxL2AFjBY+2TyGKevucFcAAlWFJJYle3EJl"
          "DCrQ+y3A8=\n",
      "go.sum database tree\n35225469\nvt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=\n\n" + kDash +
          "sum.golang.org "
          "Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbTM75QTtPydhK"
          "CExixSfwQ=\n"};
  for (const std::string& head : heads) {
    REQUIRE_OK(VerifyNote(Parsed(head), std::span(&key, 1)));
  }
}

TEST_CASE("the Go golden note is signed again to the same bytes", "[note]") {
  const SigningKey peter =
      Unwrap(SigningKey::Parse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"));
  CHECK(ToText(Unwrap(SignNote(kText, peter))) == kText + "\n" + kPeterLine);
}

TEST_CASE("a second signer is added behind the first", "[note]") {
  const SigningKey peter =
      Unwrap(SigningKey::Parse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"));
  const SignedNote by_enoch = Parsed(kText + "\n" + kEnochLine);
  CHECK(ToText(Unwrap(AddSignature(by_enoch, peter))) == kText + "\n" + kEnochLine + kPeterLine);
}

TEST_CASE("verification tells which keys signed, in the order of the keys", "[note]") {
  const SignedNote both = Parsed(kText + "\n" + kPeterLine + kEnochLine);
  const VerifierKey stranger = testing::GoldenVerifier("log_vkey");
  CHECK(Unwrap(VerifyNote(both, std::vector{Enoch(), stranger, Peter()})) == Signers{0, 2});
  CHECK(Unwrap(VerifyNote(both, std::vector{Peter()})) == Signers{0});
}

TEST_CASE("the line of one key twice counts once", "[note]") {
  const SignedNote note = Parsed(kText + "\n" + kPeterLine + kPeterLine);
  CHECK(note.signatures().size() == 2);
  CHECK(Unwrap(VerifyNote(note, std::vector{Peter(), Enoch()})) == Signers{0});
}

TEST_CASE("the text is split off at the last empty line", "[note]") {
  const SigningKey key = testing::GoldenLogKey();
  for (const std::string text :
       {"\n", "\n\n", "one\n\ntwo\n", "one\n\n\n", "\n\none\n", "Ognuno sta solo\n\ned \xC3\xA8 subito sera.\n"}) {
    CAPTURE(text);
    const Bytes bytes = Unwrap(SignNote(text, key));
    const SignedNote note = Unwrap(SignedNote::Parse(bytes));
    CHECK(note.text() == text);
    CHECK(note.Serialise() == bytes);
    REQUIRE_OK(VerifyNote(note, std::span(&key.verifier(), 1)));
  }
}

TEST_CASE("a text may look like a signature and stays text", "[note]") {
  const SigningKey key = testing::GoldenLogKey();
  const std::string text = kText + "\n" + kPeterLine;
  const SignedNote note = Unwrap(SignedNote::Parse(Unwrap(SignNote(text, key))));
  CHECK(note.text() == text);
  CHECK(note.signatures().size() == 1);
  CHECK_FAILS(VerifyNote(note, std::vector{Peter()}), ErrorCode::kDenied, "not signed by a known key");
}

TEST_CASE("a post-quantum line is kept as it stands and passed over", "[note]") {
  const auto vectors = nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-mldsa44-cosig.json")));
  const std::string bytes = testing::Golden("checkpoint7") + vectors.at("line").get<std::string>();
  const SignedNote note = Parsed(bytes);
  REQUIRE(note.signatures().size() == 4);
  CHECK(note.signatures()[3].name.text() == "witness.example/pq1");
  CHECK(ToHex(note.signatures()[3].id.view()) == vectors.at("key_id_hex").get<std::string>());
  CHECK(note.signatures()[3].bytes.size() == 2428);
  CHECK(ToText(note.Serialise()) == bytes);
  const VerifierKey log = testing::GoldenVerifier("log_vkey");
  CHECK(Unwrap(VerifyNote(note, std::span(&log, 1))) == Signers{0});
}

// ---- Notes that do not.

TEST_CASE("a line of a known key that does not fit spoils the whole note", "[note]") {
  const std::string enoch_broken = testing::Replaced(kEnochLine, "rwz+eBzm", "rwz+eBzn");
  const SignedNote note = Parsed(kText + "\n" + kPeterLine + enoch_broken);
  CHECK_FAILS(VerifyNote(note, std::vector{Peter(), Enoch()}), ErrorCode::kTampered,
              "the signature of EnochRoot does not fit the text");
  // Who does not know Enoch cannot tell.
  CHECK(Unwrap(VerifyNote(note, std::vector{Peter()})) == Signers{0});
}

TEST_CASE("a known name with another id is another key", "[note]") {
  const SignedNote note = Parsed(kText + "\n" + testing::Replaced(kPeterLine, "x08go", "x08gp"));
  CHECK_FAILS(VerifyNote(note, std::vector{Peter()}), ErrorCode::kDenied, "not signed by a known key");
  const SignedNote renamed = Parsed(kText + "\n" + testing::Replaced(kPeterLine, "PeterNeumann", "PeterNeumanm"));
  CHECK_FAILS(VerifyNote(renamed, std::vector{Peter()}), ErrorCode::kDenied, "not signed by a known key");
}

TEST_CASE("an altered text, or a signature of another length, is tampering", "[note]") {
  const SignedNote altered = Parsed(testing::Replaced(kText, "answer", "Answer") + "\n" + kPeterLine);
  CHECK_FAILS(VerifyNote(altered, std::vector{Peter()}), ErrorCode::kTampered, "PeterNeumann does not fit");
  NoteSignature line = Parsed(kText + "\n" + kPeterLine).signatures()[0];
  line.bytes.pop_back();
  const SignedNote shorter = Parsed(kText + "\n" + SignatureLine(line.name, line.id, line.bytes));
  CHECK_FAILS(VerifyNote(shorter, std::vector{Peter()}), ErrorCode::kTampered, "PeterNeumann does not fit");
}

TEST_CASE("keys that cannot be told apart, or that only cosign, are refused", "[note]") {
  const SignedNote note = Parsed(kText + "\n" + kPeterLine);
  CHECK_FAILS(VerifyNote(note, std::vector{Peter(), Enoch(), Peter()}), ErrorCode::kInvalid,
              "two keys of the name PeterNeumann and one id");
  CHECK_FAILS(VerifyNote(note, std::vector{testing::GoldenVerifier("witness1_vkey")}), ErrorCode::kInvalid,
              "key witness.example/w1 is for cosignatures only");
  CHECK_FAILS(VerifyNote(note, {}), ErrorCode::kDenied, "not signed by a known key");
  const SigningKey witness = testing::GoldenWitness(1);
  CHECK_FAILS(SignNote(kText, witness), ErrorCode::kInvalid, "is for cosignatures only");
  CHECK_FAILS(AddSignature(note, witness), ErrorCode::kInvalid, "is for cosignatures only");
}

TEST_CASE("a malformed note says which rule it breaks", "[note]") {
  struct Row {
    std::string note;
    std::string words;
  };
  const std::string good = kText + "\n" + kPeterLine;
  const std::vector<Row> rows = {
      {"", "does not end in a line feed"},
      {kText, "no empty line before signatures"},
      {kText + "\n", "note: no signature"},
      {kPeterLine, "no empty line before signatures"},
      {"\n" + kPeterLine, "no empty line before signatures"},
      {good.substr(0, good.size() - 1), "does not end in a line feed"},
      {good + "\n", "note: no signature"},
      {good + "more\n", "signature line 2: does not begin with a dash"},
      {std::string("a\x01") + good, "has a control character"},
      {"a\tb" + good, "has a control character"},
      {"a\r\n" + good, "has a control character"},
      {std::string("a\0", 2) + good, "has a control character"},
      {"a\xFF" + good, "not valid UTF-8"},
      {"\xED\xA0\x80" + good, "not valid UTF-8"},
      {testing::Replaced(good, kDash, "- "), "signature line 1: does not begin with a dash"},
      {testing::Replaced(good, kDash, "\xE2\x80\x94"), "signature line 1: does not begin with a dash"},
      {testing::Replaced(good, kDash, kDash + " "), "a key name has 1 to 255 bytes"},
      {testing::Replaced(good, "PeterNeumann ", "PeterNeumann  "), "base64"},
      {testing::Replaced(good, "PeterNeumann ", "Peter Neumann "), "base64"},
      {testing::Replaced(good, "PeterNeumann ", "Peter+Neumann "), "key name \"Peter+Neumann\""},
      {testing::Replaced(good, "PeterNeumann ", "Peter\xE2\x80\x83Neumann "), "key name"},
      {testing::Replaced(good, "AM=\n", "AM=\n\n"), "note: no signature"},
      {testing::Replaced(good, "JnAM=", "JnAM"), "not padded"},
      {testing::Replaced(good, "JnAM=", "JnAN="), "not canonical"},
      {kText + "\n" + kDash + "Peter\n", "signature line 1: has no signature"},
      {kText + "\n" + kDash + "Peter x08gow==\n", "too short for a key id and a signature"}};
  for (const Row& row : rows) {
    CAPTURE(row.note);
    CHECK_FAILS(SignedNote::Parse(row.note), ErrorCode::kInvalid, row.words);
  }
}

TEST_CASE("our 13 negative notes are refused", "[note]") {
  const auto rows =
      nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-vectors-neg.json"))).at("note_negative");
  REQUIRE(rows.size() == 13);
  const VerifierKey log = testing::GoldenVerifier("log_vkey");
  for (const auto& row : rows) {
    CAPTURE(row.dump());
    const auto note = SignedNote::Parse(row.at("note").get<std::string>());
    // Two of them are well-formed and wrong: their text was altered, or their signature cut.
    const bool forged = row.at("reason").get<std::string>().starts_with("InvalidSignature");
    CHECK(static_cast<bool>(note) == forged);
    if (note) CHECK_FAILS(VerifyNote(*note, std::span(&log, 1)), ErrorCode::kTampered, "does not fit the text");
  }
}

TEST_CASE("a note has at most 100 signatures", "[note]") {
  std::string note = kText + "\n";
  for (int i = 0; i < 100; ++i) note += kPeterLine;
  CHECK(Unwrap(VerifyNote(Parsed(note), std::vector{Peter()})) == Signers{0});
  CHECK_FAILS(AddSignature(Parsed(note), testing::GoldenLogKey()), ErrorCode::kInvalid, "more than 100 signatures");
  CHECK_FAILS(SignedNote::Parse(note + kPeterLine), ErrorCode::kInvalid, "note: more than 100 signatures");
}

TEST_CASE("a note has at most 1 MiB", "[note]") {
  const std::string rest = "\n\n" + kPeterLine;
  const std::string longest = std::string(kMaxNoteBytes - rest.size(), 'a') + rest;
  CHECK(Parsed(longest).text().size() == kMaxNoteBytes - kPeterLine.size() - 1);
  CHECK_FAILS(SignedNote::Parse("a" + longest), ErrorCode::kInvalid, "longer than 1 MiB");
  const SigningKey key = testing::GoldenLogKey();
  CHECK_FAILS(SignNote(std::string(kMaxNoteBytes - 20, 'a') + "\n", key), ErrorCode::kInvalid, "longer than 1 MiB");
  CHECK_FAILS(AddSignature(Parsed(longest), key), ErrorCode::kInvalid, "longer than 1 MiB");
}

TEST_CASE("what may not stand in a note is not signed", "[note]") {
  const SigningKey key = testing::GoldenLogKey();
  CHECK_FAILS(SignNote("", key), ErrorCode::kInvalid, "does not end in a line feed");
  CHECK_FAILS(SignNote("no end", key), ErrorCode::kInvalid, "does not end in a line feed");
  CHECK_FAILS(SignNote("tab\there\n", key), ErrorCode::kInvalid, "has a control character");
  CHECK_FAILS(SignNote("\xC3\n", key), ErrorCode::kInvalid, "not valid UTF-8");
}

}  // namespace
}  // namespace exhibit::tlog
