#include "vault/session/vault_writer.h"

#include <algorithm>
#include <set>
#include <span>

#include "vault/base/text.h"
#include "vault/custody/field_forms.h"
#include "vault/session/custodian_key.h"
#include "vault/session/cut_files.h"
#include "vault/session/key_files.h"
#include "vault/session/label_key.h"
#include "vault/session/opening.h"
#include "vault/store/folder_sums.h"
#include "vault/store/head_check.h"
#include "vault/verify/lost_entries.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"

namespace exhibit {

namespace fs = std::filesystem;
using opening::RequireVault;

namespace {

// Nothing if the file is missing: what is added then has no labels of cases, and that is better than adding nothing.
Result<std::optional<custody::LabelSecret>> FindLabelSecret(const VaultPaths& paths,
                                                            const custody::PassphraseProvider& passphrase) {
  auto secret = LoadLabelSecret(paths, passphrase);
  if (secret) return std::optional(std::move(*secret));
  if (secret.error().code == ErrorCode::kNotFound) return std::optional<custody::LabelSecret>();
  return Fail(std::move(secret).error());
}

store::CaseKeys CaseKeysOf(const std::optional<custody::LabelSecret>& secret) {
  return secret ? store::CaseKeys(secret->Copy()) : store::CaseKeys();
}

// Of a log that lost a law entry nobody knows whose keys are admitted, what needs two, or what evidence is sealed to. Who
// reads must still be recorded, or nobody could read; a hold or a note harms nobody. New evidence and new law wait.
bool MayGoOnWithoutLaw(const custody::ActForm& act) {
  if (act.actor == custody::ActorRule::kRecoveryKey) return true;
  return act.law == custody::LawRule::kNo && act.sealed != custody::SealedRule::kContent &&
         act.type != custody::Shred::kForm.type;
}

Result<void> CheckLawIsKnown(const custody::ActForm& act, const custody::State& state) {
  const auto lost = state.unread().RangeFrom(0);
  if (!lost || MayGoOnWithoutLaw(act)) return {};
  return Fail(verify::LostLaw({lost->first}, "nothing is added before it is found",
                              "`exhibit restore` writes the originals, and `exhibit init` makes another vault"));
}

// Whoever recovers a vault is not admitted yet. Whether the rules allow the entry, its commit asks.
Result<void> MayBeginWith(const tlog::VerifierKey& key, const custody::ActForm& act, const custody::State& state) {
  TRY_VOID(CheckLawIsKnown(act, state));
  if (act.actor != custody::ActorRule::kRecoveryKey) return state.MayAct(custody::ActorOf(key), act);
  if (state.facts().recovery() != nullptr) return {};
  return Fail(ErrorCode::kDenied, "the log names no recovery key, so nobody can recover this vault",
              "`exhibit history` tells what ended it");
}

}  // namespace

struct VaultWriter::Parts {
  FileLock lock;
  VaultPaths paths;
  std::unique_ptr<store::Store> store;
  custody::SignedEntry genesis;
  LogSecrets log_keys;
  tlog::SigningKey custodian_key;
  std::optional<custody::LabelSecret> label_secret;
  custody::State state;
  tlog::GrowingTree tree;
  fs::path user_head;
  verify::LostEntries* lost = nullptr;
};

VaultWriter::VaultWriter(Parts parts, Pool& pool)
    : lock_(std::move(parts.lock)),
      paths_(std::move(parts.paths)),
      store_(std::move(parts.store)),
      genesis_(std::move(parts.genesis)),
      log_keys_(std::move(parts.log_keys)),
      custodian_key_(std::move(parts.custodian_key)),
      label_secret_(std::move(parts.label_secret)),
      appender_(*store_, pool, std::move(parts.state), std::move(parts.tree), {log_keys_.Signers(), custodian_key_},
                CaseKeysOf(label_secret_),
                {store::HeadFile(paths_.head),
                 store::HeadFile(parts.user_head, store::kMaxHeadBytes, store::Replaced::kAtSomeTime)}),
      lost_(parts.lost) {}

Result<std::unique_ptr<VaultWriter>> VaultWriter::Open(const Options& options,
                                                       const custody::PassphraseProvider& passphrase, Pool& pool) {
  TRY_VOID(RequireVault(options.folder));
  const VaultPaths paths(options.folder);
  // Before the head is read, which the user's copy of it would follow.
  TRY_VOID(failed_disk::Check(paths.store));
  TRY(FileLock lock, opening::LockVault(paths, options.patience, options.opening.interrupted));
  TRY_VOID(opening::EngineOr(options.opening.engine).Refresh(paths.store, store::HeadFile(paths.head)));
  // First as a reader, which changes nothing: opening a store for writing already tidies it up, and a
  // damaged one must stay as it is.
  TRY(const std::unique_ptr<VaultReader> reader, VaultReader::OpenOnce(paths, options.opening));
  return OpenBehind(std::move(lock), *reader, options, passphrase, pool);
}

Result<std::unique_ptr<VaultWriter>> VaultWriter::OpenBehind(FileLock lock, const VaultReader& reader,
                                                             const Options& options,
                                                             const custody::PassphraseProvider& passphrase,
                                                             Pool& pool) {
  const std::filesystem::path store = VaultPaths(options.folder).store;
  return failed_disk::Noted(store, Make(std::move(lock), reader, options, passphrase, pool));
}

Result<std::unique_ptr<VaultWriter>> VaultWriter::Make(FileLock lock, const VaultReader& reader, const Options& options,
                                                       const custody::PassphraseProvider& passphrase, Pool& pool) {
  const VaultPaths paths(options.folder);
  // Of a rotation past the head too, which an interrupted writer left.
  TRY(const custody::LogKeys known, reader.ReadLogKeys());
  TRY(LogSecrets log_keys, LoadLogSecrets(paths, known, passphrase));
  TRY(tlog::SigningKey custodian_key, LoadCustodianKey(options.custodian_key, reader.head().origin, passphrase));
  auto label_secret = FindLabelSecret(paths, passphrase);
  if (!label_secret) return Fail(std::move(label_secret).error());
  TRY(custody::State state, reader.State());
  TRY_VOID(MayBeginWith(custodian_key.verifier(), options.act, state));

  TRY(auto store, opening::EngineOr(options.opening.engine).Open(paths.store));
  TRY(tlog::GrowingTree tree, store::CheckHead(*store, reader.head()));
  custody::Ask ask = opening::AskOf(*store, reader.head().size);
  state.AskOf(std::move(ask.leaf));
  state.AskOf(std::move(ask.collected));
  TRY(fs::path user_head, store::UserHeadPath(reader.head().origin));
  auto writer = std::unique_ptr<VaultWriter>(new VaultWriter(
      {std::move(lock), paths, std::move(store), reader.genesis(), std::move(log_keys), std::move(custodian_key),
       std::move(*label_secret), std::move(state), std::move(tree), std::move(user_head), options.opening.lost},
      pool));
  TRY_VOID(writer->GoOn(reader.head_note()));
  return writer;
}

Result<void> VaultWriter::GoOn(ByteView head_note) {
  // The one record that is not synced when it is acknowledged; a power cut may have taken it.
  TRY_VOID(store_->PutCheckpoint(head().size, head_note));
  TRY(adopted_, appender_.AdoptUnacknowledged());
  TRY_VOID(cut_files::Save(*store_, paths_.cut));
  TRY_VOID(store_->DropUnreferenced());
  TRY_VOID(EndDestroying());
  TRY_VOID(store::FolderSums(paths_.keys).Tidy());
  TRY_VOID(key_files::FinishReaderKeys(paths_, state().facts()));
  TRY_VOID(key_files::FinishLogKeys(paths_, log_keys_, state().log_keys()));
  TRY_VOID(LookAtKeyFiles());
  TRY(const std::vector<std::string> cut, cut_files::RemarksOn(paths_.cut));
  remarks_.insert(remarks_.end(), cut.begin(), cut.end());
  return {};
}

// A file that is damaged is found while there is a copy of it, and not on the day when a reader needs it.
Result<void> VaultWriter::LookAtKeyFiles() {
  TRY(const auto faults, store::FolderSums(paths_.keys).Check());
  for (const verify::MediumFault& fault : faults) {
    const bool is_damage = fault.weight == verify::MediumFault::Weight::kDamage;
    remarks_.push_back(fault.message + (is_damage ? "; put back a copy of it while there is one" : ""));
  }
  return {};
}

Result<custody::SignedEntry> VaultWriter::Entry(tlog::Sequence sequence) const {
  return verify::ReadEntryAt(*store_, sequence);
}

Result<std::optional<custody::SignedEntry>> VaultWriter::EntryIfHere(tlog::Sequence sequence) const {
  TRY(auto entry, verify::ReadEntryIfHere(*store_, sequence));
  if (!entry && lost_ != nullptr) lost_->Note(sequence);
  return entry;
}

namespace {

// A bundle's note names one `exported` act, and that names one `export` act.
bool MustBeOneEntry(custody::AccessWay way) {
  return way == custody::AccessWay::kExport || way == custody::AccessWay::kExported;
}

// The fields that name as many of `items`, from the first on, as one entry holds, which are taken away.
Result<store::Fields> TakeItems(std::span<const tlog::Sequence>& items, custody::AccessWay way) {
  for (std::size_t count = items.size();; count = (count + 1) / 2) {
    auto fields = custody::ItemFields({items.begin(), items.begin() + static_cast<std::ptrdiff_t>(count)});
    if (!fields && count > 1 && !MustBeOneEntry(way)) continue;
    items = items.subspan(count);
    return fields;
  }
}

}  // namespace

Result<custody::AccessGrant> VaultWriter::CommitAccess(custody::AccessWay way, const std::vector<tlog::Sequence>& items,
                                                       const store::Fields& fields,
                                                       const std::vector<std::string>& cases) {
  const std::set<tlog::Sequence> each(items.begin(), items.end());
  if (each.empty()) return Fail(ErrorCode::kInvalid, "no items", "name them by their numbers");
  const std::vector<tlog::Sequence> sorted(each.begin(), each.end());
  // One commit for all of them: either all is recorded or nothing.
  std::vector<store::Pending> group;
  std::vector<custody::FieldList> told;
  for (std::span<const tlog::Sequence> rest = sorted; !rest.empty();) {
    TRY(store::Fields all, TakeItems(rest, way));
    all.emplace_back("act", custody::ToText(way));
    all.insert(all.end(), fields.begin(), fields.end());
    TRY(store::SealedEntry sealed, sealer().Seal(std::move(all), cases));
    told.push_back(*sealed.fields);
    group.push_back({custody::Access(), std::move(sealed)});
  }
  TRY(const store::Committed committed, Commit(std::move(group), nullptr));
  const custody::Fingerprint& vault = state().fingerprint();
  TRY(custody::AccessGrant grant, custody::AccessGrant::Of(vault, committed.first, told.front()));
  for (std::size_t i = 1; i < told.size(); ++i) {
    TRY(const custody::AccessGrant more, custody::AccessGrant::Of(vault, {committed.first.value + i}, told[i]));
    grant.Join(more);
  }
  return grant;
}

Result<std::optional<tlog::Sequence>> VaultWriter::FindCollected(const custody::CollectedNumber& number) const {
  return verify::FindCollected(*store_, number);
}

// A writer may have been interrupted between an entry and the destruction that it announces. A reseal's headers go before
// anything but another reseal entry is committed, so only the entries at the log's end can be unfinished ones.
Result<void> VaultWriter::EndDestroying() {
  const custody::PositionRanges& shredded = *state().facts().shredded;
  for (auto range = shredded.RangeFrom(0); range; range = shredded.RangeFrom(range->last + 1)) {
    for (std::uint64_t item = range->first; item <= range->last; ++item) {
      const auto place = store_->FindPlace({item});
      if (place) TRY_VOID(store_->DestroySealedFile({item}));
      if (!place && place.error().code != ErrorCode::kNotFound) return Fail(place.error());
    }
  }
  for (std::uint64_t at = head().size.value; at-- > 0;) {
    TRY(const auto entry, verify::ReadEntryIfHere(*store_, {at}));
    const auto* const reseal = entry ? std::get_if<custody::Reseal>(&entry->parsed().body) : nullptr;
    if (reseal == nullptr) return {};
    if (!reseal->destroy) continue;
    for (const tlog::Sequence item : reseal->items->Items()) TRY_VOID(store_->DestroyHeaders(item, {at}));
  }
  return {};
}

}  // namespace exhibit
