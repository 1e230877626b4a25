// The state of a vault at a glance: what there is, what waits, what is missing, what should be done. It writes nothing, and
// proves nothing: `verify` does.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/custody/collectors.h"
#include "vault/custody/state.h"
#include "vault/session/vault_reader.h"
#include "vault/store/lock_survey.h"
#include "vault/store/spent_objects.h"
#include "vault/work/deeds.h"
#include "vault/work/kit.h"

namespace exhibit::work {

// What is expected of a collector next.
struct CollectorStatus {
  std::string handle;
  std::optional<custody::Person> person;
  bool is_admitted = false;                          // its key is, and may collect
  custody::Collectors::Gap chain;                    // up to which number, and what is missing until there
  std::optional<custody::EntryTime> last_item = {};  // when its last item was taken in; a claim
};

// Entries that say that somebody read, proved or exported something. Which of these it was is sealed.
struct AccessEntry {
  tlog::Sequence entry;
  custody::EntryTime time;
};

// The signing key that this user's acts are signed with.
struct OwnKey {
  std::filesystem::path file;
  bool is_there = false;
  std::optional<custody::Actor> actor = {};  // nothing of a key under a passphrase: nobody asks for it here
  bool is_admitted = false;                  // where the actor is known
};

// Of the file, or, where it is empty, of this user's own for the vault. Nothing where there is no place for one.
std::optional<OwnKey> LookAtOwnKey(const std::filesystem::path& file, const custody::State& state);

struct StatusOfVault {
  tlog::Checkpoint head;
  custody::Fingerprint fingerprint;
  custody::EntryTime last_time;  // of the last entry; a claim
  std::uint64_t unacknowledged = 0;
  bool is_being_written = false;
  std::vector<std::string> cut =
      {};  // what was saved of streams that were cut, and waits to be taken in: what to do with each
  std::vector<verify::MediumFault> key_files = {};  // faults and remarks of keys/; empty where all are whole
  bool is_key_file_named = true;                    // keys/reader.age is the one that the log names
  bool is_under_passphrase = false;                 // and opens by a passphrase
  std::optional<KitAge> kit = {};                   // nothing where there is no state directory
  std::vector<CollectorStatus> collectors = {};     // by handle
  std::optional<tlog::Sequence> last_stamp = {};    // a timestamp entry, and the entries that it covers
  std::optional<tlog::TreeSize> stamp_covers = {};
  struct Cosigned {
    tlog::TreeSize size;
    std::vector<std::string> by;  // names that the lines say; nobody checked them
  };
  std::optional<Cosigned> cosigned = {};   // the newest
  std::vector<AccessEntry> accesses = {};  // of the last kRecentEntries, in order
  std::uint64_t items = 0;                 // taken in, of the same; of all where there are collectors
  bool is_all_counted = true;              // the log is not longer
  Deeds deeds = {};
  std::optional<OwnKey> own_key = {};
  std::optional<Result<store::SomeLocks>> locks = {};  // of a vault on an object store
  std::optional<Result<store::SpentSeen>> spent = {};  // likewise: what is left of what was destroyed
};

// An entry that is neither an act of the law nor named by the index is found by reading. So many are read, at most, where
// nothing else needs the whole log.
inline constexpr std::uint64_t kRecentEntries = 20'000;

struct StatusRequest {
  std::filesystem::path folder;    // of the vault that is open
  std::filesystem::path key = {};  // the signing key's file; empty for this user's own
  const std::atomic<bool>* interrupted = nullptr;
  const store::ObjectLog* remote = nullptr;  // of a vault on an object store: its locks are looked at
};

// `state` is that of the vault's head. Where the vault ever had collectors, the whole log is read. kInterrupted; errors of
// the vault.
Result<StatusOfVault> LookAtStatus(const VaultReader& vault, const custody::State& state, const StatusRequest& request,
                                   Pool& pool);

// The collectors that the vault ever had, by handle. Reads the whole log if there are any.
Result<std::vector<CollectorStatus>> LookAtCollectors(const VaultReader& vault, const custody::State& state,
                                                      const std::atomic<bool>* interrupted, Pool& pool);

// The handles of admitted collectors, whose folders seal to the recipient that they were made for.
std::vector<std::string> CollectorsOf(const custody::Facts& facts);

}  // namespace exhibit::work
