#include "vault/verify/holders.h"

namespace exhibit::verify {

std::optional<Holders::WrongHolder> Holders::HandOver(const std::vector<custody::ItemSet::Range>& items,
                                                      custody::Person from, custody::Person to) {
  std::optional<WrongHolder> wrong;
  for (const custody::ItemSet::Range& range : items) {
    for (std::uint64_t item = range.first; item <= range.last; ++item) {
      const auto moved = moved_.find(item);
      const auto holder = moved == moved_.end() ? ask_({item}) : std::optional(moved->second);
      if (!wrong && holder && *holder != from) wrong = WrongHolder{{item}, *holder};
      moved_.insert_or_assign(item, to);
    }
  }
  return wrong;
}

}  // namespace exhibit::verify
