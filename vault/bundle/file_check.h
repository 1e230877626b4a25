// The part of a bundle's check that concerns one file of data/ alone, so that files are checked side by side: an original
// is the one that its fields state, a sealed file has the payload of its entry under a header for the receivers.
//
// Nothing here writes.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/bag_check.h"
#include "vault/bundle/bag_folder.h"
#include "vault/bundle/log_part.h"
#include "vault/bundle/source.h"
#include "vault/bundle/told_log.h"
#include "vault/bundle/told_log_check.h"
#include "vault/seal/recipient.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

// A file of data/, and what log/ says of it.
struct FileOfEntry {
  ToldFile told;
  const ToldEntry* entry = nullptr;      // null if it is not told
  std::optional<ByteRange> layout = {};  // of a sealed file, in log/layouts
  std::optional<ByteRange> header = {};  // of a sealed file, in log/headers, unless it was destroyed
};

// The same for all files of a bundle.
struct FileContext {
  BagFolder folder;
  const LogPart* fields = nullptr;   // log/fields
  const LogPart* layouts = nullptr;  // log/layouts, of a sealed bundle
  const LogPart* headers = nullptr;  // log/headers, likewise
  seal::Identities identities = {};  // that may open sealed files; may be empty
  // Hashes of files that this program has just written; null for none. It compared each payload with its entry while it wrote
  // it, so the payload is not checked again: the bag's check finds any change of the file.
  const HashesByName* written = nullptr;
  const std::atomic<bool>* interrupted = nullptr;
};

// A sealed file of data/ as its entry has it, under the header for the receivers, which has so many bytes. REQUIRES: it has a
// layout.
Result<SealedFileSource> SourceOf(const FileContext& context, const FileOfEntry& file, std::size_t header_bytes);

struct FileOutcome {
  std::vector<verify::Finding> findings = {};
  std::optional<std::string> unopened = {};  // why none of the identities opens it; no finding by itself
  std::uint64_t payload_bytes = 0;           // hashed
  bool content_checked = false;              // the original was compared with its fields
  std::uint64_t content_bytes = 0;
  std::size_t receivers = 0;  // of a sealed file's header; 0 if it could not be read
};

// `hashes` are those that the bag's check computed.
FileOutcome CheckOriginal(const FileContext& context, const FileOfEntry& file, const BagCheck::Hashes& hashes);

// How large the file is; 0 if that is not known.
std::uint64_t SizeOf(const FileContext& context, const FileOfEntry& file);
// `pool` is for large files; null if the caller itself runs on the pool.
FileOutcome CheckSealedFile(const FileContext& context, const FileOfEntry& file, Pool* pool);

}  // namespace exhibit::bundle
