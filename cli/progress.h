// A line on stderr that shows the progress of long work: done of total, rate, time left. Only on a
// terminal, at most ten times a second, and gone when the work ends.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace exhibit::cli {

class ProgressLine {
 public:
  enum class Unit : std::uint8_t { kBytes, kCount };
  // `done` and `total` are read while the work runs; a total of 0 is unknown.
  ProgressLine(std::string label, Unit unit, const std::atomic<std::uint64_t>& done,
               const std::atomic<std::uint64_t>& total);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void Run();
  std::string Text(double seconds) const;

  std::string label_;
  Unit unit_;
  const std::atomic<std::uint64_t>& done_;
  const std::atomic<std::uint64_t>& total_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace exhibit::cli
