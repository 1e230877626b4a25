#include "vault/tell/case_graph.h"

#include <algorithm>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/entry_time.h"
#include "vault/tell/case_context.h"
#include "vault/tell/story.h"

namespace exhibit::tell {
namespace {

void Say(CanonicalWriter& node, std::string_view name, std::string_view text) {
  node.Member(name);
  node.Text(text);
}

// One is written as itself, and several as an array.
void Say(CanonicalWriter& node, std::string_view name, const std::vector<std::string>& ids) {
  if (ids.size() == 1) return Say(node, name, ids.front());
  node.Member(name);
  node.Raw("[");
  for (const std::string& id : ids) {
    node.Element();
    node.Text(id);
  }
  node.Raw("]");
}

void Begin(CanonicalWriter& node, std::string_view id, std::string_view type) {
  node.Raw("{");
  Say(node, "@id", id);
  Say(node, "@type", type);
}

CanonicalWriter Begun(std::string_view id, std::string_view type) {
  CanonicalWriter node;
  Begin(node, id, type);
  return node;
}

// xsd:string allows XML's characters, and U+FFFE and U+FFFF are not among them.
std::string Readable(std::string text) {
  for (std::size_t at = text.find("\xEF\xBF"); at != std::string::npos; at = text.find("\xEF\xBF", at + 3)) {
    if (text[at + 2] == '\xBE' || text[at + 2] == '\xBF') text[at + 2] = '\xBD';
  }
  return text;
}

std::string DescriptionOf(const custody::ItemFacts& facts) {
  std::string text = facts.description.value_or("");
  const auto add = [&text](std::string_view what, const std::string& value) {
    text += (text.empty() ? "" : "; ") + std::string(what) + value;
  };
  if (facts.source) add("from ", ReplaceInvalidUtf8(*facts.source));
  if (facts.acquired.by) add("acquired by ", *facts.acquired.by);
  if (facts.acquired.at) add("acquired at ", FormatEntryTime(custody::EntryTimeOf(*facts.acquired.at)));
  if (facts.tool) add("with ", facts.tool->name);
  if (facts.acquired.method) add("by ", *facts.acquired.method);
  return text;
}

std::string NameOfAct(const custody::Entry& entry, const custody::FieldList* fields) {
  const std::string word = WordOf(entry, fields);
  if (word == "item") return "taken-in";
  if (word == "omission") return "not-taken-in";
  if (word == "transfer") return "custody-transfer";
  return word;
}

// Of a hand-over that was accepted; null for any other entry.
const custody::TransferStatement* HandOverOf(const custody::Entry& entry) {
  const auto* const transfer = std::get_if<custody::Transfer>(&entry.body);
  if (transfer == nullptr || transfer->outcome != custody::TransferOutcome::kAccepted) return nullptr;
  return &transfer->statement.said();
}

// What an entry says of an item that is like any other is said by the item itself.
bool SaysMore(const std::string& description, const custody::ItemFacts& facts) {
  return description != "taken in" + (facts.name ? ": " + Printable(*facts.name) : "");
}

void PutFileFacet(CanonicalWriter& node, std::uint64_t item, const custody::ItemFacts& facts) {
  node.Element();
  Begin(node, IdAt(NodeKind::kFileFacet, item), "FileFacet");
  if (facts.name) Say(node, "fileName", ReplaceInvalidUtf8(*facts.name));
  if (facts.path) Say(node, "filePath", ReplaceInvalidUtf8(*facts.path));
  if (facts.size) {
    node.Member("sizeInBytes");
    node.Number(*facts.size);
  }
  const auto add = [&node](std::string_view name, const std::optional<custody::FileTime>& time) {
    if (time) Say(node, name, FormatFileTime(*time));
  };
  add("modifiedTime", facts.times.modified);
  add("accessedTime", facts.times.accessed);
  add("metadataChangeTime", facts.times.changed);
  add("observableCreatedTime", facts.times.born);
  node.Raw("}");
}

void PutContentFacet(CanonicalWriter& node, std::uint64_t item, const custody::ItemFacts& facts) {
  if (!facts.sha256 && !facts.sha512 && !facts.sha1 && !facts.md5) return;
  node.Element();
  Begin(node, IdAt(NodeKind::kContentFacet, item), "ContentDataFacet");
  node.Member("hash");
  node.Raw("[");
  const auto add = [&](NodeKind kind, std::string_view method, const auto& digest) {
    if (!digest) return;
    node.Element();
    Begin(node, IdAt(kind, item), "Hash");
    Say(node, "hashMethod", method);
    Say(node, "hashValue", ToHex(digest->view()));
    node.Raw("}");
  };
  add(NodeKind::kSha256, "SHA256", facts.sha256);
  add(NodeKind::kSha512, "SHA512", facts.sha512);
  add(NodeKind::kSha1, "SHA1", facts.sha1);
  add(NodeKind::kMd5, "MD5", facts.md5);
  node.Raw("]}");
}

}  // namespace

std::string CaseGraph::Id(const std::string& kind, const std::string& what) const {
  return "kb:" + kind + "-" + UuidOfUrl("exhibit:" + about_.fingerprint + "/" + kind + "/" + what);
}

Result<void> CaseGraph::Begin() { return sink_(BeginningOfGraph(about_.fingerprint)); }

// Closes the node.
Result<void> CaseGraph::Put(CanonicalWriter node) {
  node.Raw("}");
  TRY_VOID(sink_((empty_ ? "" : ",\n") + Readable(std::move(node).Take())));
  empty_ = false;
  return {};
}

Result<std::string> CaseGraph::Person(const custody::Actor& actor) {
  const People::Known* const known = people_.Find(actor);
  std::string id = known == nullptr ? Id("person", actor.text()) : IdAt(NodeKind::kPerson, known->person.number);
  if (!put_.insert(id).second) return id;
  CanonicalWriter node = Begun(id, "Person");
  Say(node, "name", people_.NameOf(actor));
  const std::string contact =
      known != nullptr && known->facts.contact ? "; contact: " + *known->facts.contact : std::string();
  Say(node, "description", Format("signs as {}{}", actor.name(), contact));
  TRY_VOID(Put(std::move(node)));
  if (known != nullptr && known->facts.organisation) TRY_VOID(PutOrganization(id, *known->facts.organisation));
  return id;
}

Result<void> CaseGraph::PutOrganization(const std::string& person, const std::string& name) {
  const std::string id = Id("organization", name);
  if (put_.insert(id).second) {
    CanonicalWriter node = Begun(id, "Organization");
    Say(node, "name", name);
    TRY_VOID(Put(std::move(node)));
  }
  CanonicalWriter node = Begun(Id("relationship", person + "/" + id), "Relationship");
  Say(node, "source", person);
  Say(node, "target", id);
  Say(node, "kindOfRelationship", "Affiliated_With");
  node.Member("isDirectional");
  node.Raw("true");
  return Put(std::move(node));
}

Result<void> CaseGraph::PutFile(tlog::Sequence item, const custody::ItemFacts& facts) {
  CanonicalWriter node = Begun(IdAt(NodeKind::kFile, item.value), "File");
  if (facts == custody::ItemFacts()) {
    Say(node, "name", Format("sealed: entry {}", item));
  } else {
    node.Member("hasFacet");
    node.Raw("[");
    PutFileFacet(node, item.value, facts);
    PutContentFacet(node, item.value, facts);
    node.Raw("]");
  }
  return Put(std::move(node));
}

// The first record of an item has a place of its own, and those of hand-overs are few.
std::string CaseGraph::RecordId(const Exhibit& exhibit) const {
  if (exhibit.turn == 0) return IdAt(NodeKind::kRecord, exhibit.item);
  return Id("provenance-record", Format("{}/{}", exhibit.item, exhibit.turn));
}

Result<void> CaseGraph::PutRecord(const Exhibit& exhibit, const std::string& description) {
  const std::string root = Format("{} {}", about_.origin, exhibit.item);
  CanonicalWriter node = Begun(RecordId(exhibit), "ProvenanceRecord");
  if (!description.empty()) Say(node, "description", description);
  Say(node, "exhibitNumber", exhibit.turn == 0 ? root : Format("{}/{}", root, exhibit.turn));
  if (exhibit.turn > 0) Say(node, "rootExhibitNumber", root);
  Say(node, "object", IdAt(NodeKind::kFile, exhibit.item));
  return Put(std::move(node));
}

// Its node stays open for what it is done to.
Result<CanonicalWriter> CaseGraph::ActionOf(const Told& told, const custody::Actor& performer) {
  const custody::Entry& entry = told.entry.parsed();
  TRY(const std::string person, Person(performer));
  CanonicalWriter node = Begun(IdAt(NodeKind::kAction, entry.sequence.value), "InvestigativeAction");
  Say(node, "name", NameOfAct(entry, told.fields));
  Say(node, "startTime", FormatEntryTime(entry.time));
  Say(node, "performer", person);
  actions_.push_back(entry.sequence.value);
  return node;
}

Result<void> CaseGraph::AddItem(const Told& told) {
  const custody::Entry& entry = told.entry.parsed();
  const std::uint64_t item = entry.sequence.value;
  const custody::ItemFacts facts = told.fields == nullptr ? custody::ItemFacts() : custody::ItemFactsIn(*told.fields);
  cases_.insert(facts.cases.begin(), facts.cases.end());
  TRY_VOID(PutFile(entry.sequence, facts));
  exhibits_.push_back({item, item});
  TRY_VOID(PutRecord(exhibits_.back(), DescriptionOf(facts)));
  TRY(CanonicalWriter action, ActionOf(told, entry.actor));
  const std::string description = Describe(entry, told.fields, &people_);
  if (SaysMore(description, facts)) Say(action, "description", description);
  Say(action, "actionObject", IdAt(NodeKind::kFile, item));
  Say(action, "result", RecordId(exhibits_.back()));
  return Put(std::move(action));
}

std::vector<CaseGraph::Exhibit*> CaseGraph::KnownAmong(const std::vector<custody::ItemSet::Range>& ranges) {
  std::vector<Exhibit*> known;
  for (const custody::ItemSet::Range& range : ranges) {
    for (auto at = std::ranges::lower_bound(exhibits_, range.first, {}, &Exhibit::item);
         at != exhibits_.end() && at->item <= range.last; ++at) {
      known.push_back(&*at);
    }
  }
  return known;
}

Result<void> CaseGraph::AddAct(const Told& told, const std::vector<Exhibit*>& items) {
  const custody::Entry& entry = told.entry.parsed();
  const custody::TransferStatement* const hand_over = HandOverOf(entry);
  std::string other;
  if (hand_over != nullptr || entry.cosigner) {
    TRY(other, Person(hand_over != nullptr ? hand_over->received_by : *entry.cosigner));
  }
  std::set<std::uint64_t> before;
  std::vector<std::string> objects;
  std::vector<std::string> results;
  for (Exhibit* const exhibit : items) {
    before.insert(std::exchange(exhibit->last_action, entry.sequence.value));
    objects.push_back(RecordId(*exhibit));
    if (hand_over == nullptr) continue;
    ++exhibit->turn;
    TRY_VOID(PutRecord(*exhibit, "as received by " + people_.NameOf(hand_over->received_by)));
    results.push_back(RecordId(*exhibit));
  }
  std::vector<std::string> informed_by;
  for (const std::uint64_t action : before) informed_by.push_back(IdAt(NodeKind::kAction, action));
  TRY(CanonicalWriter action, ActionOf(told, hand_over != nullptr ? hand_over->released_by : entry.actor));
  Say(action, "description", Describe(entry, told.fields, &people_));
  if (!other.empty()) Say(action, "participant", other);
  Say(action, "wasInformedBy", informed_by);
  Say(action, "actionObject", objects);
  if (!results.empty()) Say(action, "result", results);
  return Put(std::move(action));
}

Result<void> CaseGraph::Add(const Told& told) {
  const custody::Entry& entry = told.entry.parsed();
  people_.Learn(entry, told.fields);
  if (told.as == Told::As::kItem) return AddItem(told);
  const std::vector<Exhibit*> items = KnownAmong(ItemsNamedBy(entry, told.fields));
  return items.empty() ? Result<void>() : AddAct(told, items);
}

Result<void> CaseGraph::Finish() {
  std::string name;
  for (const std::string& one : cases_) name += (name.empty() ? "" : ", ") + one;
  std::vector<std::string> objects;
  for (Exhibit exhibit : exhibits_) {
    for (std::uint64_t turns = std::exchange(exhibit.turn, 0); exhibit.turn <= turns; ++exhibit.turn)
      objects.push_back(RecordId(exhibit));
  }
  for (const std::uint64_t action : actions_) objects.push_back(IdAt(NodeKind::kAction, action));
  CanonicalWriter node = Begun(Id("investigation", ""), "Investigation");
  Say(node, "name", name.empty() ? about_.origin : name);
  Say(node, "investigationForm", "incident");
  if (!objects.empty()) Say(node, "object", objects);
  TRY_VOID(Put(std::move(node)));
  return sink_("\n]}\n");
}

}  // namespace exhibit::tell
