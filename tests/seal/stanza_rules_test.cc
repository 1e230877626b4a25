// Goal: the header of a sealed file has the stanzas that its place asks for, in their forms. Method: the table of
// docs/FORMAT.md, each of its rules broken alone.
#include "vault/seal/stanza_rules.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

std::string Argument(std::size_t bytes) { return ToBase64(Bytes(bytes, 1), Base64::kUnpadded); }

const Stanza kClassical{{"X25519", Argument(32)}, Bytes(32)};
const Stanza kHybridStanza{{"mlkem768x25519", Argument(1120)}, Bytes(32)};
const Stanza kSsh{{"ssh-ed25519", Argument(4), Argument(32)}, Bytes(32)};

AgeHeader With(std::vector<Stanza> stanzas) { return {std::move(stanzas), {}}; }

TEST_CASE("a vault's header has one stanza of its recipient's kind", "[seal]") {
  CHECK(CheckVaultHeader(With({kClassical}), StanzaKind::kX25519));
  CHECK(CheckVaultHeader(With({kHybridStanza}), StanzaKind::kHybrid));
  const std::string_view words = "age header: not one stanza of the vault's kind, X25519";
  CHECK_FAILS(CheckVaultHeader(With({kHybridStanza}), StanzaKind::kX25519), ErrorCode::kInvalid, words);
  CHECK_FAILS(CheckVaultHeader(With({kSsh}), StanzaKind::kX25519), ErrorCode::kInvalid, words);
  CHECK_FAILS(CheckVaultHeader(With({kClassical, kClassical}), StanzaKind::kX25519), ErrorCode::kInvalid, words);
  CHECK_FAILS(CheckVaultHeader(With({kClassical, {{"grease"}, {}}}), StanzaKind::kX25519), ErrorCode::kUnsupported,
              "a stanza \"grease\", which no sealed file has");
}

TEST_CASE("a bundle's header has a stanza for each receiver, hybrid beside no other kind", "[seal]") {
  CHECK(CheckBundleHeader(With({kClassical, kSsh, kClassical})));
  CHECK(CheckBundleHeader(With({kHybridStanza, kHybridStanza})));
  CHECK_FAILS(CheckBundleHeader(With({kHybridStanza, kClassical})), ErrorCode::kInvalid, "beside one of another kind");
  CHECK_FAILS(CheckBundleHeader(With({kSsh, kHybridStanza})), ErrorCode::kInvalid, "beside one of another kind");
  CHECK_FAILS(CheckBundleHeader(With({{{"scrypt", Argument(16), "4"}, Bytes(32)}})), ErrorCode::kUnsupported,
              "a stanza \"scrypt\"");
  CHECK_FAILS(CheckBundleHeader(With({{{"x\x1b"}, {}}})), ErrorCode::kUnsupported, "\\x1b");
}

TEST_CASE("a stanza of another form is refused", "[seal]") {
  const auto refused = [](const Stanza& stanza, std::string_view words) {
    CHECK_FAILS(CheckStanza(stanza), ErrorCode::kInvalid, words);
    CHECK_FAILS(CheckBundleHeader(With({stanza})), ErrorCode::kInvalid, words);
  };
  refused({{"X25519"}, Bytes(32)}, "X25519 stanza: not two arguments");
  refused({{"X25519", Argument(32), "x"}, Bytes(32)}, "not two arguments");
  refused({{"X25519", Argument(31)}, Bytes(32)}, "the share is not 32 bytes of canonical base64");
  refused({{"X25519", Argument(32) + "="}, Bytes(32)}, "the share is not 32 bytes");
  refused({kClassical.arguments, Bytes(31)}, "the body is not 32 bytes");
  refused({{"mlkem768x25519", Argument(1119)}, Bytes(32)}, "the encapsulated key is not 1120 bytes");
  refused({{"mlkem768x25519"}, Bytes(32)}, "mlkem768x25519 stanza: not two arguments");
  refused({kHybridStanza.arguments, Bytes(33)}, "the body is not 32 bytes");
  refused({{"ssh-ed25519", Argument(32)}, Bytes(32)}, "ssh-ed25519 stanza: not three arguments");
  refused({{"ssh-ed25519", Argument(3), Argument(32)}, Bytes(32)}, "the tag is not 4 bytes");
  refused({{"ssh-ed25519", Argument(4), Argument(33)}, Bytes(32)}, "the share is not 32 bytes");
}

}  // namespace
}  // namespace exhibit::seal
