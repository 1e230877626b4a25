// Code that ends the program, or talks to a terminal, run in a process of its own: with pipes in the
// place of its output, or with a terminal that the test watches and types at.
#pragma once

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/check.h"
#include "vault/base/file.h"

namespace exhibit::testing {

// Sets a variable of the environment, or takes it away (null), for as long as it lives.
class Variable {
 public:
  Variable(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* const before = std::getenv(name_.c_str())) before_ = before;
    Set(value);
  }
  ~Variable() { Set(before_ ? before_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void Set(const char* value) const {
    if (value == nullptr) {
      ::unsetenv(name_.c_str());
    } else {
      ::setenv(name_.c_str(), value, 1);
    }
  }
  std::string name_;
  std::optional<std::string> before_;
};

// The exit status as a shell says it: 128 + N after signal N.
inline int WaitFor(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Ended {
  int status = 0;
  std::string output;
  std::string errors;
};

// Runs `body` in a child with no terminal; its value is the exit status. What it writes is at most
// what a pipe holds, 64 KiB.
inline Ended InChild(const std::function<int()>& body) {
  int output[2];
  int errors[2];
  REQUIRE(::pipe(output) == 0);
  REQUIRE(::pipe(errors) == 0);
  std::cout.flush();  // what the test runner has not written yet is not the child's to write
  std::fflush(nullptr);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::setsid();
    ::dup2(output[1], STDOUT_FILENO);
    ::dup2(errors[1], STDERR_FILENO);
    for (const int end : {output[0], output[1], errors[0], errors[1]}) ::close(end);
    ::_exit(body());
  }
  ::close(output[1]);
  ::close(errors[1]);
  Ended ended;
  ended.status = WaitFor(child);
  for (auto [end, text] : {std::pair(output[0], &ended.output), std::pair(errors[0], &ended.errors)}) {
    const FileDescriptor pipe(end);
    Bytes buffer(64 * 1024);
    buffer.resize(Unwrap(ReadFull(pipe, buffer, "pipe")));
    *text = ToText(buffer);
  }
  return ended;
}

// A child whose input, output and controlling terminal is a terminal of the test's own.
class OnTerminal {
 public:
  explicit OnTerminal(const std::function<int()>& body, unsigned short columns = 80) {
    winsize size{};
    size.ws_col = columns;
    size.ws_row = 24;
    int terminal = -1;
    child_ = ::forkpty(&terminal, nullptr, nullptr, &size);
    REQUIRE(child_ >= 0);
    if (child_ == 0) ::_exit(body());
    terminal_ = FileDescriptor(terminal);
  }
  ~OnTerminal() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    WaitFor(child_);
  }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  // Waits until the words are shown, behind those waited for before.
  void Expect(std::string_view words) {
    while (shown_.find(words, seen_) == std::string::npos) {
      if (!ReadMore()) FAIL("\"" << words << "\" was not shown, but: " << shown_);
    }
    seen_ = shown_.find(words, seen_) + words.size();
  }
  void Type(std::string_view keys) { REQUIRE_OK(WriteFull(terminal_, ViewOf(keys), "terminal")); }

  // Waits for the end; gives the exit status.
  int Finish() {
    while (ReadMore()) continue;
    return WaitFor(std::exchange(child_, 0));
  }
  const std::string& shown() const { return shown_; }

 private:
  // False at the end. Fails the test where nothing comes for long.
  bool ReadMore() {
    pollfd wanted{terminal_.get(), POLLIN, 0};
    if (::poll(&wanted, 1, 30'000) <= 0) FAIL("nothing happens; shown was: " << shown_);
    char buffer[4096];
    const ssize_t got = ::read(terminal_.get(), buffer, sizeof buffer);
    if (got <= 0) return false;
    shown_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  pid_t child_ = 0;
  FileDescriptor terminal_;
  std::string shown_;
  std::size_t seen_ = 0;
};

}  // namespace exhibit::testing
