// What a verifier brings, because nothing that comes with the evidence proves itself: the vault's fingerprint, a policy, the
// roots of timestamp authorities; and keys of cases, which find what belongs to them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/labels.h"
#include "vault/custody/state.h"
#include "vault/tlog/policy.h"

namespace exhibit::cli {

struct Trusted {
  std::optional<custody::Fingerprint> fingerprint;
  std::optional<tlog::Policy> policy;
  std::optional<crypto::TimestampRoots> roots;
  std::vector<custody::GivenCaseKey> case_keys;
};

struct TrustArguments {
  std::string fingerprint;
  std::string policy;
  std::vector<std::string> roots;
  std::vector<std::string> case_keys;

  // --fingerprint and --policy.
  struct Anchors {
    Option fingerprint;
    Option policy;
  };
  Anchors AddTo(const Command& command);
  // --roots.
  Option AddRootsTo(const Command& command);
  // --case-key.
  void AddCaseKeysTo(const Command& command);
  // An error names the file or the option.
  Result<Trusted> Read() const;
};

// Digits of hex as people write them: in groups, with colons or dashes between, in capitals. What is left is for a parser.
std::string DigitsOf(std::string_view written);

// A vault's fingerprint as a person writes it. kInvalid.
Result<custody::Fingerprint> ParseFingerprint(std::string_view written);

// The policy in a file. kInvalid with its line.
Result<tlog::Policy> ReadPolicy(const std::string& file);

// The signed checkpoint in a file that somebody kept; whose it is, nobody looked at. kInvalid with what the file is.
Result<Bytes> ReadCheckpointFile(const std::string& file);

// The certificates in these PEM files.
Result<crypto::TimestampRoots> ReadRoots(const std::vector<std::string>& files);

}  // namespace exhibit::cli
