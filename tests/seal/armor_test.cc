// Goal: armor is age's strict PEM. Method: known text, round trips at every length of the last
// line, and one broken rule at a time.
#include "vault/seal/armor.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

using testing::Unwrap;

const std::string kBegin = "-----BEGIN AGE ENCRYPTED FILE-----\n";
const std::string kEnd = "-----END AGE ENCRYPTED FILE-----\n";

void CheckRefused(const std::string& text, std::string_view words) {
  CAPTURE(text);
  CHECK_FAILS(RemoveArmor(text), ErrorCode::kInvalid, words);
}

TEST_CASE("armor is padded base64 in lines of 64 between two marks", "[seal]") {
  CHECK(Armor(ViewOf("age")) == kBegin + "YWdl\n" + kEnd);
  CHECK(Armor({}) == kBegin + kEnd);
  CHECK(Armor(Bytes(49, 0)) == kBegin + std::string(64, 'A') + "\nAA==\n" + kEnd);
}

TEST_CASE("files of every length round trip", "[seal]") {
  Bytes file;
  for (std::size_t size = 0; size < 200; ++size) {
    CAPTURE(size);
    CHECK(Unwrap(RemoveArmor(Armor(file))) == file);
    CHECK(LooksArmored(Armor(file)));
    file.push_back(static_cast<std::uint8_t>(size * 77));
  }
}

TEST_CASE("white space around, CRLF, and a missing last line end are accepted", "[seal]") {
  const Bytes file = ToBytes(ViewOf("age"));
  CHECK(Unwrap(RemoveArmor(" \t\r\n\n" + kBegin + "YWdl\n" + kEnd + "\n \t\n")) == file);
  CHECK(Unwrap(RemoveArmor(kBegin + "YWdl\n-----END AGE ENCRYPTED FILE-----")) == file);
  CHECK(Unwrap(RemoveArmor("-----BEGIN AGE ENCRYPTED FILE-----\r\nYWdl\r\n"
                           "-----END AGE ENCRYPTED FILE-----\r\n")) == file);
  CHECK(LooksArmored("\n\n" + kBegin));
  CHECK_FALSE(LooksArmored("age-encryption.org/v1\n"));
  CHECK_FALSE(LooksArmored(""));
  CHECK_FALSE(LooksArmored(" \n"));
}

TEST_CASE("text that does not begin or end with its mark is refused", "[seal]") {
  CheckRefused("", "armor: has no end");
  CheckRefused("YWdl\n" + kEnd, "armor: does not begin with its line");
  CheckRefused("x" + kBegin + "YWdl\n" + kEnd, "does not begin");
  CheckRefused("-----BEGIN AGE ENCRYPTED FILE----- \nYWdl\n" + kEnd, "does not begin");
  CheckRefused("-----begin age encrypted file-----\nYWdl\n" + kEnd, "does not begin");
  CheckRefused("-----BEGIN PGP MESSAGE-----\nYWdl\n" + kEnd, "does not begin");
  CheckRefused(kBegin + "YWdl\n", "armor: has no end");
  CheckRefused(kBegin, "armor: has no end");
  CheckRefused(kBegin + "YWdl\n" + kEnd + "more", "armor: something follows its end");
  CheckRefused(kBegin + "YWdl\n" + kEnd + kBegin + "YWdl\n" + kEnd, "something follows its end");
}

TEST_CASE("lines other than the last are 64 characters, and none is empty", "[seal]") {
  const std::string full = std::string(64, 'A') + "\n";
  CHECK(Unwrap(RemoveArmor(kBegin + full + full + kEnd)).size() == 96);
  constexpr std::string_view kRule = "a line is empty, longer than 64, or short before the last";
  CheckRefused(kBegin + "AAAA\n" + full + kEnd, kRule);
  CheckRefused(kBegin + "AAAA\nAAAA\n" + kEnd, kRule);
  CheckRefused(kBegin + "A" + full + kEnd, kRule);
  CheckRefused(kBegin + "\nAAAA\n" + kEnd, kRule);
  CheckRefused(kBegin + "AAAA\n\n" + kEnd, kRule);
  CheckRefused(kBegin + full + "\n" + kEnd, kRule);
}

TEST_CASE("what stands inside is padded canonical base64 without white space", "[seal]") {
  for (const std::string_view line : {"YWd", "YW==YW==", "YWdl ", " YWdl", "YWd*", "YX==", "YW=", "=ABC", "YW\rl"}) {
    CheckRefused(kBegin + std::string(line) + "\n" + kEnd, "armor: base64");
  }
}

TEST_CASE("armored text longer than the bound is refused", "[seal]") {
  CHECK_FAILS(RemoveArmor(std::string(kMaxArmoredBytes + 1, ' ')), ErrorCode::kInvalid, "armor: longer than 16 MiB");
}

}  // namespace
}  // namespace exhibit::seal
