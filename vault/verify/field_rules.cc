#include "vault/verify/field_rules.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/custody/field_forms.h"
#include "vault/verify/holders.h"
#include "vault/verify/read_entry.h"

namespace exhibit::verify {
namespace {

class TransferCheck {
 public:
  TransferCheck(const Source& source, const custody::Facts& facts, Opened opened, Report& report)
      : source_(source), facts_(facts), opened_(opened), report_(report), holders_([this](tlog::Sequence item) {
          return TakenInBy(item);
        }) {}

  void Check(tlog::Sequence at, const custody::FieldList& fields) {
    const auto entry = ReadEntryAt(source_, at);
    const auto* const transfer = entry ? std::get_if<custody::Transfer>(&entry->parsed().body) : nullptr;
    const auto items = custody::ItemsIn(fields);
    // What has another form, or is another entry now, is a finding already.
    if (transfer == nullptr || !items || !*items) return;
    const std::vector<custody::ItemSet::Range>& ranges = **items;
    if (!ranges.empty() && ranges.back().last >= at.value) {
      return AddFinding(at, "its fields name an item that is not an earlier entry");
    }
    CheckLeaves(at, fields, ranges);
    if (transfer->outcome == custody::TransferOutcome::kAccepted) CheckHolder(at, transfer->statement.said(), ranges);
  }

 private:
  void AddFinding(tlog::Sequence at, std::string message) {
    report_.findings.push_back({Property::kFields, at, {}, {}, std::move(message)});
  }

  void CheckLeaves(tlog::Sequence at, const custody::FieldList& fields,
                   const std::vector<custody::ItemSet::Range>& items) {
    const custody::FieldValue* const leaves = fields.Find("leaves");
    if (leaves == nullptr) return;
    tlog::CompactRange range;
    for (const custody::ItemSet::Range& part : items) {
      for (std::uint64_t item = part.first; item <= part.last; ++item) {
        const auto bytes = source_.ReadEntry({item});
        if (!bytes) return;  // a finding already, or undecided
        range.Append(tlog::HashLeaf(*bytes));
      }
    }
    if (leaves->Text() != nullptr && *leaves->Text() == ToHex(range.Root().view())) return;
    AddFinding(at, "its leaves are not those of the items that it names");
  }

  void CheckHolder(tlog::Sequence at, const custody::TransferStatement& said,
                   const std::vector<custody::ItemSet::Range>& items) {
    const auto from = PersonOf(said.released_by);
    const auto to = PersonOf(said.received_by);
    if (!from || !to) return;
    const auto wrong = holders_.HandOver(items, *from, *to);
    if (!wrong) return;
    std::string message = Format("{} released item {}, which {} held", custody::NameOf(*from), wrong->item,
                                 custody::NameOf(wrong->holder));
    if (opened_ == Opened::kAll) return AddFinding(at, std::move(message));
    report_.remarks.push_back(Format("entry {}: {}, as far as the transfers that were opened tell", at, message));
  }

  std::optional<custody::Person> PersonOf(const custody::Actor& actor) const {
    const auto found = facts_.handles.find(std::string(actor.name()));
    return found == facts_.handles.end() ? std::nullopt : std::optional(found->second);
  }

  std::optional<custody::Person> TakenInBy(tlog::Sequence item) const {
    const auto entry = ReadEntryAt(source_, item);
    return entry ? PersonOf(entry->parsed().actor) : std::nullopt;
  }

  const Source& source_;
  const custody::Facts& facts_;
  Opened opened_;
  Report& report_;
  Holders holders_;
};

}  // namespace

void CheckTransfers(const Source& source, const custody::Facts& facts, const TransferFields& transfers, Opened opened,
                    Report& report) {
  TransferCheck check(source, facts, opened, report);
  for (const auto& [at, fields] : transfers) check.Check(at, fields);
}

}  // namespace exhibit::verify
