// Timestamp requests, answers, tokens and roots: no bytes harm who reads them, and a token that was
// changed never holds with another time than the authority's. The seeds' authorities were made by
// tests/support/make_tsa.sh and thrown away.
#include "vault/base/error.h"
#include "vault/crypto/timestamp.h"

namespace {

constexpr std::string_view kRoot =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBjDCCATKgAwIBAgIUK4e/Mu/oOzxkU0Gm7GUHAdUu6FIwCgYIKoZIzj0EAwIw\n"
    "IzENMAsGA1UECgwEVGVzdDESMBAGA1UEAwwJVGVzdCBSb290MCAXDTE5MDEwMTAw\n"
    "MDAwMFoYDzIwOTkwMTAxMDAwMDAwWjAjMQ0wCwYDVQQKDARUZXN0MRIwEAYDVQQD\n"
    "DAlUZXN0IFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS8uOUayg8Y7kFp\n"
    "4g47wCf6vf0w6c2I7OJV/1hkQcajyyXAucv3EFf5vgSqpeBSn97QJWfgv2KoQESj\n"
    "Jr0jWyL2o0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNV\n"
    "HQ4EFgQUzVzR8+Od6kMcpxUcNfFIPimidb8wCgYIKoZIzj0EAwIDSAAwRQIgfqEj\n"
    "pn6bnSHLCj42Tx5lRFUjGxptIH2XHNJD2Eu78pYCIQDqT4JlZW5jnAsvnVlee4Ii\n"
    "ufSV/5Aj/mHkLFVzASt0yQ==\n"
    "-----END CERTIFICATE-----\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView input(data, size);
  static const crypto::TimestampRoots roots = [] {
    crypto::TimestampRoots made;
    EXHIBIT_ASSERT(made.AddPem(kRoot));
    return made;
  }();
  crypto::TimestampRoots others;
  EXHIBIT_ASSERT(others.AddPem(TextOf(input)).has_value() != others.certificates().empty());
  const auto request = crypto::TimestampRequest::Parse(input);
  EXHIBIT_ASSERT(!request || Equal(request->der(), input));
  const auto token = crypto::TimestampToken::Parse(input);
  if (!token) return 0;
  EXHIBIT_ASSERT(Equal(crypto::TimestampToken::Parse(token->der())->der(), token->der()));
  const crypto::TimestampDemands demands{crypto::Sha256(ViewOf("stamped\n")), {}, {}};
  const auto verified = crypto::VerifyTimestamp(*token, demands, roots);
  // The seeds were stamped within one minute.
  constexpr std::int64_t kFirst = 1795612395000;
  EXHIBIT_ASSERT(!verified || (verified->time.milliseconds >= kFirst && verified->time.milliseconds < kFirst + 60'000));
  return 0;
}
