// Shared by the reading and the verification of timestamps. For vault/crypto/timestamp*.cc only: it
// shows OpenSSL's types.
#pragma once

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "vault/base/format.h"
#include "vault/crypto/timestamp.h"

namespace exhibit::crypto::timestamp_parts {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* thing) const {
    kFree(thing);
  }
};
template <typename T, auto kFree>
using Owned = std::unique_ptr<T, Free<kFree>>;
using OwnedPkcs7 = Owned<PKCS7, PKCS7_free>;

// Clears OpenSSL's own queue of errors when it goes out of scope.
class QuietErrors {
 public:
  QuietErrors() = default;
  ~QuietErrors() { ERR_clear_error(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

inline Failure Broken(std::string_view rule) { return Fail(ErrorCode::kInvalid, "timestamp: " + std::string(rule)); }
inline Failure NotForThis(std::string_view rule) {
  return Fail(ErrorCode::kTampered, "timestamp: " + std::string(rule));
}
inline Failure NotTrusted(std::string_view rule, std::string hint = {}) {
  return Fail(ErrorCode::kDenied, "timestamp: " + std::string(rule), std::move(hint));
}
inline Failure NotTaken(std::string_view rule) {
  return Fail(ErrorCode::kUnsupported, "timestamp: " + std::string(rule));
}

// It changes neither the content nor the signed attributes, which the signature covers.
inline constexpr std::string_view kHintBer =
    "openssl writes the same token as DER, and its signature still fits: openssl ts -reply -in ANSWER -token_out -out "
    "TOKEN, or of a token alone openssl pkcs7 -inform DER -in TOKEN -outform DER -out NEW-TOKEN";

template <auto kEncode, typename T>
Bytes EncodeDer(const T* thing) {
  unsigned char* encoded = nullptr;
  const int size = kEncode(thing, &encoded);
  if (size <= 0) return {};
  Bytes bytes(encoded, encoded + size);
  OPENSSL_free(encoded);
  return bytes;
}

// Decodes `der`, which must hold one value and nothing after it. `what` is for the message: "the token".
// For signed bytes, as the authority wrote them.
template <typename Pointer, auto kDecode>
Result<Pointer> DecodeWhole(ByteView der, const std::string& what) {
  if (der.size() > kMaxTimestampBytes) return Broken(what + " is longer than 32 KiB");
  const unsigned char* at = der.data();
  Pointer thing(kDecode(nullptr, &at, static_cast<long>(der.size())));
  if (!thing) return Broken(what + " is cut off, or not what RFC 3161 describes");
  if (at != der.data() + der.size()) return Broken(what + " has bytes behind its end");
  return thing;
}

// The same, and `der` must be the one encoding of the value. For bytes that no signature covers.
template <typename Pointer, auto kDecode, auto kEncode>
Result<Pointer> DecodeDer(ByteView der, const std::string& what) {
  TRY(Pointer thing, (DecodeWhole<Pointer, kDecode>(der, what)));
  if (!Equal(EncodeDer<kEncode>(thing.get()), der)) {
    return Fail(ErrorCode::kInvalid,
                Format("timestamp: {} is encoded as BER, not as DER, which has one form for each thing", what),
                std::string(kHintBer));
  }
  return thing;
}

inline ByteView ViewOfString(const ASN1_STRING* string) {
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// Without leading zero bytes. Nothing for a negative number.
std::optional<Bytes> Magnitude(const ASN1_INTEGER* number);

Result<TimestampPolicy> PolicyOf(const ASN1_OBJECT* object);

int AlgorithmOf(const X509_ALGOR* algorithm);
bool HasNoParameters(const X509_ALGOR* algorithm);

// kUnsupported for another digest than SHA-256.
Result<Sha256Digest> ReadImprint(TS_MSG_IMPRINT* imprint);

// A token's parts; pointers into what it owns.
struct Parts {
  OwnedPkcs7 token;
  const PKCS7_SIGNED* signed_data = nullptr;
  ByteView content;
  PKCS7_SIGNER_INFO* signer = nullptr;
};

Result<OwnedPkcs7> DecodeToken(ByteView der);
// kInvalid or kUnsupported naming what a token must have and this one lacks.
Result<Parts> TakeApart(OwnedPkcs7 token);

}  // namespace exhibit::crypto::timestamp_parts
