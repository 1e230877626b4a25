// Whose the keys of a vault are. Entries name handles; names are sealed in the entries that admit them, so a reader's key
// shows them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "vault/custody/person_facts.h"
#include "vault/tell/people.h"

namespace exhibit::cli {

class People {
 public:
  // Knows nobody by name without keys. What was shredded is not told.
  static Result<People> Read(const VaultReader& vault, const custody::State& state,
                             const std::optional<VaultKeys>& keys);

  // For who tells of entries in words.
  const tell::People& told() const { return told_; }

  // What was told last of this person; null for nothing.
  const custody::PersonFacts* Find(custody::Person person) const;
  // "Alice Examiner", or the handle's end where no name is told: "k1". Printable.
  std::string NameOf(const custody::Actor& actor) const;
  // "person 2 (Bob Analyst)"
  std::string NameOf(custody::Person person) const;
  // Whether somebody may call the key by this word: "x7.example/q4d2/k2+1a2b3c4d", "k2", the person's number, a name that is
  // told.
  bool IsCalled(const custody::Actor& actor, custody::Person person, const tlog::Origin& origin,
                const std::string& word) const;
  // The persons of this name who have an admitted key.
  std::vector<custody::Person> FindByName(const custody::State& state, const std::string& name) const;

 private:
  tell::People told_;
  std::map<std::string, custody::Person> handles_;
  std::map<custody::Person, custody::PersonFacts> persons_;
};

// "x7.example/q4d2/k3": the handle that the next key of this vault should have.
std::string NextHandle(const custody::State& state);

}  // namespace exhibit::cli
