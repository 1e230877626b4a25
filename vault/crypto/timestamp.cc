#include "vault/crypto/timestamp.h"

#include <openssl/pem.h>

#include <array>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/random.h"
#include "vault/crypto/timestamp_parts.h"

namespace exhibit::crypto {
namespace {

using namespace timestamp_parts;

constexpr std::size_t kMaxPolicyText = 256;
constexpr std::size_t kMaxRoots = 2000;

std::optional<std::string> DottedText(const ASN1_OBJECT* object) {
  std::string text(kMaxPolicyText, '\0');
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  if (size <= 0 || static_cast<std::size_t>(size) >= text.size()) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  return text;
}

bool IsAnswer(ByteView der) {
  // An answer begins with a SEQUENCE inside its own SEQUENCE, a token with an object identifier inside it.
  const unsigned char* at = der.data();
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  const int form = ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(der.size()));
  if ((form & 0x80) != 0) return false;
  const bool ends_by_a_mark = (form & 0x01) != 0;  // BER, and its length does not say
  return at < der.data() + der.size() && (length > 0 || ends_by_a_mark) &&
         *at == (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED);
}

struct FailureBit {
  int bit;
  std::string_view words;
};
constexpr FailureBit kFailureBits[] = {
    {0, "the algorithm is not known"},
    {2, "the request was not permitted"},
    {5, "the data was malformed"},
    {14, "its source of time is not available"},
    {15, "it does not have the policy"},
    {16, "it does not have the extension"},
    {17, "additional information is missing"},
    {25, "the system failed"},
};

Failure Refused(std::int64_t status, const TS_STATUS_INFO* info) {
  std::string said = Format("the authority refused with status {}", status);
  const ASN1_BIT_STRING* const bits = TS_STATUS_INFO_get0_failure_info(info);
  for (const FailureBit& failure : kFailureBits) {
    if (bits != nullptr && ASN1_BIT_STRING_get_bit(bits, failure.bit) == 1) said += ": " + std::string(failure.words);
  }
  const STACK_OF(ASN1_UTF8STRING)* const texts = TS_STATUS_INFO_get0_text(info);
  if (texts != nullptr && sk_ASN1_UTF8STRING_num(texts) > 0) {
    const std::string_view text = TextOf(ViewOfString(sk_ASN1_UTF8STRING_value(texts, 0)));
    said += Format(": \"{}\"", Printable(text.substr(0, 200)));
  }
  return NotTrusted(said);
}

Result<Bytes> TokenOfAnswer(ByteView der) {
  TRY(const auto answer, (DecodeDer<Owned<TS_RESP, TS_RESP_free>, d2i_TS_RESP, i2d_TS_RESP>(der, "the answer")));
  TS_STATUS_INFO* const info = TS_RESP_get_status_info(answer.get());
  std::int64_t status = 0;
  if (info == nullptr || ASN1_INTEGER_get_int64(&status, TS_STATUS_INFO_get0_status(info)) != 1) {
    return Broken("the answer's status is not a number");
  }
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS) return Refused(status, info);
  PKCS7* const token = TS_RESP_get_token(answer.get());
  if (token == nullptr) return Broken("the answer says granted, and has no token");
  return EncodeDer<i2d_PKCS7>(token);
}

int NoPassphrase(char*, int, int, void*) { return -1; }

}  // namespace

namespace timestamp_parts {

Result<TimestampPolicy> PolicyOf(const ASN1_OBJECT* object) {
  const auto text = object == nullptr ? std::nullopt : DottedText(object);
  if (!text) return Broken("the policy is not an object identifier of reasonable length");
  return TimestampPolicy::Parse(*text);
}

}  // namespace timestamp_parts

Result<TimestampPolicy> TimestampPolicy::Parse(std::string_view dotted) {
  const QuietErrors quiet;
  const auto invalid = [] {
    return Fail(ErrorCode::kInvalid, "a policy is an object identifier such as 1.3.6.1.4.1.99999.1.1");
  };
  if (dotted.empty() || dotted.size() >= kMaxPolicyText ||
      dotted.find_first_not_of("0123456789.") != std::string_view::npos) {
    return invalid();
  }
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(std::string(dotted).c_str(), 1));
  if (!object || DottedText(object.get()) != dotted) return invalid();
  return TimestampPolicy(std::string(dotted));
}

TimestampRequest TimestampRequest::Make(const Sha256Digest& imprint) {
  const QuietErrors quiet;
  const Owned<TS_REQ, TS_REQ_free> request(TS_REQ_new());
  const Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> over(TS_MSG_IMPRINT_new());
  const Owned<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
  EXHIBIT_ASSERT(request && over && algorithm);
  Bytes digest = ToBytes(imprint.view());
  std::array<std::uint8_t, 8> number;
  FillRandom(number);
  number[0] |= 0x40;  // so that it has eight bytes and is positive
  number[0] &= 0x7f;
  const Owned<BIGNUM, BN_free> value(BN_bin2bn(number.data(), static_cast<int>(number.size()), nullptr));
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> nonce(BN_to_ASN1_INTEGER(value.get(), nullptr));
  EXHIBIT_ASSERT(value && nonce);
  const bool ok = TS_REQ_set_version(request.get(), 1) == 1 &&
                  X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
                  TS_MSG_IMPRINT_set_algo(over.get(), algorithm.get()) == 1 &&
                  TS_MSG_IMPRINT_set_msg(over.get(), digest.data(), static_cast<int>(digest.size())) == 1 &&
                  TS_REQ_set_msg_imprint(request.get(), over.get()) == 1 &&
                  TS_REQ_set_nonce(request.get(), nonce.get()) == 1 && TS_REQ_set_cert_req(request.get(), 1) == 1;
  EXHIBIT_ASSERT(ok);
  auto made = Parse(EncodeDer<i2d_TS_REQ>(request.get()));
  EXHIBIT_ASSERT(made && made->imprint() == imprint && made->nonce());
  return std::move(*made);
}

Result<TimestampRequest> TimestampRequest::Parse(ByteView der) {
  const QuietErrors quiet;
  TRY(const auto request, (DecodeDer<Owned<TS_REQ, TS_REQ_free>, d2i_TS_REQ, i2d_TS_REQ>(der, "the request")));
  if (TS_REQ_get_version(request.get()) != 1) return NotTaken("the request is not of version 1");
  TimestampRequest parsed;
  parsed.der_ = ToBytes(der);
  TRY(parsed.imprint_, ReadImprint(TS_REQ_get_msg_imprint(request.get())));
  if (const ASN1_INTEGER* const nonce = TS_REQ_get_nonce(request.get())) {
    const auto bytes = Magnitude(nonce);
    if (!bytes) return Broken("the request's nonce is negative");
    parsed.nonce_ = TimestampNonce{*bytes};
  }
  if (const ASN1_OBJECT* const policy = TS_REQ_get_policy_id(request.get())) {
    TRY(TimestampPolicy asked, PolicyOf(policy));
    parsed.policy_ = std::move(asked);
  }
  return parsed;
}

Result<TimestampToken> TimestampToken::Parse(ByteView bytes) {
  const QuietErrors quiet;
  if (bytes.empty()) return Broken("there are no bytes");
  if (bytes.size() > kMaxTimestampBytes) return Broken("longer than 32 KiB");
  Bytes der = ToBytes(bytes);
  if (IsAnswer(bytes)) {
    TRY(der, TokenOfAnswer(bytes));
  }
  TRY(OwnedPkcs7 token, DecodeToken(der));
  TRY_VOID(TakeApart(std::move(token)));
  return TimestampToken(std::move(der));
}

Result<void> TimestampRoots::AddPem(std::string_view pem) {
  const QuietErrors quiet;
  if (pem.size() > kMaxRootsBytes) return Fail(ErrorCode::kInvalid, "roots: longer than 1 MiB");
  // The library takes no empty file for one.
  if (pem.empty()) return Fail(ErrorCode::kInvalid, "roots: no certificate in PEM");
  const Owned<BIO, BIO_free> source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EXHIBIT_ASSERT(source != nullptr);
  std::vector<Bytes> found;
  while (true) {
    char* name = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    ERR_clear_error();
    if (PEM_bytes_read_bio(&data, &size, &name, PEM_STRING_X509, source.get(), NoPassphrase, nullptr) != 1) {
      const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
      if (!at_end) return Fail(ErrorCode::kInvalid, Format("roots: certificate {} is broken PEM", found.size() + 1));
      break;
    }
    Bytes der(data, data + size);
    OPENSSL_free(data);
    OPENSSL_free(name);
    const unsigned char* at = der.data();
    const Owned<X509, X509_free> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate || at != der.data() + der.size()) {
      return Fail(ErrorCode::kInvalid, Format("roots: certificate {} is not an X.509 certificate", found.size() + 1));
    }
    found.push_back(std::move(der));
    if (found.size() + certificates_.size() > kMaxRoots) return Fail(ErrorCode::kInvalid, "roots: more than 2000");
  }
  if (found.empty()) return Fail(ErrorCode::kInvalid, "roots: no certificate in PEM");
  for (Bytes& certificate : found) certificates_.push_back(std::move(certificate));
  return {};
}

}  // namespace exhibit::crypto
