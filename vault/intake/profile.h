// A profile: what is taken from a kind of machine, in the order in which it goes away. Commands whose output is evidence
// come first, as a rule; then files, by patterns.
//
// A profile names what such a machine may have. What is not there is no failure: it is left out, and the omission that the
// collector signs says so, so that later "there was no such log" is told from "nobody looked". What is there and cannot be
// read is refused, as everywhere.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vault/intake/gathering.h"
#include "vault/intake/producer.h"

namespace exhibit::intake {

struct Profile {
  struct Command {
    std::string name;  // of the item
    Producer::Run run;
    std::optional<custody::Kind> kind = {};
  };
  // Absolute paths whose parts may be patterns of fnmatch(3): "/home/*/.bash_history". A folder is taken with all below it.
  struct Files {
    std::vector<std::string> patterns;
  };
  using Step = std::variant<Command, Files>;

  std::string name;
  std::string title;
  std::vector<std::string> exclude = {};  // patterns of Exclusion
  std::vector<Step> steps = {};
};

// Who is told what a pattern leads to: each path that is there, in byte order, and each that cannot be looked at.
struct PatternMatches {
  std::vector<std::filesystem::path> paths = {};
  std::vector<Refused> unreadable = {};
};
PatternMatches FindMatches(const std::string& pattern);

// Takes all of it, step by step. `say` gets the lines of the programs' error streams, from another thread.
Result<void> TakeProfile(const Profile& profile, Gatherer& gatherer, Receiver& receiver,
                         const std::atomic<bool>* interrupted, const std::function<void(const std::string&)>& say);

}  // namespace exhibit::intake
