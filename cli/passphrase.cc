#include "cli/passphrase.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "cli/interrupt.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/systemd_credential.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"

namespace exhibit::cli {
namespace {

// Of what is not asked at a terminal.
struct Variables {
  const char* file;
  const char* command;
};
constexpr Variables kPresent = {"EXHIBIT_PASSPHRASE_FILE", "EXHIBIT_PASSPHRASE_COMMAND"};
constexpr Variables kNext = {"EXHIBIT_NEW_PASSPHRASE_FILE", "EXHIBIT_NEW_PASSPHRASE_COMMAND"};

// What may follow the first line of a command's output, such as the notes in a password store's entry.
constexpr std::size_t kMaxOutputBytes = 1 << 20;

// Waits for input and reads what is there, at most `buffer`; 0 at the end. kInterrupted on Ctrl-C, which
// is looked for by turns: a signal that comes just before a blocking read would not end it.
Result<std::size_t> ReadSome(int descriptor, std::span<std::uint8_t> buffer, std::string_view from) {
  constexpr int kTurnMilliseconds = 100;
  pollfd wanted{descriptor, POLLIN, 0};
  while (!Interrupted()) {
    const int ready = ::poll(&wanted, 1, kTurnMilliseconds);
    if (ready == 0) continue;
    const ssize_t got = ready < 0 ? -1 : ::read(descriptor, buffer.data(), buffer.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return Fail(ErrorCode::kIo, std::string(from) + ": " + std::generic_category().message(errno));
  }
  return Fail(ErrorCode::kInterrupted, "interrupted");
}

// Reads on to the end, so that the command that writes to the pipe is not killed.
void ReadRest(int descriptor) {
  Bytes rest(kMaxPassphraseBytes);
  for (std::size_t total = 0; total < kMaxOutputBytes;) {
    const auto got = ReadSome(descriptor, rest, "the rest of a command's output");
    if (!got || *got == 0) break;
    total += *got;
  }
  crypto::Wipe(rest);
}

// `line` is wiped and may be longer than what was read into it.
Result<crypto::SecretText> TakeLine(Bytes& line, std::size_t size, std::string_view from) {
  // A line of UTF-16 ends in the middle of its last character, which is not taken.
  Bytes utf8 = Utf8TextOf(ByteView(line).first(size));
  std::string_view text = TextOf(utf8);
  if (text.ends_with('\r')) text.remove_suffix(1);
  crypto::SecretText secret(text);
  crypto::Wipe(utf8);
  crypto::Wipe(line);
  if (secret.empty()) return Fail(ErrorCode::kInvalid, std::string(from) + ": the passphrase is empty");
  crypto::RememberGiven(secret.ExposeSecret());
  return secret;
}

// The first line. Byte by byte, because the bytes after it may be for another reader.
Result<crypto::SecretText> ReadLine(int descriptor, std::string_view from) {
  Bytes line(kMaxPassphraseBytes);
  std::size_t size = 0;
  for (;;) {
    std::uint8_t byte = 0;
    const auto got = ReadSome(descriptor, std::span(&byte, 1), from);
    if (!got) {
      crypto::Wipe(line);
      return Fail(got.error());
    }
    if (*got == 0 || byte == '\n') return TakeLine(line, size, from);
    if (size == line.size()) {
      crypto::Wipe(line);
      return Fail(ErrorCode::kInvalid, Format("{}: the passphrase is longer than {} bytes", from, kMaxPassphraseBytes));
    }
    line[size++] = byte;
  }
}

Result<void> CheckMode(const FileDescriptor& file, const char* path) {
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (S_ISDIR(status.st_mode)) return Fail(SystemError("read", path, EISDIR).In("passphrase file"));
  if (S_ISREG(status.st_mode) && (status.st_mode & (IsSystemdCredential(path) ? S_IRWXO : S_IRWXG | S_IRWXO)) != 0) {
    return Fail(ErrorCode::kDenied, Format("passphrase file {} can be read or written by others", Printable(path)),
                "chmod 600 it");
  }
  return {};
}

// A link is followed and a pipe waited for: secrets are often handed over as /dev/fd/3.
Result<crypto::SecretText> FromFile(const char* path) {
  const FileDescriptor file(::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file) return Fail(SystemError("open", path, errno).In("passphrase file"));
  TRY_VOID(CheckMode(file, path));
  return ReadLine(file.get(), "passphrase file " + Printable(path));
}

Result<crypto::SecretText> FromCommand(const char* command, const char* variable) {
  struct Close {
    void operator()(FILE* pipe) const { ::pclose(pipe); }
  };
  std::unique_ptr<FILE, Close> pipe(::popen(command, "re"));
  if (pipe == nullptr) return Fail(ErrorCode::kIo, std::string(variable) + " could not be started");
  // Not through the stream, whose buffer would keep a copy.
  auto line = ReadLine(::fileno(pipe.get()), variable);
  ReadRest(::fileno(pipe.get()));
  const int status = ::pclose(pipe.release());
  if (Interrupted()) return Fail(ErrorCode::kInterrupted, "interrupted");
  if (status != 0) {
    return Fail(ErrorCode::kDenied,
                Format("{} failed{}", variable,
                       WIFEXITED(status) ? Format(" with exit status {}", WEXITSTATUS(status)) : std::string()));
  }
  return line;
}

// Echo off, for as long as it lives.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    changed_ = ::tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
  }
  ~Silence() {
    if (changed_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  bool ok() const { return changed_; }

 private:
  int terminal_;
  termios before_{};
  bool changed_ = false;
};

// `what` is asked for, such as "passphrase of vault x".
Result<crypto::SecretText> FromTerminal(const std::string& what, const Variables& variables = kPresent) {
  const FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  const Failure no_way = Fail(ErrorCode::kDenied, what + ": there is no terminal to ask for it",
                              Format("set {} or {}", variables.file, variables.command));
  if (!terminal) return no_way;
  const Silence silence(terminal.get());
  if (!silence.ok()) return no_way;
  std::string prompt = what + ": ";
  if (prompt.front() >= 'a' && prompt.front() <= 'z') prompt.front() = static_cast<char>(prompt.front() - 'a' + 'A');
  TRY_VOID(WriteFull(terminal, ViewOf(prompt), "/dev/tty"));
  return ReadLine(terminal.get(), what);
}

// Nothing if none of the variables is set.
std::optional<Result<crypto::SecretText>> FromEnvironment(const Variables& variables = kPresent) {
  if (const char* const path = std::getenv(variables.file); path != nullptr && *path != '\0') return FromFile(path);
  if (const char* const command = std::getenv(variables.command); command != nullptr && *command != '\0') {
    return FromCommand(command, variables.command);
  }
  return std::nullopt;
}

// The passphrases of this command, in the order of the questions.
struct Given {
  std::vector<crypto::SecretText> passphrases;
  std::set<std::string, std::less<>> asked_for;  // what a question named
};

Given& TheGiven() {
  static Given* const given = new Given;
  return *given;
}

crypto::SecretText CopyOf(const crypto::SecretText& secret) { return crypto::SecretText(secret.ExposeSecret()); }

}  // namespace

Result<crypto::SecretText> GivePassphrase(const custody::PassphraseRequest& request, std::string_view vault) {
  Given& given = TheGiven();
  if (request.tried < given.passphrases.size()) return CopyOf(given.passphrases[request.tried]);
  if (given.asked_for.contains(request.what)) return CopyOf(given.passphrases.back());
  // The first is for all of the vault's keys; for a key that it does not open, the question names the key.
  const bool for_all = given.passphrases.empty() && !vault.empty();
  std::string what = for_all ? "vault " + Printable(vault) : std::string(request.what);
  if (request.tried > 0) what += " (what was given does not open it)";
  TRY(crypto::SecretText secret, AskPassphrase(what));
  if (!for_all) given.asked_for.emplace(request.what);
  given.passphrases.push_back(CopyOf(secret));
  return secret;
}

Result<crypto::SecretText> PassphrasesByName(const custody::PassphraseRequest& request) {
  return GivePassphrase(request, {});
}

Result<void> CheckPassphraseFile(const char* path) {
  const FileDescriptor file(::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file) return Fail(SystemError("open", path, errno).In("passphrase file"));
  return CheckMode(file, path);
}

void RememberPassphraseFile() {
  const char* const path = std::getenv(kPresent.file);
  struct ::stat status {};
  if (path == nullptr || ::stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return;
  IgnoreBecause("the code that needs the passphrase reports the error", FromFile(path));
}

Result<crypto::SecretText> AskPassphrase(std::string_view what) {
  if (auto given = FromEnvironment()) return std::move(*given);
  return FromTerminal("passphrase of " + std::string(what));
}

namespace {

Result<crypto::SecretText> AskNew(std::string_view what, const Variables& variables) {
  auto given = FromEnvironment(variables);
  auto secret = given ? std::move(*given) : FromTerminal("new passphrase for " + std::string(what), variables);
  if (!secret) return secret;
  if (secret->ExposeSecret().size() < kMinPassphraseBytes) {
    return Fail(ErrorCode::kInvalid, "the new passphrase is shorter than 8 bytes",
                "use several words that do not belong together");
  }
  if (given) return secret;
  TRY(const crypto::SecretText again, FromTerminal("the same again", variables));
  if (again.ExposeSecret() != secret->ExposeSecret()) return Fail(ErrorCode::kInvalid, "the two passphrases differ");
  return secret;
}

}  // namespace

Result<crypto::SecretText> AskNewPassphrase(std::string_view what) { return AskNew(what, kPresent); }
Result<crypto::SecretText> AskNextPassphrase(std::string_view what) { return AskNew(what, kNext); }

}  // namespace exhibit::cli
