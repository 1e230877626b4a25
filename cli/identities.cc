#include "cli/identities.h"

#include <algorithm>
#include <iterator>

#include "cli/passphrase.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/text.h"
#include "vault/custody/key_file.h"
#include "vault/custody/key_kind.h"
#include "vault/seal/age_file.h"

namespace exhibit::cli {
namespace {

constexpr std::uint64_t kMaxIdentityFileBytes = 1 << 20;

// A word that is not a recipient names a file. If no file has that name, the parser says what is wrong with it.
bool IsFileName(const std::string& word) {
  if (word.starts_with("age1") || word.starts_with("ssh-")) return false;
  std::error_code error;
  return std::filesystem::status(word, error).type() != std::filesystem::file_type::not_found;
}

// Bech32 has one meaning in either case, and age's own spelling is upper case.
void RaiseIdentities(Bytes& text) {
  constexpr std::string_view kPrefix = "age-secret-key-";
  bool begins_line = true;
  bool is_identity = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins_line) is_identity = TextOf(text).substr(at).starts_with(kPrefix);
    begins_line = text[at] == '\n';
    if (is_identity && text[at] >= 'a' && text[at] <= 'z') text[at] = static_cast<std::uint8_t>(text[at] - 'a' + 'A');
  }
}

}  // namespace

Result<std::vector<seal::Identity>> LoadIdentities(const std::string& path) {
  const std::string what = "identity file " + Printable(path);
  TRY(Bytes file, ReadFile(path, kMaxIdentityFileBytes));
  crypto::SecretText text;
  if (seal::LooksSealed(file)) {
    TRY(text, custody::OpenByPassphrase(file, what, PassphrasesByName));
  } else {
    Bytes plain = PlainTextOf(file);
    RaiseIdentities(plain);
    text = crypto::SecretText(TextOf(plain));
    crypto::Wipe(plain);
    crypto::Wipe(file);
  }
  auto identities = seal::ParseIdentityFile(text.ExposeSecret());
  if (identities) return identities;
  const std::string kind = custody::KindOfKey(text.ExposeSecret());
  if (kind == custody::kAgeIdentity) {
    return Fail(Error(std::move(identities).error())
                    .In(what)
                    .Hint("a part of it is missing or was changed: take the file again from where it is kept"));
  }
  // One of another kind, or under a passphrase: -i takes Ed25519 keys of SSH too.
  if (kind == custody::kSshPrivateKey) return Fail(std::move(identities).error().In(what));
  if (kind.empty()) {
    return Fail(ErrorCode::kInvalid, Format("{} holds no age identity", Printable(path)),
                "-i takes an age identity (AGE-SECRET-KEY-1…), as exhibit keygen writes it");
  }
  return Fail(ErrorCode::kInvalid,
              Format("{} is {}; -i takes an age identity (AGE-SECRET-KEY-1…)", Printable(path), kind),
              "exhibit keygen makes one, and prints the recipient that others seal to");
}

Result<std::vector<seal::Identity>> LoadAllIdentities(const std::vector<std::string>& paths) {
  std::vector<seal::Identity> identities;
  for (const std::string& path : paths) {
    TRY(std::vector<seal::Identity> loaded, LoadIdentities(path));
    std::ranges::move(loaded, std::back_inserter(identities));
  }
  return identities;
}

Result<std::vector<seal::Recipient>> LoadRecipients(const std::vector<std::string>& words) {
  std::vector<seal::Recipient> recipients;
  const auto add = [&](seal::Recipient recipient) {
    if (std::ranges::find(recipients, recipient) == recipients.end()) recipients.push_back(std::move(recipient));
  };
  for (const std::string& word : words) {
    if (IsFileName(word)) {
      TRY(const Bytes brought, ReadFile(word, kMaxIdentityFileBytes));
      const Bytes file = PlainTextOf(brought);
      auto listed = seal::ParseRecipientFile(TextOf(file));
      if (!listed) {
        const std::string kind = custody::KindOfKey(TextOf(file));
        if (kind.empty() || kind == custody::kAgeRecipient || kind == custody::kSshPublicKey)
          return Fail(std::move(listed).error().In(Printable(word)));
        return Fail(ErrorCode::kInvalid, Format("{} is {}; a recipient is needed here (age1…)", Printable(word), kind),
                    "exhibit keygen prints it, and writes it into the identity file as a comment");
      }
      for (seal::Recipient& one : *listed) add(std::move(one));
      continue;
    }
    TRY(seal::Recipient recipient, seal::ParseRecipient(word));
    add(std::move(recipient));
  }
  if (recipients.size() > seal::kMaxStanzas) return Fail(ErrorCode::kInvalid, "more than 64 recipients");
  return recipients;
}

Result<std::vector<seal::Recipient>> LoadReaders(const std::vector<std::string>& words) {
  TRY(std::vector<seal::Recipient> readers, LoadRecipients(words));
  for (const seal::Recipient& reader : readers) {
    if (!std::holds_alternative<seal::SshRecipient>(reader)) continue;
    return Fail(ErrorCode::kUnsupported,
                "a vault's reader has an age key, and this is " + seal::RecipientText(reader).substr(0, 40),
                "the reader makes one with: exhibit keygen");
  }
  return readers;
}

}  // namespace exhibit::cli
