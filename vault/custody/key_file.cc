#include "vault/custody/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/text.h"
#include "vault/custody/key_kind.h"
#include "vault/seal/age_file.h"
#include "vault/seal/age_header.h"
#include "vault/seal/armor.h"

namespace exhibit::custody {
namespace {

constexpr std::uint64_t kMaxKeyFileBytes = 64 * 1024;

// A copy of a secret's text with a line feed, wiped at the end of its scope.
class KeyLine {
 public:
  explicit KeyLine(const crypto::SecretText& text) {
    bytes_.reserve(text.ExposeSecret().size() + 1);
    Append(bytes_, ViewOf(text.ExposeSecret()));
    bytes_.push_back('\n');
  }
  ~KeyLine() { crypto::Wipe(bytes_); }
  KeyLine(const KeyLine&) = delete;
  KeyLine& operator=(const KeyLine&) = delete;
  ByteView view() const { return bytes_; }

 private:
  Bytes bytes_;
};

// As Windows may have left it (base/person_text.h); the age file in it, if it is one, as it is.
Result<Bytes> ReadKeyFile(const std::filesystem::path& path) {
  TRY(Bytes file, ReadFile(path, kMaxKeyFileBytes));
  if (seal::LooksSealed(file)) return file;
  Bytes text = PlainTextOf(file);
  crypto::Wipe(file);
  return text;
}

std::string_view FirstLine(std::string_view text) { return text.substr(0, text.find('\n')); }

constexpr mode_t kOfOthers = S_IRWXG | S_IRWXO;

// Whether the modes of its medium are real: tries to take the rights of others away, and gives them back. On exFAT and NTFS,
// as sticks have them, all files have the modes with which the stick was mounted, and nothing that a user types changes that.
bool KeepsModes(const FileDescriptor& file, const struct ::stat& status) {
  const mode_t mode = status.st_mode & 07777U;
  if (::fchmod(file.get(), mode & ~kOfOthers) != 0) return status.st_uid != ::geteuid();  // it is for its owner to do
  struct ::stat changed {};
  const bool keeps = ::fstat(file.get(), &changed) != 0 || (changed.st_mode & kOfOthers) == 0;
  (void)::fchmod(file.get(), mode);
  return keeps;
}

Result<void> RefuseIfOthersCanRead(const std::filesystem::path& path, std::string_view what) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if ((status.st_mode & kOfOthers) == 0) return {};
  // Where nobody can mend it, whoever chose the medium was told when the key was made. A link is followed, as when the key
  // is read, and a pipe is not waited for.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file && !KeepsModes(file, status)) return {};
  return Fail(ErrorCode::kDenied, Format("{} can be read by others", what),
              "chmod 600 it, and consider who may have read it");
}

constexpr std::string_view kMakeKey = "exhibit keygen --signing -o FILE makes one; exhibit init made the vault's first";

Failure NoSigningKey(const std::filesystem::path& path, const std::string& kind) {
  return Fail(ErrorCode::kInvalid,
              Format("{} is {}; a signing key is needed here (PRIVATE+KEY+…)", Printable(path.native()), kind),
              std::string(kMakeKey));
}

}  // namespace

bool IsOpenToOthers(const std::filesystem::path& path) {
  struct ::stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & kOfOthers) != 0;
}

Result<void> SaveSealedKey(const std::filesystem::path& path, const tlog::SigningKey& key,
                           const crypto::SecretText& passphrase, seal::WorkFactor work) {
  return SaveSecretLine(path, key.ToSecretText(), &passphrase, work);
}

Result<void> SavePlainKey(const std::filesystem::path& path, const tlog::SigningKey& key) {
  return SaveSecretLine(path, key.ToSecretText(), nullptr);
}

Result<void> SaveSecretLine(const std::filesystem::path& path, const crypto::SecretText& text,
                            const crypto::SecretText* passphrase, seal::WorkFactor work) {
  const KeyLine line(text);
  if (passphrase == nullptr) return WriteNewFile(path, line.view(), 0600);
  TRY(const Bytes file, seal::SealSmallFileToPassphrase(line.view(), *passphrase, work));
  return WriteNewFile(path, ViewOf(seal::Armor(file)), 0600);
}

Result<crypto::SecretText> OpenByPassphrase(ByteView file, std::string_view what,
                                            const PassphraseProvider& passphrase) {
  // A plain file has no passphrase, so nobody is asked for one.
  Bytes binary;
  if (seal::LooksArmored(TextOf(file))) {
    auto removed = seal::RemoveArmor(TextOf(file));
    if (!removed) return Fail(std::move(removed).error().In(what));
    binary = std::move(*removed);
    file = binary;
  }
  const auto parsed = seal::ParseHeader(file);
  if (!parsed) return Fail(Error(parsed.error()).In(what));
  if (!seal::IsSealedToPassphrase(parsed->header)) {
    return Fail(ErrorCode::kDenied, std::string(what) + ": is sealed to a key, not to a passphrase");
  }
  TRY(crypto::SecretText secret, passphrase({what, 0}));
  auto opened = seal::OpenSmallFile(file, seal::WithPassphrase(secret));
  for (std::size_t tried = 1; !opened && opened.error().code == ErrorCode::kDenied; ++tried) {
    auto next = passphrase({what, tried});
    if (!next && next.error().code == ErrorCode::kInterrupted) return next;
    if (!next || next->ExposeSecret() == secret.ExposeSecret()) break;
    secret = std::move(*next);
    opened = seal::OpenSmallFile(file, seal::WithPassphrase(secret));
  }
  if (!opened) return Fail(Error(std::move(opened).error()).In(what));
  return opened;
}

Result<tlog::SigningKey> LoadKey(const std::filesystem::path& path, const PassphraseProvider& passphrase) {
  const std::string what = "signing key " + Printable(path.native());
  TRY(Bytes file, ReadKeyFile(path));
  if (TextOf(file).starts_with(kPlainKeyPrefix)) {
    const auto allowed = RefuseIfOthersCanRead(path, what);
    auto key = tlog::SigningKey::Parse(FirstLine(TextOf(file)));
    crypto::Wipe(file);
    if (!allowed) return Fail(allowed.error());
    if (!key) return Fail(std::move(key).error().In(what));
    return key;
  }
  const std::string kind = KindOfKey(TextOf(file));
  if (!seal::LooksSealed(file)) {
    if (!kind.empty() && kind != kSigningKey) return NoSigningKey(path, kind);
    return Fail(ErrorCode::kInvalid, Format("{} holds no signing key", Printable(path.native())),
                std::string(kMakeKey));
  }
  const auto opened = OpenByPassphrase(file, what, passphrase);
  if (!opened) return Fail(opened.error());
  const std::string sealed_kind = KindOfKey(opened->ExposeSecret());
  auto key = tlog::SigningKey::Parse(FirstLine(opened->ExposeSecret()));
  if (key) return key;
  if (!sealed_kind.empty() && sealed_kind != kSigningKey) return NoSigningKey(path, sealed_kind);
  return Fail(std::move(key).error().In(what));
}

Result<crypto::SecretText> LoadSecretLine(const std::filesystem::path& path, std::string_view what,
                                          std::string_view prefix, const PassphraseProvider& passphrase) {
  const std::string name = std::string(what) + " " + Printable(path.native());
  TRY(Bytes file, ReadKeyFile(path));
  if (TextOf(file).starts_with(prefix)) {
    const auto allowed = RefuseIfOthersCanRead(path, name);
    crypto::SecretText line(FirstLine(TextOf(file)));
    crypto::Wipe(file);
    if (!allowed) return Fail(allowed.error());
    return line;
  }
  TRY(const crypto::SecretText opened, OpenByPassphrase(file, name, passphrase));
  return crypto::SecretText(FirstLine(opened.ExposeSecret()));
}

}  // namespace exhibit::custody
