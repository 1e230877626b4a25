// Goal: bech32 is BIP 173's but for the limit on length. Method: BIP 173's own valid and invalid
// strings, keys of age, and a change of every character.
#include "vault/base/bech32.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit {
namespace {

using testing::Hex;
using testing::Unwrap;

constexpr std::string_view kIdentity = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";

TEST_CASE("the valid strings of BIP 173 that hold whole bytes are read", "[base]") {
  CHECK(Unwrap(DecodeBech32("A12UEL5L")).prefix == "a");
  CHECK(Unwrap(DecodeBech32("a12uel5l")).data.empty());
  const Bech32 split = Unwrap(DecodeBech32("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"));
  CHECK(split.prefix == "split");
  CHECK(ToHex(split.data) == "c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d");
}

TEST_CASE("the prefix may hold the separator: the last 1 counts", "[base]") {
  const std::string text = EncodeBech32("age1plugin", Bytes{1, 2, 3});
  CHECK(Unwrap(DecodeBech32(text)).prefix == "age1plugin");
}

TEST_CASE("an identity of age is read, in upper case, and written again", "[base]") {
  const Bech32 identity = Unwrap(DecodeBech32(kIdentity));
  CHECK(identity.prefix == "age-secret-key-");
  CHECK(identity.data.size() == 32);
  std::string upper = EncodeBech32(identity.prefix, identity.data);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  CHECK(upper == kIdentity);
}

TEST_CASE("data of every length round trips, longer than BIP 173 allows too", "[base]") {
  Bytes data;
  for (std::size_t size = 0; size < 200; ++size) {
    CAPTURE(size);
    const Bech32 decoded = Unwrap(DecodeBech32(EncodeBech32("age", data)));
    CHECK(decoded.prefix == "age");
    CHECK(decoded.data == data);
    data.push_back(static_cast<std::uint8_t>(size * 91));
  }
}

TEST_CASE("a change of any one character is refused", "[base]") {
  for (std::size_t i = 0; i < kIdentity.size(); ++i) {
    std::string damaged(kIdentity);
    damaged[i] = damaged[i] == 'Q' ? 'P' : 'Q';
    if (damaged == kIdentity) continue;
    CAPTURE(i);
    CHECK_FALSE(DecodeBech32(damaged));
  }
}

TEST_CASE("mixed case, foreign characters and short strings are refused by name", "[base]") {
  CHECK_FAILS(DecodeBech32("A12uel5l"), ErrorCode::kInvalid, "upper and lower case are mixed");
  CHECK_FAILS(DecodeBech32("a12uel5l "), ErrorCode::kInvalid, "not printable ASCII");
  CHECK_FAILS(DecodeBech32("\x7f"
                           "12uel5l"),
              ErrorCode::kInvalid, "not printable ASCII");
  CHECK_FAILS(DecodeBech32("\xc3\xa9"
                           "12uel5l"),
              ErrorCode::kInvalid, "not printable ASCII");
  CHECK_FAILS(DecodeBech32(""), ErrorCode::kInvalid, "has no prefix, or is too short");
  CHECK_FAILS(DecodeBech32("pzry9x0s0muk"), ErrorCode::kInvalid, "has no prefix");
  CHECK_FAILS(DecodeBech32("1pzry9x0s0muk"), ErrorCode::kInvalid, "has no prefix");
  CHECK_FAILS(DecodeBech32("li1dgmt3"), ErrorCode::kInvalid, "too short");
  CHECK_FAILS(DecodeBech32("x1b4n0q5v"), ErrorCode::kInvalid, "outside its alphabet");
  CHECK_FAILS(DecodeBech32("a12uel5m"), ErrorCode::kInvalid, "checksum is wrong");
  CHECK_FAILS(DecodeBech32(std::string(70'000, 'a')), ErrorCode::kInvalid, "too long");
}

TEST_CASE("zero bits behind the last byte fill up the last digit and are not data", "[base]") {
  // BIP 173: 82 digits of zero, 410 bits, are 51 bytes and two zero bits.
  CHECK(Unwrap(DecodeBech32("11" + std::string(82, 'q') + "c8247j")).data == Bytes(51, 0));
  // BIP 173: all values of a digit, 160 bits.
  CHECK(ToHex(Unwrap(DecodeBech32("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw")).data) ==
        "00443214c74254b635cf84653a56d7c675be77df");
}

// Their checksums are right, so that it is the bits that are refused.
TEST_CASE("bits set behind the last byte, or a digit too many, are refused", "[base]") {
  CHECK_FAILS(DecodeBech32("age1qpu0j2ex"), ErrorCode::kInvalid, "bits are left over");
  CHECK_FAILS(DecodeBech32("age1qdd35qf"), ErrorCode::kInvalid, "bits are left over");
  CHECK_FAILS(DecodeBech32("age1qqqyst3gn"), ErrorCode::kInvalid, "bits are left over");
}

TEST_CASE("errors do not quote the text, which may be a secret", "[base]") {
  std::string damaged(kIdentity);
  damaged.back() = 'Q';
  const auto result = DecodeBech32(damaged);
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("EGTZ") == std::string::npos);
  CHECK(result.error().message.find("egtz") == std::string::npos);
}

}  // namespace
}  // namespace exhibit
