// A program whose output is evidence: `exhibit add --exec`. It is run by the shell; its output comes through a pipe, what it
// says is shown line by line and its last words are kept, and in the end there is its exit status.
//
// A program that fails is no reason to lose what it gave, and none to pass it off as whole: the item says so (Ended). The
// same is so of one that is ended because it took longer than it may.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "vault/base/error.h"
#include "vault/base/file.h"
#include "vault/custody/field.h"
#include "vault/intake/adder.h"

namespace exhibit::intake {

// How a program ended.
struct Ended {
  std::optional<int> exit = {};    // nothing if a signal ended it
  std::optional<int> signal = {};  // that signal
  bool by_limit = false;           // that signal was ours: it took longer than it may
  std::chrono::milliseconds took{0};
  std::string last_words = {};  // the end of what it wrote to its error stream: printable text

  bool is_ok() const { return exit == 0; }
  // "it ended with exit status 255 after 3 s: ssh: connect to host fs01: refused"
  std::string InWords() const;
};

class Producer {
 public:
  static constexpr std::size_t kLastWords = 4096;  // bytes

  // What is run, as `/bin/sh -c` does.
  struct Run {
    std::string command;
    // After so long it is ended, with all that it started. Without a limit it stays among the programs of the user's terminal,
    // and may ask there for a password.
    std::optional<std::chrono::seconds> limit = {};
  };
  // Starts it, with nothing as its input. `say` gets each line that it writes to its error stream, from another thread. kIo if
  // the system gives no process.
  static Result<std::unique_ptr<Producer>> Start(Run run, std::function<void(const std::string&)> say);
  // Ends the program if it still runs.
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  // What it writes to its output. Call it once.
  FileDescriptor TakeOutput() { return std::move(output_); }

  // Ends the program if it still runs: it is asked first, and gets two seconds.
  void End() const;

  // Waits for its end. Call it when its output has ended.
  const Ended& Wait();

  // The field `producer` of what it made.
  custody::FieldValue Field();

 private:
  Producer(Run run, pid_t process, FileDescriptor output);
  void Listen(const FileDescriptor& words, const std::function<void(const std::string&)>& say);
  void Signal(int number) const;
  bool Runs() const;  // REQUIRES: it was not waited for
  void EndIfLate();
  void Reap();

  Run run_;
  pid_t process_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  FileDescriptor output_;
  std::atomic<bool> is_gone_{false};
  std::atomic<bool> is_late_{false};
  std::thread listening_;
  std::string heard_;
  std::optional<Ended> ended_;
};

// Makes `stream` what `command` gives: started when the stream is opened, and told of in the field `producer` and, where it
// failed, in `partial`. A program that gave nothing is refused with its last words, unless the stream may be empty and it
// says that all is well.
void RunProducer(Input& stream, const Producer::Run& run, const std::atomic<bool>* interrupted,
                 std::function<void(const std::string&)> say);

}  // namespace exhibit::intake
