#include "vault/custody/named_items.h"

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {

NamedItem NamedItemOf(const SignedEntry& entry) {
  const bool is_item = SealedFileOf(entry.parsed().body) != nullptr;
  return {is_item ? NamedItem::Kind::kSealed : NamedItem::Kind::kNoItem, entry.leaf()};
}

const CollectedNumber* CollectedNumberOf(const EntryBody& body) {
  const auto* const item = std::get_if<Item>(&body);
  return item != nullptr && item->collected ? &item->collected->statement().of : nullptr;
}

Result<void> CheckUnused(const CollectedNumber& number, bool used) {
  if (!used) return {};
  return Fail(ErrorCode::kInvalid,
              Format("number {} of collector {} is in the log already", number.number, Printable(number.collector)));
}

Result<void> CheckNamedItems(const Entry& entry, const AskNamedItem& ask) {
  const std::optional<ItemSet> items = ItemsOf(entry.body);
  if (!items) return {};
  const std::uint64_t last = items->ranges().back().last;
  if (last >= entry.sequence.value) {
    return Fail(ErrorCode::kInvalid, Format("item {} is not an entry before this one", last));
  }
  std::vector<tlog::LeafHash> leaves;
  bool all_known = true;
  for (const tlog::Sequence item : items->Items()) {
    if (!ask) return Fail(ErrorCode::kInvalid, Format("nothing is known here of item {}", item));
    TRY(const NamedItem named, ask(item));
    if (named.kind == NamedItem::Kind::kNoItem) {
      return Fail(ErrorCode::kInvalid, Format("entry {} is no item: it has no sealed file", item));
    }
    all_known = all_known && named.kind == NamedItem::Kind::kSealed;
    leaves.push_back(named.leaf);
  }
  const auto* const transfer = std::get_if<Transfer>(&entry.body);
  if (transfer != nullptr && all_known && transfer->statement.statement().leaves != RootOfLeaves(leaves)) {
    return Fail(ErrorCode::kInvalid, "the statement's \"leaves\" are not those of the items it names");
  }
  return {};
}

}  // namespace exhibit::custody
