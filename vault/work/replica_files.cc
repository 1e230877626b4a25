#include "vault/work/replica_files.h"

#include <algorithm>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/read_if_there.h"
#include "vault/base/text.h"
#include "vault/store/folder_sums.h"
#include "vault/store/kept_heads.h"
#include "vault/verify/kept_check.h"

namespace exhibit::work {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxKeyFileBytes = 1 << 20;

// Puts these bytes in the place of what is there, with their line in the list of digests. False if they are there already.
Result<bool> PutFile(const fs::path& path, ByteView bytes, mode_t mode) {
  TRY(const auto before, ReadIfThere(path, kMaxKeyFileBytes));
  const store::FolderSums sums(path.parent_path());
  const std::string name = path.filename().native();
  TRY_VOID(sums.Allow(name, bytes));
  const bool differs = !before || !Equal(*before, bytes);
  if (differs) TRY_VOID(ReplaceFile(path, bytes, mode));
  TRY_VOID(sums.Settle(name));
  return differs;
}

bool IsNamed(const std::optional<Bytes>& file, const custody::Facts& facts) {
  return file && (!facts.key_file || custody::DigestOf<custody::KeyFileDigest>(*file) == *facts.key_file);
}

// The vault's key as the log names its file; nothing if that is not here. It may wait to be put in its place.
Result<std::optional<Bytes>> FindReaderKey(const VaultPaths& source, const custody::Facts& facts) {
  for (const fs::path& path : {source.reader_key, source.next_reader_key}) {
    TRY(auto file, ReadIfThere(path, kMaxKeyFileBytes));
    if (IsNamed(file, facts)) return file;
  }
  return std::nullopt;
}

// Both notes' signature lines, each once. REQUIRES: they have one text.
Bytes Joined(const tlog::SignedNote& first, ByteView first_bytes, const tlog::SignedNote& second,
             ByteView second_bytes) {
  const auto lines_of = [](const tlog::SignedNote& note, ByteView bytes) {
    return TextOf(bytes).substr(note.text().size() + 1);
  };
  const std::string_view known = lines_of(first, first_bytes);
  std::string joined(TextOf(first_bytes));
  for (std::string_view rest = lines_of(second, second_bytes); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1);
    rest.remove_prefix(line.size());
    if (known.find(line) == std::string_view::npos) joined += line;
  }
  return ToBytes(ViewOf(joined));
}

// The copy may have been shown to witnesses, too: what they signed stays.
Bytes WithThoseOf(const std::optional<Bytes>& there, Bytes note) {
  if (!there) return note;
  const auto before = tlog::SignedNote::Parse(*there);
  const auto after = tlog::SignedNote::Parse(note);
  if (!before || !after || before->text() != after->text()) return note;
  Bytes joined = Joined(*before, *there, *after, note);
  return tlog::SignedNote::Parse(joined) ? joined : note;
}

}  // namespace

Result<CopiedFiles> CopyKeyFiles(const VaultPaths& source, const VaultPaths& copy, const custody::Facts& facts,
                                 const std::function<Result<void>()>& fetch) {
  CopiedFiles done;
  TRY_VOID(CreateFolders(copy.keys));
  TRY(auto reader_key, FindReaderKey(source, facts));
  if (!reader_key && fetch) {
    TRY_VOID(fetch());
    TRY(reader_key, FindReaderKey(source, facts));
  }
  if (reader_key) {
    TRY(const bool differs, PutFile(copy.reader_key, *reader_key, 0600));
    if (differs) ++done.copied;
  } else {
    done.remarks.emplace_back(
        "keys/reader.age of the vault is missing, or not the file that the log names: the copy can be verified, and "
        "not read before a copy of that file is put there, as from a kit");
  }
  if (facts.recovery() == nullptr) return done;
  TRY(const auto recovery_key, ReadIfThere(source.recovery_key, kMaxKeyFileBytes));
  const auto fits = recovery_key ? store::FolderSums(source.keys).Fits("recovery.age", *recovery_key) : false;
  if (fits && *fits) {
    TRY(const bool differs, PutFile(copy.recovery_key, *recovery_key, 0600));
    if (differs) ++done.copied;
  } else {
    done.remarks.emplace_back("keys/recovery.age of the vault is missing or damaged, and was not copied");
  }
  return done;
}

Result<CopiedFiles> CopyCosigned(const VaultReader& source, const custody::LogKeys& keys, const VaultPaths& copy) {
  CopiedFiles done;
  TRY(const std::vector<verify::KeptCheckpoint> cosigned, source.ReadCosigned());
  for (const verify::KeptCheckpoint& one : cosigned) {
    const auto extended = verify::CheckKept(source, source.head(), keys, one);
    if (!extended) {
      done.remarks.push_back(
          Format("{} is not of this log, and was not copied: {}", Printable(one.where), extended.error().message));
      continue;
    }
    TRY_VOID(CreateFolders(copy.cosigned));
    const fs::path path = copy.cosigned / std::to_string(extended->size.value);
    TRY(const auto there, ReadIfThere(path, store::kMaxHeadBytes));
    TRY(const bool differs, PutFile(path, WithThoseOf(there, one.note), 0644));
    if (differs) ++done.copied;
  }
  return done;
}

}  // namespace exhibit::work
