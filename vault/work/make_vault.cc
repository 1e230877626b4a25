#include "vault/work/make_vault.h"

#include <algorithm>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/session/key_files.h"
#include "vault/session/opening.h"
#include "vault/store/appender.h"

namespace exhibit::work {

namespace fs = std::filesystem;

namespace {

// A person's name as a key name: "Alice Examiner" signs as "Alice-Examiner".
Result<tlog::KeyName> KeyNameOf(std::string_view name) {
  if (!IsUtf8(name) || HasControl(name) || name.empty() || name.size() > 200) {
    return Fail(ErrorCode::kInvalid,
                Format("the custodian's name \"{}\" is empty, too long or has control characters",
                       Printable(name.substr(0, 80))),
                "give one with --name");
  }
  std::string text;
  for (const char c : name) text.push_back(c == ' ' || c == '+' ? '-' : c);
  return tlog::KeyName::Parse(text);
}

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

}  // namespace

Result<MadeVault> MakeVault(const NewVault& options) {
  EXHIBIT_ASSERT(!options.readers.empty() || options.reader_passphrase != nullptr);
  TRY(tlog::KeyName custodian_key_name, KeyNameOf(options.custodian_name));
  TRY(const fs::path user_head_path, store::UserHeadPath(options.origin));
  const store::HeadFile user_head(user_head_path);
  TRY_VOID(RefuseKnownOrigin(user_head, options.origin));
  TRY_VOID(RefuseKnownKey(options.custodian_key));
  TRY_VOID(CreateFolders(fs::absolute(options.folder).parent_path()));
  TRY(NewFolder making,
      NewFolder::Make(options.folder,
                      {.existing = NewFolder::Existing::kReplaceIfEmpty, .prefix = ".", .suffix = ".making"}));
  const VaultPaths paths(making.path());

  const auto log_key = tlog::SigningKey::Generate(options.origin.as_key_name());
  const auto custodian_key = tlog::SigningKey::Generate(std::move(custodian_key_name));
  const auto identity = seal::X25519Identity::Generate();
  custody::Genesis genesis{identity.recipient(),
                           log_key.verifier(),
                           {options.custodian_name, custodian_key.verifier(), {custody::Role::kCustodian}}};
  for (const seal::X25519Recipient& reader : options.readers) {
    const bool is_listed = std::ranges::find(genesis.readers, custody::Reader{reader}) != genesis.readers.end();
    if (!is_listed) genesis.readers.push_back({reader});
  }
  TRY(const custody::SignedEntry entry,
      custody::SignedEntry::Sign(
          {options.origin, {0}, {}, Now(), custody::ActorOf(custodian_key.verifier()), std::move(genesis)},
          custodian_key));

  TRY_VOID(CreateFolders(paths.log_key.parent_path()));
  TRY_VOID(SaveKey(paths.log_key, log_key, options));
  TRY(const Bytes reader_key, SealKeyFile({&identity, 1}, {options.readers, options.reader_passphrase, options.work}));
  TRY_VOID(WriteNewFile(paths.reader_key, reader_key, 0600));
  TRY_VOID(key_files::NoteDigest(paths.log_key));
  TRY_VOID(key_files::NoteDigest(paths.reader_key));
  auto checkpoint = [&]() -> Result<tlog::Checkpoint> {
    TRY_VOID(CreateFolders(paths.store));
    TRY(const auto store, opening::EngineOr(options.engine).Create(paths.store));
    return store::Appender::Begin(*store, entry, log_key, {store::HeadFile(paths.head)});
  }();
  if (!checkpoint) return Fail(std::move(checkpoint).error());
  // The custodian's own key is outside the vault. It is durable before the vault is: a key without
  // its vault is of no use, a vault without its key could never be added to.
  TRY_VOID(CreateFolders(options.custodian_key.parent_path()));
  TRY_VOID(SaveKey(options.custodian_key, custodian_key, options));
  auto finished = making.Finish();
  if (!finished) {
    // Remove the key only if the vault does not have its final name.
    std::error_code ignored;
    if (fs::exists(making.path(), ignored)) fs::remove(options.custodian_key, ignored);
    return Fail(std::move(finished).error());
  }
  const auto keep_head = [&]() -> Result<void> {
    TRY(const Bytes head, opening::ReadVaultHead(VaultPaths(options.folder).head));
    return user_head.Replace(head);
  };
  auto kept = keep_head();
  if (!kept) {
    return Fail(Error(std::move(kept).error())
                    .In("the vault is made, but its head could not be kept")
                    .Hint("the next command that opens the vault keeps it; `exhibit verify` shows its fingerprint"));
  }
  return MadeVault{*custody::Fingerprint::From(entry.leaf().view()), log_key.verifier(), custodian_key.verifier(),
                   identity.recipient(), std::move(*checkpoint)};
}

}  // namespace exhibit::work
