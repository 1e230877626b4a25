#include "cli/progress.h"

#include <chrono>

#include "cli/terminal.h"
#include "vault/base/format.h"

namespace exhibit::cli {

using std::chrono::steady_clock;

ProgressLine::ProgressLine(std::string label, Unit unit, const std::atomic<std::uint64_t>& done,
                           const std::atomic<std::uint64_t>& total)
    : label_(std::move(label)), unit_(unit), done_(done), total_(total) {
  if (IsTerminal(Stream::kError)) thread_ = std::thread([this] { Run(); });
}

ProgressLine::~ProgressLine() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ProgressLine::Run() {
  const auto start = steady_clock::now();
  std::unique_lock lock(mutex_);
  // Work that is done at once shows nothing.
  auto pause = std::chrono::milliseconds(400);
  while (!wake_.wait_for(lock, pause, [this] { return stop_; })) {
    pause = std::chrono::milliseconds(100);
    const double seconds = std::chrono::duration<double>(steady_clock::now() - start).count();
    ShowStatus(Text(seconds).substr(0, TerminalWidth() - 1));
  }
  ShowStatus("");
}

std::string ProgressLine::Text(double seconds) const {
  const std::uint64_t done = done_;
  const std::uint64_t total = total_;
  const auto amount = [&](std::uint64_t value) {
    return unit_ == Unit::kBytes ? HumanSize(value) : std::to_string(value);
  };
  std::string text = label_ + " " + amount(done);
  if (total > 0) text += " of " + amount(total);
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  text += ", " + amount(static_cast<std::uint64_t>(rate)) + "/s";
  if (total > done && rate > 0) text += Format(", {} left", HumanDuration(static_cast<double>(total - done) / rate));
  return text;
}

}  // namespace exhibit::cli
