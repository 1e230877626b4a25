#include "cli/passphrase.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "cli/interrupt.h"
#include "vault/base/file.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

constexpr std::size_t kMaxPassphraseBytes = 4096;
constexpr const char* kFileVariable = "EXHIBIT_PASSPHRASE_FILE";
constexpr const char* kCommandVariable = "EXHIBIT_PASSPHRASE_COMMAND";

// The first line of `bytes`, which are wiped.
Result<crypto::SecretText> FirstLine(Bytes& bytes, std::string_view from) {
  std::string_view text = TextOf(bytes);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  crypto::SecretText secret(text);
  crypto::Wipe(bytes);
  if (secret.empty()) return Fail(ErrorCode::kInvalid, std::string(from) + " gives an empty passphrase");
  return secret;
}

Result<crypto::SecretText> FromFile(const char* path) {
  struct ::stat status {};
  if (::stat(path, &status) != 0) return Fail(SystemError("open", path, errno));
  if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Fail(ErrorCode::kDenied, "passphrase file " + Printable(path) + " can be read by others", "chmod 600 it");
  }
  TRY(Bytes bytes, ReadFile(path, kMaxPassphraseBytes));
  return FirstLine(bytes, "passphrase file " + Printable(path));
}

Result<crypto::SecretText> FromCommand(const char* command) {
  struct Close {
    void operator()(FILE* pipe) const { ::pclose(pipe); }
  };
  std::unique_ptr<FILE, Close> pipe(::popen(command, "re"));
  if (pipe == nullptr) return Fail(ErrorCode::kIo, std::string(kCommandVariable) + " could not be started");
  Bytes bytes(kMaxPassphraseBytes);
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), pipe.get()));
  if (::pclose(pipe.release()) != 0) {
    crypto::Wipe(bytes);
    return Fail(ErrorCode::kDenied, std::string(kCommandVariable) + " failed");
  }
  return FirstLine(bytes, kCommandVariable);
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

Result<crypto::SecretText> FromTerminal(std::string_view prompt) {
  const FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  const Failure no_way = Fail(ErrorCode::kDenied, std::string(prompt) + ": there is no terminal to ask for it",
                              "set EXHIBIT_PASSPHRASE_FILE or EXHIBIT_PASSPHRASE_COMMAND");
  if (!terminal) return no_way;
  const Silence silence(terminal.get());
  if (!silence.ok()) return no_way;
  const std::string text = std::string(prompt) + ": ";
  TRY_VOID(WriteFull(terminal, ViewOf(text), "/dev/tty"));
  Bytes typed(kMaxPassphraseBytes);
  std::size_t size = 0;
  while (size < typed.size()) {
    const ssize_t got = ::read(terminal.get(), typed.data() + size, 1);
    if (got < 0 && errno == EINTR && !Interrupted()) continue;
    if (got <= 0 || typed[size] == '\n') break;
    ++size;
  }
  crypto::SecretText secret(TextOf(ByteView(typed).first(size)));
  crypto::Wipe(typed);
  if (Interrupted()) return Fail(ErrorCode::kInterrupted, "interrupted");
  if (secret.empty()) return Fail(ErrorCode::kInvalid, std::string(prompt) + ": it is empty");
  return secret;
}

// Nothing if none of the variables is set.
std::optional<Result<crypto::SecretText>> FromEnvironment() {
  if (const char* const path = std::getenv(kFileVariable); path != nullptr && *path != '\0') return FromFile(path);
  if (const char* const command = std::getenv(kCommandVariable); command != nullptr && *command != '\0') {
    return FromCommand(command);
  }
  return std::nullopt;
}

}  // namespace

Result<crypto::SecretText> AskPassphrase(std::string_view what) {
  if (auto given = FromEnvironment()) return std::move(*given);
  return FromTerminal("passphrase of " + std::string(what));
}

Result<crypto::SecretText> AskNewPassphrase(std::string_view what) {
  auto given = FromEnvironment();
  auto secret = given ? std::move(*given) : FromTerminal("new passphrase for " + std::string(what));
  if (!secret) return secret;
  if (secret->ExposeSecret().size() < kMinPassphraseBytes) {
    return Fail(ErrorCode::kInvalid, "the new passphrase is shorter than 8 bytes",
                "use several words that do not belong together");
  }
  if (given) return secret;
  TRY(const crypto::SecretText again, FromTerminal("the same again"));
  if (again.ExposeSecret() != secret->ExposeSecret()) return Fail(ErrorCode::kInvalid, "the two passphrases differ");
  return secret;
}

}  // namespace exhibit::cli
