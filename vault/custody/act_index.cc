#include "vault/custody/act_index.h"

#include "vault/custody/facts.h"

namespace exhibit::custody {

std::vector<ActRow> ActRowsOf(tlog::Sequence sequence, const EntryBody& body) {
  std::vector<ActRow> rows;
  const std::string type(ToText(TypeOf(body)));
  if (ChangesFacts(ActOf(body))) rows.push_back({kStateSubject, sequence, type});
  if (const auto items = ItemsOf(body)) {
    for (const tlog::Sequence item : items->Items()) rows.push_back({item.value, sequence, type});
  }
  return rows;
}

}  // namespace exhibit::custody
