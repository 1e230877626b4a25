#include "vault/tell/case_graph.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/hash.h"
#include "vault/custody/signatures.h"
#include "vault/tell/story.h"

namespace exhibit::tell {
namespace {

constexpr std::string_view kBeginning =
    "{\"@context\":{\"kb\":\"http://example.org/kb/\","
    "\"case-investigation\":\"https://ontology.caseontology.org/case/investigation/\","
    "\"uco-action\":\"https://ontology.unifiedcyberontology.org/uco/action/\","
    "\"uco-core\":\"https://ontology.unifiedcyberontology.org/uco/core/\","
    "\"uco-identity\":\"https://ontology.unifiedcyberontology.org/uco/identity/\","
    "\"uco-observable\":\"https://ontology.unifiedcyberontology.org/uco/observable/\","
    "\"uco-types\":\"https://ontology.unifiedcyberontology.org/uco/types/\","
    "\"xsd\":\"http://www.w3.org/2001/XMLSchema#\"},\n\"@graph\":[\n";

Json Reference(const std::string& id) { return Json::Object({{"@id", id}}); }

Json References(const std::vector<std::string>& ids) {
  Json list = Json::List();
  for (const std::string& id : ids) list.push_back(Reference(id));
  return list;
}

Json Time(Moment time) { return {{"@type", "xsd:dateTime"}, {"@value", FormatTime(time)}}; }

std::string Number(tlog::Sequence sequence) { return std::to_string(sequence.value); }

// xsd:string allows XML's characters, and U+FFFE and U+FFFF are not among them.
std::string Readable(std::string text) {
  for (std::size_t at = text.find("\xEF\xBF"); at != std::string::npos; at = text.find("\xEF\xBF", at + 3)) {
    if (text[at + 2] == '\xBE' || text[at + 2] == '\xBF') text[at + 2] = '\xBD';
  }
  return text;
}

std::string DescriptionOf(const seal::Metadata& metadata) {
  std::string text = metadata.description.value_or("");
  const auto add = [&text](std::string_view what, const std::string& value) {
    text += (text.empty() ? "" : "; ") + std::string(what) + value;
  };
  if (metadata.source) add("from ", *metadata.source);
  if (metadata.acquired_by) add("acquired by ", *metadata.acquired_by);
  if (metadata.acquired_at) add("acquired at ", FormatTime(*metadata.acquired_at));
  if (metadata.tool) add("with ", *metadata.tool);
  if (metadata.method) add("by ", *metadata.method);
  return text;
}

std::string NameOfAct(const custody::Entry& entry) {
  switch (custody::ActOf(entry.body)) {
    case custody::Act::kItem: return "taken-in";
    case custody::Act::kOmission: return "not-taken-in";
    case custody::Act::kTransfer: return "custody-transfer";
    case custody::Act::kAccess: {
      const custody::Access::Way way = std::get<custody::Access>(entry.body).way;
      return way == custody::Access::Way::kRead     ? "read"
             : way == custody::Access::Way::kExport ? "exported"
                                                    : "export-failed";
    }
    default: return std::string(ToText(custody::TypeOf(entry.body)));
  }
}

}  // namespace

std::string UuidOfUrl(std::string_view url) {
  constexpr std::array<std::uint8_t, 16> kUrls = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                                  0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha1);
  hasher.Update(kUrls);
  hasher.Update(ViewOf(url));
  Bytes digest = hasher.Finish();
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x50);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);
  std::string uuid = ToHex(ByteView(digest).first(16));
  for (const std::size_t at : {20U, 16U, 12U, 8U}) uuid.insert(at, "-");
  return uuid;
}

std::string CaseGraph::Id(const std::string& kind, const std::string& what) const {
  return "kb:" + kind + "-" + UuidOfUrl("exhibit:" + about_.fingerprint + "/" + kind + "/" + what);
}

Result<void> CaseGraph::Begin() { return sink_(kBeginning); }

Result<void> CaseGraph::Put(const Json& node) {
  TRY_VOID(sink_((empty_ ? "" : ",\n") + Readable(node.Dump())));
  empty_ = false;
  return {};
}

void CaseGraph::Learn(const custody::Entry& entry) {
  const auto learn = [this](const custody::Custodian& custodian) {
    names_.insert_or_assign(custody::ActorOf(custodian.key), custodian.name);
  };
  if (const auto* const genesis = std::get_if<custody::Genesis>(&entry.body)) learn(genesis->custodian);
  if (const auto* const admit = std::get_if<custody::Admit>(&entry.body)) learn(admit->custodian);
  if (const auto* const rotate = std::get_if<custody::Rotate>(&entry.body))
    names_.insert_or_assign(custody::ActorOf(rotate->key), names_[entry.actor]);
}

Result<std::string> CaseGraph::Person(const std::string& actor) {
  std::string id = Id("person", actor);
  if (!persons_.insert(actor).second) return id;
  const auto name = names_.find(actor);
  TRY_VOID(Put({{"@id", id},
                {"@type", "uco-identity:Person"},
                {"uco-core:name", name == names_.end() || name->second.empty() ? actor : name->second},
                {"uco-core:description", "signs as " + actor}}));
  return id;
}

Result<Json> CaseGraph::FileOf(const Told& told) {
  const std::string number = Number(told.entry.parsed().sequence);
  Json file = {{"@id", Id("file", number)}, {"@type", "uco-observable:File"}};
  if (told.metadata == nullptr) {
    file["uco-core:name"] = "sealed: entry " + number;
    return file;
  }
  const seal::Metadata& metadata = *told.metadata;
  Json name = {{"@id", Id("file-facet", number)},
               {"@type", "uco-observable:FileFacet"},
               {"uco-observable:fileName", ReplaceInvalidUtf8(metadata.name)}};
  if (metadata.path) name["uco-observable:filePath"] = ReplaceInvalidUtf8(*metadata.path);
  name["uco-observable:sizeInBytes"] = metadata.size_bytes;
  if (metadata.modified) name["uco-observable:modifiedTime"] = Time(*metadata.modified);
  Json hashes = Json::List();
  const auto add = [&](const std::string& method, ByteView digest) {
    hashes.push_back({{"@id", Id("hash", number + "/" + method)},
                      {"@type", "uco-types:Hash"},
                      {"uco-types:hashMethod", method},
                      {"uco-types:hashValue", {{"@type", "xsd:hexBinary"}, {"@value", ToHex(digest)}}}});
  };
  add("SHA256", metadata.sha256.view());
  if (metadata.sha1) add("SHA1", metadata.sha1->view());
  if (metadata.md5) add("MD5", metadata.md5->view());
  const Json content = {{"@id", Id("content-data-facet", number)},
                        {"@type", "uco-observable:ContentDataFacet"},
                        {"uco-observable:sizeInBytes", metadata.size_bytes},
                        {"uco-observable:hash", std::move(hashes)}};
  file["uco-core:hasFacet"] = Json::List({std::move(name), content});
  return file;
}

Result<void> CaseGraph::PutRecord(std::uint64_t item, ItemState& state, const std::string& description) {
  const std::string number = std::to_string(item);
  const std::string root = about_.origin + " " + number;
  const std::string turn = state.records == 0 ? "" : Format("/{}", state.records);
  state.record = Id("provenance-record", number + turn);
  ++state.records;
  Json record = {{"@id", state.record}, {"@type", "case-investigation:ProvenanceRecord"}};
  if (!description.empty()) record["uco-core:description"] = description;
  record["case-investigation:exhibitNumber"] = root + turn;
  record["case-investigation:rootExhibitNumber"] = root;
  record["uco-core:object"] = References({Id("file", number)});
  objects_.push_back(state.record);
  return Put(record);
}

Result<void> CaseGraph::AddItem(const Told& told) {
  const custody::Entry& entry = told.entry.parsed();
  const std::string number = Number(entry.sequence);
  if (told.metadata != nullptr && told.metadata->case_number) cases_.insert(*told.metadata->case_number);
  TRY(const Json file, FileOf(told));
  TRY_VOID(Put(file));
  ItemState& state = items_[entry.sequence.value];
  TRY_VOID(PutRecord(entry.sequence.value, state, told.metadata == nullptr ? "" : DescriptionOf(*told.metadata)));
  TRY(const std::string performer, Person(entry.actor));
  state.last_action = Id("investigative-action", number);
  objects_.push_back(state.last_action);
  return Put({{"@id", state.last_action},
              {"@type", "case-investigation:InvestigativeAction"},
              {"uco-core:name", NameOfAct(entry)},
              {"uco-core:description", Describe(entry)},
              {"uco-action:startTime", Time(entry.time)},
              {"uco-action:performer", Reference(performer)},
              {"uco-action:object", References({Id("file", number)})},
              {"uco-action:result", References({Id("file", number), state.record})}});
}

std::vector<std::uint64_t> CaseGraph::KnownAmong(const custody::ItemSet& items) const {
  std::vector<std::uint64_t> known;
  for (const custody::ItemSet::Range& range : items.ranges()) {
    for (auto at = items_.lower_bound(range.first); at != items_.end() && at->first <= range.last; ++at) {
      known.push_back(at->first);
    }
  }
  return known;
}

Result<void> CaseGraph::AddAct(const custody::SignedEntry& signed_entry, const std::vector<std::uint64_t>& items) {
  const custody::Entry& entry = signed_entry.parsed();
  const auto* const transfer = std::get_if<custody::Transfer>(&entry.body);
  const bool is_hand_over = transfer != nullptr && transfer->outcome == custody::Transfer::Outcome::kAccepted;
  Json node = {{"@id", Id("investigative-action", Number(entry.sequence))},
               {"@type", "case-investigation:InvestigativeAction"},
               {"uco-core:name", NameOfAct(entry)},
               {"uco-core:description", Describe(entry)},
               {"uco-action:startTime", Time(entry.time)}};
  TRY(const std::string performer, Person(is_hand_over ? transfer->statement.statement().released_by : entry.actor));
  node["uco-action:performer"] = Reference(performer);
  if (is_hand_over || entry.cosigner) {
    TRY(const std::string other, Person(is_hand_over ? transfer->statement.statement().received_by : *entry.cosigner));
    node["uco-action:participant"] = References({other});
  }
  std::set<std::string> before;
  std::vector<std::string> objects;
  std::vector<std::string> results;
  for (const std::uint64_t item : items) {
    ItemState& state = items_.at(item);
    before.insert(state.last_action);
    objects.push_back(state.record);
    state.last_action = *node["@id"].Text();
    if (!is_hand_over) continue;
    TRY_VOID(PutRecord(item, state, "as received by " + transfer->statement.statement().received_by));
    results.push_back(state.record);
  }
  node["case-investigation:wasInformedBy"] = References({before.begin(), before.end()});
  node["uco-action:object"] = References(objects);
  if (!results.empty()) node["uco-action:result"] = References(results);
  objects_.push_back(*node["@id"].Text());
  return Put(node);
}

Result<void> CaseGraph::Add(const Told& told) {
  const custody::Entry& entry = told.entry.parsed();
  Learn(entry);
  if (told.as == Told::As::kItem) return AddItem(told);
  const std::optional<custody::ItemSet> named = custody::ItemsOf(entry.body);
  if (!named) return {};
  const std::vector<std::uint64_t> items = KnownAmong(*named);
  return items.empty() ? Result<void>() : AddAct(told.entry, items);
}

Result<void> CaseGraph::Finish() {
  std::string name;
  for (const std::string& one : cases_) name += (name.empty() ? "" : ", ") + one;
  TRY_VOID(Put({{"@id", Id("investigation", "")},
                {"@type", "case-investigation:Investigation"},
                {"uco-core:name", name.empty() ? about_.origin : name},
                {"case-investigation:investigationForm", "incident"},
                {"uco-core:object", References(objects_)}}));
  return sink_("\n]}\n");
}

}  // namespace exhibit::tell
