#include "vault/tell/story.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/item_facts.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::tell {
namespace {

using custody::FieldList;
using custody::FieldValue;

std::string_view AfterCount(std::uint64_t count) { return count == 1 ? " was" : " were"; }

std::string ListOf(const std::vector<custody::ItemSet::Range>& ranges) {
  std::vector<tlog::SequenceRange> shown;
  for (const custody::ItemSet::Range& range : ranges) shown.push_back({{range.first}, {range.last}});
  return tlog::ListOf(shown);
}
std::string ListOf(const custody::ItemSet& items) { return ListOf(items.ranges()); }

// The words of one entry, from its public part and from what its fields tell.
class Teller {
 public:
  Teller(const custody::Entry& entry, const FieldList* fields, const People* people)
      : entry_(entry), fields_(fields), people_(people) {}

  std::string operator()(const custody::Genesis& body) const {
    std::string told = "the vault was made by " + Admitted(body.custodian);
    if (body.continues) told += "; it goes on from the vault " + ToHexOf(body.continues->fingerprint);
    return told;
  }
  std::string operator()(const custody::Item& body) const {
    std::string told = "taken in";
    if (fields_ != nullptr) told += OfItem(custody::ItemFactsIn(*fields_));
    if (!body.collected) return told;
    const custody::Collected& said = body.collected->said();
    return Format("{}; collected by {}, number {}", told, Who(said.collector), said.number);
  }
  std::string operator()(const custody::Omission& /*body*/) const {
    const auto count = fields_ == nullptr ? std::nullopt : custody::ItemFactsIn(*fields_).count;
    if (!count) return "a list of what was not taken in";
    return Format("{}{} not taken in", Counted(*count, "input", "inputs"), AfterCount(*count));
  }
  std::string operator()(const custody::Note& /*body*/) const {
    return "noted" + On() + Text("text", ": ") + SaidAnew();
  }
  std::string operator()(const custody::CaseRecord& /*body*/) const {
    return "dates of the case" + Text("case", " ") + " recorded";
  }
  std::string operator()(const custody::Access& /*body*/) const {
    const auto way = Way();
    if (!way) return "read, proven or exported";
    switch (*way) {
      case custody::AccessWay::kRead: return "read" + OfItems() + Text("purpose", ": ");
      case custody::AccessWay::kProve: return "proven" + OfItems() + Text("purpose", ": ");
      case custody::AccessWay::kExport: return "exported" + OfItems() + To() + Text("purpose", ": ");
      case custody::AccessWay::kExported: return "the export" + OfExport() + " is written" + Checked();
      case custody::AccessWay::kExportFailed: return "the export" + OfExport() + " failed" + Text("why", ": ");
    }
    InternalError("a way of access has no words", __FILE__, __LINE__);
  }
  std::string operator()(const custody::Transfer& body) const {
    const custody::TransferStatement& said = body.statement.said();
    const std::string parties = Format("{} to {}", Who(said.released_by), Who(said.received_by));
    const std::string rest = OfItems() + Text("purpose", ": ") + Authority() + Text("condition", "; condition: ") +
                             Text("location", "; at ") + Text("transport", "; by ");
    switch (body.outcome) {
      case custody::TransferOutcome::kAccepted: return Format("handed over from {}{}", parties, rest);
      case custody::TransferOutcome::kRefused: return Format("hand-over from {} refused{}", parties, rest);
      case custody::TransferOutcome::kAbandoned: return Format("hand-over from {} abandoned{}", parties, rest);
    }
    InternalError("an outcome has no words", __FILE__, __LINE__);
  }
  std::string operator()(const custody::Received& body) const {
    const custody::Receipt& said = body.statement.said();
    const bool holds = said.outcome == custody::ReceiptOutcome::kHolds;
    return Format("received by {} at {}: the bundle {}{}{}", Receiver(said), FormatEntryTime(said.time),
                  holds ? "held" : "did not hold", Text("failed", "; failed: "), Text("finding", ": "));
  }
  std::string operator()(const custody::Hold& body) const { return "held " + ListOf(body.items) + Why(); }
  std::string operator()(const custody::Release& body) const {
    return Format("released {} of the hold of entry {}{}", ListOf(body.items), body.hold, Why());
  }
  std::string operator()(const custody::Shred& body) const { return "shredded " + ListOf(body.items) + Why(); }
  std::string operator()(const custody::Admit& body) const {
    return Format("admitted: {}{}", Admitted(body.custodian), Why());
  }
  std::string operator()(const custody::Retire& body) const {
    return Format("retired: {}{}{}", Who(body.retired), InOtherHands(body.compromised_since), Why());
  }
  std::string operator()(const custody::Rotate& body) const {
    return "put a new key in its own place: " + Printable(custody::ActorOf(body.new_key).text());
  }
  std::string operator()(const custody::Succeed& body) const {
    return "the key of the collector " + Who(body.collector()) + " was replaced by its next";
  }
  std::string operator()(const custody::Suspend& body) const {
    return Format("suspended: {}{}", NameOf(body.person), Why());
  }
  std::string operator()(const custody::Lift& body) const {
    return Format("lifted the suspension of {} (entry {}){}", NameOf(body.person), body.suspend, Why());
  }
  std::string operator()(const custody::Rule& body) const {
    std::string acts;
    for (const custody::Ruled act : body.two.List()) acts += (acts.empty() ? "" : ", ") + std::string(ToText(act));
    const std::string rule = acts.empty() ? "rule lifted: nothing needs two persons" : "rule: two persons for " + acts;
    return rule + (body.recovery ? "; the recovery key stays" : "") + Why();
  }
  std::string operator()(const custody::ReaderChange& body) const {
    std::string told = "the vault's key was sealed anew";
    std::string names;
    if (fields_ != nullptr) {
      for (const custody::ReaderFacts& reader : custody::ReaderFactsIn(*fields_))
        names += (names.empty() ? " to " : ", ") + Printable(reader.name.value_or(reader.recipient));
    }
    return told + names + (body.recovery ? "; another recovery key" : "") + Why();
  }
  std::string operator()(const custody::Reseal& body) const {
    std::string told = body.recipient ? "the vault has another key" : "sealed to another key of the vault";
    if (body.items) told += ": " + Counted(body.items->count(), "item", "items");
    return told + (body.destroy ? "; their earlier headers were destroyed" : "") + Why();
  }
  std::string operator()(const custody::LogKeyChange& body) const {
    return Format("the log's key was replaced by {}{}{}", Printable(custody::ActorOf(body.log.ed25519).text()),
                  InOtherHands(body.compromised_since), Why());
  }
  std::string operator()(const custody::Recovery& body) const {
    return Format("the readers took the vault back with the recovery key and admitted {}{}", Admitted(body.custodian),
                  Why());
  }
  std::string operator()(const custody::LostHead& body) const {
    return Format("went on from a restored copy, without the head of size {}{}", body.lost.checkpoint().size, Why());
  }
  std::string operator()(const custody::Timestamped& body) const {
    if (body.renews) return Format("timestamp renewed: that of entry {}", *body.renews);
    return Format("timestamped: the log at size {}", body.checkpoint->checkpoint().size);
  }
  std::string operator()(const custody::Run& body) const {
    const custody::ClosedRun& said = body.statement.said();
    return Format("the collector {} closed a run: its last item is number {}", Who(said.collector), said.up_to);
  }
  std::string operator()(const custody::StatementAct& body) const {
    return "statement" + Text("act", ": ") + (body.items ? " on " + ListOf(*body.items) : "");
  }
  std::string operator()(const custody::Upgrade& body) const {
    return Format("from here on the log is of version {}{}", body.version, Why());
  }
  std::string operator()(const custody::Closed& body) const {
    return "the log ends here" + (body.successor ? "; it goes on in the vault " + ToHexOf(*body.successor) : "") +
           Why();
  }

  // What a key, or the maker of the bundle, would add.
  std::string NotTold() const {
    if (!entry_.sealed) return {};
    if (fields_ == nullptr) return " (the rest is sealed)";
    std::string keys;
    for (const custody::FieldPlace& place : fields_->places()) {
      if (!place.line && place.key.text() != custody::kPartsSeed) keys += (keys.empty() ? "" : ", ") + place.key.text();
    }
    return keys.empty() ? "" : Format(" (withheld: {})", keys);
  }

  std::optional<custody::AccessWay> Way() const {
    const FieldValue* const act = Find("act");
    return act == nullptr || act->Text() == nullptr ? std::nullopt
                                                    : custody::FromWord<custody::AccessWay>(*act->Text());
  }

 private:
  template <typename Digest>
  static std::string ToHexOf(const Digest& digest) {
    return ToHex(digest.view());
  }
  const FieldValue* Find(std::string_view key) const { return fields_ == nullptr ? nullptr : fields_->Find(key); }
  // The text of a field behind these words; nothing where it is not told.
  std::string Text(std::string_view key, std::string_view words) const {
    const FieldValue* const value = Find(key);
    return value == nullptr || value->Text() == nullptr ? "" : std::string(words) + Printable(*value->Text());
  }
  std::string Authority() const {
    const std::string authority = Text("authority", "");
    return authority.empty() ? "" : Format(" (authority: {})", authority);
  }
  std::string Why() const { return Text("reason", ": ") + Authority(); }

  std::string Who(const custody::Actor& actor) const {
    return people_ == nullptr ? Printable(ShortHandle(actor.name())) : people_->Shown(actor);
  }
  // "Bob Analyst (Acme IR), person 2, k2+1a2b3c4d, as custodian": of the entry itself, so `people` need not know yet.
  std::string Admitted(const custody::Custodian& custodian) const {
    People here;
    here.Learn(entry_, fields_);
    const custody::Actor actor = custody::ActorOf(custodian.key);
    std::string roles;
    for (const custody::Role role : custodian.roles.List())
      roles += (roles.empty() ? "" : ", ") + std::string(ToText(role));
    return Format("{}, {}, {}, as {}", here.Shown(actor), NameOf(custodian.person),
                  Printable(ShortHandle(actor.text())), roles);
  }
  std::string Receiver(const custody::Receipt& said) const {
    const auto by = fields_ == nullptr ? std::nullopt : custody::PersonFactsIn(*fields_, custody::kReceivedByField);
    if (by && by->name) return Printable(*by->name);
    return Printable(ShortHandle(custody::ActorOf(said.received_by).text()));
  }
  static std::string InOtherHands(const std::optional<custody::EntryTime>& since) {
    return since ? "; in other hands since " + FormatEntryTime(*since) : "";
  }

  std::vector<custody::ItemSet::Range> Items() const { return ItemsNamedBy(entry_, fields_); }
  std::string On() const { return Items().empty() ? "" : " on " + ListOf(Items()); }
  std::string OfItems() const { return Items().empty() ? "" : " " + ListOf(Items()); }
  std::string OfExport() const {
    const FieldValue* const number = Find("export");
    return number == nullptr || number->Number() == nullptr ? "" : Format(" of entry {}", *number->Number());
  }
  std::string Checked() const {
    const FieldValue* const checked = Find("checked");
    if (checked == nullptr || checked->Bool() == nullptr) return {};
    return *checked->Bool() ? "; each item was opened and compared with its fields" : "; its items were not opened";
  }
  std::string To() const {
    if (fields_->Withholds("recipients")) return {};
    const FieldValue* const recipients = Find("recipients");
    if (recipients == nullptr || recipients->AsArray() == nullptr) return ", plain";
    return " to " + Counted(recipients->AsArray()->size(), "recipient", "recipients");
  }
  // What a note says of its items in place of what was known.
  std::string SaidAnew() const {
    if (fields_ == nullptr) return {};
    std::string keys;
    for (const custody::FieldPlace& place : fields_->places()) {
      const std::string& key = place.key.text();
      if (place.line && key != "text" && !key.starts_with("items")) keys += (keys.empty() ? "" : ", ") + key;
    }
    return keys.empty() ? "" : Format(" (said anew: {})", keys);
  }
  static std::string OfItem(const custody::ItemFacts& facts) {
    std::string told;
    if (facts.name) told += ": " + Printable(*facts.name);
    if (facts.partial) told += "; " + custody::InWords(*facts.partial, facts.size);
    if (!facts.state) return told;
    if (!facts.state->whole && !facts.partial) told += "; not whole";
    if (facts.state->changed) told += "; it changed while it was read";
    if (facts.state->claims == custody::Claims::kMatched) told += "; the digests that were claimed matched";
    if (facts.state->claims == custody::Claims::kDiffer) told += "; A DIGEST THAT WAS CLAIMED DIFFERS";
    if (facts.state->derived) told += "; made of another item";
    if (facts.state->content == custody::ContentPlace::kElsewhere) told += "; its content is kept elsewhere";
    return told;
  }

  const custody::Entry& entry_;
  const FieldList* fields_;
  const People* people_;
};

}  // namespace

std::string Describe(const custody::Entry& entry, const FieldList* fields, const People* people) {
  const Teller teller(entry, fields, people);
  return std::visit(teller, entry.body) + teller.NotTold();
}

std::string WordOf(const custody::Entry& entry, const FieldList* fields) {
  if (std::holds_alternative<custody::Access>(entry.body)) {
    if (const auto way = Teller(entry, fields, nullptr).Way()) return std::string(ToText(*way));
  }
  return std::string(custody::WordFor(entry.body));
}

std::vector<custody::ItemSet::Range> ItemsNamedBy(const custody::Entry& entry, const FieldList* fields) {
  if (const custody::ItemSet* const items = custody::NamedItemsOf(entry.body)) return items->ranges();
  if (fields == nullptr) return {};
  const auto items = custody::ItemsIn(*fields);
  return items && *items ? **items : std::vector<custody::ItemSet::Range>();
}

}  // namespace exhibit::tell
