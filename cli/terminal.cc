#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>

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

}  // namespace

bool IsTerminal(Stream stream) { return ::isatty(DescriptorOf(stream)) == 1; }

std::size_t TerminalWidth() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string Styled(Stream stream, Style style, std::string_view text) {
  if (!MayUseColour(stream)) return std::string(text);
  return std::string(CodeOf(style)) + std::string(text) + "\x1b[0m";
}

void Print(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(STDOUT_FILENO, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) std::_Exit(1);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

void Say(std::string_view text) {
  std::fprintf(stderr, "exhibit: %.*s\n", static_cast<int>(text.size()), text.data());
}

void PrintError(const Error& error) {
  std::fprintf(stderr, "exhibit: %s %s\n", Styled(Stream::kError, Style::kRed, "error:").c_str(),
               error.message.c_str());
  if (!error.hint.empty()) {
    std::fprintf(stderr, "exhibit: %s %s\n", Styled(Stream::kError, Style::kYellow, "hint:").c_str(),
                 error.hint.c_str());
  }
}

std::string HumanSize(std::uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " B";
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
  const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds) + 0.5);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string Table::Text() const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const std::string padding(widths[i] - DisplayWidth(row[i]), ' ');
      if (columns_[i] == Align::kRight) text += padding;
      text += row[i];
      if (columns_[i] == Align::kLeft && !last) text += padding;
      text += last ? "\n" : "  ";
    }
  }
  return text;
}

}  // namespace exhibit::cli
