#include "vault/custody/body.h"

namespace exhibit::custody {

Act ActOf(const EntryBody& body) {
  return std::visit([](const auto& one) { return one.kAct; }, body);
}

const SealedFile* SealedFileOf(const EntryBody& body) {
  return std::visit(
      [](const auto& one) -> const SealedFile* {
        if constexpr (requires { one.sealed; }) return &one.sealed;
        return nullptr;
      },
      body);
}

void SetSealedFile(EntryBody& body, const SealedFile& sealed) {
  EXHIBIT_ASSERT(SealedFileOf(body) != nullptr);
  std::visit(
      [&](auto& one) {
        if constexpr (requires { one.sealed; }) one.sealed = sealed;
      },
      body);
}

std::optional<ItemSet> ItemsOf(const EntryBody& body) {
  if (const auto* const shred = std::get_if<Shred>(&body)) {
    const auto item = ItemSet::Of({shred->item});
    return item ? std::optional(*item) : std::nullopt;
  }
  if (const auto* const transfer = std::get_if<Transfer>(&body)) return transfer->statement.statement().items;
  if (const auto* const received = std::get_if<Received>(&body)) return received->receipt.receipt().items;
  return std::visit(
      [](const auto& one) -> std::optional<ItemSet> {
        if constexpr (requires { one.items; }) return one.items;
        return std::nullopt;
      },
      body);
}

}  // namespace exhibit::custody
