// Goal: our hashes are the standard ones. Method: known answers of FIPS 180-4 and RFC 1321, and the
// same answer however the input is cut.
#include "vault/crypto/hash.h"

#include <string>

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::crypto {
namespace {

struct Answer {
  std::string_view input;
  std::string_view sha256;
  std::string_view sha1;
  std::string_view md5;
};

constexpr Answer kAnswers[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
     "d41d8cd98f00b204e9800998ecf8427e"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "a9993e364706816aba3e25717850c26c9cd0d89d", "900150983cd24fb0d6963f7d28e17f72"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
     "8215ef0796a20bcaaae116d3876c664a"},
};

std::string HexOf(HashAlgorithm algorithm, std::string_view input) {
  Hasher hasher(algorithm);
  hasher.Update(ViewOf(input));
  return ToHex(hasher.Finish());
}

TEST_CASE("SHA-256, SHA-1 and MD5 give the published digests", "[crypto]") {
  for (const Answer& answer : kAnswers) {
    CAPTURE(answer.input);
    CHECK(HexOf(HashAlgorithm::kSha256, answer.input) == answer.sha256);
    CHECK(HexOf(HashAlgorithm::kSha1, answer.input) == answer.sha1);
    CHECK(HexOf(HashAlgorithm::kMd5, answer.input) == answer.md5);
    CHECK(ToHex(Sha256(ViewOf(answer.input)).view()) == answer.sha256);
  }
}

TEST_CASE("a million letters a give the published SHA-256, fed in pieces of any size", "[crypto]") {
  const std::string million(1'000'000, 'a');
  constexpr std::string_view kExpected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{4096}, million.size()}) {
    CAPTURE(piece);
    Hasher hasher(HashAlgorithm::kSha256);
    for (std::size_t at = 0; at < million.size(); at += piece) {
      hasher.Update(ViewOf(std::string_view(million).substr(at, piece)));
    }
    CHECK(ToHex(hasher.Finish()) == kExpected);
  }
}

TEST_CASE("SHA-256 of parts is SHA-256 of their concatenation", "[crypto]") {
  const Sha256Digest whole = Sha256(ViewOf("abc"));
  CHECK(Sha256({ViewOf("a"), ViewOf("bc")}) == whole);
  CHECK(Sha256({ViewOf(""), ViewOf("ab"), ViewOf(""), ViewOf("c")}) == whole);
  CHECK(Sha256({}) == Sha256(ViewOf("")));
  CHECK(Sha256({ViewOf("ab"), ViewOf("cd")}) != whole);
}

TEST_CASE("a hasher that was moved goes on where it was", "[crypto]") {
  Hasher first(HashAlgorithm::kSha256);
  first.Update(ViewOf("a"));
  Hasher second(std::move(first));
  second.Update(ViewOf("bc"));
  CHECK(ToHex(second.Finish()) == kAnswers[1].sha256);
}

}  // namespace
}  // namespace exhibit::crypto
