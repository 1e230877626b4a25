#include "vault/intake/producer.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"

extern char** environ;  // NOLINT: of POSIX

namespace exhibit::intake {
namespace {

// Between asking a program to end and ending it.
constexpr std::chrono::seconds kGrace{2};

struct Pipe {
  FileDescriptor reading;
  FileDescriptor writing;
};

Result<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Fail(SystemError("make", "a pipe", errno));
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// Signals as a program expects them, whatever this one ignores.
class ChildAttributes {
 public:
  ChildAttributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t set;
    ::sigemptyset(&set);
    ::posix_spawnattr_setsigmask(&attributes_, &set);
    ::sigaddset(&set, SIGPIPE);
    ::sigaddset(&set, SIGXFSZ);
    ::posix_spawnattr_setsigdefault(&attributes_, &set);
    ::posix_spawn_file_actions_init(&actions_);
    SetFlags(0);
  }
  ~ChildAttributes() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  ChildAttributes(const ChildAttributes&) = delete;
  ChildAttributes& operator=(const ChildAttributes&) = delete;

  // A group of its own can be ended as a whole.
  void LeaveGroup() { SetFlags(POSIX_SPAWN_SETPGROUP); }

  posix_spawnattr_t* attributes() { return &attributes_; }
  posix_spawn_file_actions_t* actions() { return &actions_; }

 private:
  void SetFlags(int more) {
    ::posix_spawnattr_setflags(&attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | more));
  }

  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

std::string Ended::InWords() const {
  std::string words = by_limit ? "it took longer than it may, and was ended"
                      : exit   ? Format("it ended with exit status {}", *exit)
                               : Format("it was ended by signal {}", signal.value_or(0));
  words += Format(" after {}.{} s", took.count() / 1000, took.count() % 1000 / 100);
  if (!last_words.empty()) words += "; its last words: " + Printable(last_words);
  return words;
}

Producer::Producer(Run run, pid_t process, FileDescriptor output)
    : run_(std::move(run)), process_(process), output_(std::move(output)) {}

Result<std::unique_ptr<Producer>> Producer::Start(Run run, std::function<void(const std::string&)> say) {
  TRY(Pipe output, MakePipe());
  TRY(Pipe words, MakePipe());
  ChildAttributes child;
  ::posix_spawn_file_actions_addopen(child.actions(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(child.actions(), output.writing.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(child.actions(), words.writing.get(), STDERR_FILENO);
  std::string shell = "sh";
  std::string option = "-c";
  std::array<char*, 4> arguments = {shell.data(), option.data(), run.command.data(), nullptr};
  if (run.limit) child.LeaveGroup();
  pid_t process = 0;
  const int why = ::posix_spawn(&process, "/bin/sh", child.actions(), child.attributes(), arguments.data(), environ);
  if (why != 0) return Fail(SystemError("start", "/bin/sh", why));
  auto producer = std::unique_ptr<Producer>(new Producer(std::move(run), process, std::move(output.reading)));
  producer->listening_ = std::thread(
      [one = producer.get(), from = std::move(words.reading), said = std::move(say)] { one->Listen(from, said); });
  return producer;
}

Producer::~Producer() {
  output_ = FileDescriptor();
  End();
  Reap();
}

bool Producer::Runs() const {
  siginfo_t ended{};
  return ::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
}

void Producer::End() const {
  if (ended_) return;
  Signal(SIGTERM);
  constexpr int kMoment = 20;  // milliseconds
  const auto until = std::chrono::steady_clock::now() + kGrace;
  while (Runs()) {
    if (std::chrono::steady_clock::now() > until) Signal(SIGKILL);
    ::poll(nullptr, 0, kMoment);
  }
}

void Producer::Signal(int number) const { ::kill(run_.limit ? -process_ : process_, number); }

// First it is asked; what does not hear that is ended all the same. Who it left behind, when it ended in time, makes it not late.
void Producer::EndIfLate() {
  if (!run_.limit || is_gone_) return;
  const auto late = std::chrono::steady_clock::now() - begun_ - *run_.limit;
  if (late < std::chrono::seconds(0)) return;
  if (Runs()) is_late_ = true;
  Signal(late > kGrace ? SIGKILL : SIGTERM);
}

// Ends when nobody has the error stream open any more, or when the program is gone and who it left behind is silent.
void Producer::Listen(const FileDescriptor& words, const std::function<void(const std::string&)>& say) {
  std::string line;
  std::array<char, 4096> buffer{};
  constexpr int kMoment = 50;  // milliseconds
  for (;;) {
    ::pollfd wait{words.get(), POLLIN, 0};
    EndIfLate();
    const bool was_gone = is_gone_;
    const int ready = ::poll(&wait, 1, kMoment);
    if (ready == 0 && was_gone) break;
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t got = ::read(words.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
    heard_ += piece;
    if (heard_.size() > kLastWords) heard_.erase(0, heard_.size() - kLastWords);
    for (const char c : piece) {
      if (c == '\n' || line.size() >= kLastWords) {
        if (say) say(std::exchange(line, {}));
      }
      if (c != '\n') line.push_back(c);
    }
  }
  if (say && !line.empty()) say(line);
  // It may go on in silence.
  while (run_.limit && !is_gone_) {
    ::poll(nullptr, 0, kMoment);
    EndIfLate();
  }
}

void Producer::Reap() {
  if (ended_) return;
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  is_gone_ = true;
  if (listening_.joinable()) listening_.join();
  Ended ended;
  if (WIFEXITED(status)) ended.exit = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  ended.by_limit = is_late_;
  ended.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_);
  ended.last_words = ReplaceInvalidUtf8(heard_);
  while (ended.last_words.ends_with('\n') || ended.last_words.ends_with('\r')) ended.last_words.pop_back();
  if (crypto::HoldsGiven(ended.last_words)) ended.last_words = "(left out: they hold a secret of this command)";
  ended_ = std::move(ended);
}

const Ended& Producer::Wait() {
  Reap();
  return *ended_;
}

custody::FieldValue Producer::Field() {
  const Ended& ended = Wait();
  custody::FieldValue::Object object{{"command", custody::FieldValue(ReplaceInvalidUtf8(run_.command))}};
  if (ended.exit) object.emplace_back("exit", custody::FieldValue::Number(*ended.exit));
  if (ended.signal) object.emplace_back("signal", custody::FieldValue::Number(*ended.signal));
  object.emplace_back("took_ms", custody::FieldValue::Number(ended.took.count()));
  if (!ended.last_words.empty()) object.emplace_back("last_words", custody::FieldValue(ended.last_words));
  return {std::move(object)};
}

void RunProducer(Input& stream, const Producer::Run& run, const std::atomic<bool>* interrupted,
                 std::function<void(const std::string&)> say) {
  const auto producer = std::make_shared<std::unique_ptr<Producer>>();
  stream.open = [=]() -> Result<FileSource> {
    TRY(*producer, Producer::Start(run, say));
    return FileSource::FromDescriptor((*producer)->TakeOutput(), run.command, interrupted);
  };
  stream.ended = [producer, command = run.command, interrupted,
                  may_be_empty = stream.may_be_empty](std::uint64_t bytes) -> Result<StreamEnd> {
    // Nobody waits for a program that neither writes nor ends, once the user asked to stop.
    if (interrupted != nullptr && *interrupted) (*producer)->End();
    const Ended& ended = (*producer)->Wait();
    if (bytes == 0 && !(may_be_empty && ended.is_ok())) {
      return Fail(ErrorCode::kInvalid, Format("nothing came of {}: {}", Printable(command), ended.InWords()),
                  ended.is_ok() ? "--allow-empty takes an empty one in" : "");
    }
    StreamEnd end;
    end.more.emplace_back("producer", (*producer)->Field());
    if (ended.by_limit) {
      end.partial = custody::PartialFacts{std::string(custody::kTimeLimit)};
    } else if (!ended.is_ok()) {
      end.partial = custody::PartialFacts{std::string(custody::kProducerFailed)};
      if (ended.exit) end.partial->exit = *ended.exit;
    }
    return end;
  };
}

}  // namespace exhibit::intake
