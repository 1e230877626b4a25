#include "cli/completion.h"

#include <algorithm>
#include <vector>

#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

enum class Value : std::uint8_t { kNone, kText, kFile, kFolder };

// What is offered for a value of this name.
Value ValueOf(const OptionDefinition& option) {
  const auto has = [&option](std::string_view word) { return option.value.find(word) != std::string::npos; };
  if (option.IsFlag()) return Value::kNone;
  if (has("DIR") || has("FOLDER") || has("DROP")) return Value::kFolder;
  if (has("FILE") || has("PATH") || has("PLACE") || has("VKEY") || has("ANSWER") || has("STATEMENT") || has("RECEIPT"))
    return Value::kFile;
  return Value::kText;
}

// A command by all its words: "exhibit custodian add".
struct Row {
  std::string path;
  const CommandDefinition* command;
};

void AddRows(const CommandDefinition& command, const std::string& path, std::vector<Row>& rows) {
  rows.push_back({path, &command});
  for (const CommandDefinition& one : command.commands) AddRows(one, path + " " + one.name, rows);
}

std::vector<Row> RowsOf(const CommandDefinition& program) {
  std::vector<Row> rows;
  AddRows(program, program.name, rows);
  return rows;
}

// The command's own options, and those that the program takes before or after any command.
std::vector<const OptionDefinition*> OptionsOf(const Row& row, const CommandDefinition& program) {
  std::vector<const OptionDefinition*> options;
  for (const OptionDefinition& option : row.command->options) options.push_back(&option);
  if (row.command == &program) return options;
  for (const OptionDefinition& option : program.options) {
    const bool is_for_all = option.names.back() != "--help" && option.names.back() != "--version";
    if (is_for_all) options.push_back(&option);
  }
  return options;
}

// What may stand in a place: files, folders, or nothing that is known.
Value PlacesOf(const Row& row) {
  Value value = Value::kNone;
  for (const OptionDefinition& place : row.command->places) value = std::max(value, ValueOf(place));
  return value;
}

// The commands that may be named here: its own, or, for a topic of the help, all.
const std::vector<CommandDefinition>& CommandsOf(const Row& row, const CommandDefinition& program) {
  const auto is_topic = [](const OptionDefinition& place) { return place.value == "TOPIC"; };
  return std::ranges::any_of(row.command->places, is_topic) ? program.commands : row.command->commands;
}

std::string Joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? std::string() : std::string(between)) + word;
  return text;
}

// The names of options whose value is of this kind.
std::vector<std::string> NamesOf(const Row& row, const CommandDefinition& program, Value value) {
  std::vector<std::string> names;
  for (const OptionDefinition* option : OptionsOf(row, program)) {
    if (ValueOf(*option) == value) names.insert(names.end(), option->names.begin(), option->names.end());
  }
  return names;
}

std::vector<std::string> AllNamesOf(const Row& row, const CommandDefinition& program) {
  std::vector<std::string> names;
  for (const OptionDefinition* option : OptionsOf(row, program))
    names.insert(names.end(), option->names.begin(), option->names.end());
  return names;
}

std::vector<std::string> NamesOf(const std::vector<CommandDefinition>& commands) {
  std::vector<std::string> names;
  for (const CommandDefinition& one : commands) names.push_back(one.name);
  return names;
}

// A name that a shell takes for a function.
std::string FunctionOf(const CommandDefinition& program) {
  std::string name = "_" + program.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

// 'It'\''s', for any shell.
std::string Quoted(std::string_view text, std::string_view quote) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string(quote) : std::string(1, c);
  return quoted + "'";
}

std::string_view WordOf(Value value) {
  switch (value) {
    case Value::kNone: return "none";
    case Value::kText: return "text";
    case Value::kFile: return "file";
    case Value::kFolder: return "folder";
  }
  return "";
}

// --- bash ---

constexpr std::string_view kBashBody = R"sh(
  local word=${COMP_WORDS[COMP_CWORD]} at=PROGRAM i=1 value
  COMPREPLY=()
  while ((i < COMP_CWORD)); do
    if FUNCTION_value "$at" "${COMP_WORDS[i]}" >/dev/null; then
      [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
      ((i += 2))
      continue
    fi
    if FUNCTION_has "$at" "${COMP_WORDS[i]}"; then at="$at ${COMP_WORDS[i]}"; fi
    ((i++))
  done
  local before=${COMP_WORDS[COMP_CWORD - 1]}
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
  if value=$(FUNCTION_value "$at" "$before"); then :
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(FUNCTION_options "$at")" -- "$word")
    return
  else
    mapfile -t COMPREPLY < <(compgen -W "$(FUNCTION_commands "$at")" -- "$word")
    value=$(FUNCTION_places "$at")
  fi
  case $value in
    file) compopt -o filenames 2>/dev/null; mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$word") ;;
    folder) compopt -o filenames 2>/dev/null; mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$word") ;;
  esac
}
)sh";

// A function that prints a text for each command.
template <typename TextOf>
std::string BashFunction(const std::string& name, const std::vector<Row>& rows, TextOf text_of) {
  std::string text = name + "() {\n  case $1 in\n";
  for (const Row& row : rows) {
    const std::string printed = text_of(row);
    if (!printed.empty()) text += Format("    '{}') echo '{}' ;;\n", row.path, printed);
  }
  return text + "  esac\n}\n";
}

std::string Replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string Bash(const CommandDefinition& program) {
  const std::string function = FunctionOf(program);
  const std::vector<Row> rows = RowsOf(program);
  std::string text = Format("# bash completion of {}; made from its own definitions\n", program.name);
  text += BashFunction(function + "_commands", rows,
                       [&](const Row& row) { return Joined(NamesOf(CommandsOf(row, program)), " "); });
  text +=
      BashFunction(function + "_options", rows, [&](const Row& row) { return Joined(AllNamesOf(row, program), " "); });
  text += BashFunction(function + "_places", rows, [&](const Row& row) { return std::string(WordOf(PlacesOf(row))); });
  text += function + "_has() {\n  [[ \" $(" + function + "_commands \"$1\") \" == *\" $2 \"* && $2 != -* ]]\n}\n";
  // Whether the option takes a value, and of what kind.
  text += function + "_value() {\n  case \"$1 $2\" in\n";
  for (const Row& row : rows) {
    for (const Value value : {Value::kFile, Value::kFolder, Value::kText}) {
      std::vector<std::string> patterns;
      for (const std::string& name : NamesOf(row, program, value))
        patterns.push_back(Format("'{} {}'", row.path, name));
      if (!patterns.empty()) text += "    " + Joined(patterns, "|") + Format(") echo {} ;;\n", WordOf(value));
    }
  }
  text += "    *) return 1 ;;\n  esac\n}\n";
  text += function + "() {" + Replaced(Replaced(std::string(kBashBody), "FUNCTION", function), "PROGRAM", program.name);
  return text + Format("complete -F {} {}\n", function, program.name);
}

// --- zsh ---

// "name:what it means", as _describe takes it.
std::string Described(const std::string& name, const std::string& meaning) {
  return Quoted(Replaced(name, ":", "\\:") + ":" + meaning, "'\\''");
}

constexpr std::string_view kZshBody = R"sh(
  local at=PROGRAM word i=2 value
  while ((i < CURRENT)); do
    word=${words[i]}
    if [[ -n ${FUNCTION_value[$at ${word%%=*}]} ]]; then
      [[ $word == *=* ]] || ((i++))
    elif [[ $word != -* && -n ${FUNCTION_known[$at $word]} ]]; then
      at="$at $word"
    fi
    ((i++))
  done
  local -a commands options
  word=${words[CURRENT - 1]}
  value=${FUNCTION_value[$at $word]}
  if [[ -z $value ]]; then
    FUNCTION_fill "$at"
    if [[ ${words[CURRENT]} == -* ]]; then
      _describe -o option options
      return
    fi
    (($#commands)) && _describe command commands
    value=${FUNCTION_places[$at]}
  fi
  case $value in
    file) _files ;;
    folder) _files -/ ;;
  esac
}
)sh";

std::string Zsh(const CommandDefinition& program) {
  const std::string function = FunctionOf(program);
  const std::vector<Row> rows = RowsOf(program);
  std::string values;
  std::string known;
  std::string places;
  std::string fill = function + "_fill() {\n  case $1 in\n";
  for (const Row& row : rows) {
    fill += Format("    '{}')\n      commands=(", row.path);
    for (const CommandDefinition& one : CommandsOf(row, program)) fill += " " + Described(one.name, one.meaning);
    fill += ")\n      options=(";
    for (const OptionDefinition* option : OptionsOf(row, program)) {
      for (const std::string& name : option->names) {
        fill += " " + Described(name, option->meaning);
        if (!option->IsFlag()) values += Format("  '{} {}' {}\n", row.path, name, WordOf(ValueOf(*option)));
      }
    }
    fill += ") ;;\n";
    for (const CommandDefinition& one : row.command->commands) known += Format("  '{} {}' 1\n", row.path, one.name);
    places += Format("  '{}' {}\n", row.path, WordOf(PlacesOf(row)));
  }
  std::string text =
      Format("#compdef {}\n# zsh completion of {}; made from its own definitions\n", program.name, program.name);
  text += Format("typeset -gA {}_value {}_known {}_places\n", function, function, function);
  text += function + "_value=(\n" + values + ")\n" + function + "_known=(\n" + known + ")\n" + function +
          "_places=(\n" + places + ")\n" + fill + "  esac\n}\n";
  text += function + "() {" + Replaced(Replaced(std::string(kZshBody), "FUNCTION", function), "PROGRAM", program.name);
  return text + Format("if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n  {} \"$@\"\nelse\n  compdef {} {}\nfi\n",
                       function, function, program.name);
}

// --- fish ---

constexpr std::string_view kFishBody = R"sh(
function FUNCTION_path
  set -l at PROGRAM
  set -l skips 0
  for word in (commandline -opc)[2..-1]
    if test $skips = 1
      set skips 0
    else if contains -- "$at $word" $FUNCTION_valued
      set skips 1
    else if contains -- "$at $word" $FUNCTION_known
      set at "$at $word"
    end
  end
  echo $at
end
function FUNCTION_at
  test (FUNCTION_path) = "$argv"
end
complete -c PROGRAM -f
)sh";

std::string FishOption(const OptionDefinition& option) {
  std::string text;
  for (const std::string& name : option.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  const Value value = ValueOf(option);
  if (value == Value::kFile) text += " -r -F";
  if (value == Value::kFolder) text += " -x -a '(__fish_complete_directories (commandline -ct))'";
  if (value == Value::kText) text += " -x";
  return text + " -d " + Quoted(option.meaning, "\\'");
}

std::string Fish(const CommandDefinition& program) {
  const std::string function = FunctionOf(program);
  const std::vector<Row> rows = RowsOf(program);
  std::string known = "set -g " + function + "_known";
  std::string valued = "set -g " + function + "_valued";
  std::string lines;
  for (const Row& row : rows) {
    const std::string start = Format("complete -c {} -n '{}_at {}'", program.name, function, row.path);
    for (const CommandDefinition& one : CommandsOf(row, program))
      lines += start + " -a " + one.name + " -d " + Quoted(one.meaning, "\\'") + "\n";
    for (const CommandDefinition& one : row.command->commands) known += Format(" '{} {}'", row.path, one.name);
    for (const OptionDefinition* option : OptionsOf(row, program)) {
      lines += start + FishOption(*option) + "\n";
      for (const std::string& name : option->names)
        if (!option->IsFlag()) valued += Format(" '{} {}'", row.path, name);
    }
    if (PlacesOf(row) == Value::kFile) lines += start + " -F\n";
    if (PlacesOf(row) == Value::kFolder) lines += start + " -a '(__fish_complete_directories (commandline -ct))'\n";
  }
  return Format("# fish completion of {}; made from its own definitions\n", program.name) + known + "\n" + valued +
         Replaced(Replaced(std::string(kFishBody), "FUNCTION", function), "PROGRAM", program.name) + lines;
}

}  // namespace

std::optional<Shell> ShellOf(std::string_view name) {
  if (name == "bash") return Shell::kBash;
  if (name == "zsh") return Shell::kZsh;
  if (name == "fish") return Shell::kFish;
  return std::nullopt;
}

std::string CompletionFor(Shell shell, const CommandDefinition& program) {
  switch (shell) {
    case Shell::kBash: return Bash(program);
    case Shell::kZsh: return Zsh(program);
    case Shell::kFish: return Fish(program);
  }
  return {};
}

}  // namespace exhibit::cli
