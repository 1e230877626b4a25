// Who holds an item: the person who took it in, and after an accepted transfer who received it. A transfer's releaser must
// be that person. Which items a transfer is of is a field, so only who is told them can ask.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "vault/custody/actor.h"
#include "vault/custody/item_set.h"
#include "vault/tlog/sequence.h"

namespace exhibit::verify {

class Holders {
 public:
  // The person who took an item in; nothing where that is not known.
  using AskTakenInBy = std::function<std::optional<custody::Person>(tlog::Sequence item)>;
  explicit Holders(AskTakenInBy ask) : ask_(std::move(ask)) {}

  struct WrongHolder {
    tlog::Sequence item;  // the first that the releaser did not hold
    custody::Person holder;
  };
  // An accepted transfer, in the order of the log. Afterwards all of these items are held by `to`, as the log says it.
  std::optional<WrongHolder> HandOver(const std::vector<custody::ItemSet::Range>& items, custody::Person from,
                                      custody::Person to);

 private:
  AskTakenInBy ask_;
  std::map<std::uint64_t, custody::Person> moved_;  // items that were handed over
};

}  // namespace exhibit::verify
