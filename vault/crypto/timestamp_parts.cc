#include "vault/crypto/timestamp_parts.h"

namespace exhibit::crypto::timestamp_parts {
namespace {

constexpr int kMaxDigestAlgorithms = 8;

bool IsTakenDigest(const X509_ALGOR* algorithm) {
  const int nid = AlgorithmOf(algorithm);
  return HasNoParameters(algorithm) && (nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512);
}

}  // namespace

// Without leading zero bytes. Nothing for a negative number.
std::optional<Bytes> Magnitude(const ASN1_INTEGER* number) {
  if (number == nullptr || ASN1_STRING_type(number) != V_ASN1_INTEGER) return std::nullopt;
  return ToBytes(ViewOfString(number));
}

int AlgorithmOf(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(object);
}
// No algorithm that we accept has parameters. A NULL is the other way to say that there are none.
bool HasNoParameters(const X509_ALGOR* algorithm) {
  int type = V_ASN1_UNDEF;
  X509_ALGOR_get0(nullptr, &type, nullptr, algorithm);
  return type == V_ASN1_UNDEF || type == V_ASN1_NULL;
}
Result<Sha256Digest> ReadImprint(TS_MSG_IMPRINT* imprint) {
  if (imprint == nullptr) return Broken("there is no imprint");
  const X509_ALGOR* const algorithm = TS_MSG_IMPRINT_get_algo(imprint);
  if (AlgorithmOf(algorithm) != NID_sha256 || !HasNoParameters(algorithm)) {
    return NotTaken("the imprint's algorithm is not SHA-256");
  }
  const auto digest = Sha256Digest::From(ViewOfString(TS_MSG_IMPRINT_get_msg(imprint)));
  if (!digest) return Broken("the imprint does not have 32 bytes");
  return *digest;
}

Result<OwnedPkcs7> DecodeToken(ByteView der) { return DecodeDer<OwnedPkcs7, d2i_PKCS7, i2d_PKCS7>(der, "the token"); }

Result<Parts> TakeApart(OwnedPkcs7 token) {
  if (!PKCS7_type_is_signed(token.get()) || token->d.sign == nullptr) return Broken("the token is not signed data");
  const PKCS7_SIGNED* const data = token->d.sign;
  if (ASN1_INTEGER_get(data->version) != 3) return NotTaken("the token is not of CMS version 3");
  const PKCS7* const content = data->contents;
  if (content == nullptr || OBJ_obj2nid(content->type) != NID_id_smime_ct_TSTInfo) {
    return Broken("what is signed is not a timestamp (TSTInfo)");
  }
  if (content->d.other == nullptr || content->d.other->type != V_ASN1_OCTET_STRING) {
    return Broken("the timestamp is not inside the token");
  }
  if (data->signer_info == nullptr || sk_PKCS7_SIGNER_INFO_num(data->signer_info) != 1) {
    return Broken("the token does not have exactly one signature");
  }
  if (data->md_algs == nullptr || sk_X509_ALGOR_num(data->md_algs) > kMaxDigestAlgorithms) {
    return Broken("the token names no digest or too many");
  }
  for (int i = 0; i < sk_X509_ALGOR_num(data->md_algs); ++i) {
    if (!IsTakenDigest(sk_X509_ALGOR_value(data->md_algs, i))) {
      return NotTaken("the token names a digest other than SHA-256, SHA-384 and SHA-512");
    }
  }
  PKCS7_SIGNER_INFO* const signer = sk_PKCS7_SIGNER_INFO_value(data->signer_info, 0);
  if (ASN1_INTEGER_get(signer->version) != 1) return NotTaken("the signature is not of CMS version 1");
  if (!IsTakenDigest(signer->digest_alg)) {
    return NotTaken("the signature's digest is not SHA-256, SHA-384 or SHA-512");
  }
  const ByteView bytes = ViewOfString(content->d.other->value.octet_string);
  return Parts{std::move(token), data, bytes, signer};
}

}  // namespace exhibit::crypto::timestamp_parts
