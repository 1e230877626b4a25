#include "cli/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <mutex>
#include <system_error>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

int DescriptorOf(Stream stream) { return stream == Stream::kOutput ? STDOUT_FILENO : STDERR_FILENO; }

bool MayUseColour(Stream stream) {
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return IsTerminal(stream) && (no_colour == nullptr || *no_colour == '\0') &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

std::string_view CodeOf(Style style) {
  switch (style) {
    case Style::kBold: return "\x1b[1m";
    case Style::kDim: return "\x1b[2m";
    case Style::kRed: return "\x1b[31m";
    case Style::kGreen: return "\x1b[32m";
    case Style::kYellow: return "\x1b[33m";
  }
  return "";
}

// Columns that a text takes, counted by characters that take none or two.
std::size_t DisplayWidth(const std::string& text) {
  std::mbstate_t state{};
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    wchar_t c = 0;
    const std::size_t used = std::mbrtowc(&c, text.data() + at, text.size() - at, &state);
    if (used == 0 || used > text.size() - at) return text.size();
    const int columns = ::wcwidth(c);
    width += columns > 0 ? static_cast<std::size_t>(columns) : 0;
    at += used;
  }
  return width;
}

// `Printable`, except that backslashes are left alone: what has been through it already stays as it is.
std::string Harmless(std::string_view text) {
  std::string safe;
  for (;;) {
    const std::size_t backslash = std::min(text.find('\\'), text.size());
    safe += Printable(text.substr(0, backslash));
    if (backslash == text.size()) return safe;
    safe.push_back('\\');
    text.remove_prefix(backslash + 1);
  }
}

// The status line is on the screen only between two holders of the mutex.
std::mutex status_mutex;
bool status_is_shown = false;

std::atomic<bool> goes_on_without_reader{false};
std::atomic<bool> output_was_lost{false};
std::atomic<bool> output_failed{false};
std::atomic<bool> has_printed{false};

void TakeStatusAway() {
  if (status_is_shown) std::fputs("\r\x1b[K", stderr);
  status_is_shown = false;
}

// 0, or what the system answered.
int WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put >= 0) {
      text.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN) {
      // Somebody who shares the terminal or pipe with us set it so.
      pollfd wanted{descriptor, POLLOUT, 0};
      ::poll(&wanted, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

bool IsTerminal(Stream stream) { return ::isatty(DescriptorOf(stream)) == 1; }

std::size_t TerminalWidth() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string Fold(std::string_view sentence, std::size_t columns) {
  constexpr std::string_view kNextLine = "\n  ";
  std::string folded;
  std::size_t width = 0;  // of the line so far
  while (!sentence.empty()) {
    const std::string word(sentence.substr(0, sentence.find(' ')));
    sentence.remove_prefix(std::min(word.size() + 1, sentence.size()));
    const std::size_t more = DisplayWidth(word);
    const bool fits = width + 1 + more <= columns;
    if (width > 0) folded += fits ? " " : kNextLine;
    width = width == 0 ? more : fits ? width + 1 + more : kNextLine.size() - 1 + more;
    folded += word;
  }
  return folded;
}

std::string Styled(Stream stream, Style style, std::string_view text) {
  if (!MayUseColour(stream)) return std::string(text);
  return std::string(CodeOf(style)) + std::string(text) + "\x1b[0m";
}

void GoOnWithoutReader() { goes_on_without_reader = true; }

bool OutputFailed() { return output_failed; }

bool HasPrinted() { return has_printed; }

void Print(std::string_view text) {
  if (!text.empty()) has_printed = true;
  if (output_was_lost) return;
  int error = 0;
  {
    const std::lock_guard lock(status_mutex);
    TakeStatusAway();
    std::fflush(stderr);
    error = WriteAll(STDOUT_FILENO, text);
  }
  if (error == 0) return;
  if (goes_on_without_reader) {
    output_was_lost = true;
    output_failed = error != EPIPE;
    Say("standard output: " + std::generic_category().message(error) + "; the work goes on without it");
    return;
  }
  if (error != EPIPE) PrintError({ErrorCode::kIo, "standard output: " + std::generic_category().message(error), {}});
  std::_Exit(1);
}

void Say(std::string_view text) {
  const std::lock_guard lock(status_mutex);
  TakeStatusAway();
  std::fprintf(stderr, "exhibit: %s\n", Harmless(text).c_str());
}

void PrintError(const Error& error) {
  const std::lock_guard lock(status_mutex);
  TakeStatusAway();
  std::fprintf(stderr, "exhibit: %s %s\n", Styled(Stream::kError, Style::kRed, "error:").c_str(),
               Harmless(error.message).c_str());
  if (!error.hint.empty()) {
    std::fprintf(stderr, "exhibit: %s %s\n", Styled(Stream::kError, Style::kYellow, "hint:").c_str(),
                 Harmless(error.hint).c_str());
  }
}

void ShowStatus(std::string_view line) {
  const std::lock_guard lock(status_mutex);
  TakeStatusAway();
  if (!line.empty()) {
    std::fputs(Harmless(line).c_str(), stderr);
    status_is_shown = true;
  }
  std::fflush(stderr);
}

std::string HumanSize(std::uint64_t bytes) {
  if (bytes < 1024) return Format("{} B", bytes);
  constexpr std::string_view kUnits = "KMGTPE";
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f %ciB", value, kUnits[unit]);
  return buffer;
}

std::string HumanDuration(double seconds) {
  constexpr double kLongest = 1e15;  // a number that a whole one can hold, though nobody waits for it
  // What is no number at all is nothing.
  const auto whole = static_cast<std::uint64_t>((seconds > 0 ? std::min(seconds, kLongest) : 0.0) + 0.5);
  if (whole < 60) return Format("{} s", whole);
  if (whole < 3600) return Format("{} min {} s", whole / 60, whole % 60);
  return Format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::string Table::TakeText() {
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], DisplayWidth(row[i]));
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const std::string padding(widths_[i] - DisplayWidth(row[i]), ' ');
      if (columns_[i] == Align::kRight) text += padding;
      text += row[i];
      if (columns_[i] == Align::kLeft && !last) text += padding;
      text += last ? "\n" : "  ";
    }
  }
  rows_.clear();
  return text;
}

}  // namespace exhibit::cli
