#include "cli/help_text.h"

#include <algorithm>
#include <utility>

#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

constexpr std::size_t kMeaningColumn = 26;

// The words of a command line; blanks between quotes are no end of a word.
std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  for (const char c : text) {
    if (quote == 0 && c == ' ') {
      if (!word.empty()) words.push_back(std::exchange(word, {}));
      continue;
    }
    if (quote != 0 ? c == quote : c == '"' || c == '\'') quote = quote != 0 ? 0 : c;
    word += c;
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::vector<std::string> PlainWordsOf(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// Puts words on lines of at most kHelpColumns; `first` is in front of the first line, blanks in front of the others.
std::string Filled(const std::vector<std::string>& words, const std::string& first, std::size_t indent,
                   std::string_view at_end = "") {
  std::string text;
  std::string line = first;
  bool is_empty = true;
  for (const std::string& word : words) {
    if (!is_empty && line.size() + 1 + word.size() + at_end.size() > kHelpColumns) {
      text += line + std::string(at_end) + "\n";
      line = std::string(indent, ' ');
      is_empty = true;
    }
    line += (is_empty ? "" : " ") + word;
    is_empty = false;
  }
  return text + line + "\n";
}

// A name, and its meaning beside it, or below where the name is long.
std::string Row(const std::string& label, const std::string& meaning) {
  std::string first = "  " + label;
  std::string text;
  if (first.size() + 2 > kMeaningColumn) text = std::exchange(first, {}) + "\n";
  first.resize(kMeaningColumn, ' ');
  return text + Filled(PlainWordsOf(meaning), first, kMeaningColumn);
}

std::string ListOf(const std::vector<std::string>& names, std::string_view last) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i)
    list += (i == 0 ? "" : i + 1 == names.size() ? std::string(last) : std::string(", ")) + names[i];
  return list;
}

std::string Command(const std::string& text) {
  if (text.size() + 2 <= kHelpColumns) return "  " + text + "\n";
  return Filled(WordsOf(text), "  ", 6, " \\");
}

std::string Footer(const CommandDefinition& command) {
  std::string text;
  const std::vector<FooterPart> parts = PartsOf(command.footer);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_command = parts[i].kind == FooterPart::Kind::kCommand;
    const bool follows_command = i > 0 && parts[i - 1].kind == FooterPart::Kind::kCommand;
    const bool introduces = i > 0 && parts[i - 1].text.ends_with(':');
    if (!(is_command && (follows_command || introduces))) text += "\n";
    text += is_command ? Command(parts[i].text) : Filled(PlainWordsOf(parts[i].text), "", 0);
  }
  return text;
}

std::string Commands(const CommandDefinition& command) {
  std::string text;
  for (const std::string& group : GroupsOf(command)) {
    text += "\n" + (group.empty() ? "Commands" : group) + ":\n";
    for (const CommandDefinition& one : command.commands) {
      if (one.group == group) text += Row(one.name, one.meaning);
    }
  }
  return text;
}

}  // namespace

std::string LabelOf(const OptionDefinition& option) {
  std::string label;
  for (const std::string& name : option.names) label += (label.empty() ? "" : ", ") + name;
  if (option.names.empty()) return option.value + (option.Repeats() ? "..." : "");
  if (option.IsFlag()) return label;
  return label + (option.may_lack_value ? " [" + option.value + "]" : " " + option.value);
}

std::string MeaningOf(const OptionDefinition& option) {
  std::string text = option.meaning;
  const auto add = [&text](const std::string& more) { text += " (" + more + ")"; };
  if (!option.standard.empty() && !option.may_lack_value) add("default: " + option.standard);
  if (!option.environment.empty() && text.find(option.environment) == std::string::npos)
    add("or " + option.environment);
  if (!option.names.empty() && option.IsRequired()) add("required");
  if (!option.not_with.empty()) add("not with " + ListOf(option.not_with, " or "));
  if (!option.needs.empty() && text.find("with " + option.needs.front()) == std::string::npos)
    add("needs " + ListOf(option.needs, " and "));
  return text;
}

std::vector<FooterPart> PartsOf(std::string_view footer) {
  using Kind = FooterPart::Kind;
  std::vector<FooterPart> parts;
  bool goes_on = false;  // the paragraph before
  while (!footer.empty()) {
    const std::size_t end = std::min(footer.find('\n'), footer.size());
    const std::string_view line = footer.substr(0, end);
    footer.remove_prefix(std::min(end + 1, footer.size()));
    if (line.starts_with("  ")) {
      parts.push_back({Kind::kCommand, std::string(line.substr(2))});
      goes_on = false;
    } else if (line.empty()) {
      goes_on = false;
    } else if (goes_on) {
      parts.back().text += " " + std::string(line);
    } else {
      parts.push_back({Kind::kParagraph, std::string(line)});
      goes_on = true;
    }
  }
  return parts;
}

std::vector<std::string> GroupsOf(const CommandDefinition& command) {
  std::vector<std::string> groups;
  for (const CommandDefinition& one : command.commands) {
    if (std::ranges::find(groups, one.group) == groups.end()) groups.push_back(one.group);
  }
  return groups;
}

std::string UsageOf(const CommandDefinition& command, const std::string& full_name) {
  std::vector<std::string> words = PlainWordsOf(full_name);
  words.emplace_back("[OPTION...]");
  for (const OptionDefinition& option : command.options) {
    if (option.IsRequired()) words.push_back(option.names.back() + " " + option.value);
  }
  if (!command.commands.empty()) words.emplace_back("COMMAND");
  for (const OptionDefinition& place : command.places) {
    const std::string label = LabelOf(place);
    words.push_back(place.IsRequired() ? label : "[" + label + "]");
  }
  return Filled(words, "Usage: ", 10);
}

std::string HelpText(const CommandDefinition& command, const std::string& full_name) {
  std::string text = UsageOf(command, full_name) + "\n" + Filled(PlainWordsOf(command.meaning), "", 0);
  if (!command.places.empty()) text += "\n";
  for (const OptionDefinition& place : command.places) text += Row(LabelOf(place), MeaningOf(place));
  text += Commands(command);
  if (!command.options.empty()) text += "\nOptions:\n";
  for (const OptionDefinition& option : command.options) text += Row(LabelOf(option), MeaningOf(option));
  return text + Footer(command);
}

}  // namespace exhibit::cli
