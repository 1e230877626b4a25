// The fields that programs read: their forms (● in docs/FORMAT.md), which must be told, and what they name.
//
// Keys that are not in the table are shown and never refused: here the format grows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "vault/custody/acts/access.h"
#include "vault/custody/field.h"
#include "vault/custody/item_set.h"

namespace exhibit::custody {

inline constexpr std::uint64_t kMaxOriginalBytes = std::uint64_t{1} << 43;
inline constexpr std::size_t kMaxRecipients = 64;
inline constexpr std::size_t kMaxRecipientBytes = 256;

// A row of the table: of entries of this type a field of this key has this form.
struct FieldForm {
  std::string_view type;
  std::string_view key;
  bool (*fits)(const FieldValue& value);
};
const std::vector<FieldForm>& FieldForms();

// kInvalid, naming the key, if a field that is told has another form than its row says, and if `items`, `items-2` …
// do not ascend. `type`: of the entry.
Result<void> CheckFieldForms(std::string_view type, const FieldList& fields);

// All that `items`, `items-2` … name, in order; nothing if there are none, or one of them is withheld.
Result<std::optional<std::vector<ItemSet::Range>>> ItemsIn(const FieldList& fields);
// Those fields for these items, in as many lines as they need. kInvalid for more than nine lines hold.
Result<std::vector<FieldList::Item>> ItemFields(std::vector<tlog::Sequence> items);

// The seed that hides parts: it never leaves the sealed file.
inline constexpr std::string_view kPartsSeed = "parts-seed";
// kInvalid if the block tells it.
Result<void> CheckNothingForbidden(const FieldList& fields);

// What a bundle or proof shows of an entry, and so must tell.
enum class Showing : std::uint8_t {
  kOriginal,      // the original is there
  kParts,         // some parts of it
  kExported,      // the act that a bundle's note names
  kExport,        // the act before it
  kSealedExport,  // the same, of a sealed bundle
};
std::vector<std::string_view> MustBeTold(Showing showing);
// kInvalid, naming the key, if one of them is withheld or missing.
Result<void> CheckTold(Showing showing, const FieldList& fields);
// What tells none of these where a part is hidden: they would give it away.
std::vector<std::string_view> HiddenWithParts();
Result<void> CheckHiddenWithParts(const FieldList& fields);

}  // namespace exhibit::custody
