// OpenSSL parses and does the arithmetic. The rules for a token are checked here, one by one, so that a
// refusal can name the rule. The PKCS7 functions check the signature, as in `openssl ts`: the newer CMS
// functions would sort the certificates of a token, and then it could not be compared with its encoding.
#include <openssl/ess.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/crypto/timestamp.h"
#include "vault/crypto/timestamp_parts.h"

namespace exhibit::crypto {
namespace {

using namespace timestamp_parts;
using OwnedCertificate = Owned<X509, X509_free>;
using OwnedInfo = Owned<TS_TST_INFO, TS_TST_INFO_free>;

constexpr std::size_t kMaxAuthorityText = 1024;
constexpr int kMaxChainLength = 10;
constexpr int kSecurityLevel = 2;  // 112 bits: RSA of 2048, no SHA-1 signatures

// The value of the signed attribute; nothing if there is none. It must be one attribute with one value of
// this ASN.1 type: OpenSSL takes the first and does not look at its type.
Result<const ASN1_TYPE*> SignedAttribute(const PKCS7_SIGNER_INFO* signer, int nid, int type) {
  const ASN1_TYPE* found = nullptr;
  const int count = signer->auth_attr == nullptr ? 0 : sk_X509_ATTRIBUTE_num(signer->auth_attr);
  for (int i = 0; i < count; ++i) {
    X509_ATTRIBUTE* const attribute = sk_X509_ATTRIBUTE_value(signer->auth_attr, i);
    if (OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute)) != nid) continue;
    const ASN1_TYPE* const value = X509_ATTRIBUTE_get0_type(attribute, 0);
    if (found != nullptr || X509_ATTRIBUTE_count(attribute) != 1 || value == nullptr || value->type != type) {
      return Broken("a signed attribute is there twice, or is of the wrong kind");
    }
    found = value;
  }
  return found;
}

template <typename Pointer, auto kDecode>
Result<Pointer> SignedStructure(const PKCS7_SIGNER_INFO* signer, int nid) {
  TRY(const ASN1_TYPE* const value, SignedAttribute(signer, nid, V_ASN1_SEQUENCE));
  if (value == nullptr) return Pointer();
  return DecodeWhole<Pointer, kDecode>(ViewOfString(value->value.sequence), "the ESS signing certificate");
}

// In either of its two versions, or both.
struct SigningCertificate {
  Owned<ESS_SIGNING_CERT, ESS_SIGNING_CERT_free> first;
  Owned<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> second;
};

Result<SigningCertificate> ReadSigningCertificate(const PKCS7_SIGNER_INFO* signer) {
  SigningCertificate named;
  TRY(named.first,
      (SignedStructure<decltype(named.first), d2i_ESS_SIGNING_CERT>(signer, NID_id_smime_aa_signingCertificate)));
  TRY(named.second,
      (SignedStructure<decltype(named.second), d2i_ESS_SIGNING_CERT_V2>(signer, NID_id_smime_aa_signingCertificateV2)));
  if (named.first || named.second) return named;
  return Broken("the signature does not name its certificate (ESS signing certificate)");
}

// Without this check, another certificate for the same key could replace the signer's.
Result<void> CheckSigningCertificate(const PKCS7_SIGNER_INFO* signer, const STACK_OF(X509) * chain) {
  TRY(const SigningCertificate named, ReadSigningCertificate(signer));
  if (OSSL_ESS_check_signing_certs(named.first.get(), named.second.get(), chain, 1) == 1) return {};
  return NotForThis("the signature names another certificate (ESS signing certificate)");
}

Result<void> CheckSignature(const Parts& parts, X509* certificate) {
  TRY(const ASN1_TYPE* const type, SignedAttribute(parts.signer, NID_pkcs9_contentType, V_ASN1_OBJECT));
  TRY(const ASN1_TYPE* const digest, SignedAttribute(parts.signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING));
  if (type == nullptr || digest == nullptr || OBJ_obj2nid(type->value.object) != NID_id_smime_ct_TSTInfo) {
    return Broken("the signature does not cover the timestamp's type and digest");
  }
  const EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr) return NotTaken("the signing certificate's key is of no known kind");
  // The signature does not cover the name of its algorithm, and OpenSSL looks at the key alone.
  const int algorithm = AlgorithmOf(parts.signer->digest_enc_alg);
  int of_digest = NID_undef;
  int of_key = NID_undef;
  const bool both = OBJ_find_sigid_algs(algorithm, &of_digest, &of_key) == 1;
  const bool fits = both ? of_key == EVP_PKEY_get_base_id(key) && of_digest == AlgorithmOf(parts.signer->digest_alg)
                         : algorithm == EVP_PKEY_get_base_id(key);
  if (!fits || !HasNoParameters(parts.signer->digest_enc_alg)) {
    return NotTaken("the signature's algorithm is not accepted, or does not fit the certificate's key");
  }
  const Owned<BIO, BIO_free_all> content(PKCS7_dataInit(parts.token.get(), nullptr));
  if (!content) return Broken("the token's content cannot be read");
  std::uint8_t buffer[4096];
  while (BIO_read(content.get(), buffer, sizeof buffer) > 0) continue;
  if (PKCS7_signatureVerify(content.get(), parts.token.get(), parts.signer, certificate) != 1) {
    return NotForThis("the signature does not fit");
  }
  return {};
}

// --- who signed ---

Result<X509*> FindSigner(const Parts& parts) {
  const PKCS7_ISSUER_AND_SERIAL* const name = parts.signer->issuer_and_serial;
  X509* const found = X509_find_by_issuer_and_serial(parts.signed_data->cert, name->issuer, name->serial);
  // OpenSSL treats names in upper and lower case as the same.
  if (found == nullptr ||
      EncodeDer<i2d_X509_NAME>(X509_get_issuer_name(found)) != EncodeDer<i2d_X509_NAME>(name->issuer)) {
    return Fail(ErrorCode::kInvalid, "timestamp: the token does not carry the certificate that signed it",
                "ask for a token with certificates, as the request of `exhibit timestamp request` does");
  }
  return found;
}

Result<void> CheckUsage(const X509* certificate) {
  const int index = X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1);
  if (index < 0) return NotTrusted("the signing certificate is not for timestamps (no extended key usage)");
  if (X509_get_ext_by_NID(certificate, NID_ext_key_usage, index) >= 0) {
    return NotTrusted("the signing certificate has two extended key usages");
  }
  if (X509_EXTENSION_get_critical(X509_get_ext(certificate, index)) != 1) {
    return NotTrusted("the signing certificate's usage timeStamping is not critical");
  }
  const Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  if (!usages || sk_ASN1_OBJECT_num(usages.get()) != 1 ||
      OBJ_obj2nid(sk_ASN1_OBJECT_value(usages.get(), 0)) != NID_time_stamp) {
    return NotTrusted("the signing certificate's usage is not timeStamping alone");
  }
  return {};
}

Failure BrokenChain(int error, int depth, Moment time) {
  const std::string which =
      depth == 0 ? "the signing certificate" : Format("certificate {} above the signing certificate", depth);
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return NotTrusted(Format("{} had ended at {}", which, FormatTime(time)));
    case X509_V_ERR_CERT_NOT_YET_VALID: return NotTrusted(Format("{} did not hold yet at {}", which, FormatTime(time)));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_UNTRUSTED:
      return NotTrusted("the chain of certificates ends at none of the roots that were named",
                        "get the authority's root from the authority, not from who sent the token");
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: return NotTrusted(which + " is not signed by its issuer");
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_INVALID_CA: return NotTrusted(which + " may not be used for timestamps");
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK: return NotTrusted(which + " is too weak (less than 112 bits of security)");
    case X509_V_ERR_CERT_CHAIN_TOO_LONG: return NotTrusted("the chain of certificates is too long");
    default: return NotTrusted(which + " breaks a rule of RFC 5280");
  }
}

std::time_t SecondsOf(Moment time) {
  const std::int64_t rounded = time.milliseconds >= 0 ? time.milliseconds : time.milliseconds - 999;
  return static_cast<std::time_t>(rounded / 1000);
}

using OwnedChain = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;

// The returned object owns the chain.
Result<OwnedChain> BuildChain(const Parts& parts, X509* signer, X509_STORE* roots, Moment time) {
  OwnedChain context(X509_STORE_CTX_new());
  EXHIBIT_ASSERT(context && X509_STORE_CTX_init(context.get(), roots, signer, parts.signed_data->cert) == 1);
  EXHIBIT_ASSERT(X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_TIMESTAMP_SIGN) == 1);
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(rules, SecondsOf(time));
  X509_VERIFY_PARAM_set_depth(rules, kMaxChainLength);
  X509_VERIFY_PARAM_set_auth_level(rules, kSecurityLevel);
  if (X509_verify_cert(context.get()) != 1) {
    return BrokenChain(X509_STORE_CTX_get_error(context.get()), X509_STORE_CTX_get_error_depth(context.get()), time);
  }
  return context;
}

Result<Owned<X509_STORE, X509_STORE_free>> StoreOf(const TimestampRoots& roots) {
  Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
  EXHIBIT_ASSERT(store != nullptr);
  if (roots.certificates().empty()) return NotTrusted("no root was named");
  for (const Bytes& der : roots.certificates()) {
    const unsigned char* at = der.data();
    const OwnedCertificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    EXHIBIT_ASSERT(certificate && X509_STORE_add_cert(store.get(), certificate.get()) == 1);
  }
  return store;
}

std::string NameOf(const X509* certificate) {
  const Owned<BIO, BIO_free> text(BIO_new(BIO_s_mem()));
  EXHIBIT_ASSERT(text != nullptr);
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0,
                     XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  std::string name(kMaxAuthorityText, '\0');
  const int size = BIO_read(text.get(), name.data(), static_cast<int>(name.size()));
  name.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return name;
}

// If the timestamp names its authority, that is the certificate's name.
Result<void> CheckName(GENERAL_NAME* said, const X509* certificate) {
  if (said == nullptr) return {};
  if (said->type == GEN_DIRNAME && X509_NAME_cmp(said->d.directoryName, X509_get_subject_name(certificate)) == 0) {
    return {};
  }
  const Owned<GENERAL_NAMES, GENERAL_NAMES_free> others(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; others && i < sk_GENERAL_NAME_num(others.get()); ++i) {
    if (GENERAL_NAME_cmp(said, sk_GENERAL_NAME_value(others.get(), i)) == 0) return {};
  }
  return NotForThis("the authority's name in the timestamp is not its certificate's");
}

std::optional<Moment> EndOf(const X509* certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return std::nullopt;
  return Moment{std::int64_t{timegm(&parts)} * 1000};
}

// --- what it says ---

// YYYYMMDDhhmmss, an optional fraction, Z.
Result<Moment> ReadTime(const ASN1_GENERALIZEDTIME* time) {
  const std::string_view text = time == nullptr ? std::string_view() : TextOf(ViewOfString(time));
  if (text.size() < 15 || text.size() > 24 || text.back() != 'Z' ||
      text.find_first_of("-+:T") != std::string_view::npos) {
    return Broken("the time is not of the form 20261123201103.27Z");
  }
  const auto piece = [&](std::size_t at, std::size_t size) { return std::string(text.substr(at, size)); };
  const auto parsed = ParseTime(piece(0, 4) + "-" + piece(4, 2) + "-" + piece(6, 2) + "T" + piece(8, 2) + ":" +
                                piece(10, 2) + ":" + piece(12, std::string_view::npos));
  if (!parsed) return Broken("the time is not of the form 20261123201103.27Z");
  return *parsed;
}

Result<std::optional<std::uint64_t>> ReadAccuracy(TS_ACCURACY* accuracy) {
  if (accuracy == nullptr) return std::optional<std::uint64_t>();
  constexpr std::int64_t kMostSeconds = std::int64_t{100} * 366 * 86400;
  const std::pair<const ASN1_INTEGER*, std::int64_t> parts[] = {{TS_ACCURACY_get_seconds(accuracy), kMostSeconds},
                                                                {TS_ACCURACY_get_millis(accuracy), 999},
                                                                {TS_ACCURACY_get_micros(accuracy), 999}};
  std::uint64_t total = 0;
  for (const auto& [number, most] : parts) {
    std::int64_t value = 0;
    if (number != nullptr && (ASN1_INTEGER_get_int64(&value, number) != 1 || value < 0 || value > most)) {
      return Broken("the accuracy is out of range");
    }
    total = total * 1000 + static_cast<std::uint64_t>(value);
  }
  return std::optional(total);
}

struct Statement {
  Moment time;
  std::optional<std::uint64_t> accuracy_us;
  TimestampPolicy policy;
  Bytes serial;
};

Result<Statement> CheckStatement(TS_TST_INFO* info, const TimestampDemands& demands) {
  if (TS_TST_INFO_get_version(info) != 1) {
    return NotTaken(Format("version {} of timestamps is not known", TS_TST_INFO_get_version(info)));
  }
  TRY(const Sha256Digest imprint, ReadImprint(TS_TST_INFO_get_msg_imprint(info)));
  if (imprint != demands.imprint) {
    return NotForThis(Format("it is for other bytes: their SHA-256 is {}, not {}", ToHex(imprint.view()),
                             ToHex(demands.imprint.view())));
  }
  if (demands.nonce) {
    const auto nonce = Magnitude(TS_TST_INFO_get_nonce(info));
    if (!nonce) return NotForThis("it does not repeat the request's nonce");
    if (*nonce != demands.nonce->bytes) return NotForThis("its nonce is not the request's");
  }
  TRY(TimestampPolicy policy, PolicyOf(TS_TST_INFO_get_policy_id(info)));
  if (demands.policy && policy != *demands.policy) {
    return NotTrusted(Format("its policy is {}, not {}", policy.text(), demands.policy->text()));
  }
  const auto serial = Magnitude(TS_TST_INFO_get_serial(info));
  if (!serial) return Broken("the serial number is negative");
  TRY(const Moment time, ReadTime(TS_TST_INFO_get_time(info)));
  TRY(const std::optional<std::uint64_t> accuracy, ReadAccuracy(TS_TST_INFO_get_accuracy(info)));
  return Statement{time, accuracy, std::move(policy), *serial};
}

}  // namespace

Result<Moment> ReadClaimedTime(const TimestampToken& token, const TimestampDemands& demands) {
  const QuietErrors quiet;
  TRY(OwnedPkcs7 decoded, DecodeToken(token.der()));
  TRY(const Parts parts, TakeApart(std::move(decoded)));
  TRY(const OwnedInfo info, (DecodeWhole<OwnedInfo, d2i_TS_TST_INFO>(parts.content, "the timestamp in the token")));
  TRY(const Statement statement, CheckStatement(info.get(), demands));
  TRY(X509* const signer, FindSigner(parts));
  TRY_VOID(CheckSignature(parts, signer));
  TRY_VOID(CheckUsage(signer));
  TRY_VOID(ReadSigningCertificate(parts.signer));
  TRY_VOID(CheckName(TS_TST_INFO_get_tsa(info.get()), signer));
  return statement.time;
}

Result<VerifiedTimestamp> VerifyTimestamp(const TimestampToken& token, const TimestampDemands& demands,
                                          const TimestampRoots& roots) {
  const QuietErrors quiet;
  TRY(OwnedPkcs7 decoded, DecodeToken(token.der()));
  TRY(const Parts parts, TakeApart(std::move(decoded)));
  TRY(const OwnedInfo info, (DecodeWhole<OwnedInfo, d2i_TS_TST_INFO>(parts.content, "the timestamp in the token")));
  TRY(Statement statement, CheckStatement(info.get(), demands));
  TRY(X509* const signer, FindSigner(parts));
  TRY_VOID(CheckSignature(parts, signer));
  TRY_VOID(CheckUsage(signer));
  TRY(const auto store, StoreOf(roots));
  TRY(const OwnedChain context, BuildChain(parts, signer, store.get(), statement.time));
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context.get());
  TRY_VOID(CheckSigningCertificate(parts.signer, chain));
  TRY_VOID(CheckName(TS_TST_INFO_get_tsa(info.get()), signer));
  VerifiedTimestamp verified{statement.time,
                             statement.accuracy_us,
                             NameOf(signer),
                             std::move(statement.policy),
                             std::move(statement.serial),
                             {},
                             {}};
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const X509* const certificate = sk_X509_value(chain, i);
    const auto end = EndOf(certificate);
    if (!end) return Broken("the time at which a certificate ends is not a time");
    if (i == 0 || *end < verified.chain_end) verified.chain_end = *end;
    verified.chain.emplace_back(*CertificateFingerprint::From(Sha256(EncodeDer<i2d_X509>(certificate)).view()));
  }
  return verified;
}

}  // namespace exhibit::crypto
