#include "cli/identities.h"

#include "cli/passphrase.h"
#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/seal/age_file.h"
#include "vault/seal/armor.h"

namespace exhibit::cli {
namespace {

constexpr std::uint64_t kMaxIdentityFileBytes = 1 << 20;

}  // namespace

Result<std::vector<seal::X25519Identity>> LoadIdentities(const std::string& path) {
  const auto load = [&]() -> Result<std::vector<seal::X25519Identity>> {
    TRY(Bytes file, ReadFile(path, kMaxIdentityFileBytes));
    crypto::SecretText text;
    if (seal::LooksArmored(TextOf(file)) || TextOf(file).starts_with("age-encryption.org/")) {
      TRY(const crypto::SecretText passphrase, AskPassphrase("identity file " + Printable(path)));
      TRY(text, seal::OpenSmallFile(file, seal::WithPassphrase(passphrase)));
    } else {
      text = crypto::SecretText(TextOf(file));
      crypto::Wipe(file);
    }
    return seal::ParseIdentityFile(text.ExposeSecret());
  };
  auto identities = load();
  if (!identities) return Fail(std::move(identities).error().In("identity file " + Printable(path)));
  return identities;
}

Result<std::vector<seal::X25519Recipient>> LoadRecipients(const std::vector<std::string>& words) {
  std::vector<seal::X25519Recipient> recipients;
  for (const std::string& word : words) {
    std::error_code ignored;
    if (!word.starts_with("age1") && std::filesystem::exists(word, ignored)) {
      TRY(const Bytes file, ReadFile(word, kMaxIdentityFileBytes));
      TRY(const auto listed, seal::ParseRecipientFile(TextOf(file)));
      recipients.insert(recipients.end(), listed.begin(), listed.end());
      continue;
    }
    TRY(const seal::X25519Recipient recipient, seal::X25519Recipient::Parse(word));
    recipients.push_back(recipient);
  }
  if (recipients.size() > seal::kMaxStanzas) return Fail(ErrorCode::kInvalid, "more than 64 recipients");
  return recipients;
}

}  // namespace exhibit::cli
