// Goal: a passphrase comes only from where nobody else sees it, whole, and never from a guess. Method:
// files of several modes, commands, and prompts on a terminal that the test types at.
#include "cli/passphrase.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "tests/cli/child.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"

namespace exhibit::cli {
namespace {

namespace fs = std::filesystem;
using testing::InChild;
using testing::OnTerminal;
using testing::Unwrap;
using testing::Variable;

constexpr std::string_view kSecret = "correct horse battery";

class Asking {
 protected:
  fs::path Put(std::string_view text, mode_t mode = 0600) {
    const fs::path path = folder_ / ("file" + std::to_string(++files_));
    REQUIRE_OK(WriteNewFile(path, ViewOf(text), 0600));
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    return path;
  }
  static Result<crypto::SecretText> FromFile(const fs::path& path) {
    const Variable file("EXHIBIT_PASSPHRASE_FILE", path.c_str());
    return AskPassphrase("key file");
  }
  static Result<crypto::SecretText> FromCommand(const std::string& command) {
    const Variable file("EXHIBIT_PASSPHRASE_COMMAND", command.c_str());
    return AskPassphrase("key file");
  }

  // Nothing of the caller's surroundings.
  const Variable no_file_{"EXHIBIT_PASSPHRASE_FILE", nullptr};
  const Variable no_command_{"EXHIBIT_PASSPHRASE_COMMAND", nullptr};
  const Variable no_next_file_{"EXHIBIT_NEW_PASSPHRASE_FILE", nullptr};
  const Variable no_next_command_{"EXHIBIT_NEW_PASSPHRASE_COMMAND", nullptr};
  const testing::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  int files_ = 0;
};

std::string Exposed(Result<crypto::SecretText>&& secret) {
  return std::string(Unwrap(std::move(secret)).ExposeSecret());
}

TEST_CASE_METHOD(Asking, "a file gives its first line, without the end of the line", "[cli]") {
  CHECK(Exposed(FromFile(Put("correct horse battery"))) == kSecret);
  CHECK(Exposed(FromFile(Put("correct horse battery\n"))) == kSecret);
  CHECK(Exposed(FromFile(Put("correct horse battery\r\n"))) == kSecret);
  CHECK(Exposed(FromFile(Put("correct horse battery\nnotes\n"))) == kSecret);
  CHECK(Exposed(FromFile(Put(" spaces and \xff stay \n"))) == " spaces and \xff stay ");
  CHECK(Exposed(FromFile(Put("\xef\xbb\xbf"
                             "correct horse battery\r\n"))) == kSecret);
  CHECK(Exposed(FromFile(Put(std::string("\xff\xfep\0w\0\r\0\n\0", 10)))) == "pw");
}

TEST_CASE_METHOD(Asking, "a file that others can read or write is refused, with what to do", "[cli]") {
  for (const mode_t mode : {0640U, 0604U, 0660U, 0620U, 0777U}) {
    CAPTURE(mode);
    const auto secret = FromFile(Put(kSecret, mode));
    CHECK_FAILS(secret, ErrorCode::kDenied, "can be read or written by others");
    CHECK(secret.error().hint == "chmod 600 it");
  }
  CHECK(Exposed(FromFile(Put(kSecret, 0400))) == kSecret);
}

TEST_CASE_METHOD(Asking, "a credential of systemd's may have the bits of an access control list, and no others",
                 "[cli]") {
  const Variable folder("CREDENTIALS_DIRECTORY", folder_.c_str());
  CHECK(Exposed(FromFile(Put(kSecret, 0440))) == kSecret);
  CHECK_FAILS(FromFile(Put(kSecret, 0444)), ErrorCode::kDenied, "can be read or written by others");
  fs::create_directory(folder_ / "other");
  const fs::path elsewhere = folder_ / "other" / "file";
  REQUIRE_OK(WriteNewFile(elsewhere, ViewOf(kSecret), 0640));
  CHECK_FAILS(FromFile(elsewhere), ErrorCode::kDenied, "can be read or written by others");
}

TEST_CASE_METHOD(Asking, "a file that is not there is named, in printable characters", "[cli]") {
  CHECK_FAILS(FromFile(folder_ / "no\x1b"), ErrorCode::kNotFound, "no\\x1b does not exist");
  CHECK_FAILS(FromFile(folder_), ErrorCode::kInvalid, "is a folder");
}

TEST_CASE_METHOD(Asking, "a link is followed, and the file behind it must be safe", "[cli]") {
  fs::create_symlink(Put(kSecret), folder_ / "good");
  fs::create_symlink(Put(kSecret, 0644), folder_ / "bad");
  CHECK(Exposed(FromFile(folder_ / "good")) == kSecret);
  CHECK_FAILS(FromFile(folder_ / "bad"), ErrorCode::kDenied, "can be read or written by others");
}

TEST_CASE_METHOD(Asking, "an open descriptor gives its line, though it is not at its end", "[cli]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const FileDescriptor reader(ends[0]);
  const FileDescriptor writer(ends[1]);
  REQUIRE_OK(WriteFull(writer, ViewOf("correct horse battery\nfor others"), "pipe"));
  CHECK(Exposed(FromFile("/dev/fd/" + std::to_string(reader.get()))) == kSecret);
  Bytes rest(10);
  CHECK(Unwrap(ReadFull(reader, rest, "pipe")) == 10);
  CHECK(TextOf(rest) == "for others");
}

TEST_CASE_METHOD(Asking, "an empty passphrase is refused, and one too long is not cut short", "[cli]") {
  CHECK_FAILS(FromFile(Put("")), ErrorCode::kInvalid, "the passphrase is empty");
  CHECK_FAILS(FromFile(Put("\nsecond line")), ErrorCode::kInvalid, "the passphrase is empty");
  const std::string longest(kMaxPassphraseBytes, 'p');
  CHECK(Exposed(FromFile(Put(longest))) == longest);
  CHECK(Exposed(FromFile(Put(longest + "\n"))) == longest);
  CHECK_FAILS(FromFile(Put(longest + "p\n")), ErrorCode::kInvalid, "longer than 4096 bytes");
}

TEST_CASE_METHOD(Asking, "a command gives the first line that it prints, and may print more", "[cli]") {
  CHECK(Exposed(FromCommand("printf 'correct horse battery'")) == kSecret);
  CHECK(Exposed(FromCommand("echo correct horse battery; echo user: vault")) == kSecret);
  CHECK(Exposed(FromCommand("echo correct horse battery; head -c 300000 /dev/zero")) == kSecret);
}

TEST_CASE_METHOD(Asking, "a command that fails gives nothing, whatever it printed", "[cli]") {
  CHECK_FAILS(FromCommand("echo correct horse battery; exit 3"), ErrorCode::kDenied,
              "EXHIBIT_PASSPHRASE_COMMAND failed with exit status 3");
  CHECK_FAILS(FromCommand("exec /no/such/command 2> /dev/null"), ErrorCode::kDenied, "failed with exit status 127");
  CHECK_FAILS(FromCommand("kill -9 $$"), ErrorCode::kDenied, "EXHIBIT_PASSPHRASE_COMMAND failed");
  CHECK_FAILS(FromCommand("true"), ErrorCode::kInvalid, "the passphrase is empty");
  CHECK_FAILS(FromCommand("head -c 5000 /dev/zero"), ErrorCode::kInvalid, "longer than 4096 bytes");
}

TEST_CASE_METHOD(Asking, "the file comes before the command, and an empty variable counts for nothing", "[cli]") {
  const Variable command("EXHIBIT_PASSPHRASE_COMMAND", "echo from the command");
  CHECK(Exposed(FromFile(Put(kSecret))) == kSecret);
  CHECK(Exposed(FromFile("")) == "from the command");
  CHECK_FAILS(FromFile(folder_ / "gone"), ErrorCode::kNotFound, "gone");
}

TEST_CASE_METHOD(Asking, "a new passphrase has eight bytes at least, wherever it comes from", "[cli]") {
  {
    const Variable file("EXHIBIT_PASSPHRASE_FILE", Put("1234567").c_str());
    const auto secret = AskNewPassphrase("vault");
    CHECK_FAILS(secret, ErrorCode::kInvalid, "shorter than 8 bytes");
    CHECK_FALSE(secret.error().hint.empty());
  }
  const Variable file("EXHIBIT_PASSPHRASE_FILE", Put("12345678").c_str());
  CHECK(Exposed(AskNewPassphrase("vault")) == "12345678");
}

TEST_CASE_METHOD(Asking, "what takes the place of a passphrase comes from variables of its own", "[cli]") {
  const Variable present("EXHIBIT_PASSPHRASE_FILE", Put("the present one").c_str());
  {
    const Variable next("EXHIBIT_NEW_PASSPHRASE_FILE", Put("the next one").c_str());
    CHECK(Exposed(AskNextPassphrase("key file")) == "the next one");
    CHECK(Exposed(AskPassphrase("key file")) == "the present one");
  }
  const Variable next("EXHIBIT_NEW_PASSPHRASE_COMMAND", "echo short");
  CHECK_FAILS(AskNextPassphrase("key file"), ErrorCode::kInvalid, "shorter than 8 bytes");
}

TEST_CASE_METHOD(Asking, "without a terminal the next passphrase is not taken from where the present one is", "[cli]") {
  const Variable present("EXHIBIT_PASSPHRASE_FILE", Put("the present one").c_str());
  const auto ended = InChild([] {
    const auto secret = AskNextPassphrase("key file");
    if (secret) return 1;
    PrintError(secret.error());
    return 7;
  });
  CHECK(ended.status == 7);
  CHECK(ended.errors.find("set EXHIBIT_NEW_PASSPHRASE_FILE or EXHIBIT_NEW_PASSPHRASE_COMMAND") != std::string::npos);
}

TEST_CASE_METHOD(Asking, "without a terminal and without a way the error names the ways", "[cli]") {
  const auto ended = InChild([] {
    const auto secret = AskPassphrase("key file");
    if (secret) return 1;
    PrintError(secret.error());
    return secret.error().code == ErrorCode::kDenied ? 7 : 2;
  });
  CHECK(ended.status == 7);
  CHECK(ended.errors ==
        "exhibit: error: passphrase of key file: there is no terminal to ask for it\n"
        "exhibit: hint: set EXHIBIT_PASSPHRASE_FILE or EXHIBIT_PASSPHRASE_COMMAND\n");
}

bool Echoes() {
  termios settings{};
  return ::tcgetattr(STDIN_FILENO, &settings) == 0 && (settings.c_lflag & ECHO) != 0;
}

TEST_CASE_METHOD(Asking, "a prompt names what it asks for, shows nothing of what is typed, and leaves echo on",
                 "[cli]") {
  OnTerminal terminal([] {
    const auto secret = AskPassphrase("vault");
    return secret && secret->ExposeSecret() == kSecret && Echoes() ? 7 : 2;
  });
  terminal.Expect("Passphrase of vault: ");
  terminal.Type("correct horse battery\n");
  CHECK(terminal.Finish() == 7);
  CHECK(terminal.shown() == "Passphrase of vault: \r\n");
}

TEST_CASE_METHOD(Asking, "a new passphrase is asked for twice", "[cli]") {
  OnTerminal terminal([] {
    const auto secret = AskNewPassphrase("vault");
    return secret && secret->ExposeSecret() == kSecret ? 7 : 2;
  });
  terminal.Expect("New passphrase for vault: ");
  terminal.Type("correct horse battery\n");
  terminal.Expect("The same again: ");
  terminal.Type("correct horse battery\n");
  CHECK(terminal.Finish() == 7);
  CHECK(terminal.shown().find("horse") == std::string::npos);
}

// The error's code and words, where the child can only give a number.
int Said(const Result<crypto::SecretText>& secret, ErrorCode code, std::string_view words) {
  if (secret) return 1;
  if (secret.error().code != code) return 2;
  if (secret.error().message.find(words) == std::string::npos) return 3;
  return Echoes() ? 7 : 4;
}

TEST_CASE_METHOD(Asking, "two new passphrases that differ are refused", "[cli]") {
  OnTerminal terminal([] { return Said(AskNewPassphrase("vault"), ErrorCode::kInvalid, "passphrases differ"); });
  terminal.Expect("New passphrase for vault: ");
  terminal.Type("correct horse battery\n");
  terminal.Expect("The same again: ");
  terminal.Type("correct horse batteries\n");
  CHECK(terminal.Finish() == 7);
}

TEST_CASE_METHOD(Asking, "a new passphrase that is too short is refused before it is asked for again", "[cli]") {
  OnTerminal terminal([] { return Said(AskNewPassphrase("vault"), ErrorCode::kInvalid, "shorter than 8"); });
  terminal.Expect("New passphrase for vault: ");
  terminal.Type("short\n");
  CHECK(terminal.Finish() == 7);
  CHECK(terminal.shown().find("again") == std::string::npos);
}

TEST_CASE_METHOD(Asking, "an empty answer, or the end of the input, is refused", "[cli]") {
  for (const std::string_view keys : {"\n", "\x04"}) {
    OnTerminal terminal([] { return Said(AskPassphrase("vault"), ErrorCode::kInvalid, "is empty"); });
    terminal.Expect("Passphrase of vault: ");
    terminal.Type(keys);
    CHECK(terminal.Finish() == 7);
  }
}

TEST_CASE_METHOD(Asking, "Ctrl-C at the prompt is an interruption, and leaves echo on", "[cli]") {
  OnTerminal terminal([] {
    InstallInterruptHandler();
    return Said(AskPassphrase("vault"), ErrorCode::kInterrupted, "interrupted");
  });
  terminal.Expect("Passphrase of vault: ");
  terminal.Type("half of it\x03");
  CHECK(terminal.Finish() == 7);
  CHECK(terminal.shown().find("half") == std::string::npos);
}

// What a command does that opens three things. 7 if they open in the end.
int OpenThree(const std::vector<std::string>& right) {
  for (const std::string& secret : right) {
    for (std::size_t tried = 0;; ++tried) {
      const auto given = GivePassphrase({"key " + secret, tried}, "example.org/case-1");
      if (!given || tried == 5) return 2;
      if (given->ExposeSecret() == secret) break;
    }
  }
  return 7;
}

TEST_CASE_METHOD(Asking, "one passphrase is asked for, by the vault's name, and tried on everything", "[cli]") {
  OnTerminal terminal([] { return OpenThree({"first phrase", "first phrase", "first phrase"}); });
  terminal.Expect("Passphrase of vault example.org/case-1: ");
  terminal.Type("first phrase\n");
  CHECK(terminal.Finish() == 7);
  CHECK(terminal.shown() == "Passphrase of vault example.org/case-1: \r\n");
}

TEST_CASE_METHOD(Asking, "what it does not open is asked for by its own name, once, and all that was given is tried on",
                 "[cli]") {
  OnTerminal terminal([] { return OpenThree({"first phrase", "second phrase", "first phrase", "second phrase"}); });
  terminal.Expect("Passphrase of vault example.org/case-1: ");
  terminal.Type("first phrase\n");
  terminal.Expect("Passphrase of key second phrase (what was given does not open it): ");
  terminal.Type("second phrase\n");
  CHECK(terminal.Finish() == 7);
}

TEST_CASE_METHOD(Asking,
                 "what belongs to no vault is asked for by its own name, and a wrong answer is not asked for twice",
                 "[cli]") {
  OnTerminal terminal([] {
    const auto first = PassphrasesByName({"identity file me.txt", 0});
    const auto second = PassphrasesByName({"identity file me.txt", 1});
    return first && second && first->ExposeSecret() == second->ExposeSecret() ? 7 : 2;
  });
  terminal.Expect("Passphrase of identity file me.txt: ");
  terminal.Type("wrong\n");
  CHECK(terminal.Finish() == 7);
}

TEST_CASE_METHOD(Asking, "an open descriptor is read once for all that the command opens", "[cli]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const FileDescriptor reader(ends[0]);
  {
    const FileDescriptor writer(ends[1]);
    REQUIRE_OK(WriteFull(writer, ViewOf("first phrase\n"), "pipe"));
  }
  const Variable file("EXHIBIT_PASSPHRASE_FILE", ("/dev/fd/" + std::to_string(reader.get())).c_str());
  CHECK(InChild([] { return OpenThree({"first phrase", "first phrase"}); }).status == 7);
}

}  // namespace
}  // namespace exhibit::cli
