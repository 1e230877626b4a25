// Originals as a tree of files again: out of a bundle (extract_files.h), and out of a vault (work/restore.h).
//
//   DIR/<source>/<path>   an original under its safe name (safe_name.h), or DIR/<N>: as in a plain bundle, on every system;
//                         where no source is told, below DIR/=no-source
//   DIR/renamed.jsonl     a line of JSON for each file that is not called what it was called, and for each symbolic link;
//                         missing where there is none
//
// A name that a stranger chose can lead outside, take another file's place, or be another name to another program. So names
// are always the safe ones, which can be read back, and base/fenced_folder.h writes. A file gets its name once its original
// was compared with its fields. It gets its times and its permissions, and nothing that gives rights: no owner, no
// set-user-id or sticky bit, no extended attribute. A symbolic link becomes a file that holds where it pointed: a link
// could lead whoever reads the tree to a file of this machine (docs/decisions/0023-extraction.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/fenced_folder.h"
#include "vault/bundle/safe_name.h"
#include "vault/custody/field.h"
#include "vault/custody/item_facts.h"
#include "vault/tlog/sequence.h"

namespace exhibit::bundle {

inline constexpr std::string_view kRenamedFile = "renamed.jsonl";

struct Extracted {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t renamed = 0;               // whose name is not the one that it had
  std::uint64_t links = 0;                 // symbolic links, written as files
  std::uint64_t bytes_alone = 0;           // whose times or permissions the file system did not take
  std::map<tlog::Sequence, Error> failed;  // originals that were not written, and why
};

class Extraction {
 public:
  using Sink = std::function<Result<void>(ByteView)>;
  // Gives an original to the sink. It fails unless what it gave is what the fields say.
  using Produce = std::function<Result<void>(const Sink&)>;

  // Makes the folder. Errors as of FencedFolder::Make.
  static Result<Extraction> Begin(std::filesystem::path folder);
  // Whether Begin may succeed. Makes nothing.
  static Result<void> MayBegin(const std::filesystem::path& folder);

  // One original. An original that is not what it should be, or whose place is taken, is noted as failed, and the others go
  // on. Fails if the disk refuses, and kInterrupted; what was written before stays.
  Result<void> Write(tlog::Sequence item, const custody::FieldList& fields, const Produce& produce);
  // Notes an original that cannot even be begun.
  void NoteFailed(tlog::Sequence item, Error error) { extracted_.failed.emplace(item, std::move(error)); }

  // The list of names, and everything durable. A folder in which nothing was written is removed.
  Result<Extracted> Finish() &&;
  // The same where `why` ends it early: what was written before stays, and is listed. Gives the reason back.
  Failure EndBecause(Error why) &&;

 private:
  explicit Extraction(FencedFolder folder);
  void Note(tlog::Sequence item, const std::string& file, const custody::FieldList& fields,
            const custody::ItemFacts& facts);

  FencedFolder folder_;
  NamesTaken names_;
  std::string list_;  // of what was renamed
  Extracted extracted_;
};

}  // namespace exhibit::bundle
