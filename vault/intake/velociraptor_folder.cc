#include "vault/intake/velociraptor_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/sparse_file.h"
#include "vault/base/text.h"
#include "vault/intake/claimed_digests.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kContext = "collection_context.json";
constexpr std::string_view kUploads = "uploads.json";
constexpr std::uint64_t kMaxContextBytes = kMaxVelociraptorLineBytes;
// Of one file of records.
constexpr std::size_t kMostFailures = 1000;

std::string_view Below(const fs::path& path, const fs::path& folder) {
  std::string_view below = path.native();
  below.remove_prefix(folder.native().size());
  while (below.starts_with('/')) below.remove_prefix(1);
  return below;
}

// For people, and without a zero byte, which no path has.
std::string TextOfPlace(const VelociraptorPlace& place) {
  std::string text;
  for (const std::string& component : place) {
    if (!text.empty()) text += '/';
    for (const char c : component) c == '\0' ? text += "%00" : text += c;
  }
  return text;
}

}  // namespace

Result<VelociraptorFolder> VelociraptorFolder::Look(const std::vector<Start>& starts, WalkOptions walk,
                                                    const std::atomic<bool>* interrupted) {
  VelociraptorFolder folder;
  folder.interrupted_ = interrupted;
  folder.exclusion_ = walk.exclusion;
  // The walk that takes the files in tells what is left out and what is refused.
  walk.left_out = {};
  std::vector<fs::path> rows;
  const auto look = [&](const Found& found) {
    const std::string name = found.path.filename().native();
    if (name == kContext || name == kUploads) folder.collections_[found.path.parent_path()];
    if (found.path.parent_path().filename() == "results" && name.ends_with(".json")) rows.push_back(found.path);
    return StopIfAsked(interrupted);
  };
  for (const Start& start : starts) TRY_VOID(Walk(start.path, walk, look, [](const Refused&) {}));
  if (folder.collections_.empty()) {
    return Fail(
        ErrorCode::kInvalid,
        Format("--from velociraptor: no collection is there: neither {} nor {} lies below what was named", kContext,
               kUploads),
        "name the folder that a collection's ZIP was unpacked into; the ZIP itself is one item: add it without --from");
  }
  for (fs::path& file : rows) folder.results_[file.parent_path().parent_path()].insert(std::move(file));
  for (auto& [path, collection] : folder.collections_) TRY_VOID(folder.ReadRecords(path, collection));
  return folder;
}

Result<void> VelociraptorFolder::ReadRecords(const fs::path& folder, Collection& collection) {
  const fs::path uploads = folder / kUploads;
  collection.has_list = !IsAbsent(uploads);
  if (collection.has_list) TRY_VOID(ReadUploads(uploads, collection));
  for (const fs::path& file : results_[folder]) TRY_VOID(ReadResults(file, collection));
  for (const std::string_view log : {"log.json", "logs.json"}) {
    if (!IsAbsent(folder / log)) TRY_VOID(ReadLog(folder / log));
  }
  if (const auto context = ReadFile(folder / kContext, kMaxContextBytes)) {
    TellFailures(folder / kContext, ReadVelociraptorContext(TextOf(*context)));
  }
  NoteFolders(folder, collection);
  return {};
}

Result<void> VelociraptorFolder::ReadUploads(const fs::path& file, Collection& collection) {
  std::vector<VelociraptorPlace> of_maps;
  TRY_VOID(EachLine(file, [&](std::string_view line) {
    auto upload = ReadVelociraptorUpload(line);
    if (!upload) return;
    if (upload->is_map) {
      of_maps.push_back(upload->place);
      of_maps.back().back().resize(of_maps.back().back().size() - std::string_view(".idx").size());
    }
    Stored& stored = collection.stored[std::move(upload->place)];
    stored.is_named = true;
    stored.bytes_at_source = upload->bytes_at_source;
    stored.bytes_stored = upload->bytes_stored;
  }));
  for (const VelociraptorPlace& place : of_maps) {
    const auto stored = collection.stored.find(place);
    if (stored != collection.stored.end()) stored->second.has_map = true;
  }
  return {};
}

Result<void> VelociraptorFolder::ReadResults(const fs::path& file, Collection& collection) {
  return EachLine(file, [&](std::string_view line) {
    for (VelociraptorDigests& one : ReadVelociraptorDigests(line)) {
      AddClaims(collection.stored[std::move(one.place)].digests, one.digests);
    }
  });
}

Result<void> VelociraptorFolder::ReadLog(const fs::path& file) {
  std::vector<std::string> errors;
  TRY_VOID(EachLine(file, [&](std::string_view line) {
    if (auto error = ReadVelociraptorError(line)) errors.push_back(std::move(*error));
  }));
  TellFailures(file, std::move(errors));
  return {};
}

// A file that cannot be read says nothing; the walk that takes it in tells so.
Result<void> VelociraptorFolder::EachLine(const fs::path& file, const std::function<void(std::string_view)>& take) {
  auto reader = PieceReader::Open(file);
  if (!reader) return {};
  std::string line;
  std::uint64_t too_long = 0;
  bool passes = false;  // over the rest of a line that is too long
  const auto end_line = [&] {
    if (!passes && !line.empty()) take(line);
    line.clear();
    passes = false;
  };
  while (true) {
    TRY_VOID(StopIfAsked(interrupted_));
    const auto piece = reader->Next();
    if (!piece || piece->empty()) break;
    for (std::string_view text = TextOf(*piece); !text.empty();) {
      const std::size_t end = text.find('\n');
      const std::string_view part = text.substr(0, end);
      if (!passes && line.size() + part.size() > kMaxVelociraptorLineBytes) {
        passes = true;
        ++too_long;
      }
      if (!passes) line += part;
      if (end == std::string_view::npos) break;
      end_line();
      text.remove_prefix(end + 1);
    }
  }
  end_line();
  if (too_long > 0) {
    findings_.remarks.push_back(Format("{}: {} lines of more than 4 MiB were not read for digests and errors",
                                       Printable(file.native()), too_long));
  }
  return {};
}

// A folder may be named like a file, and no file has its place.
void VelociraptorFolder::NoteFolders(const fs::path& folder, Collection& collection) {
  std::error_code failed;
  fs::recursive_directory_iterator at(folder / "uploads", failed);
  for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    std::error_code unknown;
    if (!at->is_directory(unknown)) continue;
    const auto stored = collection.stored.find(PlaceOfPath(Below(at->path(), folder)));
    if (stored != collection.stored.end()) stored->second.is_there = true;
  }
}

void VelociraptorFolder::TellFailures(const fs::path& file, std::vector<std::string> messages) {
  const std::string name = file.filename().native();
  const std::size_t shown = std::min(messages.size(), kMostFailures);
  for (std::size_t i = 0; i < shown; ++i) {
    findings_.failures.push_back({file, {ErrorCode::kIo, Format("{} says: {}", name, messages[i]), {}}});
  }
  if (shown < messages.size()) {
    findings_.failures.push_back(
        {file, {ErrorCode::kIo, Format("{} says {} more errors", name, messages.size() - shown), {}}});
  }
}

// The innermost: one may lie in the uploads of another.
VelociraptorFolder::Collections::iterator VelociraptorFolder::CollectionOf(const fs::path& path) {
  for (fs::path folder = path.parent_path();; folder = folder.parent_path()) {
    const auto found = collections_.find(folder);
    if (found != collections_.end() || folder == folder.parent_path()) return found;
  }
}

Result<SaidOfFile> VelociraptorFolder::Of(const Found& found) {
  SaidOfFile said;
  const auto in = CollectionOf(found.path);
  if (in == collections_.end()) return said;
  auto& [folder, collection] = *in;
  const VelociraptorPlace place = PlaceOfPath(Below(found.path, folder));
  if (place.size() < 2) return said;
  const auto known = collection.stored.find(place);
  if (known == collection.stored.end()) {
    ++collection.unnamed;
    return said;
  }
  Stored& stored = known->second;
  stored.is_there = true;
  said.claimed = stored.digests;
  if (!stored.is_named) ++collection.unnamed;
  const auto bytes = static_cast<std::uint64_t>(found.status.st_size);
  if (stored.is_named && found.type == custody::FileType::kRegular && bytes != stored.bytes_stored) {
    findings_.differences.push_back(
        {found.path,
         {ErrorCode::kInvalid,
          Format("{} says that {} bytes of it were stored, and it has {}", kUploads, stored.bytes_stored, bytes),
          {}}});
  }
  if (stored.is_named && stored.bytes_stored < stored.bytes_at_source && !stored.has_map) {
    findings_.failures.push_back(
        {found.path,
         {ErrorCode::kIo,
          Format("{} says: of its {} bytes {} were stored", kUploads, stored.bytes_at_source, stored.bytes_stored),
          {}}});
  }
  return said;
}

FolderFindings VelociraptorFolder::End() {
  for (const auto& [folder, collection] : collections_) {
    for (const auto& [place, stored] : collection.stored) {
      if (stored.is_there) continue;
      const fs::path path = folder / TextOfPlace(place);
      if (exclusion_.MayLeaveOut(path.native())) continue;
      const std::string_view by = stored.is_named ? kUploads : "a row of results/";
      findings_.missing.push_back({path, {ErrorCode::kNotFound, Format("{} names it, and it was not there", by), {}}});
    }
    if (collection.unnamed > 0) {
      findings_.remarks.push_back(Format("{}: {} {} below uploads/ that {} does not name", Printable(folder.native()),
                                         collection.unnamed, collection.unnamed == 1 ? "file lies" : "files lie",
                                         kUploads));
    }
    if (!collection.has_list) {
      findings_.remarks.push_back(
          Format("{}: there is no {}: what was stored is compared with nothing", Printable(folder.native()), kUploads));
    }
  }
  return std::move(findings_);
}

}  // namespace exhibit::intake
