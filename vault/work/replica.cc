#include "vault/work/replica.h"

#include <algorithm>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/session/opening.h"
#include "vault/store/head_check.h"
#include "vault/store/kept_heads.h"
#include "vault/store/names.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/read_entry.h"

namespace exhibit::work {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kKeepBoth =
    "keep both as they are: together they prove that the log has two histories. Copy into another place";
constexpr std::size_t kEntriesAtOnce = 1024;

// --- its folder

struct Folders {
  fs::path now;
  std::optional<fs::path> final = {};
};

bool LiesIn(const fs::path& inner, const fs::path& outer) {
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

Result<fs::path> Resolved(const fs::path& path) {
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(fs::absolute(path, error), error);
  if (!error && !resolved.has_filename()) resolved = resolved.parent_path();  // "copy/"
  if (error || !resolved.has_filename()) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" names no folder", Printable(path.native())),
                "name the folder of the copy");
  }
  return resolved;
}

Result<Folders> FindFolders(const ReplicaPlace& place, const fs::path& source_folder) {
  TRY(const fs::path target, Resolved(place.folder));
  TRY(const fs::path source, Resolved(source_folder));
  if (LiesIn(target, source) || LiesIn(source, target)) {
    return Fail(ErrorCode::kInvalid,
                target == source ? place.name + " is the vault that is to be copied"
                                 : Format("{} and the vault that is to be copied lie in one another", place.name),
                "name another place for the copy");
  }
  if (place.kind == ReplicaPlace::Kind::kElsewhere || CheckFolder(VaultPaths(target).store)) return Folders{target};
  std::error_code error;
  if (!IsAbsent(target) && !(fs::is_directory(target, error) && fs::is_empty(target, error))) {
    return Fail(ErrorCode::kExists, Format("{} is there, and is no vault", place.name),
                "name a folder that is empty or not there, or one that holds a copy");
  }
  return Folders{target.parent_path() / ("." + target.filename().native() + ".copying"), target};
}

// An empty store appears whole or not at all.
Result<void> MakeStoreIfNone(const ReplicaPlace& place, const VaultPaths& paths) {
  const store::Engine& engine = opening::EngineOr(place.engine);
  if (place.kind == ReplicaPlace::Kind::kElsewhere) {
    TRY_VOID(CreateFolders(paths.store));
    const auto there = engine.OpenForReading(paths.store);
    if (there) return {};
    if (there.error().code != ErrorCode::kNotFound) return Fail(there.error());
    TRY_VOID(engine.Create(paths.store));
    return {};
  }
  if (!IsAbsent(paths.store)) return {};
  const fs::path making = paths.store.native() + ".making";
  std::error_code error;
  fs::remove_all(making, error);
  if (error) return Fail(SystemError("remove", making, error.value()));
  TRY_VOID(CreateFolders(making));
  TRY_VOID(engine.Create(making));
  return RenameFolder(making, paths.store);
}

// --- what it holds

Failure IsAnother(const std::string& name, const Bytes& genesis, const VaultReader& source) {
  const auto parsed = custody::SignedEntry::Parse(genesis);
  if (parsed && parsed->parsed().origin != source.head().origin) {
    return Fail(ErrorCode::kExists,
                Format("{} is a vault of another origin: {}", name, Printable(parsed->parsed().origin.text())),
                "name another place for the copy");
  }
  return Fail(ErrorCode::kTampered, name + " is another vault of the same origin: its entry 0 differs",
              std::string(kKeepBoth));
}

Failure IsFork(const std::string& name, std::string_view why) {
  return Fail(ErrorCode::kTampered, Format("{} has another history of this vault: {}", name, why),
              std::string(kKeepBoth));
}

using Head = Replica::Holds::Head;

// The newest checkpoint that it has, and which its entries bear out.
Result<std::optional<Head>> FindHead(const store::ReadableStore& copy, const custody::LogKeys& keys,
                                     tlog::TreeSize entries) {
  for (std::uint64_t size = entries.value; size > 0; --size) {
    auto note = copy.ReadCheckpoint({size});
    if (!note && note.error().code == ErrorCode::kNotFound) continue;
    if (!note) return Fail(std::move(note).error());
    TRY(const custody::LogKeys::Head opened, keys.Open(*note));
    TRY_VOID(store::CheckHead(copy, opened.checkpoint));
    return Head{std::move(*note), opened.checkpoint};
  }
  return std::nullopt;
}

// The head that it showed last must not be newer than what it holds.
Result<void> CheckShownHead(const store::ReadableStore& copy, const custody::LogKeys& keys, const fs::path& file) {
  TRY(const auto note, store::HeadFile(file).Read());
  if (!note) return {};
  TRY(const custody::LogKeys::Head shown, keys.Open(*note));
  TRY_VOID(store::CheckHead(copy, shown.checkpoint));
  return {};
}

Result<void> CheckExtends(const tlog::TileReader& tiles, const tlog::Checkpoint& head, const custody::LogKeys& keys,
                          const std::string& where, ByteView kept) {
  TRY_VOID(verify::CheckKept(tiles, head, keys, {verify::KeptCheckpoint::Use::kCompare, where, ToBytes(kept)}));
  return {};
}

// Entries that it has under no checkpoint, as they are left where a copy was cut short, are those of the vault.
Result<void> CompareEntries(const store::ReadableStore& copy, const VaultReader& source, tlog::Sequence first,
                            std::uint64_t end, const std::string& name) {
  for (std::uint64_t at = first.value; at < end;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kEntriesAtOnce, end - at));
    const auto entries = copy.ReadEntries({at}, count);
    for (const auto& entry : entries) {
      if (!entry) return Fail(Error(entry.error()).In(name));
      TRY(const Bytes expected, source.ReadEntry({at}));
      if (!Equal(*entry, expected)) return IsFork(name, NameOf(tlog::Sequence{at}) + " differs");
      ++at;
    }
  }
  return {};
}

Result<Replica::Holds> Compare(const store::ReadableStore& copy, const VaultReader& source, const VaultPaths& paths,
                               const std::string& name) {
  Replica::Holds holds;
  TRY(holds.entries, copy.CountEntries());
  if (holds.entries.value == 0) {
    if (IsAbsent(paths.head)) return holds;
    return Fail(ErrorCode::kTampered, name + " has a head, and no entry", std::string(store::kHintRestoreStore));
  }
  TRY(const Bytes genesis, copy.ReadEntry({0}));
  if (!Equal(genesis, source.genesis().bytes())) return IsAnother(name, genesis, source);
  TRY(const custody::LogKeys keys, opening::ReadLogKeys(copy, source.genesis()));
  TRY_VOID(CheckShownHead(copy, keys, paths.head));
  TRY(holds.head, FindHead(copy, keys, holds.entries));
  const tlog::Checkpoint& head = source.head();
  const std::uint64_t acknowledged = holds.head ? holds.head->says.size.value : 0;
  holds.is_ahead = holds.entries > head.size;
  if (acknowledged > head.size.value) {
    const auto extends = CheckExtends(copy, holds.head->says, keys, "the vault", source.head_note());
    if (!extends && extends.error().code == ErrorCode::kTampered) return IsFork(name, extends.error().message);
    if (!extends) return Fail(extends.error());
    return holds;
  }
  if (holds.head) {
    TRY(const custody::LogKeys known, source.ReadLogKeys());
    const auto extends = CheckExtends(source, head, known, name, holds.head->note);
    if (!extends && extends.error().code == ErrorCode::kTampered) return IsFork(name, extends.error().message);
    if (!extends) return Fail(extends.error());
  }
  const std::uint64_t end = std::min(holds.entries.value, head.size.value);
  TRY_VOID(CompareEntries(copy, source, {acknowledged}, end, name));
  return holds;
}

}  // namespace

Result<Replica> Replica::Open(const ReplicaPlace& place, const fs::path& source_folder, const VaultReader& source,
                              const std::atomic<bool>* interrupted) {
  constexpr LockPurpose kCopying{"is writing to the copy", "wait until it has finished"};
  TRY(const Folders folders, FindFolders(place, source_folder));
  const VaultPaths paths(folders.now);
  TRY_VOID(CreateFolders(folders.now));
  TRY(FileLock lock, FileLock::Acquire(paths.lock, kCopying, std::chrono::milliseconds(0), interrupted));
  Replica replica(std::move(lock), paths, place);
  replica.folder_ = folders.now;
  replica.final_ = folders.final;
  TRY_VOID(MakeStoreIfNone(place, paths));
  // First as a reader, which changes nothing: a copy that is damaged, or is none, stays as it is.
  const store::Engine& engine = opening::EngineOr(place.engine);
  {
    TRY(const auto readable, engine.OpenForReading(paths.store));
    auto holds = Compare(*readable, source, paths, place.name);
    if (!holds) return Fail(std::move(holds).error());
    replica.before_ = std::move(*holds);
  }
  if (replica.before_.is_ahead) return replica;
  // What an interrupted copy sent may arrive only now.
  TRY(replica.store_, engine.Open(paths.store));
  TRY_VOID(replica.store_->DropUnreferenced());
  TRY(replica.before_, Compare(*replica.store_, source, paths, place.name));
  return replica;
}

Result<void> Replica::Finish() {
  store_.reset();
  if (!final_) return {};
  TRY(const TreeSync sync, TreeSync::Begin(folder_));
  TRY_VOID(sync.Finish());
  return RenameFolder(folder_, *final_);
}

}  // namespace exhibit::work
