// The terminal: data to stdout, talk to stderr, and nothing hostile to either.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"

namespace exhibit::cli {

enum class Stream : std::uint8_t { kOutput, kError };
bool IsTerminal(Stream stream);
// In columns; 80 if it is unknown.
std::size_t TerminalWidth();

// A sentence in lines of at most so many columns, broken at its blanks; those after the first begin with two blanks. A word
// that is longer stays whole.
std::string Fold(std::string_view sentence, std::size_t columns);

enum class Style : std::uint8_t { kBold, kDim, kRed, kGreen, kYellow };
// `text` in that style, where `stream` is a terminal that may show colour (NO_COLOR is not set, TERM
// is not "dumb"); plain otherwise.
std::string Styled(Stream stream, Style style, std::string_view text);

// Writes to stdout. A reader that went away ends the program quietly, as it does other tools; a disk
// that is full ends it with an error, because half of a result must not look like all of it.
void Print(std::string_view text);
// Whether anything was.
bool HasPrinted();
// From here on a reader of stdout that goes away, or a stdout that cannot be written, ends nothing: it is said once, and
// what is printed afterwards is dropped. For work that must not end half done because nobody reads the list of it.
void GoOnWithoutReader();
// Whether something was dropped for another reason than that its reader went away.
bool OutputFailed();
// Lines to stderr: "exhibit: …", and "exhibit: error: …" with "exhibit: hint: …" after it. Messages
// name hostile things; if one was not made `Printable`, it is made harmless here.
void Say(std::string_view text);
void PrintError(const Error& error);
// A status line on stderr, which replaces the one before; an empty one removes it.
// The functions above move it out of the way. REQUIRES: stderr is a terminal. From any thread.
void ShowStatus(std::string_view line);

// Sizes and times as people read them: "1.2 MiB", "3 min 5 s".
std::string HumanSize(std::uint64_t bytes);
std::string HumanDuration(double seconds);

// Rows in aligned columns, the last one as long as it is. Cells must be printable.
enum class Align : std::uint8_t { kLeft, kRight };
class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)), widths_(columns_.size()) {}
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // The text of the rows so far, and forgets them. Columns keep their width for later rows.
  std::string TakeText();

 private:
  std::vector<Align> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace exhibit::cli
