#include "vault/work/make_vault.h"

#include "vault/base/clock.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/crypto/ml_dsa.h"
#include "vault/crypto/ml_kem.h"
#include "vault/custody/free_text.h"
#include "vault/session/key_files.h"
#include "vault/session/label_key.h"
#include "vault/session/opening.h"
#include "vault/session/recovery_key.h"
#include "vault/store/appender.h"
#include "vault/work/change_readers.h"

namespace exhibit::work {

namespace fs = std::filesystem;

namespace {

constexpr custody::Person kFirstPerson{1};

Result<void> RefuseKnownOrigin(const store::HeadFile& user_head, const tlog::Origin& origin) {
  TRY(const auto known, user_head.Read());
  if (!known) return {};
  return Fail(ErrorCode::kExists,
              Format("this user has seen a vault of the origin {} before", Printable(origin.text())),
              Format("an origin names one vault, ever: choose another, such as {}-2. The head that was kept of that "
                     "vault shows whether it is rolled back: leave it where it is",
                     Printable(origin.text())));
}

Result<void> RefuseKnownKey(const fs::path& path) {
  if (IsAbsent(path)) return {};
  return Fail(ErrorCode::kExists, "there is a signing key already: " + Printable(path.native()),
              "name another file with --key; or, if it is of an init that was cut short and left no vault, remove it");
}

Result<void> SaveKey(const fs::path& path, const tlog::SigningKey& key, const NewVault& options) {
  if (options.key_passphrase == nullptr) return custody::SavePlainKey(path, key);
  return custody::SaveSealedKey(path, key, *options.key_passphrase, options.work);
}

// All keys of a new vault.
struct NewKeys {
  tlog::SigningKey log;
  std::optional<tlog::MlDsaSigningKey> log_ml_dsa;  // of a log that shall stand against a quantum computer, too
  tlog::SigningKey custodian;
  std::optional<tlog::SigningKey> recovery;
  custody::LabelSecret labels;
  seal::Identity vault;
  custody::VaultRecipient recipient;
  KeyFileSeal seal;
};

Result<seal::Identity> NewVaultKey(std::optional<custody::Suite> wanted) {
  const custody::Suite suite = wanted.value_or(crypto::HasMlKem() ? custody::Suite::kHybrid : custody::Suite::kX25519);
  if (suite == custody::Suite::kX25519) return seal::Identity(seal::X25519Identity::Generate());
  TRY(seal::HybridIdentity identity, seal::HybridIdentity::Generate());
  return seal::Identity(std::move(identity));
}

Result<NewKeys> MakeKeys(const NewVault& options) {
  TRY(tlog::KeyName handle, tlog::KeyName::Parse(custody::HandleOf(options.origin, 1)));
  TRY(seal::Identity vault, NewVaultKey(options.suite));
  TRY(const seal::Recipient recipient, seal::RecipientOf(vault));
  TRY(custody::VaultRecipient named, custody::VaultRecipient::Parse(seal::RecipientText(recipient)));
  TRY(std::vector<seal::Recipient> readers, RecipientsOf(options.readers));
  std::optional<tlog::MlDsaSigningKey> log_ml_dsa;
  if (named.suite() == custody::Suite::kHybrid && crypto::HasMlDsa()) {
    TRY(log_ml_dsa, tlog::MlDsaSigningKey::Generate(options.origin.as_key_name()));
  }
  NewKeys keys{tlog::SigningKey::Generate(options.origin.as_key_name()),
               std::move(log_ml_dsa),
               tlog::SigningKey::Generate(std::move(handle)),
               std::nullopt,
               custody::LabelSecret::Generate(),
               std::move(vault),
               std::move(named),
               {std::move(readers), options.reader_passphrase, options.work}};
  if (options.recovery == NewVault::Recovery::kByReaders) keys.recovery = GenerateRecoveryKey(options.origin);
  return keys;
}

// Writes keys/, and gives the digest of the vault key's file, which the genesis names.
Result<custody::KeyFileDigest> WriteKeys(const VaultPaths& paths, const NewKeys& keys, const NewVault& options) {
  TRY_VOID(CreateFolders(paths.keys));
  TRY_VOID(SaveKey(paths.log_key, keys.log, options));
  TRY_VOID(SaveLabelSecret(paths.label_key, keys.labels, options.key_passphrase, options.work));
  TRY(const Bytes reader_key, SealKeyFile({&keys.vault, 1}, keys.seal));
  TRY_VOID(WriteNewFile(paths.reader_key, reader_key, 0600));
  std::vector<fs::path> files = {paths.log_key, paths.label_key, paths.reader_key};
  if (keys.log_ml_dsa) {
    TRY_VOID(custody::SaveSecretLine(paths.log_pq_key, keys.log_ml_dsa->ToSecretText(), options.key_passphrase,
                                     options.work));
    files.push_back(paths.log_pq_key);
  }
  if (keys.recovery) {
    TRY(const Bytes recovery_key, SealRecoveryKey(*keys.recovery, keys.seal));
    TRY_VOID(WriteNewFile(paths.recovery_key, recovery_key, 0600));
    files.push_back(paths.recovery_key);
  }
  for (const fs::path& file : files) TRY_VOID(key_files::NoteDigest(file));
  return custody::DigestOf<custody::KeyFileDigest>(reader_key);
}

struct FirstEntry {
  custody::SignedEntry entry;
  store::SealedEntry sealed;
};

// Entry 0, with the words for people sealed.
Result<FirstEntry> SignGenesis(const NewKeys& keys, const custody::KeyFileDigest& key_file, const NewVault& options) {
  custody::PersonFacts custodian = options.custodian;
  custodian.person = kFirstPerson;
  store::Fields fields = custody::FieldsOf(options.readers);
  fields.emplace_back(std::string(custody::kCustodianField), custody::FieldOf(custodian));
  TRY(store::SealedEntry sealed, store::SealGenesis(keys.recipient, options.label_count, std::move(fields)));
  custody::Genesis genesis{keys.recipient.suite(),
                           options.label_count,
                           {},
                           keys.recipient,
                           {keys.log.verifier()},
                           {kFirstPerson, keys.custodian.verifier(), {custody::Role::kCustodian}},
                           key_file,
                           {},
                           options.continues};
  if (keys.recovery) genesis.recovery = keys.recovery->verifier();
  if (keys.log_ml_dsa) genesis.log.ml_dsa = keys.log_ml_dsa->verifier();
  TRY(custody::SignedEntry entry, custody::SignedEntry::Sign({options.origin,
                                                              {0},
                                                              {},
                                                              {0},
                                                              custody::EntryTimeOf(Now()),
                                                              custody::ActorOf(keys.custodian.verifier()),
                                                              std::move(genesis),
                                                              sealed.file},
                                                             keys.custodian));
  return FirstEntry{std::move(entry), std::move(sealed)};
}

Result<void> KeepHead(const NewVault& options, const store::HeadFile& user_head) {
  const auto keep = [&]() -> Result<void> {
    TRY(const Bytes head, opening::ReadVaultHead(VaultPaths(options.folder).head));
    return user_head.Replace(head);
  };
  auto kept = keep();
  if (kept) return kept;
  return Fail(Error(std::move(kept).error())
                  .In("the vault is made, but its head could not be kept")
                  .Hint("the next command that opens the vault keeps it; `exhibit verify` shows its fingerprint"));
}

Result<void> CheckCustodian(const custody::PersonFacts& custodian) {
  if (!custodian.name || IsBlank(*custodian.name)) {
    return Fail(ErrorCode::kInvalid, "the custodian has no name", "give one with --name");
  }
  return custody::CheckFreeTexts({{std::string(custody::kCustodianField), custody::FieldOf(custodian)}});
}

}  // namespace

Result<MadeVault> MakeVault(const NewVault& options) {
  EXHIBIT_ASSERT(!options.readers.empty() || options.reader_passphrase != nullptr);
  TRY_VOID(custody::CheckFreeText({"origin", options.origin.text()}));
  TRY_VOID(CheckCustodian(options.custodian));
  TRY(const fs::path user_head_path, store::UserHeadPath(options.origin));
  const store::HeadFile user_head(user_head_path);
  TRY_VOID(RefuseKnownOrigin(user_head, options.origin));
  TRY_VOID(RefuseKnownKey(options.custodian_key));
  TRY(const NewKeys keys, MakeKeys(options));
  TRY_VOID(CreateFolders(fs::absolute(options.folder).parent_path()));
  TRY(NewFolder making,
      NewFolder::Make(options.folder,
                      {.existing = NewFolder::Existing::kReplaceIfEmpty, .prefix = ".", .suffix = ".making"}));
  const VaultPaths paths(making.path());
  TRY(const custody::KeyFileDigest key_file, WriteKeys(paths, keys, options));
  TRY(const FirstEntry first, SignGenesis(keys, key_file, options));
  auto checkpoint = [&]() -> Result<tlog::Checkpoint> {
    TRY_VOID(CreateFolders(paths.store));
    TRY(const auto store, opening::EngineOr(options.engine).Create(paths.store));
    const std::span<const tlog::MlDsaSigningKey> ml_dsa(keys.log_ml_dsa ? &*keys.log_ml_dsa : nullptr,
                                                        keys.log_ml_dsa ? 1 : 0);
    const store::LogSigners log(std::span(&keys.log, 1), ml_dsa);
    return store::Appender::Begin(*store, first.entry, first.sealed, log, {store::HeadFile(paths.head)});
  }();
  if (!checkpoint) return Fail(std::move(checkpoint).error());
  // The custodian's own key is outside the vault. It is durable before the vault is: a key without
  // its vault is of no use, a vault without its key could never be added to.
  TRY_VOID(CreateFolders(fs::absolute(options.custodian_key).parent_path()));
  TRY_VOID(SaveKey(options.custodian_key, keys.custodian, options));
  auto finished = making.Finish();
  if (!finished) {
    // Remove the key only if the vault does not have its final name.
    std::error_code ignored;
    if (fs::exists(making.path(), ignored)) fs::remove(options.custodian_key, ignored);
    return Fail(std::move(finished).error());
  }
  TRY_VOID(KeepHead(options, user_head));
  MadeVault made{*custody::Fingerprint::From(first.entry.leaf().view()),
                 keys.log.verifier(),
                 keys.custodian.verifier(),
                 std::nullopt,
                 keys.recipient,
                 std::move(*checkpoint)};
  if (keys.recovery) made.recovery_key = keys.recovery->verifier();
  return made;
}

}  // namespace exhibit::work
