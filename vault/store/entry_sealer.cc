#include "vault/store/entry_sealer.h"

#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/seal/key_commitment.h"
#include "vault/seal/stream_sealer.h"

namespace exhibit::store {
namespace {

Result<std::vector<seal::Recipient>> RecipientsOf(const custody::VaultRecipient& recipient) {
  TRY(seal::Recipient parsed, RecipientOf(recipient));
  return std::vector{std::move(parsed)};
}

custody::HeaderDigest HeaderOf(const seal::NewSealedFile& file) {
  return custody::DigestOf<custody::HeaderDigest>(file.header());
}

custody::SealedFile Describe(const seal::NewSealedFile& file, custody::Labels labels, const seal::PayloadLayout& layout,
                             const custody::FieldList& fields) {
  return {std::move(labels), HeaderOf(file), *custody::KeyCommitment::From(file.commitment().view()),
          *custody::PayloadDigest::From(layout.Digest().view()), fields.digest()};
}

SealedEntry SealAtOnce(const seal::NewSealedFile& file, custody::Labels labels, custody::FieldList fields,
                       ByteView original, seal::CompressionLevel level) {
  seal::SmallSealedFile sealed = seal::SealSmall(file, original, fields.Lines(), level);
  custody::SealedFile described = Describe(file, std::move(labels), sealed.layout, fields);
  return {std::move(sealed.header),       std::move(described), sealed.layout,
          std::move(sealed.block_hashes), std::move(fields),    std::move(sealed.payload)};
}

}  // namespace

std::optional<custody::CaseKey> CaseKeys::KeyOf(std::string_view case_name) const {
  if (const auto* const secret = std::get_if<custody::LabelSecret>(&keys_)) return secret->KeyOf(case_name);
  const auto& keys = std::get<std::map<std::string, custody::CaseKey>>(keys_);
  const auto found = keys.find(std::string(case_name));
  if (found == keys.end()) return std::nullopt;
  return found->second.Copy();
}

EntrySealer::EntrySealer(Vault vault, CaseKeys cases)
    : vault_(std::move(vault)), cases_(std::move(cases)), recipients_(RecipientsOf(vault_.recipient)) {}

void EntrySealer::UseRecipient(custody::VaultRecipient recipient) {
  if (recipient == vault_.recipient) return;
  vault_.recipient = std::move(recipient);
  recipients_ = RecipientsOf(vault_.recipient);
}

Result<seal::NewSealedFile> EntrySealer::NewFile() const {
  if (!recipients_) return Fail(recipients_.error());
  return seal::NewSealedFile::To(*recipients_);
}

Result<custody::Labels> EntrySealer::LabelsFor(const std::vector<std::string>& cases,
                                               const custody::HeaderDigest& header) const {
  std::vector<custody::Label> labels;
  for (const std::string& name : cases) {
    const std::optional<custody::CaseKey> key = cases_.KeyOf(name);
    if (!key) {
      return Fail(ErrorCode::kInvalid,
                  Format("the key of the case {} is not here, so nothing can be labelled for it", Printable(name)),
                  "leave --case out, or ask a custodian for a folder that has the key: exhibit collector new NAME "
                  "--case CASE --out DIR");
    }
    labels.push_back(key->LabelFor(vault_.fingerprint, header));
  }
  return custody::Labels::Make(std::move(labels), vault_.labels);
}

Result<SealedEntry> EntrySealer::Seal(Fields fields, const std::vector<std::string>& cases, ByteView original,
                                      seal::CompressionLevel level) const {
  TRY(custody::FieldList list, custody::FieldList::Make(std::move(fields)));
  return SealLines(std::move(list), cases, original, level);
}

Result<SealedEntry> EntrySealer::SealLines(custody::FieldList lines, const std::vector<std::string>& cases,
                                           ByteView original, seal::CompressionLevel level) const {
  EXHIBIT_ASSERT(lines.TellsAll());
  TRY(const seal::NewSealedFile file, NewFile());
  TRY(custody::Labels labels, LabelsFor(cases, HeaderOf(file)));
  return SealAtOnce(file, std::move(labels), std::move(lines), original, level);
}

Result<SealedEntry> EntrySealer::Seal(ByteSource& source, const Stream& stream, Pool& pool,
                                      seal::SealedSink& sink) const {
  TRY(const seal::NewSealedFile file, NewFile());
  // Before anything is read: what cannot be labelled is not sealed.
  TRY(custody::Labels labels, LabelsFor(stream.cases, HeaderOf(file)));
  std::optional<custody::FieldList> list;
  const auto field_lines = [&](std::uint64_t original_bytes) -> Result<std::string> {
    TRY(Fields fields, stream.fields(original_bytes));
    TRY(list, custody::FieldList::Make(std::move(fields)));
    return list->Lines();
  };
  TRY(seal::SealedStream sealed,
      seal::SealStream(source, {file, stream.level, stream.see, field_lines, stream.interrupted}, pool, sink));
  custody::SealedFile described = Describe(file, std::move(labels), sealed.layout, *list);
  return SealedEntry{file.header(), std::move(described), sealed.layout, std::move(sealed.block_hashes),
                     std::move(*list)};
}

Result<SealedEntry> SealGenesis(const custody::VaultRecipient& recipient, custody::LabelCount labels, Fields fields) {
  TRY(custody::FieldList list, custody::FieldList::Make(std::move(fields)));
  TRY(const std::vector<seal::Recipient> recipients, RecipientsOf(recipient));
  TRY(const seal::NewSealedFile file, seal::NewSealedFile::To(recipients));
  TRY(custody::Labels random, custody::Labels::Make({}, labels));
  return SealAtOnce(file, std::move(random), std::move(list), {}, {});
}

Result<seal::Recipient> RecipientOf(const custody::VaultRecipient& recipient) {
  auto parsed = seal::ParseRecipient(recipient.text());
  if (!parsed) return Fail(std::move(parsed).error().In("the vault's recipient"));
  return parsed;
}

}  // namespace exhibit::store
