#include "vault/seal/stanza_rules.h"

#include <algorithm>
#include <array>
#include <string>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/ml_kem.h"
#include "vault/seal/wrap.h"

namespace exhibit::seal {
namespace {

struct Form {
  StanzaKind kind;
  std::string_view name;
  std::array<std::size_t, 2> argument_bytes;  // 0: none
};
constexpr std::array<Form, 4> kForms = {{{StanzaKind::kX25519, "X25519", {32, 0}},
                                         {StanzaKind::kHybrid, "mlkem768x25519", {1120, 0}},
                                         {StanzaKind::kSshEd25519, "ssh-ed25519", {4, 32}},
                                         {StanzaKind::kScrypt, "scrypt", {0, 0}}}};

const Form* FormOf(const Stanza& stanza) {
  const auto* const form =
      std::ranges::find_if(kForms, [&](const Form& one) { return one.name == stanza.arguments.front(); });
  return form == kForms.end() ? nullptr : form;
}

std::string Shown(const Stanza& stanza) { return Printable(stanza.arguments.front().substr(0, 64)); }

}  // namespace

StanzaKind KindOf(const Stanza& stanza) {
  const Form* const form = FormOf(stanza);
  return form != nullptr ? form->kind : StanzaKind::kOther;
}

std::string_view NameOf(StanzaKind kind) {
  const auto* const form = std::ranges::find_if(kForms, [&](const Form& one) { return one.kind == kind; });
  return form == kForms.end() ? "other" : form->name;
}

Result<void> CheckStanza(const Stanza& stanza) {
  const Form* const form = FormOf(stanza);
  if (form == nullptr || form->kind == StanzaKind::kScrypt) return {};
  const auto wrong = [&](const std::string& rule) {
    return Fail(ErrorCode::kInvalid, std::string(form->name) + " stanza: " + rule);
  };
  const std::size_t count = form->argument_bytes[1] > 0 ? 3 : 2;
  if (stanza.arguments.size() != count) return wrong(count == 3 ? "not three arguments" : "not two arguments");
  for (std::size_t i = 1; i < count; ++i) {
    const auto bytes = FromBase64(stanza.arguments[i], Base64::kUnpadded);
    const std::size_t size = form->argument_bytes[i - 1];
    if (!bytes || bytes->size() != size) {
      const std::string_view what = size == 32 ? "share" : size == 4 ? "tag" : "encapsulated key";
      return wrong(Format("the {} is not {} bytes of canonical base64", what, size));
    }
  }
  if (stanza.body.size() != kWrappedBytes) return wrong("the body is not 32 bytes");
  return {};
}

Bytes StanzaArgument(const Stanza& stanza, std::size_t index) {
  auto bytes = FromBase64(stanza.arguments[index], Base64::kUnpadded);
  EXHIBIT_ASSERT(bytes.has_value());
  return std::move(*bytes);
}

Result<void> CheckHybridAlone(const AgeHeader& header) {
  const auto hybrid = std::ranges::count(header.stanzas, StanzaKind::kHybrid, KindOf);
  const auto others = std::ranges::count_if(header.stanzas, [](const Stanza& stanza) {
    return KindOf(stanza) != StanzaKind::kHybrid && KindOf(stanza) != StanzaKind::kOther;
  });
  if (hybrid == 0 || others == 0) return {};
  return Fail(ErrorCode::kInvalid, "age header: an mlkem768x25519 stanza beside one of another kind");
}

Result<void> CheckBundleHeader(const AgeHeader& header) {
  for (const Stanza& stanza : header.stanzas) {
    const StanzaKind kind = KindOf(stanza);
    if (kind == StanzaKind::kOther || kind == StanzaKind::kScrypt) {
      return Fail(ErrorCode::kUnsupported, "age header: a stanza \"" + Shown(stanza) + "\", which no sealed file has");
    }
    TRY_VOID(CheckStanza(stanza));
  }
  return CheckHybridAlone(header);
}

Result<void> CheckVaultHeader(const AgeHeader& header, StanzaKind kind) {
  TRY_VOID(CheckBundleHeader(header));
  if (header.stanzas.size() == 1 && KindOf(header.stanzas.front()) == kind) return {};
  return Fail(ErrorCode::kInvalid, "age header: not one stanza of the vault's kind, " + std::string(NameOf(kind)));
}

Failure NotSealedToThis(const AgeHeader& header) {
  std::string unknown;
  for (const Stanza& stanza : header.stanzas) {
    const StanzaKind kind = KindOf(stanza);
    if (kind != StanzaKind::kOther && (kind != StanzaKind::kHybrid || crypto::HasMlKem())) {
      return Fail(ErrorCode::kDenied, "age header: not sealed to this key",
                  "use the identity of one of the readers that it was sealed to");
    }
    unknown += (unknown.empty() ? "" : ", ") + Shown(stanza);
  }
  Failure failure = Fail(ErrorCode::kUnsupported,
                         "age header: sealed only to recipients of a kind that is not supported: " + unknown);
  const bool hybrid = std::ranges::count(header.stanzas, StanzaKind::kHybrid, KindOf) > 0;
  return hybrid ? Fail(ErrorCode::kUnsupported, failure.value().message, crypto::NoMlKem().value().message)
                : std::move(failure);
}

}  // namespace exhibit::seal
