#include "cli/manual.h"

#include <algorithm>

#include "cli/help_text.h"
#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

// Text as troff takes it: a backslash, a hyphen that is typed, and a dot or quote that begins a line.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if (c == '\'') {
      escaped += "\\(aq";
    } else if (c == '~') {
      escaped += "\\(ti";
    } else if (c == '^') {
      escaped += "\\(ha";
    } else if (c == '`') {
      escaped += "\\(ga";
    } else {
      escaped += c;
    }
  }
  return escaped.starts_with('.') ? "\\&" + escaped : escaped;
}

std::string Upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string Bold(std::string_view text) { return "\\fB" + Escaped(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Escaped(text) + "\\fR"; }

// Names are bold, what stands for a value is in italics.
std::string Label(const OptionDefinition& option) {
  if (option.names.empty()) return Italic(option.value) + (option.Repeats() ? "..." : "");
  std::string label;
  for (const std::string& name : option.names) label += (label.empty() ? "" : ", ") + Bold(name);
  if (option.IsFlag()) return label;
  return label + (option.may_lack_value ? " [" + Italic(option.value) + "]" : " " + Italic(option.value));
}

std::string Options(const CommandDefinition& command) {
  std::string text;
  for (const auto* const list : {&command.places, &command.options}) {
    for (const OptionDefinition& option : *list) {
      if (std::ranges::find(option.names, "--help") != option.names.end()) continue;
      text += ".TP\n" + Label(option) + "\n" + Escaped(MeaningOf(option)) + "\n";
    }
  }
  return text;
}

std::string Footer(const CommandDefinition& command) {
  std::string text;
  bool is_example = false;
  for (const FooterPart& part : PartsOf(command.footer)) {
    const bool is_command = part.kind == FooterPart::Kind::kCommand;
    if (is_command && !is_example) text += ".PP\n.RS\n.nf\n";
    if (!is_command && is_example) text += ".fi\n.RE\n";
    is_example = is_command;
    text += is_command ? Escaped(part.text) + "\n" : ".PP\n" + Escaped(part.text) + "\n";
  }
  return text + (is_example ? ".fi\n.RE\n" : "");
}

void AddCommand(const CommandDefinition& command, const std::string& path, std::string& text) {
  std::string usage = UsageOf(command, path).substr(std::string_view("Usage: ").size());
  usage.pop_back();
  std::ranges::replace(usage, '\n', ' ');
  usage.erase(std::unique(usage.begin(), usage.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
              usage.end());
  text += Format(".SS \"{}\"\n", Escaped(path.substr(path.find(' ') + 1)));
  text += Escaped(command.meaning) + "\n.PP\n.RS\n.nf\n" + Escaped(usage) + "\n.fi\n.RE\n";
  text += Options(command) + Footer(command);
  for (const CommandDefinition& one : command.commands) AddCommand(one, path + " " + one.name, text);
}

// A line of Markdown: words between ` and ` or ** and ** are bold.
std::string Line(std::string_view line) {
  std::string text;
  bool is_bold = false;
  std::string piece;
  const auto end = [&] {
    text += is_bold ? "\\fB" + Escaped(piece) + "\\fR" : Escaped(piece);
    piece.clear();
  };
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool is_two = line.substr(at).starts_with("**");
    if (line[at] != '`' && !is_two) {
      piece += line[at];
      continue;
    }
    end();
    is_bold = !is_bold;
    at += is_two ? 1 : 0;
  }
  end();
  return text;
}

// Markdown of headings, paragraphs, blocks of four blanks, and lists whose items begin with "- `NAME`: " or "- ".
class Appendix {
 public:
  // What is before the first section is about the document, and left out.
  std::string Of(std::string_view markdown) {
    markdown.remove_prefix(std::min(markdown.find("\n## "), markdown.size()));
    while (!markdown.empty()) {
      const std::size_t end = std::min(markdown.find('\n'), markdown.size());
      Add(markdown.substr(0, end));
      markdown.remove_prefix(std::min(end + 1, markdown.size()));
    }
    EndBlock();
    return std::move(text_);
  }

 private:
  void EndBlock() {
    if (is_block_) text_ += ".fi\n.RE\n";
    is_block_ = false;
  }

  void Add(std::string_view line) {
    if (line.starts_with("    ")) {
      if (!is_block_) text_ += ".PP\n.RS\n.nf\n";
      is_block_ = true;
      text_ += Escaped(line.substr(4)) + "\n";
      return;
    }
    EndBlock();
    if (line.empty() || line.starts_with("# ")) {
      begins_paragraph_ = !is_after_heading_;
    } else if (line.starts_with("## ")) {
      text_ += ".SH \"" + Upper(std::string(line.substr(3))) + "\"\n";
      is_after_heading_ = true;
      begins_paragraph_ = false;
    } else if (line.starts_with("- ")) {
      AddItem(line.substr(2));
    } else {
      if (begins_paragraph_ && !line.starts_with("  ")) text_ += ".PP\n";
      AddLine(line.substr(std::min(line.find_first_not_of(' '), line.size())));
    }
  }

  void AddItem(std::string_view item) {
    const std::size_t colon = item.find("`: ");
    if (colon == std::string_view::npos) {
      text_ += ".IP \\(bu 2\n";
      AddLine(item);
    } else {
      text_ += ".TP\n";
      AddLine(item.substr(0, colon + 1));
      AddLine(item.substr(colon + 3));
    }
  }

  void AddLine(std::string_view line) {
    text_ += Line(line) + "\n";
    begins_paragraph_ = is_after_heading_ = false;
  }

  std::string text_;
  bool is_block_ = false;
  bool is_after_heading_ = true;
  bool begins_paragraph_ = false;
};

}  // namespace

std::string ManualPage(const CommandDefinition& program, const ManualHead& head, std::string_view appendix) {
  const std::string_view version = head.version.substr(0, head.version.find('\n'));
  std::string text = Format(".\\\" Made from the program's own definitions.\n.TH {} 1 \"{}\" \"{}\" \"\"\n",
                            Upper(program.name), head.day, Escaped(version));
  text += ".SH NAME\n" + Escaped(program.name) + " \\- " + Escaped(program.meaning) + "\n.SH SYNOPSIS\n" +
          Bold(program.name) + " [" + Italic("OPTION") + "...]";
  if (!program.commands.empty()) text += " " + Italic("COMMAND") + " [" + Italic("ARGUMENT") + "...]";
  for (const OptionDefinition& place : program.places)
    text += place.IsRequired() ? " " + Label(place) : " [" + Label(place) + "]";
  text += "\n.SH OPTIONS\n" + Options(program);
  if (program.commands.empty()) {
    const std::string footer = Footer(program);
    const std::string_view first = ".PP\n";  // a section begins a paragraph by itself
    if (!footer.empty()) text += ".SH DESCRIPTION\n" + footer.substr(footer.starts_with(first) ? first.size() : 0);
    return text + Appendix().Of(appendix);
  }
  for (const std::string& group : GroupsOf(program)) {
    text += Format(".SH \"{}\"\n", Upper(Escaped(group.empty() ? "Commands" : group)));
    for (const CommandDefinition& one : program.commands) {
      if (one.group == group) AddCommand(one, program.name + " " + one.name, text);
    }
  }
  return text + Appendix().Of(appendix);
}

}  // namespace exhibit::cli
