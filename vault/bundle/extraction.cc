#include "vault/bundle/extraction.h"

#include <utility>

#include "vault/base/canonical.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/field_value.h"

namespace exhibit::bundle {
namespace {

std::vector<std::string> PartsOf(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

// Whether the file has the source and the path that it had, in which empty parts mean nothing.
bool IsCalledAsBefore(const std::string& file, const custody::ItemFacts& facts) {
  return facts.path && PartsOf(file) == PartsOf(facts.source.value_or(std::string(kNoSource)) + "/" + *facts.path);
}

bool IsLink(const custody::ItemFacts& facts) { return facts.file_type == custody::FileType::kSymbolicLink; }

// "0640"; nothing of what is no mode.
std::optional<mode_t> ModeOf(const std::string& octal) {
  if (octal.empty() || octal.size() > 7) return std::nullopt;
  mode_t mode = 0;
  for (const char digit : octal) {
    if (digit < '0' || digit > '7') return std::nullopt;
    mode = mode * 8 + static_cast<mode_t>(digit - '0');
  }
  return mode;
}

std::optional<timespec> TimeOf(const std::optional<custody::FileTime>& time) {
  if (!time) return std::nullopt;
  return timespec{time->seconds, static_cast<long>(time->nanoseconds)};
}

FencedFolder::Looks LooksOf(const custody::ItemFacts& facts) {
  FencedFolder::Looks looks;
  looks.modified = TimeOf(facts.times.modified);
  looks.accessed = TimeOf(facts.times.accessed);
  // A link's own mode says nothing of who may read.
  if (facts.system.mode && !IsLink(facts)) looks.mode = ModeOf(*facts.system.mode).value_or(looks.mode);
  return looks;
}

// A small sealed file may hold terabytes of one byte: asked before the disk is full.
class Room {
 public:
  explicit Room(const std::filesystem::path& folder) : folder_(folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    if (!error) bytes_ = space.available;
  }
  Result<void> CheckFor(std::uint64_t bytes) const {
    if (bytes <= bytes_) return {};
    return Fail(ErrorCode::kIo,
                Format("it has {} bytes, and in {} there is room for {}", bytes, Printable(folder_.native()), bytes_),
                "name a folder on another disk");
  }

 private:
  const std::filesystem::path& folder_;
  std::uint64_t bytes_ = UINT64_MAX;  // as far as is known
};

}  // namespace

Extraction::Extraction(FencedFolder folder) : folder_(std::move(folder)) { names_.Reserve(kRenamedFile); }

Result<Extraction> Extraction::Begin(std::filesystem::path folder) {
  TRY(FencedFolder made, FencedFolder::Make(std::move(folder)));
  return Extraction(std::move(made));
}

Result<void> Extraction::MayBegin(const std::filesystem::path& folder) {
  if (folder.empty()) return Fail(ErrorCode::kInvalid, "no folder is named to write into");
  std::filesystem::path named = folder;
  if (!named.has_filename()) named = named.parent_path();
  if (!IsAbsent(named)) {
    return Fail(ErrorCode::kExists, Printable(folder.native()) + " is there already",
                "name a folder that is not there");
  }
  return CheckFolder(named.has_parent_path() ? named.parent_path() : std::filesystem::path("."));
}

Result<void> Extraction::Write(tlog::Sequence item, const custody::FieldList& fields, const Produce& produce) {
  const custody::ItemFacts facts = custody::ItemFactsIn(fields);
  const std::string name = names_.GiveInTree(fields, item);
  if (facts.state && facts.state->content == custody::ContentPlace::kElsewhere) {
    NoteFailed(item, {ErrorCode::kNotFound, "its original is kept elsewhere, as its fields say", {}});
    return {};
  }
  const ZeroBlocks zeros = custody::ZeroBlocksOf(facts);
  const Room room(folder_.path());
  // How much of an original with holes takes room, shows while it is written.
  auto fits = room.CheckFor(zeros == ZeroBlocks::kAreWritten ? facts.size.value_or(0) : 0);
  if (!fits) {
    NoteFailed(item, std::move(fits).error());
    return {};
  }
  auto begun = folder_.Begin(PartsOf(name), zeros);
  if (!begun && begun.error().code == ErrorCode::kInvalid) {
    NoteFailed(item, std::move(begun).error());
    return {};
  }
  TRY(FencedFolder::File file, std::move(begun));
  bool disk_refused = false;
  std::uint64_t bytes = 0;
  auto produced = produce([&](ByteView piece) -> Result<void> {
    bytes += piece.size();
    TRY_VOID(room.CheckFor(file.written_bytes()));
    auto written = file.Write(piece);
    disk_refused = disk_refused || !written;
    return written;
  });
  if (!produced) {
    if (disk_refused || produced.error().code == ErrorCode::kInterrupted) return produced;
    NoteFailed(item, std::move(produced).error());
    return {};
  }
  auto finished = file.Finish(LooksOf(facts));
  if (!finished && finished.error().code == ErrorCode::kExists) {
    NoteFailed(item, std::move(finished).error());
    return {};
  }
  TRY(const FencedFolder::Taken taken, std::move(finished));
  ++extracted_.files;
  extracted_.bytes += bytes;
  if (taken == FencedFolder::Taken::kBytesAlone) ++extracted_.bytes_alone;
  Note(item, name, fields, facts);
  return {};
}

void Extraction::Note(tlog::Sequence item, const std::string& file, const custody::FieldList& fields,
                      const custody::ItemFacts& facts) {
  const bool is_renamed = !IsCalledAsBefore(file, facts);
  if (is_renamed) ++extracted_.renamed;
  if (IsLink(facts)) ++extracted_.links;
  if (!is_renamed && !IsLink(facts)) return;
  CanonicalWriter line;
  line.Raw("{");
  line.Member("item");
  line.Number(item.value);
  line.Member("file");
  line.Text(file);
  for (const char* const key : {"source", "path", "name", "link-target"}) {
    const custody::FieldValue* const value = fields.Find(key);
    if (value == nullptr) continue;
    line.Member(key);
    Form<custody::FieldValue>::Write(line, *value);
  }
  line.Raw("}");
  list_ += HarmlessJson(std::move(line).Take()) + "\n";
}

Result<Extracted> Extraction::Finish() && {
  if (!list_.empty()) {
    TRY(FencedFolder::File file, folder_.Begin({std::string(kRenamedFile)}));
    TRY_VOID(file.Write(ViewOf(list_)));
    TRY_VOID(file.Finish({}));
  }
  TRY_VOID(folder_.Sync());
  folder_.RemoveIfEmpty();
  return std::move(extracted_);
}

Failure Extraction::EndBecause(Error why) && {
  IgnoreBecause("the first reason is told", std::move(*this).Finish());
  return Fail(std::move(why));
}

}  // namespace exhibit::bundle
