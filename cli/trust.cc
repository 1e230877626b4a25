#include "cli/trust.h"

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/text.h"
#include "vault/custody/key_kind.h"
#include "vault/tlog/note.h"

namespace exhibit::cli {

TrustArguments::Anchors TrustArguments::AddTo(const Command& command) {
  return {
      command
          .AddOption(
              "--fingerprint", fingerprint,
              "the vault's fingerprint, 64 hex digits, brought from elsewhere: its custodian tells it by another way")
          .TypeName("HEX"),
      command
          .AddOption("--policy", policy,
                     "whom you believe: a tlog-policy file with the log's key, witnesses and a quorum")
          .TypeName("FILE")};
}

Option TrustArguments::AddRootsTo(const Command& command) {
  return command
      .AddOption("--roots", roots,
                 "certificates that you trust to end the chain of a timestamp, as PEM; repeat for several")
      .TypeName("FILE")
      .OneEachTime();
}

void TrustArguments::AddCaseKeysTo(const Command& command) {
  command
      .AddOption("--case-key", case_keys,
                 "the key of a case, as its custodian gave it: which entries belong to it; repeat for several")
      .TypeName("FILE")
      .OneEachTime();
}

namespace {

Result<custody::GivenCaseKey> ReadCaseKey(const std::string& file) {
  constexpr std::uint64_t kMaxCaseKeyBytes = 64 * 1024;
  TRY(Bytes brought, ReadFile(file, kMaxCaseKeyBytes));
  Bytes bytes = PlainTextOf(brought);
  crypto::Wipe(brought);
  auto key = custody::GivenCaseKey::Parse(TextOf(bytes));
  crypto::Wipe(bytes);
  if (!key) return Fail(std::move(key).error().In(Printable(file)));
  return key;
}

}  // namespace

Result<Trusted> TrustArguments::Read() const {
  Trusted trusted;
  if (!fingerprint.empty()) {
    TRY(trusted.fingerprint, ParseFingerprint(fingerprint));
  }
  if (!policy.empty()) {
    TRY(trusted.policy, ReadPolicy(policy));
  }
  if (!roots.empty()) {
    TRY(trusted.roots, ReadRoots(roots));
  }
  for (const std::string& file : case_keys) {
    TRY(custody::GivenCaseKey key, ReadCaseKey(file));
    trusted.case_keys.push_back(std::move(key));
  }
  return trusted;
}

std::string DigitsOf(std::string_view written) {
  std::string digits;
  for (const char c : written) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ':' || c == '-') continue;
    digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return digits;
}

Result<custody::Fingerprint> ParseFingerprint(std::string_view written) {
  constexpr std::size_t kMostShown = 80;
  const std::string digits = DigitsOf(written);
  auto fingerprint = FixedFromHex<custody::Fingerprint>(digits, "the fingerprint");
  if (fingerprint) return fingerprint;
  return Fail(ErrorCode::kInvalid,
              Format("a fingerprint has 64 hex digits, and \"{}\" is none", PrintableUpTo(kMostShown, digits)),
              "exhibit status prints the vault's");
}

Result<tlog::Policy> ReadPolicy(const std::string& file) {
  TRY(const Bytes bytes, ReadFile(file, tlog::kMaxPolicyBytes));
  auto policy = tlog::Policy::Parse(TextOf(bytes));
  if (policy) return policy;
  if (const std::string kind = custody::KindOfKey(TextOf(bytes)); !kind.empty()) {
    return Fail(ErrorCode::kInvalid, Format("{} is {}; a tlog-policy file is needed here", Printable(file), kind),
                "it has lines that begin with log, witness, group and quorum");
  }
  return Fail(std::move(policy).error().In(Printable(file)));
}

Result<Bytes> ReadCheckpointFile(const std::string& file) {
  TRY(Bytes bytes, ReadFile(file, tlog::kMaxNoteBytes));
  TRY_VOID(custody::CheckIsCheckpoint(bytes, file));
  return bytes;
}

Result<crypto::TimestampRoots> ReadRoots(const std::vector<std::string>& files) {
  crypto::TimestampRoots roots;
  for (const std::string& file : files) {
    TRY(const Bytes pem, ReadFile(file, crypto::kMaxRootsBytes));
    auto added = roots.AddPem(TextOf(PlainTextOf(pem)));
    if (!added) return Fail(std::move(added).error().In(Printable(file)));
  }
  return roots;
}

}  // namespace exhibit::cli
