// What a verifier brings, because nothing that comes with the evidence proves itself: the vault's
// fingerprint, a policy, and the roots of timestamp authorities.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/state.h"
#include "vault/tlog/policy.h"

namespace exhibit::cli {

struct Trusted {
  std::optional<custody::Fingerprint> fingerprint;
  std::optional<tlog::Policy> policy;
  std::optional<crypto::TimestampRoots> roots;
};

struct TrustArguments {
  std::string fingerprint;
  std::string policy;
  std::vector<std::string> roots;

  // --fingerprint and --policy.
  void AddTo(const Command& command);
  // --tsa-root.
  void AddRootsTo(const Command& command);
  // An error names the file or the option.
  Result<Trusted> Read() const;
};

// The policy in a file. kInvalid with its line.
Result<tlog::Policy> ReadPolicy(const std::string& file);

// The certificates in these PEM files.
Result<crypto::TimestampRoots> ReadRoots(const std::vector<std::string>& files);

}  // namespace exhibit::cli
