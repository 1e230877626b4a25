// What a program takes, as plain data. Its help, its manual page and the completion of shells are all made of this, so that
// none of them says anything else than the parser does.
#pragma once

#include <string>
#include <vector>

namespace exhibit::cli {

// An option, a flag, or a value that is known by its place.
struct OptionDefinition {
  std::vector<std::string> names = {};  // as they are typed: "-o", "--out"; none of what is known by its place
  std::string value = {};               // what its value is called, "FILE"; a flag has none
  std::string meaning = {};
  std::string standard = {};     // the value where it is not given, if there is one
  std::string environment = {};  // the variable that is taken where it is not given
  std::vector<std::string> not_with = {};
  std::vector<std::string> needs = {};
  enum class Times { kOptional, kOnce, kAny, kAtLeastOnce } times = Times::kOptional;
  bool may_lack_value = false;  // --wait: alone, or with a number

  bool IsFlag() const { return value.empty(); }
  bool IsRequired() const { return times == Times::kOnce || times == Times::kAtLeastOnce; }
  bool Repeats() const { return times == Times::kAny || times == Times::kAtLeastOnce; }
};

struct CommandDefinition {
  std::string name;  // the last word: "add" of `exhibit custodian add`
  std::string meaning;
  std::string group;   // under which the help of the command above lists it
  std::string footer;  // paragraphs, and commands as examples, which two blanks indent
  std::vector<OptionDefinition> places;
  std::vector<OptionDefinition> options;
  std::vector<CommandDefinition> commands;
};

}  // namespace exhibit::cli
