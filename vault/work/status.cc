#include "vault/work/status.h"

#include <algorithm>
#include <map>
#include <utility>

#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/interrupt.h"
#include "vault/custody/key_file.h"
#include "vault/session/custodian_key.h"
#include "vault/session/cut_files.h"
#include "vault/session/sealed_key_file.h"
#include "vault/store/folder_sums.h"
#include "vault/tlog/note.h"
#include "vault/verify/entry_batch.h"

namespace exhibit::work {
namespace {

bool MayCollect(const custody::Membership& member) {
  return !member.until && member.roles.Has(custody::Role::kCollector);
}

// What only the entries themselves tell, from `from` on.
struct Read {
  custody::Collectors collectors = {};
  std::map<std::string, custody::EntryTime> last_items = {};  // by the collector's handle
  std::vector<AccessEntry> accesses = {};
  std::uint64_t items = 0;
};

void Take(const custody::Entry& entry, Read& read) {
  if (const auto* const item = std::get_if<custody::Item>(&entry.body)) {
    ++read.items;
    if (!item->collected) return;
    read.collectors.Add(*item->collected);
    read.last_items.insert_or_assign(custody::NumberOf(item->collected->said()).handle, entry.time);
  }
  if (const auto* const run = std::get_if<custody::Run>(&entry.body)) read.collectors.Add(run->statement);
  if (std::holds_alternative<custody::Access>(entry.body)) read.accesses.push_back({entry.sequence, entry.time});
}

// A state at the head knows the closing statements, but not each item: items are in no index by their collector.
Result<Read> ReadEntries(const VaultReader& vault, std::uint64_t from, const std::atomic<bool>* interrupted,
                         Pool& pool) {
  Read read;
  const std::uint64_t size = vault.head().size.value;
  for (std::uint64_t at = from; at < size;) {
    TRY_VOID(StopIfAsked(interrupted));
    const auto batch = verify::EntryBatch::StartReading(vault, pool, at, size);
    batch->work.Wait();
    for (const verify::ReadEntry& one : batch->entries) {
      if (!one.entry && !one.lost) return Fail(verify::ErrorOf(one).In(NameOf(tlog::Sequence{at})));
      if (one.entry) Take(one.entry->parsed(), read);
      ++at;
    }
  }
  return read;
}

std::map<std::string, CollectorStatus> AdmittedCollectors(const custody::Facts& facts) {
  std::map<std::string, CollectorStatus> by_handle;
  for (const auto& [actor, member] : *facts.members) {
    if (!member.roles.Has(custody::Role::kCollector)) continue;
    const std::string handle(actor.name());
    CollectorStatus& one = by_handle[handle];
    one.handle = one.chain.handle = handle;
    one.person = member.person;
    one.is_admitted = one.is_admitted || MayCollect(member);
  }
  return by_handle;
}

bool EverHadCollectors(const custody::Facts& facts) {
  return !AdmittedCollectors(facts).empty() || !facts.collectors->All().empty();
}

std::vector<CollectorStatus> CollectorsIn(const custody::Facts& facts, const Read& read) {
  std::map<std::string, CollectorStatus> by_handle = AdmittedCollectors(facts);
  for (custody::Collectors::Gap& chain : read.collectors.All()) {
    CollectorStatus& one = by_handle[chain.handle];
    one.handle = chain.handle;
    if (const auto person = facts.handles.find(chain.handle); person != facts.handles.end())
      one.person = person->second;
    if (const auto last = read.last_items.find(chain.handle); last != read.last_items.end())
      one.last_item = last->second;
    one.chain = std::move(chain);
  }
  std::vector<CollectorStatus> all;
  for (auto& [handle, one] : by_handle) all.push_back(std::move(one));
  return all;
}

Result<std::optional<StatusOfVault::Cosigned>> FindCosigned(const VaultReader& vault) {
  TRY(const auto kept, vault.ReadCosigned());
  std::optional<StatusOfVault::Cosigned> newest;
  for (const verify::KeptCheckpoint& one : kept) {
    const auto note = tlog::SignedNote::Parse(one.note);
    const auto checkpoint = note ? tlog::DecodeCheckpoint(note->text()) : Result<tlog::Checkpoint>(Fail(note.error()));
    if (!checkpoint || checkpoint->origin != vault.head().origin || checkpoint->size > vault.head().size) continue;
    if (newest && checkpoint->size < newest->size) continue;
    StatusOfVault::Cosigned cosigned{checkpoint->size, {}};
    for (const tlog::NoteSignature& line : note->signatures()) {
      if (line.name.text() != vault.head().origin.text()) cosigned.by.emplace_back(line.name.text());
    }
    if (!cosigned.by.empty()) newest = std::move(cosigned);
  }
  return newest;
}

Result<void> LookAtKeys(const VaultPaths& paths, const custody::Facts& facts, StatusOfVault& status) {
  TRY(status.key_files, store::FolderSums(paths.keys).Check());
  const auto look = LookAtKeyFile(paths.reader_key);
  if (!look) {
    status.key_files.push_back({verify::MediumFault::Weight::kDamage, "keys/reader.age: " + look.error().message});
    return {};
  }
  status.is_under_passphrase = look->passphrase;
  status.is_key_file_named = !facts.key_file || *facts.key_file == look->digest;
  return {};
}

}  // namespace

Result<StatusOfVault> LookAtStatus(const VaultReader& vault, const custody::State& state, const StatusRequest& request,
                                   Pool& pool) {
  const custody::Facts& facts = state.facts();
  const VaultPaths paths(request.folder);
  TRY(const custody::SignedEntry last, vault.Entry({vault.head().size.value - 1}));
  StatusOfVault status{.head = vault.head(), .fingerprint = vault.fingerprint(), .last_time = last.parsed().time};
  TRY(status.unacknowledged, vault.CountUnacknowledged());
  status.is_being_written = LookAtLock(paths.lock).is_held;
  TRY(status.cut, cut_files::RemarksOn(paths.cut));
  TRY_VOID(LookAtKeys(paths, facts, status));
  if (auto kit = AgeOfKit(vault)) status.kit = std::move(*kit);
  const std::uint64_t size = vault.head().size.value;
  const std::uint64_t from = EverHadCollectors(facts) || size <= kRecentEntries ? 0 : size - kRecentEntries;
  TRY(Read read, ReadEntries(vault, from, request.interrupted, pool));
  status.collectors = CollectorsIn(facts, read);
  status.accesses = std::move(read.accesses);
  status.items = read.items;
  status.is_all_counted = from == 0;
  status.own_key = LookAtOwnKey(request.key, state);
  status.deeds = ReadDeeds(vault.head().origin, vault.fingerprint());
  for (const auto& [entry, stamp] : *facts.stamps) {
    if (!stamp.covers) continue;
    status.last_stamp = entry;
    status.stamp_covers = stamp.covers;
  }
  TRY(status.cosigned, FindCosigned(vault));
  if (request.remote != nullptr) {
    status.locks = store::LookAtSomeLocks(*request.remote);
    status.spent = store::LookAtSpent(*request.remote);
  }
  return status;
}

std::optional<OwnKey> LookAtOwnKey(const std::filesystem::path& file, const custody::State& state) {
  OwnKey own{.file = file};
  if (own.file.empty()) {
    auto path = UserKeyPath(state.origin());
    if (!path) return std::nullopt;
    own.file = std::move(*path);
  }
  own.is_there = !IsAbsent(own.file);
  const auto nobody = [](const custody::PassphraseRequest&) -> Result<crypto::SecretText> {
    return Fail(ErrorCode::kDenied, "not asked for");
  };
  const auto key = custody::LoadKey(own.file, nobody);
  if (!key) return own;
  own.actor = custody::ActorOf(key->verifier());
  const auto member = state.facts().members->find(*own.actor);
  own.is_admitted = member != state.facts().members->end() && !member->second.until;
  return own;
}

Result<std::vector<CollectorStatus>> LookAtCollectors(const VaultReader& vault, const custody::State& state,
                                                      const std::atomic<bool>* interrupted, Pool& pool) {
  if (!EverHadCollectors(state.facts())) return std::vector<CollectorStatus>();
  TRY(const Read read, ReadEntries(vault, 0, interrupted, pool));
  return CollectorsIn(state.facts(), read);
}

std::vector<std::string> CollectorsOf(const custody::Facts& facts) {
  std::vector<std::string> handles;
  for (const auto& [actor, member] : *facts.members) {
    if (MayCollect(member)) handles.emplace_back(actor.name());
  }
  std::ranges::sort(handles);
  return handles;
}

}  // namespace exhibit::work
