#include "vault/work/recover.h"

#include <unistd.h>

#include <algorithm>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/session/custodian_key.h"
#include "vault/session/key_files.h"
#include "vault/session/recovery_key.h"
#include "vault/session/writer_hands.h"
#include "vault/work/change_readers.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

// The first handle that nobody had.
std::string NewHandle(const custody::Facts& facts) {
  std::uint64_t highest = 0;
  for (const auto& [handle, person] : facts.handles) {
    highest = std::max(highest, custody::HandleNumber(handle, facts.origin).value_or(0));
  }
  return custody::HandleOf(facts.origin, highest + 1);
}

// The file of the new custodian's key. It goes again, unless an entry may name the key.
class NewKeyFile {
 public:
  static Result<NewKeyFile> Write(const RecoverRequest& request, const tlog::Origin& origin,
                                  const tlog::SigningKey& key) {
    fs::path path = request.custodian_key;
    if (path.empty()) {
      TRY(path, UserKeyPath(origin));
    }
    TRY_VOID(CreateFolders(fs::absolute(path).parent_path()));
    if (request.key_passphrase == nullptr) {
      TRY_VOID(custody::SavePlainKey(path, key));
    } else {
      TRY_VOID(custody::SaveSealedKey(path, key, *request.key_passphrase, request.work));
    }
    return NewKeyFile(std::move(path));
  }
  ~NewKeyFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  NewKeyFile(NewKeyFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  NewKeyFile& operator=(NewKeyFile&&) = delete;

  const fs::path& path() const { return path_; }
  void Keep() { path_.clear(); }

 private:
  explicit NewKeyFile(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

// Who made the key a moment ago is not asked for its passphrase.
custody::PassphraseProvider WithNewPassphrase(const RecoverRequest& request, const fs::path& new_key,
                                              const custody::PassphraseProvider& passphrase) {
  const std::string what = "signing key " + Printable(new_key.native());
  return [&request, &passphrase, what](const custody::PassphraseRequest& asked) -> Result<crypto::SecretText> {
    if (asked.what == what && request.key_passphrase != nullptr) {
      return crypto::SecretText(request.key_passphrase->ExposeSecret());
    }
    return passphrase(asked);
  };
}

// Whom the next recovery key is sealed to: the present readers.
Result<KeyFileSeal> SealOfNext(const VaultReader& vault, const RecoverRequest& request,
                               const custody::PassphraseProvider& passphrase) {
  TRY(const VaultKeys keys, OpenReaderKeys(request.folder, request.identities, passphrase));
  TRY(const std::vector<custody::ReaderFacts> readers, PresentReaders(vault, keys));
  TRY(std::vector<seal::Recipient> recipients, RecipientsOf(readers));
  if (recipients.empty() && request.reader_passphrase == nullptr) {
    return Fail(ErrorCode::kDenied, "the recovery key is under a passphrase, and so the next one needs one");
  }
  return KeyFileSeal{std::move(recipients), request.reader_passphrase, request.work};
}

Result<tlog::SigningKey> OpenPresentKey(const custody::State& state, const RecoverRequest& request,
                                        const custody::PassphraseProvider& passphrase) {
  const tlog::VerifierKey* const named = state.facts().recovery();
  if (named == nullptr) {
    return Fail(ErrorCode::kNotFound,
                "the log names no recovery key: the vault was made without one, or a rule ended it",
                "a custodian who is admitted makes one: exhibit reader set --recovery");
  }
  TRY(tlog::SigningKey key, OpenRecoveryKey(request.folder, request.identities, passphrase));
  if (key.verifier() == *named) return key;
  return Fail(ErrorCode::kTampered, "keys/recovery.age does not hold the key that the log names: " + named->ToText(),
              "restore it from a copy of the vault");
}

bool MayBeStored(const Error& error) { return error.code != ErrorCode::kDenied && error.code != ErrorCode::kInvalid; }

}  // namespace

Result<Recovered> Recover(const RecoverRequest& request, const custody::PassphraseProvider& passphrase, Pool& pool) {
  TRY(const auto vault, VaultReader::Open(request.folder, request.opening));
  TRY(const custody::State state, vault->State());
  TRY(const tlog::SigningKey recovery, OpenPresentKey(state, request, passphrase));
  std::optional<KeyFileSeal> seal;
  if (request.next == RecoverRequest::Next::kRenew) {
    TRY(seal, SealOfNext(*vault, request, passphrase));
  }
  const custody::Person person{state.facts().highest.number + 1};
  custody::PersonFacts custodian = request.custodian;
  custodian.person = person;
  store::Fields fields = request.fields;
  fields.emplace_back(std::string(custody::kCustodianField), custody::FieldOf(custodian));
  TRY_VOID(custody::CheckFreeTexts(fields));
  TRY(tlog::KeyName handle, tlog::KeyName::Parse(NewHandle(state.facts())));
  const auto key = tlog::SigningKey::Generate(std::move(handle));
  TRY(NewKeyFile file, NewKeyFile::Write(request, state.origin(), key));

  TRY(const auto writer,
      VaultWriter::Open({request.folder, file.path(), request.patience, custody::Recovery::kForm, request.opening},
                        WithNewPassphrase(request, file.path(), passphrase), pool));
  const WriterHands hands = WriterHands::Of(*writer);
  custody::Recovery admits{{person, key.verifier(), {custody::Role::kCustodian}}, {}};
  if (seal) {
    const auto next = GenerateRecoveryKey(state.origin());
    admits.recovery = next.verifier();
    TRY_VOID(key_files::PrepareRecoveryKey(hands.paths, next, *seal));
  }
  auto committed =
      hands.appender.CommitRecovery({std::move(admits), std::move(fields)}, recovery, writer->custodian_key());
  if (committed || MayBeStored(committed.error())) file.Keep();
  if (!committed) return Fail(std::move(committed).error());
  TRY_VOID(key_files::FinishReaderKeys(hands.paths, writer->state().facts()));
  return Recovered{committed->first, key.verifier(), person, committed->checkpoint};
}

}  // namespace exhibit::work
