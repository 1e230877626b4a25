// Goal: custody in the words of CASE: every node has an id of its own that is the same each time, what refers
// refers to a node that is there, and nothing that an item is called breaks out of its text. Method: the log of
// custody_log.h, told as a graph.
#include "vault/tell/case_graph.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/custody/custody_log.h"
#include "tests/support/check.h"
#include "vault/tell/case_context.h"

namespace exhibit::testing {
namespace {

using Json = nlohmann::ordered_json;
using custody::FieldList;
using tell::CaseGraph;

struct Graph {
  std::string text;
  tell::CaseGraph graph{{std::string(64, 'a'), "test.example/vault"}, [this](std::string_view piece) {
                          text += piece;
                          return Result<void>();
                        }};
  Graph() { REQUIRE_OK(graph.Begin()); }
  Json Finish() {
    REQUIRE_OK(graph.Finish());
    return Json::parse(text);
  }
};

FieldList Fields(std::vector<FieldList::Item> items) { return Unwrap(FieldList::Make(std::move(items))); }
FieldList Person(std::uint64_t number, const std::string& name) {
  return Fields({{"custodian", custody::FieldOf({custody::Person{number}, name, "Acme IR", "x@acme.example"})}});
}

// As JSON-LD expands it: by the prefix before the colon.
std::string Expanded(const Json& context, const std::string& id) {
  const std::size_t colon = id.find(':');
  REQUIRE(colon != std::string::npos);
  const Json prefix = context.at(id.substr(0, colon));
  const std::string rest = id.substr(colon + 1);
  if (prefix.is_string()) return prefix.get<std::string>() + rest;
  CHECK(prefix.at("@prefix") == true);
  return Expanded(context, prefix.at("@id").get<std::string>()) + rest;
}

// Every "@id" that nodes have, each once, and every one that they refer to.
void CollectIds(const Json& context, const Json& value, std::set<std::string>& defined, std::set<std::string>& named) {
  for (const auto& [name, part] : value.items()) {
    if (name == "@id") CHECK(defined.insert(Expanded(context, part.get<std::string>())).second);
    const bool refers = value.is_object() && context.contains(name) && context[name].is_object() &&
                        context[name].value("@type", "") == "@id";
    if (refers) {
      for (const Json& id : part.is_array() ? part : Json::array({part}))
        named.insert(Expanded(context, id.get<std::string>()));
    } else if (part.is_structured()) {
      CollectIds(context, part, defined, named);
    }
  }
}

// The nodes of each type.
std::map<std::string, int> TypesOf(const Json& json) {
  std::map<std::string, int> types;
  for (const Json& node : json["@graph"]) ++types[node["@type"].get<std::string>()];
  return types;
}

// The actions by their names.
std::map<std::string, Json> ActsOf(const Json& json) {
  std::map<std::string, Json> acts;
  for (const Json& node : json["@graph"]) {
    if (node["@type"] == "InvestigativeAction") acts[node["name"].get<std::string>()] = node;
  }
  return acts;
}

// Two items, and what was done with them by two people.
class Life {
 public:
  Life() {
    Add(CustodyLog::AdmitOf("k2", 2), Person(2, "Bob Analyst"));  // 1
    custody::ItemFacts facts;
    facts.name = "\xFF\"]}\n</script>.txt";
    facts.path = "in/" + *facts.name;
    facts.cases = {"IR-1"};
    facts.size = 3;
    facts.md5.emplace();
    facts.times.born = custody::FileTime{0, 1};
    Add(CustodyLog::AnItem(), Fields(custody::FieldsOf(facts)));                                // 2
    Add(CustodyLog::AnItem(), {}, "k2");                                                        // 3
    Add(custody::Hold{Items("2-3")}, Fields({{"reason", "a \"suit\"\xE2\x80\xAE"}}));           // 4
    Add(log_.Accepted("k1", "k2"), Fields({{"items", "2"}}));                                   // 5
    Add(custody::Access{}, Fields({{"act", "read"}, {"items", "3"}, {"purpose", "x"}}), "k2");  // 6
    Add(custody::Access{}, {}, "k2");  // 7: sealed, so of nothing
  }
  std::string Tell(bool with_fields) const {
    Graph graph;
    const FieldList alice = Person(1, "Alice Examiner");
    for (const custody::SignedEntry& entry : log_.entries()) {
      const std::uint64_t number = entry.parsed().sequence.value;
      const bool is_item = std::holds_alternative<custody::Item>(entry.parsed().body);
      const auto found = fields_.find(number);
      const FieldList* fields = number == 0 ? &alice : found == fields_.end() ? nullptr : &found->second;
      REQUIRE_OK(graph.graph.Add(
          {entry, is_item ? CaseGraph::Told::As::kItem : CaseGraph::Told::As::kAct, with_fields ? fields : nullptr}));
    }
    graph.Finish();
    return graph.text;
  }

 private:
  void Add(custody::EntryBody body, std::optional<FieldList> fields, const std::string& actor = "k1") {
    const tlog::Sequence at = log_.Add(std::move(body), actor);
    if (fields) fields_.emplace(at.value, std::move(*fields));
  }
  CustodyLog log_;
  std::map<std::uint64_t, FieldList> fields_;
};

}  // namespace

TEST_CASE("a UUID of a URL is the one that RFC 9562 makes of it", "[case]") {
  // Section A.4 has it for a name in DNS; this one is Python's: uuid.uuid5(uuid.NAMESPACE_URL, …).
  CHECK(tell::UuidOfUrl("http://www.example.com/") == "fcde3c85-2270-590f-9e7c-ee003d65e0e2");
  CHECK(tell::UuidOfUrl("exhibit:x") != tell::UuidOfUrl("exhibit:y"));
}

TEST_CASE("an empty graph is a graph", "[case]") {
  Graph graph;
  const Json json = graph.Finish();
  CHECK(json["@graph"].size() == 1);
  CHECK(json["@graph"][0]["name"] == "test.example/vault");
}

TEST_CASE("a life of two items, in which each refers to what is there", "[case]") {
  const Life life;
  const std::string text = life.Tell(true);
  CHECK(text == life.Tell(true));
  const Json json = Json::parse(text);

  std::set<std::string> defined;
  std::set<std::string> named;
  CollectIds(json["@context"], json["@graph"], defined, named);
  CHECK(std::ranges::includes(defined, named));
  for (const std::string& id : defined) {
    CAPTURE(id);
    // A UUID of version 5 at the end.
    REQUIRE(id.size() > 36);
    const std::string uuid = id.substr(id.size() - 36);
    CHECK(uuid[14] == '5');
    CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
    CHECK(uuid.find_first_not_of("0123456789abcdef-") == std::string::npos);
  }
  CHECK(TypesOf(json) == std::map<std::string, int>{{"Investigation", 1},
                                                    {"InvestigativeAction", 5},
                                                    {"ProvenanceRecord", 3},
                                                    {"Relationship", 2},
                                                    {"Organization", 1},
                                                    {"Person", 2},
                                                    {"File", 2}});
  auto acts = ActsOf(json);
  CHECK(acts["hold"]["actionObject"] == Json::array({"r:000000000002", "r:000000000003"}));
  CHECK(acts["hold"]["wasInformedBy"] == Json::array({"a:000000000002", "a:000000000003"}));
  CHECK(acts["custody-transfer"]["wasInformedBy"] == acts["hold"]["@id"]);
  CHECK(acts["custody-transfer"]["participant"] == acts["read"]["performer"]);
  CHECK(acts["custody-transfer"]["result"].is_string());
  CHECK(text.find("\"exhibitNumber\":\"test.example/vault 2/1\",\"rootExhibitNumber\":\"test.example/vault 2\"") !=
        std::string::npos);
  for (const std::string_view told :
       {"\"name\":\"IR-1\"", "\\n</script>", "sealed: entry 3", "\"name\":\"Bob Analyst\"", "contact: x@acme.example",
        "as received by Bob Analyst", "\"observableCreatedTime\":\"1970-01-01T00:00:00.000000001Z\""}) {
    CAPTURE(told);
    CHECK(text.find(told) != std::string::npos);
  }
}

TEST_CASE("an item like any other takes eleven hundred bytes of a graph", "[case]") {
  custody::ItemFacts facts;
  facts.name = "evidence-000000.bin";
  facts.path = "/srv/collected/host00/00/" + *facts.name;
  facts.size = 12'345;
  facts.sha256.emplace();
  facts.acquired.at = Moment{1'795'867'200'000};
  facts.times = {
      custody::FileTime{1, 2}, custody::FileTime{1, 2}, custody::FileTime{1, 2}, custody::FileTime{1, 2}, {}};
  const FieldList fields = Fields(custody::FieldsOf(facts));
  CustodyLog log;
  Graph graph;
  const std::size_t before = graph.text.size();
  constexpr std::size_t kItems = 100;
  for (std::size_t i = 0; i < kItems; ++i) {
    log.Add(CustodyLog::AnItem());
    REQUIRE_OK(graph.graph.Add({log.entries().back(), CaseGraph::Told::As::kItem, &fields}));
  }
  log.Add(custody::Hold{Items("1-100")});
  REQUIRE_OK(graph.graph.Add({log.entries().back(), CaseGraph::Told::As::kAct, nullptr}));
  graph.Finish();
  CHECK((graph.text.size() - before) / kItems < 1100);
}

TEST_CASE("without fields a graph has handles, and the acts whose items are public", "[case]") {
  const std::string text = Life().Tell(false);
  const Json json = Json::parse(text);
  auto acts = ActsOf(json);
  CHECK(acts.contains("hold"));
  CHECK_FALSE(acts.contains("read"));
  CHECK_FALSE(acts.contains("custody-transfer"));
  CHECK(text.find("Bob") == std::string::npos);
  CHECK(text.find("\"name\":\"k2\"") != std::string::npos);
  CHECK(text.find("sealed: entry 2") != std::string::npos);
}

}  // namespace exhibit::testing
