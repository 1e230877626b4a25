#include "vault/work/shred.h"

#include "vault/base/format.h"
#include "vault/session/writer_hands.h"

namespace exhibit::work {

Result<store::Committed> Shred(VaultWriter& vault, custody::Shred shred, const tlog::SigningKey* cosigner) {
  const WriterHands hands = WriterHands::Of(vault);
  const tlog::Sequence item = shred.item;
  TRY(store::Committed committed, hands.appender.CommitAct(std::move(shred), cosigner));
  auto destroyed = hands.store.DestroySealedFile(item);
  if (!destroyed) {
    return Fail(std::move(destroyed).error().In(
        Format("entry {} says that item {} is shredded, and the next writer goes on with it", committed.first, item)));
  }
  return committed;
}

}  // namespace exhibit::work
