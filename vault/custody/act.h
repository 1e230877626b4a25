// What an act of custody is: one file in acts/ each, with all its parts. An act that forgets a part does not compile.
//
//   struct Hold {
//     ItemSet items;
//     static constexpr ActForm kForm = {.type = "hold", …};   its row of docs/FORMAT.md's table
//     static constexpr auto kMembers = …;                     its own members: read, written and printed by one table
//     Result<void> Check(const Judging& at) const;            what must hold before it
//     void Apply(Facts& facts, const Entry& entry) const;     what it brings about
//   };
//
// Beside these, where the row asks for it: NeedsTwo (a cosigner may be needed), StatementKeys and statement_note (it
// carries a statement that others signed), RefusesStopped (where its type does not say it), CheckFormIn (what its members
// ask of one another and of the origin).
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <vector>

#include "vault/base/canonical_form.h"
#include "vault/base/error.h"
#include "vault/custody/forms.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

struct Entry;
struct Facts;
struct Judging;

enum class LawRule : std::uint8_t { kNo, kYes, kIfRecipient };
enum class SealedRule : std::uint8_t { kNo, kFields, kContent, kAsItLikes };
enum class ActorRule : std::uint8_t {
  kCustodian,
  kCollectorToo,
  kNamedCustodian,  // of the genesis: the one that it names
  kRecoveryKey,
};
enum class CosignerRule : std::uint8_t {
  kNone,
  kMay,     // another custodian, of another person; NeedsTwo says when it must
  kNewKey,  // the key that the entry brings
};

struct ActForm {
  std::string_view type;
  std::string_view act = {};  // of the types that have one
  LawRule law = LawRule::kNo;
  SealedRule sealed = SealedRule::kFields;
  ActorRule actor = ActorRule::kCustodian;
  CosignerRule cosigner = CosignerRule::kNone;
  std::string_view signers;  // the last column of docs/FORMAT.md's table, for people
};

template <typename Act>
concept HasNeedsTwo = requires(const Act& act, const Judging& at) {
  { act.NeedsTwo(at) } -> std::same_as<bool>;
};
template <typename Act>
concept CarriesStatement = requires(const Act& act) {
  act.statement_note();
};
template <typename Act>
concept HasStatementKeys = requires(const Act& act, const Facts& facts) {
  { act.statement_note() } -> std::same_as<ByteView>;
  { act.StatementKeys(facts) } -> std::same_as<Result<std::vector<tlog::VerifierKey>>>;
};
template <typename Act>
concept NamesItems = requires(const Act& act) {
  { act.named_items() } -> std::same_as<const ItemSet*>;
};

// All parts of an act.
template <typename Act>
concept CompleteAct = HasMembers<Act> && requires(const Act& act, const Judging& at, Facts& facts, const Entry& entry) {
  { Act::kForm } -> std::convertible_to<const ActForm&>;
  { act.Check(at) } -> std::same_as<Result<void>>;
  { act.Apply(facts, entry) } -> std::same_as<void>;
} &&(Act::kForm.cosigner != CosignerRule::kMay || HasNeedsTwo<Act>)&&(!CarriesStatement<Act> || HasStatementKeys<Act>);

}  // namespace exhibit::custody
