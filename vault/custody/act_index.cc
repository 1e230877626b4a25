#include "vault/custody/act_index.h"

#include <algorithm>
#include <array>

#include "vault/base/format.h"
#include "vault/crypto/hash.h"

namespace exhibit::custody {
namespace {

constexpr std::array<std::string_view, 9> kOfTheLog = {"hold",      "release", "shred", "transfer", "timestamp",
                                                       "lost-head", "receipt", "case",  "run"};
constexpr std::array<std::string_view, 4> kOfFields = {"access", "note", "transfer", "receipt"};

}  // namespace

std::uint64_t CollectedSubject(const CollectedNumber& number) {
  const auto digest = crypto::Sha256(ViewOf(Format("{}\n{}", number.handle, number.number)));
  return kFirstCollectedSubject | GetU64(digest.view().first(8)) >> 1;
}

bool ChangesState(const EntryBody& body) {
  const auto* const reseal = std::get_if<Reseal>(&body);
  if (reseal != nullptr && reseal->key_file) return true;
  return IsLaw(body) || std::ranges::find(kOfTheLog, FormOf(body).type) != kOfTheLog.end();
}

bool MayNameItemsInFields(std::string_view type) { return std::ranges::find(kOfFields, type) != kOfFields.end(); }

std::vector<ActRow> ActRowsOf(tlog::Sequence sequence, const EntryBody& body) {
  std::vector<ActRow> rows;
  const std::string type(FormOf(body).type);
  if (ChangesState(body)) rows.push_back({kStateSubject, sequence, type});
  if (const ItemSet* const items = NamedItemsOf(body)) {
    for (const tlog::Sequence item : items->Items()) {
      if (item.value != kStateSubject) rows.push_back({item.value, sequence, type});
    }
  }
  if (sequence.value == 0 || MayNameItemsInFields(type)) rows.push_back({kByFieldsSubject, sequence, type});
  const auto* const item = std::get_if<Item>(&body);
  if (item != nullptr && item->collected) {
    rows.push_back({CollectedSubject(NumberOf(item->collected->said())), sequence, type});
  }
  return rows;
}

}  // namespace exhibit::custody
