#include "vault/work/change_readers.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/session/key_files.h"
#include "vault/session/recovery_key.h"
#include "vault/session/writer_hands.h"

namespace exhibit::work {

Result<std::vector<seal::Recipient>> RecipientsOf(const std::vector<custody::ReaderFacts>& readers) {
  if (readers.size() > custody::kMaxReaders) {
    return Fail(ErrorCode::kInvalid,
                Format("{} readers, and a vault has at most {}", readers.size(), custody::kMaxReaders));
  }
  std::vector<seal::Recipient> recipients;
  for (const custody::ReaderFacts& reader : readers) {
    auto recipient = seal::ParseRecipient(reader.recipient);
    if (!recipient) return Fail(std::move(recipient).error().In("reader " + PrintableUpTo(80, reader.recipient)));
    const bool is_there = std::ranges::any_of(recipients, [&](const seal::Recipient& one) {
      return seal::RecipientText(one) == seal::RecipientText(*recipient);
    });
    if (is_there) {
      return Fail(ErrorCode::kInvalid, "the same reader twice: " + PrintableUpTo(80, reader.recipient));
    }
    recipients.push_back(std::move(*recipient));
  }
  return recipients;
}

Result<store::Committed> ChangeReaders(VaultWriter& vault, const ReadersRequest& request) {
  EXHIBIT_ASSERT((!request.readers.empty() || (request.passphrase != nullptr && !request.fields.empty())) &&
                 !request.keys.empty());
  const WriterHands hands = WriterHands::Of(vault);
  TRY(std::vector<seal::Recipient> recipients, RecipientsOf(request.readers));
  const KeyFileSeal seal{std::move(recipients), request.passphrase, request.work};
  const bool has_recovery = vault.state().facts().recovery() != nullptr;
  std::optional<tlog::SigningKey> recovery;
  if (request.recovery == ReadersRequest::Recovery::kMake ||
      (request.recovery == ReadersRequest::Recovery::kRenew && has_recovery)) {
    recovery = GenerateRecoveryKey(vault.state().origin());
  }
  store::Appender::Act act{custody::ReaderChange{}, custody::FieldsOf(request.readers), {}, request.cosigner};
  act.fields.insert(act.fields.end(), request.fields.begin(), request.fields.end());
  auto& change = std::get<custody::ReaderChange>(act.body);
  if (recovery) change.recovery = recovery->verifier();
  TRY_VOID(hands.appender.MayCommit(act));
  TRY(change.key_file, key_files::PrepareReaderKey(hands.paths, request.keys, seal));
  if (recovery) TRY_VOID(key_files::PrepareRecoveryKey(hands.paths, *recovery, seal));
  TRY(store::Committed committed, hands.appender.CommitAct(std::move(act)));
  TRY_VOID(key_files::FinishReaderKeys(hands.paths, vault.state().facts()));
  return committed;
}

Result<std::vector<custody::ReaderFacts>> PresentReaders(const VaultReader& vault, seal::Identities keys) {
  TRY(const std::vector<custody::ActRow> rows, vault.ReadActs({custody::kStateSubject, custody::kStateSubject}));
  tlog::Sequence newest{0};  // the genesis has readers, too
  for (const custody::ActRow& row : rows) {
    if (row.type == custody::ReaderChange::kForm.type && row.sequence.value < vault.head().size.value) {
      newest = row.sequence;
    }
  }
  TRY(const custody::SignedEntry entry, vault.Entry(newest));
  TRY(const custody::FieldList fields, vault.ReadFields(entry, keys));
  return custody::ReaderFactsIn(fields);
}

}  // namespace exhibit::work
