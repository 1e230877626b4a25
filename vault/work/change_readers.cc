#include "vault/work/change_readers.h"

#include "vault/session/key_files.h"
#include "vault/session/writer_hands.h"

namespace exhibit::work {

std::vector<seal::X25519Recipient> RecipientsOf(const std::vector<custody::Reader>& readers) {
  std::vector<seal::X25519Recipient> recipients;
  for (const custody::Reader& reader : readers) recipients.push_back(reader.recipient);
  return recipients;
}

Result<store::Committed> ChangeReaders(VaultWriter& vault, std::vector<custody::Reader> readers, seal::Identities keys,
                                       const tlog::SigningKey* cosigner) {
  const WriterHands hands = WriterHands::Of(vault);
  custody::ReaderChange change{std::move(readers), {}};
  TRY_VOID(hands.appender.MayCommit(change, cosigner));
  TRY(change.key_file, key_files::PrepareReaderKey(hands.paths, keys, {RecipientsOf(change.readers)}));
  TRY(store::Committed committed, hands.appender.CommitAct(std::move(change), cosigner));
  TRY_VOID(key_files::PutNextReaderKeyInPlace(hands.paths));
  return committed;
}

}  // namespace exhibit::work
