#include "vault/intake/image_folder.h"

#include <algorithm>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/intake/file_source.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

bool IsThere(const fs::path& path) {
  struct ::stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

// Missing pieces of an image of which no report says that it is one.
constexpr std::uint32_t kMostGapsOfAnImage = 100;

// Its name without what says its form: "server" of "server.dd", "laptop" of "laptop.E01".
std::string BareName(const ImageName& name) { return fs::path(name.stem).stem().native(); }

bool IsOneRawFile(const DiskImage& image) {
  return image.name.form == ImageForm::kRaw || (image.name.form == ImageForm::kRawPieces && image.pieces.size() == 1);
}

}  // namespace

Result<ImageFolder> ImageFolder::Look(const std::vector<Start>& starts, WalkOptions walk, const Import& import) {
  ImageFolder folder;
  folder.import_ = import;
  folder.exclusion_ = walk.exclusion;
  // The walk that takes the files in tells what is left out and what is refused.
  walk.left_out = {};
  const auto sort = [&](Found found) {
    folder.Sort(found);
    return StopIfAsked(import.interrupted);
  };
  for (const Start& start : starts) TRY_VOID(Walk(start.path, walk, sort, [](const Refused&) {}));
  folder.DropWhatIsNoImage();
  for (const Report& report : folder.reports_) folder.Assign(report);
  for (auto& [key, image] : folder.images_) folder.FindGaps(key, image);
  return folder;
}

void ImageFolder::Sort(const Found& found) {
  // A file may lie below two of the paths.
  if (found.type != custody::FileType::kRegular || !seen_.insert(found.path).second) return;
  if (auto name = NameOf(found.path)) {
    const DiskImage::Piece piece{name->number, found.path, found.status};
    Image& image = images_[{found.path.parent_path(), name->stem}];
    image.disk.name = std::move(*name);
    image.disk.pieces.push_back(piece);
  } else {
    ReadTextFile(found.path, found.status);
  }
}

// Of an archive of UAC all that is here is known by its report: it is told as an image that is not read.
std::optional<ImageName> ImageFolder::NameOf(const fs::path& path) const {
  const std::string name = path.filename().native();
  if (import_.from == ImportFrom::kImages) return ParseImageName(name);
  const bool is_archive = name.ends_with(".tar.gz") || name.ends_with(".tar") || name.ends_with(".zip");
  return is_archive ? std::optional(ImageName{ImageForm::kWrapped, name}) : std::nullopt;
}

void ImageFolder::ReadTextFile(const fs::path& path, const struct ::stat& status) {
  if (static_cast<std::uint64_t>(status.st_size) > kMaxReportBytes) return;
  const auto content = ReadFile(path, kMaxReportBytes);
  if (!content) return;
  auto report = ReadAcquisitionReport(TextOf(*content));
  if (!report) {
    findings_.differences.push_back({path, std::move(report).error()});
  } else if (*report) {
    if ((*report)->by == import_.from) reports_.push_back({path, std::move(**report)});
  } else if (auto claims = ClaimedDigests::Parse(TextOf(*content)); claims && claims->size() > 0) {
    lists_.push_back({path, std::move(*claims)});
  }
}

// "server.log" and "setup.exe" are no pieces of an image; disk.EAA after disk.E99 is.
void ImageFolder::DropWhatIsNoImage() {
  for (auto entry = images_.begin(); entry != images_.end();) {
    auto& pieces = entry->second.disk.pieces;
    std::ranges::sort(pieces, {}, &DiskImage::Piece::number);
    if (entry->second.disk.name.form == ImageForm::kEwf) {
      auto end = pieces.begin();
      for (; end != pieces.end(); ++end) {
        const bool follows = end != pieces.begin() && std::prev(end)->number + 1 == end->number;
        if (end->number >= kFirstEwfOfLetters && !follows) break;
      }
      for (auto no_piece = end; no_piece != pieces.end(); ++no_piece) ReadTextFile(no_piece->path, no_piece->status);
      pieces.erase(end, pieces.end());
    }
    entry = pieces.empty() ? images_.erase(entry) : std::next(entry);
  }
}

void ImageFolder::FindGaps(const Key& key, Image& image) {
  const auto& pieces = image.disk.pieces;
  std::uint32_t expected = image.disk.name.form == ImageForm::kEwf ? 1 : pieces.front().number;
  if (image.disk.name.form == ImageForm::kRawPieces) expected = std::min<std::uint32_t>(expected, 1);
  const std::uint32_t gaps = pieces.back().number + 1 - expected - static_cast<std::uint32_t>(pieces.size());
  if (gaps > 0) image.disk.is_whole = false;
  // "data.500" is a name that other files have too.
  if (image.disk.reports.empty() && gaps > kMostGapsOfAnImage) return;
  for (const DiskImage::Piece& piece : pieces) {
    for (; expected < piece.number; ++expected) {
      AddMissing(key.first / NameOfPiece(image.disk.name, expected),
                 Format("it is a piece of the image before {}", Printable(piece.path.filename().native())));
    }
    expected = piece.number + 1;
  }
}

void ImageFolder::AddMissing(const fs::path& path, std::string why) { missing_.emplace(path, std::move(why)); }

ImageFolder::Image* ImageFolder::Find(const fs::path& path) {
  const auto name = NameOf(path);
  if (!name) return nullptr;
  const auto image = images_.find({path.parent_path(), name->stem});
  return image == images_.end() ? nullptr : &image->second;
}

// Those that it names; else the one whose name it bears.
std::vector<ImageFolder::Image*> ImageFolder::ImagesOf(const Report& report) {
  std::vector<Image*> images;
  const fs::path folder = report.path.parent_path();
  for (const auto& file : report.report.files) {
    Image* const image = Find(folder / file.name);
    if (image != nullptr && std::ranges::find(images, image) == images.end()) images.push_back(image);
  }
  if (!report.report.files.empty()) return images;
  const std::string borne = report.path.stem().native();
  if (Image* const image = Find(folder / borne)) return {image};
  for (auto& [key, image] : images_) {
    if (key.first == folder && BareName(image.disk.name) == borne) images.push_back(&image);
  }
  return images.size() == 1 ? images : std::vector<Image*>();
}

void ImageFolder::Assign(const Report& report) {
  const std::string name = report.path.filename().native();
  const std::vector<Image*> images = ImagesOf(report);
  for (const auto& file : report.report.files) {
    const fs::path path = report.path.parent_path() / file.name;
    if (IsThere(path)) continue;
    AddMissing(path, Format("{} names it", Printable(name)));
    if (Image* const image = Find(path)) image->disk.is_whole = false;
  }
  for (Image* const image : images) {
    image->disk.reports.push_back({name, report.report.tool, report.report.media});
    image->files.insert(image->files.end(), report.report.files.begin(), report.report.files.end());
  }
  if (images.empty()) {
    findings_.remarks.push_back(Format("{} is a report of {}, and it names nothing that is here",
                                       Printable(report.path.native()), Printable(report.report.tool)));
  }
  const fs::path& of = images.empty() ? report.path : images.front()->disk.pieces.front().path;
  for (const std::string& failure : report.report.failures) {
    findings_.failures.push_back(
        {of, {ErrorCode::kIo, Format("{} ({}) says: {}", name, report.report.tool, failure), {}}});
  }
}

Result<std::vector<custody::ClaimedDigest>> ImageFolder::ListedDigests(const fs::path& path) {
  std::vector<custody::ClaimedDigest> claims;
  for (List& list : lists_) {
    const std::string folder = list.path.parent_path().native();
    std::string_view within = path.native();
    const bool is_below =
        within.starts_with(folder) && (folder.empty() || within.substr(folder.size()).starts_with('/'));
    if (!is_below) continue;
    within.remove_prefix(folder.size());
    while (within.starts_with('/')) within.remove_prefix(1);
    auto found = list.claims.Find(path.native(), within);
    if (!found) return Fail(std::move(found).error().In(Printable(list.path.native())));
    AddClaims(claims, *found);
  }
  return claims;
}

Result<void> ImageFolder::Tell(Image& image) {
  TRY(MediaTold told, TellMedia(image.disk, import_.pieces, import_.interrupted));
  const DiskImage::Piece& last = image.disk.pieces.back();
  for (std::string& why : told.differences) {
    findings_.differences.push_back({last.path, {ErrorCode::kInvalid, std::move(why), {}}});
  }
  for (std::string& remark : told.remarks) findings_.remarks.push_back(std::move(remark));
  if (told.another_follows) {
    AddMissing(last.path.parent_path() / NameOfPiece(image.disk.name, last.number + 1),
               Format("{} says that another piece follows", Printable(last.path.filename().native())));
  }
  image.media = std::move(told.fields);
  return {};
}

Result<SaidOfFile> ImageFolder::Of(const Found& found) {
  SaidOfFile said;
  TRY(said.claimed, ListedDigests(found.path));
  Image* const image = found.type == custody::FileType::kRegular ? Find(found.path) : nullptr;
  if (image == nullptr) return said;
  const auto piece = std::ranges::find(image->disk.pieces, found.path, &DiskImage::Piece::path);
  if (piece == image->disk.pieces.end()) return said;
  const std::string name = found.path.filename().native();
  for (const auto& file : image->files) {
    if (file.name == name) AddClaims(said.claimed, file.digests);
  }
  if (IsOneRawFile(image->disk) && image->disk.is_whole) {
    for (const auto& report : image->disk.reports) AddClaims(said.claimed, report.media);
  } else {
    if (!image->media) TRY_VOID(Tell(*image));
    said.more = *image->media;
    if (!said.more.empty() && !IsUnchanged(piece->status, found.status)) {
      findings_.differences.push_back(
          {found.path,
           {ErrorCode::kBusy, "it changed since what is said of its image was looked at", "add the folder again"}});
    }
  }
  image->has_claim = image->has_claim || !said.claimed.empty() || !said.more.empty();
  return said;
}

FolderFindings ImageFolder::End() {
  for (const auto& [path, why] : missing_) {
    if (exclusion_.MayLeaveOut(path.native())) continue;
    findings_.missing.push_back({path, {ErrorCode::kNotFound, Format("{}, and it was not there", why), {}}});
  }
  for (const List& list : lists_) {
    const std::vector<std::string> unused = list.claims.Unused();
    if (unused.size() == list.claims.size()) {
      findings_.missing.push_back({list.path, {ErrorCode::kNotFound, "it is a list that names none of the files", {}}});
      continue;
    }
    for (const std::string& path : unused) {
      if (exclusion_.MayLeaveOut(path)) continue;
      findings_.missing.push_back({path,
                                   {ErrorCode::kNotFound,
                                    Format("the list {} names it, and it was not there", Printable(list.path.native())),
                                    {}}});
    }
  }
  for (const auto& [key, image] : images_) {
    if (image.has_claim) continue;
    findings_.remarks.push_back(
        Format("no report or list beside it says anything of {}", Printable(image.disk.pieces.front().path.native())));
  }
  return std::move(findings_);
}

}  // namespace exhibit::intake
