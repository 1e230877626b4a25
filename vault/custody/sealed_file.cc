#include "vault/custody/sealed_file.h"

#include "vault/base/encoding.h"
#include "vault/crypto/hash.h"
#include "vault/custody/sealed_file_json.h"
#include "vault/seal/layout.h"

namespace exhibit::custody {

HeaderDigest DigestOfHeader(ByteView age_header) { return *HeaderDigest::From(crypto::Sha256(age_header).view()); }

void PutSealedFile(Json& json, const SealedFile& sealed) {
  json["header"] = ToHex(sealed.header.view());
  json["payload"] = {
      {"bytes", sealed.payload_bytes}, {"tail", sealed.tail_bytes}, {"root", ToHex(sealed.payload_root.view())}};
}

Result<SealedFile> ReadSealedFile(const Fields& fields) {
  SealedFile sealed;
  TRY(sealed.header, fields.Hex<HeaderDigest>("header"));
  TRY(const Fields payload, fields.Object("payload"));
  TRY(sealed.payload_bytes, payload.Number("bytes"));
  TRY(sealed.tail_bytes, payload.Number("tail"));
  TRY(sealed.payload_root, payload.Hex<tlog::RootHash>("root"));
  // Checks that the two sizes make a layout, so that no later code has to.
  TRY_VOID(seal::PayloadLayout::Create(sealed.payload_bytes, sealed.tail_bytes));
  return sealed;
}

}  // namespace exhibit::custody
