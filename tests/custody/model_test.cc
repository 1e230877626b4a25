// All states that a few custodians reach by eight acts of law (admit, retire, suspend, lift, rule, its end, reader, recovery):
// under a rule of two nobody takes the vault over alone, and no state is a dead end. Named exceptions: who has the recovery
// key recovers, and a vault that was made without one (`--no-recovery`) has no such way.
//
// Method: breadth first over the rules themselves, with signatures taken for right. Person 1 is robbed: somebody else has
// the key, too. What only grows (positions, handles that were given) is left out of what makes two states the same.
#include <deque>
#include <map>
#include <set>

#include "tests/custody/custody_log.h"
#include "vault/custody/judging.h"

using namespace exhibit;
using namespace exhibit::testing;
using namespace exhibit::custody;

namespace {

constexpr std::uint64_t kMostPersons = 6;
std::string KeyNameOf(std::uint64_t person) { return "k" + std::to_string(person); }

const Custodian& CustodianNumber(std::uint64_t person) {
  static std::map<std::uint64_t, Custodian> made;
  const auto found = made.find(person);
  if (found != made.end()) return found->second;
  return made.emplace(person, CustodyLog::CustodianOf(KeyNameOf(person), person)).first->second;
}
const tlog::VerifierKey& RecoveryKeyNumber(std::uint64_t number) {
  static std::map<std::uint64_t, tlog::VerifierKey> made;
  const auto found = made.find(number);
  if (found != made.end()) return found->second;
  return made.emplace(number, CustodyLog::Key("recovery" + std::to_string(number)).verifier()).first->second;
}

struct Node {
  Facts facts;
  std::uint64_t next = 0;

  // Two nodes with one key behave the same.
  std::string Key() const {
    std::string key;
    for (const auto& [actor, member] : *facts.members) {
      if (!member.until) key += "m" + std::to_string(member.person.number);
    }
    key += facts.two.empty() ? "-" : "r";
    key += facts.recovery() == nullptr ? "-" : "k";
    for (const auto& [at, one] : facts.suspensions) {
      key += "s" + (one.by ? std::to_string(one.by->number) : "x") + ":";
      for (const Person person : one.stopped) key += std::to_string(person.number) + ",";
    }
    for (const auto& [by, whom] : facts.suspended_before)
      key += "b" + std::to_string(by.number) + std::to_string(whom.number);
    key += "R" + std::to_string(facts.recoveries.size());
    return key;
  }
};

enum class Kind : std::uint8_t { kAdmit, kRetire, kSuspend, kLift, kRule, kReader, kRecovery };
struct Move {
  Kind kind;
  std::uint64_t person = 0;  // whom it concerns
};

// The node after an entry, or nothing where it breaks a rule.
std::optional<Node> After(const Node& node, EntryBody body, const Actor& actor, const std::optional<Actor>& cosigner) {
  const Entry entry{node.facts.origin, {node.next}, {}, {0}, kNoon, actor, std::move(body), AnySealedFile(), cosigner};
  static const Ask ask;
  if (!CheckAct({node.facts, entry, ask, nullptr})) return std::nullopt;
  Node after{node.facts, node.next + 1};
  std::visit([&](const auto& act) { act.Apply(after.facts, entry); }, entry.body);
  after.facts.EndSuspensions();
  return after;
}

// Each act that these persons can do among themselves, and the node after it.
template <typename Visit>
void ForEachMove(const Node& node, const std::set<std::uint64_t>& persons, Visit visit) {
  std::vector<Actor> actors;
  std::vector<std::pair<Move, EntryBody>> acts;
  const std::uint64_t new_person = node.facts.highest.number + 1;
  std::set<std::uint64_t> present;
  for (const auto& [actor, member] : *node.facts.members) {
    if (member.until) continue;
    present.insert(member.person.number);
    if (persons.contains(member.person.number)) actors.push_back(actor);
    acts.emplace_back(Move{Kind::kRetire, member.person.number}, Retire{actor, std::nullopt});
  }
  if (new_person <= kMostPersons) acts.emplace_back(Move{Kind::kAdmit, new_person}, Admit{CustodianNumber(new_person)});
  for (const std::uint64_t person : present) acts.emplace_back(Move{Kind::kSuspend, person}, Suspend{{person}});
  for (const auto& [at, one] : node.facts.suspensions) {
    for (const Person person : one.stopped) acts.emplace_back(Move{Kind::kLift, person.number}, Lift{at, person});
  }
  acts.emplace_back(Move{Kind::kRule}, Rule{node.facts.two.empty() ? RuledActs::All() : RuledActs{}, std::nullopt});
  acts.emplace_back(Move{Kind::kReader}, ReaderChange{{}, RecoveryKeyNumber(2)});
  for (const auto& [move, body] : acts) {
    for (const Actor& actor : actors) {
      if (auto after = After(node, body, actor, std::nullopt)) visit(move, *after);
      for (const Actor& other : actors) {
        if (other == actor) continue;
        if (auto after = After(node, body, actor, other)) visit(move, *after);
      }
    }
  }
  if (node.facts.recovery() != nullptr && new_person <= kMostPersons && persons != std::set<std::uint64_t>{1}) {
    const Recovery recovery{CustodianNumber(new_person), std::nullopt};
    if (auto after = After(node, recovery, ActorOf(*node.facts.recovery()), ActorOf(recovery.custodian.key))) {
      visit(Move{Kind::kRecovery, new_person}, *after);
    }
  }
}

std::map<std::string, Node> Reach(const Node& first, const std::set<std::uint64_t>& persons, int depth) {
  std::map<std::string, Node> seen;
  seen.emplace(first.Key(), first);
  std::deque<std::pair<Node, int>> waiting = {{first, 0}};
  while (!waiting.empty()) {
    const auto [node, distance] = std::move(waiting.front());
    waiting.pop_front();
    if (distance == depth) continue;
    ForEachMove(node, persons, [&, distance = distance](const Move&, const Node& after) {
      if (seen.emplace(after.Key(), after).second) waiting.emplace_back(after, distance + 1);
    });
  }
  return seen;
}

Node Start(std::uint64_t people, bool has_recovery) {
  CustodyLog log({.has_recovery = has_recovery});
  log.AdmitPersons(people);
  Rule rule{RuledActs::All(), std::nullopt};
  if (has_recovery) rule.recovery = Yes{};
  log.Add(rule, "k1", "k2");
  return {log.state().facts(), log.state().next_sequence().value};
}

// Person 1 alone does what a rule asks two for.
bool TakesOver(const Node& node) {
  bool takes = false;
  ForEachMove(node, {1}, [&](const Move& move, const Node&) {
    const bool is_allowed =
        move.kind == Kind::kSuspend || (move.kind == Kind::kRetire && move.person == 1) || (move.kind == Kind::kLift);
    takes = takes || !is_allowed;
  });
  return takes;
}

// All but person 1 come to act again: to admit somebody, or to recover.
bool HasWayBack(const Node& node) {
  std::set<std::uint64_t> others;
  for (std::uint64_t person = 2; person <= kMostPersons; ++person) others.insert(person);
  std::set<std::string> seen = {node.Key()};
  std::deque<std::pair<Node, int>> waiting = {{node, 0}};
  while (!waiting.empty()) {
    const auto [one, distance] = std::move(waiting.front());
    waiting.pop_front();
    bool found = one.facts.highest.number >= kMostPersons;  // the model ends, not the vault
    ForEachMove(one, others, [&, distance = distance](const Move& move, const Node& after) {
      found = found || move.kind == Kind::kAdmit || move.kind == Kind::kRecovery;
      if (distance < 3 && seen.insert(after.Key()).second) waiting.emplace_back(after, distance + 1);
    });
    if (found) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("no person alone takes a vault over that has a rule of two", "[model]") {
  for (const bool has_recovery : {true, false}) {
    for (const std::uint64_t people : {std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{4}}) {
      const auto alone = Reach(Start(people, has_recovery), {1}, 5);
      for (const auto& [key, node] : alone) {
        CAPTURE(people, has_recovery, key);
        CHECK_FALSE(TakesOver(node));
      }
      CHECK(alone.size() >= people - 1);
    }
  }
}

TEST_CASE("no state that three persons reach under a rule of two is a dead end for the two who are honest", "[model]") {
  for (const bool has_recovery : {true, false}) {
    std::set<std::uint64_t> everyone;
    for (std::uint64_t person = 1; person <= kMostPersons; ++person) everyone.insert(person);
    const auto states = Reach(Start(3, has_recovery), everyone, 4);
    std::size_t asked = 0;
    for (const auto& [key, node] : states) {
      std::set<Person> honest = node.facts.Custodians();
      honest.erase(Person{1});
      // Without a rule one alone does all, and who recovers has the vault: these are what they are asked to be.
      if (node.facts.two.empty() || honest.size() < 2 || !node.facts.recoveries.empty()) continue;
      ++asked;
      CAPTURE(has_recovery, key);
      CHECK(HasWayBack(node));
    }
    INFO(states.size() << " states");
    CHECK(asked > 20);
  }
}
