#include "vault/session/vault_writer.h"

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/session/custodian_key.h"
#include "vault/session/key_files.h"
#include "vault/session/opening.h"
#include "vault/store/folder_sums.h"
#include "vault/store/head_check.h"
#include "vault/verify/file_key.h"
#include "vault/verify/read_entry.h"

namespace exhibit {

namespace fs = std::filesystem;
using opening::NamedItemIn;
using opening::RequireVault;

namespace {

// The log's key, and the one that is about to take its place, or already did: which of them signs is for the
// log to say, which names it in an entry.
Result<std::vector<tlog::SigningKey>> LoadLogKeys(const VaultPaths& paths, const custody::LogKeys& known,
                                                  const custody::PassphraseProvider& passphrase) {
  std::vector<tlog::SigningKey> keys;
  auto next = custody::LoadKey(paths.next_log_key, passphrase);
  // Where the log names the next one already, the other may be half erased.
  if (next && next->verifier() == known.current()) {
    auto before = custody::LoadKey(paths.log_key, passphrase);
    if (before) keys.push_back(std::move(*before));
    keys.push_back(std::move(*next));
    return keys;
  }
  TRY(tlog::SigningKey present, custody::LoadKey(paths.log_key, passphrase));
  const bool is_known = present.verifier() == known.current();
  keys.push_back(std::move(present));
  if (next) {
    keys.push_back(std::move(*next));
  } else if (next.error().code != ErrorCode::kNotFound) {
    return Fail(std::move(next).error());
  }
  if (is_known) return keys;
  return Fail(ErrorCode::kDenied, Printable(paths.log_key.native()) + " is not this vault's log key");
}

}  // namespace

struct VaultWriter::Parts {
  FileLock lock;
  VaultPaths paths;
  std::unique_ptr<store::Store> store;
  custody::SignedEntry genesis;
  std::vector<tlog::SigningKey> log_keys;
  tlog::SigningKey custodian_key;
  custody::State state;
  tlog::GrowingTree tree;
  fs::path user_head;
};

VaultWriter::VaultWriter(Parts parts, Pool& pool)
    : lock_(std::move(parts.lock)),
      paths_(std::move(parts.paths)),
      store_(std::move(parts.store)),
      genesis_(std::move(parts.genesis)),
      log_keys_(std::move(parts.log_keys)),
      custodian_key_(std::move(parts.custodian_key)),
      appender_(*store_, pool, std::move(parts.state), std::move(parts.tree), {log_keys_, custodian_key_},
                {store::HeadFile(paths_.head), store::HeadFile(parts.user_head)}) {}

Result<std::unique_ptr<VaultWriter>> VaultWriter::Open(const Options& options,
                                                       const custody::PassphraseProvider& passphrase, Pool& pool) {
  TRY_VOID(RequireVault(options.folder));
  const VaultPaths paths(options.folder);
  TRY(FileLock lock, opening::LockVault(paths, options.patience, options.opening.interrupted));
  // First as a reader, which changes nothing: opening a store for writing already tidies it up, and a
  // damaged one must stay as it is.
  TRY(const std::unique_ptr<VaultReader> reader, VaultReader::OpenOnce(paths, options.opening));
  return OpenBehind(std::move(lock), *reader, options, passphrase, pool);
}

Result<std::unique_ptr<VaultWriter>> VaultWriter::OpenBehind(FileLock lock, const VaultReader& reader,
                                                             const Options& options,
                                                             const custody::PassphraseProvider& passphrase,
                                                             Pool& pool) {
  const VaultPaths paths(options.folder);
  // Of a rotation past the head too, which an interrupted writer left.
  TRY(const custody::LogKeys known, reader.ReadLogKeys());
  TRY(std::vector<tlog::SigningKey> log_keys, LoadLogKeys(paths, known, passphrase));
  TRY(tlog::SigningKey custodian_key, LoadCustodianKey(options.custodian_key, reader.head().origin, passphrase));
  TRY(custody::State state, reader.State());
  TRY_VOID(state.MayAct(custody::ActorOf(custodian_key.verifier()), options.act));

  TRY(auto store, opening::EngineOr(options.opening.engine).Open(paths.store));
  TRY(tlog::GrowingTree tree, store::CheckHead(*store, reader.head()));
  state.AskOf([&store = *store](tlog::Sequence at) { return NamedItemIn(store, at); });
  // For entries below the head; the state itself knows those that it was moved over.
  state.AskOf([&store = *store, size = reader.head().size](const custody::CollectedNumber& number) -> Result<bool> {
    TRY(const auto found, verify::FindCollected(store, number));
    return found && found->value < size.value;
  });
  TRY(fs::path user_head, store::UserHeadPath(reader.head().origin));
  auto writer = std::unique_ptr<VaultWriter>(
      new VaultWriter({std::move(lock), paths, std::move(store), reader.genesis(), std::move(log_keys),
                       std::move(custodian_key), std::move(state), std::move(tree), std::move(user_head)},
                      pool));
  TRY_VOID(writer->GoOn(reader.head_note()));
  return writer;
}

Result<void> VaultWriter::GoOn(ByteView head_note) {
  // The one record that is not synced when it is acknowledged; a power cut may have taken it.
  TRY_VOID(store_->PutCheckpoint(head().size, head_note));
  TRY(adopted_, appender_.AdoptUnacknowledged());
  TRY_VOID(store_->DropUnreferenced());
  TRY_VOID(EndShredding());
  TRY_VOID(store::FolderSums(paths_.log_key.parent_path()).Tidy());
  TRY_VOID(key_files::FinishReaderKey(paths_, state().facts().key_file));
  return key_files::FinishLogKey(paths_, log_keys_, state().log_keys());
}

Result<custody::SignedEntry> VaultWriter::Entry(tlog::Sequence sequence) const {
  return verify::ReadEntryAt(*store_, sequence);
}

Result<custody::AccessGrant> VaultWriter::CommitAccess(custody::Access access) {
  TRY(const store::Committed committed, CommitAct(access));
  return custody::AccessGrant(*custody::Fingerprint::From(genesis_.leaf().view()), committed.first, std::move(access));
}

Result<std::optional<tlog::Sequence>> VaultWriter::FindCollected(const custody::CollectedNumber& number) const {
  return verify::FindCollected(*store_, number);
}

// A writer that was interrupted between the entry and the destruction.
Result<void> VaultWriter::EndShredding() {
  for (const auto& [item, under] : appender_.state().facts().shredded) {
    const auto header = store_->ReadHeader({item});
    if (header) TRY_VOID(store_->DestroySealedFile({item}));
    if (!header && header.error().code != ErrorCode::kNotFound) return Fail(header.error());
  }
  return {};
}

}  // namespace exhibit
