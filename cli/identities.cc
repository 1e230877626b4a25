#include "cli/identities.h"

#include <algorithm>

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

Result<std::vector<seal::Recipient>> LoadRecipients(const std::vector<std::string>& words) {
  std::vector<seal::Recipient> recipients;
  const auto add = [&](seal::Recipient recipient) {
    if (std::ranges::find(recipients, recipient) == recipients.end()) recipients.push_back(std::move(recipient));
  };
  for (const std::string& word : words) {
    std::error_code ignored;
    if (!word.starts_with("age1") && !word.starts_with("ssh-") && std::filesystem::exists(word, ignored)) {
      TRY(const Bytes file, ReadFile(word, kMaxIdentityFileBytes));
      auto listed = seal::ParseRecipientFile(TextOf(file));
      if (!listed) return Fail(std::move(listed).error().In(Printable(word)));
      for (seal::Recipient& one : *listed) add(std::move(one));
      continue;
    }
    TRY(seal::Recipient recipient, seal::ParseRecipient(word));
    add(std::move(recipient));
  }
  if (recipients.size() > seal::kMaxStanzas) return Fail(ErrorCode::kInvalid, "more than 64 recipients");
  return recipients;
}

Result<std::vector<seal::X25519Recipient>> LoadReaders(const std::vector<std::string>& words) {
  TRY(const std::vector<seal::Recipient> recipients, LoadRecipients(words));
  std::vector<seal::X25519Recipient> readers;
  for (const seal::Recipient& recipient : recipients) {
    const auto* const reader = std::get_if<seal::X25519Recipient>(&recipient);
    if (reader == nullptr) {
      return Fail(ErrorCode::kUnsupported, "a vault's reader has an age key, and this is " + seal::RecipientText(recipient).substr(0, 40),
                  "the reader makes one with: exhibit keygen");
    }
    readers.push_back(*reader);
  }
  return readers;
}

}  // namespace exhibit::cli
