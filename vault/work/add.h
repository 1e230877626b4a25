// Adding: puts what intake/adder.h seals into a vault that is open for writing.
#pragma once

#include "vault/intake/adder.h"
#include "vault/session/vault.h"

namespace exhibit::work {

// A vault, open as long as something is added to it.
class VaultDestination final : public intake::Destination {
 public:
  explicit VaultDestination(std::unique_ptr<VaultWriter> vault) : vault_(std::move(vault)) {}
  const store::EntrySealer& sealer() const override { return vault_->sealer(); }
  Result<std::unique_ptr<store::SealedStage>> NewStage() override { return vault_->NewStage(); }
  Result<store::Committed> Commit(std::vector<store::Pending> group,
                                  std::unique_ptr<store::SealedStage> stage) override {
    return vault_->Commit(std::move(group), std::move(stage));
  }
  tlog::Checkpoint head() const override { return vault_->head(); }
  const tlog::SigningKey& key() const override { return vault_->custodian_key(); }
  tlog::Sequence next() const override { return vault_->state().next_sequence(); }
  std::optional<custody::HeaderDigest> HeaderOf(tlog::Sequence number) const override;

 private:
  std::unique_ptr<VaultWriter> vault_;
};

}  // namespace exhibit::work
