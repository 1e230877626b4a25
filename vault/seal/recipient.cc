#include "vault/seal/recipient.h"

#include <optional>
#include <utility>

#include "vault/seal/key_text.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kHybridRecipient = "age1pq1";
constexpr std::string_view kHybridIdentity = "AGE-SECRET-KEY-PQ-1";

StanzaKind KindOf(const Identity& identity) {
  if (std::holds_alternative<HybridIdentity>(identity)) return StanzaKind::kHybrid;
  return std::holds_alternative<SshIdentity>(identity) ? StanzaKind::kSshEd25519 : StanzaKind::kX25519;
}

template <typename Value, typename Parsed>
Result<Value> As(Result<Parsed> parsed) {
  if (!parsed) return Fail(std::move(parsed).error());
  return Value(std::move(*parsed));
}

}  // namespace

Result<Recipient> ParseRecipient(std::string_view text) {
  if (LooksLikeSshKey(text)) return As<Recipient>(SshRecipient::Parse(text));
  if (text.starts_with(kHybridRecipient)) return As<Recipient>(HybridRecipient::Parse(text));
  return As<Recipient>(X25519Recipient::Parse(text));
}

std::string RecipientText(const Recipient& recipient) {
  return std::visit([](const auto& one) { return one.ToText(); }, recipient);
}

StanzaKind KindOf(const Recipient& recipient) {
  if (std::holds_alternative<HybridRecipient>(recipient)) return StanzaKind::kHybrid;
  return std::holds_alternative<SshRecipient>(recipient) ? StanzaKind::kSshEd25519 : StanzaKind::kX25519;
}

Result<Identity> ParseIdentity(std::string_view text) {
  if (text.starts_with(kHybridIdentity)) return As<Identity>(HybridIdentity::Parse(text));
  return As<Identity>(X25519Identity::Parse(text));
}

Result<Recipient> RecipientOf(const Identity& identity) {
  if (const auto* const hybrid = std::get_if<HybridIdentity>(&identity)) return As<Recipient>(hybrid->recipient());
  if (const auto* const ssh = std::get_if<SshIdentity>(&identity)) return Recipient(ssh->recipient());
  return Recipient(std::get<X25519Identity>(identity).recipient());
}

Result<Bytes> SealHeader(const FileKey& file_key, const std::vector<Recipient>& recipients) {
  EXHIBIT_ASSERT(!recipients.empty() && recipients.size() <= kMaxStanzas);
  AgeHeader header;
  for (const Recipient& recipient : recipients) {
    TRY(Stanza stanza, std::visit([&](const auto& one) -> Result<Stanza> { return one.Seal(file_key); }, recipient));
    header.stanzas.push_back(std::move(stanza));
  }
  TRY_VOID(CheckHybridAlone(header));
  return EncodeHeader(header.stanzas, file_key);
}

Result<FileKey> OpenHeader(const AgeHeader& header, Identities identities) {
  TRY_VOID(CheckScryptAlone(header));
  TRY_VOID(CheckHybridAlone(header));
  // A malformed stanza is refused even where no identity is tried.
  for (const Stanza& stanza : header.stanzas) TRY_VOID(CheckStanza(stanza));
  for (const Stanza& stanza : header.stanzas) {
    for (const Identity& identity : identities) {
      if (KindOf(identity) != seal::KindOf(stanza)) continue;
      TRY(std::optional<FileKey> file_key, std::visit([&](const auto& one) { return one.Open(stanza); }, identity));
      if (!file_key) continue;
      TRY_VOID(CheckHeaderMac(header, *file_key));
      return std::move(*file_key);
    }
  }
  return NotSealedToThis(header);
}

Result<std::vector<Identity>> ParseIdentityFile(std::string_view text) {
  std::vector<Identity> identities;
  if (LooksLikeSshSecret(text)) {
    TRY(SshIdentity identity, SshIdentity::Parse(text));
    identities.emplace_back(std::move(identity));
    return identities;
  }
  TRY_VOID(ForEachKeyLine(text, "identity file", [&](std::string_view line) -> Result<void> {
    TRY(Identity identity, ParseIdentity(line));
    identities.push_back(std::move(identity));
    return {};
  }));
  if (identities.empty()) return Fail(ErrorCode::kInvalid, "identity file: holds no identity");
  return identities;
}

Result<std::vector<Recipient>> ParseRecipientFile(std::string_view text) {
  std::vector<Recipient> recipients;
  TRY_VOID(ForEachKeyLine(text, "recipient file", [&](std::string_view line) -> Result<void> {
    TRY(Recipient recipient, ParseRecipient(line));
    recipients.push_back(std::move(recipient));
    return {};
  }));
  if (recipients.empty()) return Fail(ErrorCode::kInvalid, "recipient file: holds no recipient");
  return recipients;
}

}  // namespace exhibit::seal
