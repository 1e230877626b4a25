// What this user took in before: by it an interrupted `add` goes on where it ended, and is told which bytes are there
// already.
//
// A journal is a hint, and the log is the fact. Before a group is committed, the journal notes for each item the entry that
// it will be, and the digest of its sealed file's header, which no other item has. Whoever looks something up asks the
// destination whether that entry is there and names that header. So after a crash, at whatever step, what was committed is
// found and nothing else is; the same holds after the vault was restored from an older copy.
//
// Nothing in it can be read without the key of the custodian or collector that adds: paths and digests are HMACs
// under a key that is derived from theirs. Whoever steals the disk learns how many items there are. It lies beside the kept
// heads, one for each vault and key (store/kept_heads.h), or in a collector's folder. Whoever loses it, or takes another key,
// adds things again.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/custody/digests.h"
#include "vault/custody/item_facts.h"
#include "vault/intake/journal_table.h"
#include "vault/store/entry_sealer.h"
#include "vault/tlog/note_key.h"
#include "vault/tlog/sequence.h"

namespace exhibit::intake {

// A file as it was found, and what was said of it: whoever adds it again with other words means something else. The number
// of its inode is not asked for: media without modes have none that lasts. Where a file takes another one's place, its time
// of change says so.
class FileLook {
 public:
  // Nothing of a device, and of a file that changed a moment ago: it may change again without another time.
  static std::optional<FileLook> Of(const std::filesystem::path& path, const struct ::stat& status,
                                    const crypto::Sha256Digest& said);
  ByteView bytes() const { return ViewOf(bytes_); }

 private:
  explicit FileLook(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

// Where something was put, if the log agrees.
struct Place {
  tlog::Sequence entry;
  JournalMark mark;

  bool IsOf(const custody::HeaderDigest& header) const;
};

class Journal {
 public:
  // Of the vault to which `sealer` seals, and of who adds with `key`. Errors as of JournalTable::Open.
  static Result<Journal> Open(const std::filesystem::path& path, const tlog::SigningKey& key,
                              const custody::Fingerprint& vault);

  // Where the file was put, and where the first item with these bytes was. Both are to be checked (Place::IsOf).
  std::optional<Place> Find(const FileLook& look);
  std::optional<Place> Find(const crypto::Sha256Digest& original);

  // An item that is about to be committed.
  struct Note {
    tlog::Sequence entry;
    custody::HeaderDigest header;
    std::optional<FileLook> look = {};                  // of a file
    std::optional<crypto::Sha256Digest> original = {};  // of the first item with these bytes
  };
  Result<void> Put(std::span<const Note> notes, Lasting lasting);
  // At the end of a run (JournalTable::Settle).
  Result<void> Settle() { return table_.Settle(); }

 private:
  Journal(JournalTable table, crypto::DerivedKey key) : table_(std::move(table)), key_(std::move(key)) {}
  JournalTag TagOf(std::string_view what, ByteView bytes) const;
  std::optional<Place> FindTag(const JournalTag& tag);

  JournalTable table_;
  crypto::DerivedKey key_;
};

}  // namespace exhibit::intake
