// Goal: a header has one spelling, is bounded, and commits to its file key. Method: headers written
// by hand, each breaking one rule; round trips; manipulations that keep the form and break the MAC.
#include "vault/seal/age_header.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/seal/recipient.h"

namespace exhibit::seal {
namespace {

using testing::Hex;
using testing::Unwrap;

constexpr std::string_view kMacLine = "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

FileKey ExampleFileKey() {
  FileKey file_key;
  std::ranges::copy(Hex("59454c4c4f57205355424d4152494e45"), file_key.ExposeSecretForWriting().begin());
  return file_key;
}

Result<ParsedHeader> Parse(std::string_view text) { return ParseHeader(ViewOf(text)); }

// A header around these lines of stanzas.
Result<ParsedHeader> ParseStanzas(std::string_view lines) {
  return Parse("age-encryption.org/v1\n" + std::string(lines) + std::string(kMacLine));
}

TEST_CASE("a header is parsed up to where the payload begins", "[seal]") {
  const std::string text = "age-encryption.org/v1\n-> X25519 abc\nAAAA\n-> other\n\n" + std::string(kMacLine);
  const ParsedHeader parsed = Unwrap(Parse(text + "payload\n-> not a stanza"));
  CHECK(parsed.size_bytes == text.size());
  REQUIRE(parsed.header.stanzas.size() == 2);
  CHECK(parsed.header.stanzas[0].arguments == std::vector<std::string>{"X25519", "abc"});
  CHECK(parsed.header.stanzas[0].body == Bytes(3, 0));
  CHECK(parsed.header.stanzas[1].arguments == std::vector<std::string>{"other"});
  CHECK(parsed.header.stanzas[1].body.empty());
  CHECK(parsed.header.mac == crypto::Mac());
}

TEST_CASE("stanzas with bodies of every length are written and parsed again", "[seal]") {
  const FileKey file_key = ExampleFileKey();
  for (std::size_t size = 0; size < 200; ++size) {
    CAPTURE(size);
    const Stanza stanza{{"!", "~", "example.org/kind"}, Bytes(size, static_cast<std::uint8_t>(size))};
    const Bytes encoded = EncodeHeader({stanza, stanza}, file_key);
    const ParsedHeader parsed = Unwrap(ParseHeader(encoded));
    CHECK(parsed.size_bytes == encoded.size());
    REQUIRE(parsed.header.stanzas.size() == 2);
    CHECK(parsed.header.stanzas[1].arguments == stanza.arguments);
    CHECK(parsed.header.stanzas[1].body == stanza.body);
    CHECK(CheckHeaderMac(parsed.header, file_key));
    CHECK(EncodeHeader(parsed.header.stanzas, file_key) == encoded);
  }
}

TEST_CASE("a body of whole lines ends in an empty one", "[seal]") {
  const std::string full(64, 'A');
  CHECK(Unwrap(ParseStanzas("-> a\n" + full + "\n\n")).header.stanzas[0].body == Bytes(48, 0));
  CHECK_FAILS(ParseStanzas("-> a\n" + full + "\n"), ErrorCode::kInvalid, "line 4");
  CHECK_FAILS(ParseStanzas("-> a\n" + full + "A\n"), ErrorCode::kInvalid,
              "line 3: a line of a stanza's body is longer than 64");
}

TEST_CASE("what is not an age file of version 1 is refused at its first line", "[seal]") {
  CHECK_FAILS(Parse(""), ErrorCode::kInvalid, "age header: line 1: cut off");
  CHECK_FAILS(Parse("hello\n"), ErrorCode::kInvalid, "line 1: not an age file");
  CHECK_FAILS(Parse("age-encryption.org/v1\r\n"), ErrorCode::kInvalid, "line 1: not an age file");
  CHECK_FAILS(Parse("age-encryption.org/v1 \n"), ErrorCode::kInvalid, "line 1: not an age file");
  CHECK_FAILS(Parse("age-encryption.org/v2\n"), ErrorCode::kUnsupported,
              "version \"age-encryption.org/v2\" is not supported");
  CHECK_FAILS(Parse("age-encryption.org/v" + std::string(1000, '9') + "\n"), ErrorCode::kUnsupported,
              "is not supported");
}

TEST_CASE("a header that is cut off anywhere is refused", "[seal]") {
  const Bytes encoded = EncodeHeader({{{"X25519", "abc"}, Bytes(50, 1)}}, ExampleFileKey());
  for (std::size_t size = 0; size < encoded.size(); ++size) {
    CAPTURE(size);
    CHECK_FAILS(ParseHeader(ByteView(encoded).first(size)), ErrorCode::kInvalid, "cut off");
  }
}

TEST_CASE("a stanza has at least one argument, of printable ASCII, one space apart", "[seal]") {
  for (const std::string_view lines : {"-> \n\n", "->  a\n\n", "-> a \n\n", "-> a  b\n\n", "-> a\tb\n\n", "-> a\r\n\n",
                                       "-> \xc3\xa4\n\n", "-> a\x7f\n\n"}) {
    CAPTURE(lines);
    CHECK_FAILS(ParseStanzas(lines), ErrorCode::kInvalid, "line 2: a stanza's argument is empty or not ASCII");
  }
  for (const std::string_view lines : {"->a\n\n", "->\n\n", "- a\n\n", "a\n\n", "\n"}) {
    CAPTURE(lines);
    CHECK_FAILS(ParseStanzas(lines), ErrorCode::kInvalid, "line 2: neither a stanza nor the MAC");
  }
}

TEST_CASE("a body is unpadded canonical base64", "[seal]") {
  CHECK_FAILS(ParseStanzas("-> a\nAA==\n"), ErrorCode::kInvalid, "line 3: base64");
  CHECK_FAILS(ParseStanzas("-> a\nAB\n"), ErrorCode::kInvalid, "line 3: base64 is not canonical");
  CHECK_FAILS(ParseStanzas("-> a\nA A\n"), ErrorCode::kInvalid, "line 3: base64");
  CHECK_FAILS(ParseStanzas("-> a\nAA\r\n"), ErrorCode::kInvalid, "line 3: base64");
  CHECK_FAILS(ParseStanzas("-> a\nAA\nAA\n"), ErrorCode::kInvalid, "line 4: neither a stanza");
}

TEST_CASE("the MAC line has one form, and stands behind at least one stanza", "[seal]") {
  const std::string begin = "age-encryption.org/v1\n-> a\n\n";
  CHECK_FAILS(Parse("age-encryption.org/v1\n" + std::string(kMacLine)), ErrorCode::kInvalid,
              "no stanza before the MAC");
  CHECK_FAILS(Parse(begin + "---\n"), ErrorCode::kInvalid, "line 4: the MAC line has no space");
  CHECK_FAILS(Parse(begin + "---AAAA\n"), ErrorCode::kInvalid, "the MAC line has no space");
  CHECK_FAILS(Parse(begin + "--- \n"), ErrorCode::kInvalid, "the MAC is not 32 bytes");
  CHECK_FAILS(Parse(begin + "--- AAAA\n"), ErrorCode::kInvalid, "the MAC is not 32 bytes");
  CHECK_FAILS(Parse(begin + "---  " + std::string(43, 'A') + "\n"), ErrorCode::kInvalid, "base64");
  CHECK_FAILS(Parse(begin + "--- " + std::string(43, 'A') + "=\n"), ErrorCode::kInvalid, "base64");
  CHECK_FAILS(Parse(begin + "--- " + std::string(42, 'A') + "B\n"), ErrorCode::kInvalid, "base64 is not canonical");
}

TEST_CASE("stanzas and bytes are bounded", "[seal]") {
  std::string lines;
  for (std::size_t i = 0; i < kMaxStanzas; ++i) lines += "-> a\n\n";
  CHECK(Unwrap(ParseStanzas(lines)).header.stanzas.size() == kMaxStanzas);
  CHECK_FAILS(ParseStanzas(lines + "-> a\n\n"), ErrorCode::kInvalid, "more than 64 stanzas");
  CHECK_FAILS(ParseStanzas("-> " + std::string(kMaxHeaderBytes, 'a') + "\n\n"), ErrorCode::kInvalid,
              "line 2: longer than 128 KiB");
  std::string body;
  while (body.size() < kMaxHeaderBytes) body += std::string(64, 'A') + "\n";
  CHECK_FAILS(ParseStanzas("-> a\n" + body + "\n"), ErrorCode::kInvalid, "longer than 128 KiB");
}

TEST_CASE("the MAC commits to the file key and to every part of the header", "[seal]") {
  const FileKey file_key = ExampleFileKey();
  const AgeHeader header = Unwrap(ParseHeader(EncodeHeader({{{"a", "b"}, Bytes(5, 1)}, {{"c"}, {}}}, file_key))).header;
  const auto refused = [&](const AgeHeader& changed) {
    CHECK_FAILS(CheckHeaderMac(changed, file_key), ErrorCode::kTampered, "the MAC does not fit");
  };
  REQUIRE_OK(CheckHeaderMac(header, file_key));
  CHECK_FAILS(CheckHeaderMac(header, FileKey()), ErrorCode::kTampered, "the MAC does not fit");
  AgeHeader changed = header;
  changed.stanzas[0].arguments[1] = "B";
  refused(changed);
  changed = header;
  changed.stanzas[0].body[4] ^= 1;
  refused(changed);
  changed = header;
  std::swap(changed.stanzas[0], changed.stanzas[1]);
  refused(changed);
  changed = header;
  changed.stanzas.pop_back();
  refused(changed);
  changed = header;
  changed.mac.mutable_view()[0] ^= 1;
  refused(changed);
}

// The MAC failure of the vectors: the key is right, the header was changed after it was sealed.
TEST_CASE("a header changed after sealing is tampered with, for its rightful reader", "[seal]") {
  const Identity reader = X25519Identity::Generate();
  AgeHeader header = Unwrap(ParseHeader(Unwrap(SealHeader(ExampleFileKey(), {Unwrap(RecipientOf(reader))})))).header;
  REQUIRE_OK(OpenHeader(header, Identities(&reader, 1)));
  header.stanzas.push_back({{"grease"}, {}});
  CHECK_FAILS(OpenHeader(header, Identities(&reader, 1)), ErrorCode::kTampered, "the MAC does not fit");
}

}  // namespace
}  // namespace exhibit::seal
