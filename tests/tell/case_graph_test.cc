// Goal: custody in the words of CASE: every node has an id of its own that is the same each time, what refers
// refers to a node that is there, and nothing that an item is called breaks out of its text. Method: the log of
// custody_log.h, told as a graph.
#include "vault/tell/case_graph.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/custody/custody_log.h"
#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using Json = nlohmann::ordered_json;
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

// Every "@id" that nodes have, and every one that they refer to.
void CollectIds(const Json& value, std::set<std::string>& defined, std::set<std::string>& named) {
  if (value.is_object() && value.contains("@id"))
    (value.size() == 1 ? named : defined).insert(value["@id"].get<std::string>());
  for (const Json& part : value) {
    if (part.is_structured()) CollectIds(part, defined, named);
  }
}

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
  CHECK(json["@graph"][0]["uco-core:name"] == "test.example/vault");
}

TEST_CASE("a life of two items, in which each refers to what is there", "[case]") {
  CustodyLog log;
  log.Add(log.AdmitOf("bob", {custody::Role::kCustodian}));                                // 1
  log.Add(custody::Item{AnySealedFile()});                                                 // 2
  log.Add(custody::Item{AnySealedFile()}, "bob");                                          // 3
  log.Add(custody::Hold{Items("2-3"), "12 Cv 3", "a \"suit\"\xE2\x80\xAE"});               // 4
  log.Add(log.Accepted("2", "alice", "bob"));                                              // 5
  log.Add(custody::Access{custody::Access::Way::kRead, Items("3"), "triage", {}}, "bob");  // 6
  seal::Metadata metadata;
  metadata.name = "\xFF\"]}\n</script>.txt";
  metadata.path = "in/" + metadata.name;
  metadata.case_number = "IR-1";
  metadata.size_bytes = 3;
  metadata.md5.emplace();

  const auto tell = [&] {
    Graph graph;
    for (const custody::SignedEntry& entry : log.entries()) {
      const std::uint64_t number = entry.parsed().sequence.value;
      const auto as = number == 2 || number == 3 ? tell::CaseGraph::Told::As::kItem : tell::CaseGraph::Told::As::kAct;
      REQUIRE_OK(graph.graph.Add({entry, as, number == 2 ? &metadata : nullptr}));
    }
    const Json json = graph.Finish();
    return std::pair(graph.text, json);
  };
  const auto [text, json] = tell();
  CHECK(text == tell().first);

  std::set<std::string> defined;
  std::set<std::string> named;
  CollectIds(json["@graph"], defined, named);
  for (const std::string& id : named) {
    CAPTURE(id);
    CHECK(defined.contains(id));
    CHECK(id[id.size() - 22] == '5');  // the version
  }
  std::map<std::string, int> types;
  std::map<std::string, Json> acts;
  for (const Json& node : json["@graph"]) {
    ++types[node["@type"].get<std::string>()];
    if (node["@type"] == "case-investigation:InvestigativeAction")
      acts[node["uco-core:name"].get<std::string>()] = node;
  }
  CHECK(types == std::map<std::string, int>{{"case-investigation:Investigation", 1},
                                            {"case-investigation:InvestigativeAction", 5},
                                            {"case-investigation:ProvenanceRecord", 3},
                                            {"uco-identity:Person", 2},
                                            {"uco-observable:File", 2}});
  CHECK(acts["hold"]["uco-action:object"].size() == 2);
  CHECK(acts["hold"]["case-investigation:wasInformedBy"].size() == 2);
  CHECK(acts["custody-transfer"]["case-investigation:wasInformedBy"][0]["@id"] == acts["hold"]["@id"]);
  CHECK(acts["custody-transfer"]["uco-action:participant"][0] == acts["read"]["uco-action:performer"]);
  CHECK(acts["custody-transfer"]["uco-action:result"].size() == 1);
  CHECK(text.find("\"case-investigation:exhibitNumber\":\"test.example/vault 2/1\","
                  "\"case-investigation:rootExhibitNumber\":\"test.example/vault 2\"") != std::string::npos);
  CHECK(text.find("\"uco-core:name\":\"IR-1\"") != std::string::npos);
  CHECK(text.find("\\n</script>") != std::string::npos);
  CHECK(text.find("sealed: entry 3") != std::string::npos);
}

}  // namespace exhibit::testing
