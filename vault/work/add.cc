#include "vault/work/add.h"

namespace exhibit::work {

std::optional<custody::HeaderDigest> VaultDestination::HeaderOf(tlog::Sequence number) const {
  if (number.value >= vault_->head().size.value) return std::nullopt;
  const auto entry = vault_->Entry(number);
  if (!entry || !entry->parsed().sealed) return std::nullopt;
  return entry->parsed().sealed->header;
}

}  // namespace exhibit::work
