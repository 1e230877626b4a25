// The right to take content out of a vault. Reading and exporting are acts of custody: a signed entry says who, what and
// why before a byte comes out. One class makes an AccessGrant: VaultWriter, after it committed such an entry. Every function
// that hands out content takes a grant, so a program that reads without the entry does not compile
// (tests/must_not_compile).
//
// Whoever has the keys and this library's lower layers can open a sealed file without us; the keys are the boundary.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/position_ranges.h"
#include "vault/tlog/sequence.h"

namespace exhibit {
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
  AccessWay way() const { return way_; }
  const std::vector<std::string>& recipients() const { return recipients_; }
  bool Covers(tlog::Sequence item) const { return items_.Has(item.value); }

  // Of more items than one entry holds. REQUIRES: both are of one vault, of the same way and to the same recipients.
  void Join(const AccessGrant& more) {
    EXHIBIT_ASSERT(more.vault_ == vault_ && more.way_ == way_ && more.recipients_ == recipients_);
    entry_ = std::max(entry_, more.entry_);
    for (auto range = more.items_.RangeFrom(0); range; range = more.items_.RangeFrom(range->last + 1))
      items_.Add(*range);
  }

 private:
  friend class exhibit::VaultWriter;
  // `fields` are the entry's, as they were sealed with it. kInvalid if they do not say what is accessed.
  static Result<AccessGrant> Of(const Fingerprint& vault, tlog::Sequence entry, const FieldList& fields) {
    const FieldValue* const act = fields.Find("act");
    const auto way = act != nullptr && act->Text() != nullptr ? FromWord<AccessWay>(*act->Text()) : std::nullopt;
    TRY(const auto items, ItemsIn(fields));
    if (!way || !items)
      return Fail(ErrorCode::kInvalid, NameOf(entry) + " does not say which items are accessed, or how");
    AccessGrant grant(vault, entry, *way);
    for (const ItemSet::Range& range : *items) grant.items_.Add(range);
    const FieldValue* const recipients = fields.Find("recipients");
    if (recipients == nullptr || recipients->AsArray() == nullptr) return grant;
    for (const FieldValue& one : *recipients->AsArray()) {
      if (one.Text() != nullptr) grant.recipients_.push_back(*one.Text());
    }
    return grant;
  }
  AccessGrant(const Fingerprint& vault, tlog::Sequence entry, AccessWay way)
      : vault_(vault), entry_(entry), way_(way) {}

  Fingerprint vault_;
  tlog::Sequence entry_;
  AccessWay way_;
  PositionRanges items_;
  std::vector<std::string> recipients_;
};

}  // namespace exhibit::custody
