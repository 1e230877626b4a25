#include "vault/custody/forms.h"

namespace exhibit {

Result<tlog::VerifierKey> Form<tlog::VerifierKey>::Read(CanonicalReader& in) {
  TRY(const std::string_view text, in.Text());
  TRY(tlog::VerifierKey key, canonical_form::Named(in, tlog::VerifierKey::Parse(text)));
  if (key.type() != tlog::SignatureType::kEd25519) return in.Refuse("is no key of type 01, Ed25519");
  return key;
}

Result<custody::LogKeyList> Form<custody::LogKeyList>::Read(CanonicalReader& in) {
  TRY_VOID(in.Expect("["));
  TRY(tlog::VerifierKey first, Form<tlog::VerifierKey>::Read(in));
  custody::LogKeyList keys{std::move(first)};
  if (in.Accept(",")) {
    TRY(const std::string_view text, in.Text());
    TRY(keys.ml_dsa, canonical_form::Named(in, tlog::MlDsaKey::Parse(text)));
  }
  TRY_VOID(in.Expect("]"));
  return keys;
}

void Form<custody::LogKeyList>::Write(CanonicalWriter& out, const custody::LogKeyList& value) {
  out.Raw("[");
  out.Text(value.ed25519.ToText());
  if (value.ml_dsa) {
    out.Raw(",");
    out.Text(value.ml_dsa->ToText());
  }
  out.Raw("]");
}

}  // namespace exhibit
