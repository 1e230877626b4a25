#include "vault/custody/act_index.h"

#include "vault/crypto/hash.h"
#include "vault/custody/facts.h"
#include "vault/custody/named_items.h"

namespace exhibit::custody {

std::uint64_t CollectedSubject(const CollectedNumber& number) {
  const auto digest = crypto::Sha256(ViewOf(number.collector + "\n" + std::to_string(number.number)));
  return kFirstCollectedSubject | GetU64(digest.view().first(8)) >> 1;
}

std::vector<ActRow> ActRowsOf(tlog::Sequence sequence, const EntryBody& body) {
  std::vector<ActRow> rows;
  const std::string type(ToText(TypeOf(body)));
  if (ChangesFacts(ActOf(body))) rows.push_back({kStateSubject, sequence, type});
  if (const auto items = ItemsOf(body)) {
    for (const tlog::Sequence item : items->Items()) rows.push_back({item.value, sequence, type});
  }
  if (const CollectedNumber* const number = CollectedNumberOf(body)) {
    rows.push_back({CollectedSubject(*number), sequence, type});
  }
  return rows;
}

}  // namespace exhibit::custody
