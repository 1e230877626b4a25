// Goal: a signing key comes back from its file only to its owner. Method: both forms written and
// read, then each way in which a file can be wrong. Messages never hold the secret.
#include "vault/custody/key_file.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "tests/custody/custody_log.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/seal/age_file.h"
#include "vault/seal/armor.h"

namespace {

// As exFAT's driver: it says that it did it, or that it cannot.
bool g_medium_without_modes = false;
int g_chmod_error = 0;

}  // namespace

extern "C" int fchmod(int file, mode_t mode) noexcept {
  if (!g_medium_without_modes) return static_cast<int>(::syscall(SYS_fchmod, file, mode));
  errno = g_chmod_error;
  return g_chmod_error == 0 ? 0 : -1;
}

namespace exhibit::testing {
namespace {

constexpr seal::WorkFactor kQuick{4};

custody::PassphraseProvider Says(std::string passphrase) {
  return [passphrase](std::string_view) -> Result<crypto::SecretText> { return crypto::SecretText(passphrase); };
}
const custody::PassphraseProvider kNobodyToAsk = [](std::string_view what) -> Result<crypto::SecretText> {
  return Fail(ErrorCode::kDenied, "nobody can be asked for " + std::string(what));
};

mode_t ModeOf(const std::filesystem::path& path) {
  struct ::stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

struct KeyFileFixture {
  TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "alice.key";
  tlog::SigningKey key = KeyNamed("alice", "alice");
  std::string secret = std::string(key.ToSecretText().ExposeSecret());

  Result<void> SaveSealed() { return custody::SaveSealedKey(path, key, crypto::SecretText("correct horse"), kQuick); }
  void Write(std::string_view text, mode_t mode = 0600) {
    WriteText(path, text);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
  }
  // `text` sealed to the right passphrase.
  void WriteSealed(std::string_view text) {
    const crypto::SecretText passphrase("correct horse");
    Write(TextOf(Unwrap(seal::SealSmallFileToPassphrase(ViewOf(text), passphrase, kQuick))));
  }
  void CheckRefused(ErrorCode code, const std::string& words,
                    const custody::PassphraseProvider& passphrase = Says("correct horse")) {
    const auto loaded = custody::LoadKey(path, passphrase);
    CHECK_FAILS(loaded, code, words);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().message.find(secret.substr(secret.size() - 20)) == std::string::npos);
    CHECK(loaded.error().message.find(path.filename().native()) != std::string::npos);
  }
};

}  // namespace

TEST_CASE_METHOD(KeyFileFixture, "a sealed key opens with its passphrase and no other", "[key_file]") {
  REQUIRE_OK(SaveSealed());
  CHECK(ModeOf(path) == 0600);
  const std::string file = ReadText(path);
  CHECK(seal::LooksArmored(file));
  CHECK(file.find("PRIVATE") == std::string::npos);

  std::string asked;
  const auto loaded = custody::LoadKey(path, [&](std::string_view what) -> Result<crypto::SecretText> {
    asked = what;
    return crypto::SecretText("correct horse");
  });
  REQUIRE_OK(loaded);
  CHECK(asked == "signing key " + path.native());
  CHECK(loaded->verifier() == key.verifier());
  CHECK(loaded->ToSecretText().ExposeSecret() == secret);

  CheckRefused(ErrorCode::kDenied, "the passphrase is wrong", Says("Correct horse"));
  CheckRefused(ErrorCode::kDenied, "the passphrase is wrong", Says("correct horse "));
  CheckRefused(ErrorCode::kDenied, "the passphrase is wrong", Says(""));
  CheckRefused(ErrorCode::kDenied, "nobody can be asked for signing key", kNobodyToAsk);
}

TEST_CASE_METHOD(KeyFileFixture, "a sealed key is an age file of the key's text", "[key_file]") {
  REQUIRE_OK(SaveSealed());
  const crypto::SecretText passphrase("correct horse");
  const std::string file = ReadText(path);
  const auto opened = seal::OpenSmallFile(ViewOf(file), seal::WithPassphrase(passphrase));
  REQUIRE_OK(opened);
  CHECK(opened->ExposeSecret() == secret + "\n");

  // Others may read it: what protects it is the passphrase.
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  REQUIRE_OK(custody::LoadKey(path, Says("correct horse")));
  // Without armor it is the same key.
  Write(TextOf(Unwrap(seal::RemoveArmor(file))));
  REQUIRE_OK(custody::LoadKey(path, Says("correct horse")));
}

TEST_CASE_METHOD(KeyFileFixture, "two sealings of a key have nothing in common", "[key_file]") {
  REQUIRE_OK(SaveSealed());
  const std::string first = ReadText(path);
  std::filesystem::remove(path);
  REQUIRE_OK(SaveSealed());
  CHECK(first != ReadText(path));
}

TEST_CASE_METHOD(KeyFileFixture, "a plain key comes back without a question", "[key_file]") {
  REQUIRE_OK(custody::SavePlainKey(path, key));
  CHECK(ModeOf(path) == 0600);
  CHECK(ReadText(path) == secret + "\n");
  CHECK(Unwrap(custody::LoadKey(path, kNobodyToAsk)).verifier() == key.verifier());
  REQUIRE(::chmod(path.c_str(), 0400) == 0);
  REQUIRE_OK(custody::LoadKey(path, kNobodyToAsk));
}

TEST_CASE_METHOD(KeyFileFixture, "files are private whatever the umask lets through", "[key_file]") {
  const mode_t before = ::umask(0);
  const auto sealed = SaveSealed();
  const auto plain = custody::SavePlainKey(folder.path() / "plain.key", key);
  ::umask(before);
  REQUIRE_OK(sealed);
  REQUIRE_OK(plain);
  CHECK(ModeOf(path) == 0600);
  CHECK(ModeOf(folder.path() / "plain.key") == 0600);
}

TEST_CASE_METHOD(KeyFileFixture, "a plain key that others can touch is refused", "[key_file]") {
  for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0660U, 0666U, 0777U}) {
    CAPTURE(mode);
    Write(secret + "\n", mode);
    CheckRefused(ErrorCode::kDenied, "can be read by others");
  }
  CHECK(custody::LoadKey(path, kNobodyToAsk).error().hint.find("chmod 600") != std::string::npos);
}

TEST_CASE_METHOD(KeyFileFixture, "on a medium without modes nobody can mend them, and the key is used", "[key_file]") {
  const int error = GENERATE(0, EPERM, ENOSYS);
  Write(secret + "\n", 0777);
  g_medium_without_modes = true;
  g_chmod_error = error;
  const auto loaded = custody::LoadKey(path, kNobodyToAsk);
  g_medium_without_modes = false;
  CHECK(loaded);
  CHECK(custody::IsOpenToOthers(path));
  // Where it can be mended it is left as it was, for somebody to look at.
  CheckRefused(ErrorCode::kDenied, "can be read by others");
  CHECK(ModeOf(path) == 0777);
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  CHECK_FALSE(custody::IsOpenToOthers(path));
}

TEST_CASE_METHOD(KeyFileFixture, "what is there is never written over", "[key_file]") {
  const auto check = [&] {
    CHECK_FAILS(SaveSealed(), ErrorCode::kExists, "alice.key");
    CHECK_FAILS(custody::SavePlainKey(path, key), ErrorCode::kExists, "alice.key");
  };
  SECTION("a file") {
    Write("mine");
    check();
    CHECK(ReadText(path) == "mine");
  }
  SECTION("an empty file") {
    Write("");
    check();
    CHECK(ReadText(path).empty());
  }
  SECTION("a folder") {
    std::filesystem::create_directory(path);
    check();
  }
  SECTION("a link to nothing") {
    std::filesystem::create_symlink(folder.path() / "elsewhere", path);
    check();
    CHECK_FALSE(std::filesystem::exists(folder.path() / "elsewhere"));
  }
}

TEST_CASE_METHOD(KeyFileFixture, "a folder that is not there is not made", "[key_file]") {
  const auto below = folder.path() / "none" / "alice.key";
  CHECK_FAILS(custody::SavePlainKey(below, key), ErrorCode::kNotFound, "alice.key");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "none"));
}

TEST_CASE_METHOD(KeyFileFixture, "what is no key file is refused by its name", "[key_file]") {
  SECTION("nothing there") { CheckRefused(ErrorCode::kNotFound, "does not exist"); }
  SECTION("a folder") {
    std::filesystem::create_directory(path);
    CheckRefused(ErrorCode::kInvalid, "is a folder");
  }
  SECTION("empty") {
    Write("");
    CheckRefused(ErrorCode::kInvalid, "holds no signing key");
  }
  SECTION("garbage") {
    Write("this is not a key\n");
    CheckRefused(ErrorCode::kInvalid, "holds no signing key");
    Write(std::string(1000, '\0'));
    CheckRefused(ErrorCode::kInvalid, "holds no signing key");
  }
  SECTION("a verifier key") {
    Write(key.verifier().ToText() + "\n");
    CheckRefused(ErrorCode::kInvalid,
                 "alice.key is a verifier key, the public half of a signing key; a signing key is needed");
  }
  SECTION("as long as it may be, and a byte longer") {
    Write(std::string(64 * 1024, 'x'));
    CheckRefused(ErrorCode::kInvalid, "holds no signing key");
    Write(std::string(64 * 1024 + 1, 'x'));
    CheckRefused(ErrorCode::kInvalid, "is longer than the 65536 bytes that it may have");
  }
  SECTION("huge, and mostly not there") {
    Write(secret + "\n");
    std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
    CheckRefused(ErrorCode::kInvalid, "is longer than the 65536 bytes that it may have");
  }
}

TEST_CASE_METHOD(KeyFileFixture, "a plain key that is cut off anywhere is refused", "[key_file]") {
  for (std::size_t size = std::string("PRIVATE+KEY+").size(); size < secret.size(); ++size) {
    CAPTURE(size);
    Write(secret.substr(0, size));
    CheckRefused(ErrorCode::kInvalid, "alice.key: ");
  }
  Write(secret);  // only the line feed is missing
  REQUIRE_OK(custody::LoadKey(path, kNobodyToAsk));
}

TEST_CASE_METHOD(KeyFileFixture, "a plain key with a wrong byte is refused", "[key_file]") {
  // In the name and the id the id does not fit any more; in the seed it is another key's.
  for (std::size_t at = std::string("PRIVATE+KEY+").size(); at < secret.size(); ++at) {
    CAPTURE(at);
    std::string wrong = secret;
    wrong[at] = wrong[at] == 'b' ? 'c' : 'b';
    Write(wrong + "\n");
    // The first character of the base64 holds the type.
    const bool is_type = at == secret.size() - 44;
    CheckRefused(is_type ? ErrorCode::kUnsupported : ErrorCode::kInvalid, "alice.key: ");
  }
}

TEST_CASE_METHOD(KeyFileFixture, "a sealed key that is cut off or changed anywhere is refused", "[key_file]") {
  REQUIRE_OK(SaveSealed());
  const Bytes good = Unwrap(seal::RemoveArmor(ReadText(path)));
  for (std::size_t size = 0; size < good.size(); ++size) {
    Write(TextOf(ByteView(good).first(size)));
    CAPTURE(size);
    REQUIRE_FALSE(custody::LoadKey(path, Says("correct horse")));
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes wrong = good;
    wrong[at] ^= 0x01;
    Write(TextOf(wrong));
    CAPTURE(at);
    REQUIRE_FALSE(custody::LoadKey(path, Says("correct horse")));
  }
  Write(ToText(good) + "x");
  REQUIRE_FALSE(custody::LoadKey(path, Says("correct horse")));
}

TEST_CASE_METHOD(KeyFileFixture, "a sealed file that holds no key is refused", "[key_file]") {
  WriteSealed("");
  CheckRefused(ErrorCode::kInvalid, "not a signing key");
  WriteSealed("AGE-SECRET-KEY-1QQQ\n");
  CheckRefused(ErrorCode::kInvalid, "alice.key is an age identity; a signing key is needed");
  WriteSealed("\n" + secret + "\n");
  CheckRefused(ErrorCode::kInvalid, "not a signing key");
  WriteSealed(secret.substr(0, secret.size() - 4) + "\n");
  CheckRefused(ErrorCode::kInvalid, "the seed is not 32 bytes");
  WriteSealed(secret + "\n");
  REQUIRE_OK(custody::LoadKey(path, Says("correct horse")));
}

TEST_CASE_METHOD(KeyFileFixture, "a file that is sealed to a recipient is no passphrase's", "[key_file]") {
  const auto reader = seal::X25519Identity::Generate().recipient();
  Write(TextOf(Unwrap(seal::SealSmallFile(ViewOf(secret + "\n"), {reader}))));
  // Nobody is asked for a passphrase that it has not.
  CHECK_FAILS(custody::LoadKey(path, kNobodyToAsk), ErrorCode::kDenied, "is sealed to a key, not to a passphrase");
}

TEST_CASE_METHOD(KeyFileFixture, "each passphrase that there is, is tried, and the error is of the wrong ones",
                 "[key_file]") {
  REQUIRE_OK(SaveSealed());
  std::vector<std::string> has = {"one", "two", "correct horse"};
  std::size_t asked = 0;
  const auto provider = [&](const custody::PassphraseRequest& request) -> Result<crypto::SecretText> {
    CHECK(request.tried == asked);
    ++asked;
    if (request.tried >= has.size()) return Fail(ErrorCode::kDenied, "there is no other");
    return crypto::SecretText(has[request.tried]);
  };
  REQUIRE_OK(custody::LoadKey(path, provider));
  CHECK(asked == 3);
  has.pop_back();
  asked = 0;
  CHECK_FAILS(custody::LoadKey(path, provider), ErrorCode::kDenied, "the passphrase is wrong");
  CHECK(asked == 3);
  // Who gives the same again has no other, and it is not tried twice.
  has = {"one", "one", "correct horse"};
  asked = 0;
  CHECK_FAILS(custody::LoadKey(path, provider), ErrorCode::kDenied, "the passphrase is wrong");
  CHECK(asked == 2);
}

}  // namespace exhibit::testing
