#include "cli/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "cli/interrupt.h"
#include "vault/base/file.h"
#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

constexpr std::size_t kMaxAnswerBytes = 4096;
constexpr const char* kTerminal = "/dev/tty";

Failure NoAnswer() { return Fail(ErrorCode::kInterrupted, "interrupted: no answer was given"); }

// By turns: a signal that comes just before a blocking read would not end it.
Result<void> WaitForInput(int terminal) {
  constexpr int kTurnMilliseconds = 100;
  pollfd wanted{terminal, POLLIN, 0};
  while (!Interrupted()) {
    if (::poll(&wanted, 1, kTurnMilliseconds) > 0) return {};
  }
  return NoAnswer();
}

}  // namespace

Result<std::string> AskLine(std::string_view question) {
  const FileDescriptor terminal(::open(kTerminal, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal) return Fail(ErrorCode::kDenied, "there is no terminal to ask on");
  if (::write(terminal.get(), question.data(), question.size()) < 0)
    return Fail(SystemError("write", kTerminal, errno));
  std::string line;
  for (;;) {
    TRY_VOID(WaitForInput(terminal.get()));
    char byte = 0;
    const ssize_t got = ::read(terminal.get(), &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(SystemError("read", kTerminal, errno));
    if (got == 0) return NoAnswer();
    if (byte == '\n') return line;
    if (line.size() == kMaxAnswerBytes) return Fail(ErrorCode::kInvalid, "the answer is too long");
    line.push_back(byte);
  }
}

Result<void> AskForYes(const YesQuestion& asked) {
  auto answer = AskLine(asked.question);
  if (!answer) {
    return Fail(Error(std::move(answer).error())
                    .In(Format("{} must be answered", asked.about))
                    .Hint(std::string(asked.hint_unasked)));
  }
  if (*answer == "yes") return {};
  return Fail(ErrorCode::kDenied, "not confirmed; nothing was changed", std::string(asked.hint_otherwise));
}

void TellTerminal(std::string_view line) {
  const FileDescriptor terminal(::open(kTerminal, O_WRONLY | O_NOCTTY | O_CLOEXEC));
  if (!terminal) return;
  IgnoreBecause("it repeats what was typed there", WriteFull(terminal, ViewOf(std::string(line) + "\n"), kTerminal));
}

}  // namespace exhibit::cli
