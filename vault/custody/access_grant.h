// The right to take content out of a vault. Reading and exporting are acts of custody: a signed entry says who, what and
// why before a byte comes out. Two classes make an AccessGrant: VaultWriter after it committed such an entry, and
// VaultReader when it finds the entry in the acknowledged log. Every function that hands out content takes a grant, so a
// program that reads without the entry does not compile (tests/must_not_compile).
//
// Whoever has the keys and this library's lower layers can open a sealed file without us; the keys are the boundary.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/state.h"
#include "vault/tlog/sequence.h"

namespace exhibit {
class VaultReader;
class VaultWriter;
}  // namespace exhibit

namespace exhibit::custody {

class AccessGrant {
 public:
  AccessGrant(AccessGrant&&) = default;
  AccessGrant& operator=(AccessGrant&&) = default;
  AccessGrant(const AccessGrant&) = delete;
  AccessGrant& operator=(const AccessGrant&) = delete;
  ~AccessGrant() = default;

  const Fingerprint& vault() const { return vault_; }
  // The entry that says so; the last, where there are several.
  tlog::Sequence entry() const { return entry_; }
  Access::Way way() const { return accesses_.front().way; }
  const std::vector<std::string>& recipients() const { return accesses_.front().recipients; }
  bool Covers(tlog::Sequence item) const {
    return std::ranges::any_of(accesses_, [&](const Access& access) {
      return std::ranges::any_of(access.items.ranges(), [&](const ItemSet::Range& range) {
        return range.first <= item.value && item.value <= range.last;
      });
    });
  }

  // Of more items than one entry holds. REQUIRES: both are of one vault, of the same way and to the same recipients.
  void Join(AccessGrant more) {
    EXHIBIT_ASSERT(more.vault_ == vault_ && more.way() == way() && more.recipients() == recipients());
    entry_ = std::max(entry_, more.entry_);
    std::ranges::move(more.accesses_, std::back_inserter(accesses_));
  }

 private:
  friend class exhibit::VaultReader;
  friend class exhibit::VaultWriter;
  AccessGrant(const Fingerprint& vault, tlog::Sequence entry, Access access) : vault_(vault), entry_(entry) {
    accesses_.push_back(std::move(access));
  }

  Fingerprint vault_;
  tlog::Sequence entry_;
  std::vector<Access> accesses_;  // never empty
};

}  // namespace exhibit::custody
