#include "vault/intake/collector.h"

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/custody/json_fields.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMaxFileBytes = 4096;

std::string Encode(const CollectorSetup& setup) {
  const Json json = {{"v", kVersion},
                     {"origin", setup.origin.text()},
                     {"fingerprint", ToHex(setup.fingerprint.view())},
                     {"recipient", setup.recipient.ToText()}};
  return json.Dump() + "\n";
}

Result<CollectorSetup> Decode(std::string_view text) {
  TRY(const Json json, custody::ParseObject(text));
  const custody::Fields fields(json);
  TRY(const std::uint64_t version, fields.Number("v"));
  if (version != kVersion) {
    return Fail(ErrorCode::kUnsupported, Format("version {} is not known", version),
                "a newer version of exhibit may know it");
  }
  TRY(const std::string origin_text, fields.Text("origin"));
  TRY(tlog::Origin origin, tlog::Origin::Parse(origin_text));
  TRY(const auto fingerprint, fields.Hex<custody::Fingerprint>("fingerprint"));
  TRY(const std::string recipient_text, fields.Text("recipient"));
  TRY(const seal::X25519Recipient recipient, seal::X25519Recipient::Parse(recipient_text));
  CollectorSetup setup{std::move(origin), fingerprint, recipient};
  if (Encode(setup) == text) return setup;
  return Fail(ErrorCode::kInvalid, "not in the one form that it may have");
}

Result<CollectorSetup> ReadSetup(const fs::path& path) {
  const auto file = ReadFile(path, kMaxFileBytes);
  if (!file && file.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound, Printable(path.parent_path().native()) + " is no collector's folder",
                "make one on the vault's machine: exhibit collector new NAME --out FOLDER");
  }
  if (!file) return Fail(file.error());
  auto setup = Decode(TextOf(*file));
  if (!setup) return Fail(std::move(setup).error().In(Printable(path.native())));
  return setup;
}

Result<std::uint64_t> ReadNext(const fs::path& path) {
  TRY(const Bytes file, ReadFile(path, kMaxFileBytes));
  std::string_view text = TextOf(file);
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto number = FromDecimal(text);
  if (number && *number > 0) return *number;
  return Fail(ErrorCode::kInvalid, Printable(path.native()) + " does not hold the number of the next item");
}

}  // namespace

Result<tlog::VerifierKey> MakeCollectorFolder(const fs::path& folder, const CollectorSetup& setup, tlog::KeyName name,
                                              const crypto::SecretText* passphrase, seal::WorkFactor work) {
  TRY(NewFolder making, NewFolder::Make(folder, {.prefix = ".", .suffix = ".making"}));
  const auto key = tlog::SigningKey::Generate(std::move(name));
  TRY_VOID(WriteNewFile(making.path() / "vault", ViewOf(Encode(setup)), 0644));
  TRY_VOID(WriteNewFile(making.path() / "next", ViewOf("1\n"), 0644));
  if (passphrase == nullptr) {
    TRY_VOID(custody::SavePlainKey(making.path() / "collector.key", key));
  } else {
    TRY_VOID(custody::SaveSealedKey(making.path() / "collector.key", key, *passphrase, work));
  }
  TRY_VOID(making.Finish());
  return key.verifier();
}

Collector::Collector(fs::path folder, FileLock lock, CollectorSetup setup, tlog::SigningKey key, std::uint64_t next)
    : folder_(std::move(folder)), lock_(std::move(lock)), setup_(std::move(setup)), key_(std::move(key)), next_(next) {}

Result<Collector> Collector::Open(const fs::path& folder, const custody::PassphraseProvider& passphrase) {
  TRY(CollectorSetup setup, ReadSetup(folder / "vault"));
  constexpr LockPurpose kCollecting{"is collecting with this folder", "wait until it has finished, then run it again"};
  TRY(FileLock lock, FileLock::Acquire(folder / "LOCK", kCollecting, std::chrono::milliseconds(0)));
  TRY(tlog::SigningKey key, custody::LoadKey(folder / "collector.key", passphrase));
  TRY(const std::uint64_t next, ReadNext(folder / "next"));
  return Collector(folder, std::move(lock), std::move(setup), std::move(key), next);
}

Result<std::uint64_t> Collector::Take(std::uint64_t count) {
  const std::uint64_t first = next_;
  TRY_VOID(ReplaceFile(folder_ / "next", ViewOf(Format("{}\n", first + count)), 0644));
  next_ = first + count;
  return first;
}

}  // namespace exhibit::intake
