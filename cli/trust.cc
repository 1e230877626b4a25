#include "cli/trust.h"

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/text.h"

namespace exhibit::cli {

void TrustArguments::AddTo(const Command& command) {
  command
      .AddOption("--fingerprint", fingerprint,
                 "the vault's fingerprint, as `exhibit init` printed it, brought from elsewhere")
      .TypeName("HEX");
  command
      .AddOption("--policy", policy, "whom you believe: a tlog-policy file with the log's key, witnesses and a quorum")
      .TypeName("FILE");
}

void TrustArguments::AddRootsTo(const Command& command) {
  command
      .AddOption("--tsa-root", roots,
                 "certificates that you trust to end the chain of a timestamp, as PEM; repeat for several")
      .TypeName("FILE")
      .OneEachTime();
}

Result<Trusted> TrustArguments::Read() const {
  Trusted trusted;
  if (!fingerprint.empty()) {
    TRY(trusted.fingerprint, FixedFromHex<custody::Fingerprint>(fingerprint, "the fingerprint"));
  }
  if (!policy.empty()) {
    TRY(trusted.policy, ReadPolicy(policy));
  }
  if (!roots.empty()) {
    TRY(trusted.roots, ReadRoots(roots));
  }
  return trusted;
}

Result<tlog::Policy> ReadPolicy(const std::string& file) {
  TRY(const Bytes bytes, ReadFile(file, tlog::kMaxPolicyBytes));
  auto policy = tlog::Policy::Parse(TextOf(bytes));
  if (!policy) return Fail(std::move(policy).error().In(Printable(file)));
  return policy;
}

Result<crypto::TimestampRoots> ReadRoots(const std::vector<std::string>& files) {
  crypto::TimestampRoots roots;
  for (const std::string& file : files) {
    TRY(const Bytes pem, ReadFile(file, crypto::kMaxRootsBytes));
    auto added = roots.AddPem(TextOf(pem));
    if (!added) return Fail(std::move(added).error().In(Printable(file)));
  }
  return roots;
}

}  // namespace exhibit::cli
