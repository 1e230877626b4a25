// A folder of disk images as responders hand it over: the images' files, the reports of the programs that made them
// (acquisition_report.h), and lists of hashes.
//
//   laptop.E01 laptop.E02 laptop.E01.txt      the report's digests are of the disk inside. Files of an E01 have others, so
//                                             they are never compared; the last file states its own (ewf_digests.h), and the
//                                             two must be the same
//   server.dd server.log                      a raw image in one file: the disk's digests are the file's, and are compared
//   nas.001 nas.002 nas.001.txt               in pieces: all together are read once more, before they are taken in
//   uac-fs01-linux-20260416.tar.gz, .log      an archive of UAC, as a whole: its log states digests of this very file
//   SHA256SUMS *.md5                          any file of up to 4 MiB that as a whole is a list of digests (digest_list.h)
//
// A report is of the images that it names, where they lie beside it; if it names none, of the image whose name it bears
// ("server.dd.log", "server.info"). Nothing is guessed from there being one image alone.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vault/intake/acquisition_report.h"
#include "vault/intake/claimed_digests.h"
#include "vault/intake/foreign_folder.h"
#include "vault/intake/image_name.h"

namespace exhibit::intake {

// Whether images in pieces are read to compare them. A dry run reads nothing.
enum class JoinedPieces : std::uint8_t { kCompare, kLeave };

struct Import {
  ImportFrom from = ImportFrom::kImages;
  JoinedPieces pieces = JoinedPieces::kCompare;
  const std::atomic<bool>* interrupted = nullptr;
};

// One image, in one file or several, and what is said of the disk in it.
struct DiskImage {
  struct Piece {
    std::uint32_t number;
    std::filesystem::path path;
    struct ::stat status {};  // when it was found
  };
  struct Stated {
    std::string by;  // the name of the report, or of the image's own file
    std::string tool;
    std::vector<custody::ClaimedDigest> media;
  };
  ImageName name;
  std::vector<Piece> pieces = {};  // ascending
  std::vector<Stated> reports = {};
  bool is_whole = true;  // no piece is known to be missing
};

// The field `media` of an image's files, and what was found meanwhile.
struct MediaTold {
  store::Fields fields = {};  // nothing if nobody says anything of the disk
  std::vector<std::string> differences = {};
  std::vector<std::string> remarks = {};
  bool another_follows = false;  // its last file says so
};
// Compares what reports say with the pieces, joined, or with what the image states itself. kInterrupted.
Result<MediaTold> TellMedia(const DiskImage& image, JoinedPieces pieces, const std::atomic<bool>* interrupted);

class ImageFolder final : public ForeignFolder {
 public:
  // Looks at all names below each of `starts`, and reads reports and lists. Files that cannot be read are no error here.
  static Result<ImageFolder> Look(const std::vector<Start>& starts, WalkOptions walk, const Import& import);

  // Before the first file of a raw image in pieces is told, all of them are read. kInvalid if a list has two lines that fit;
  // kInterrupted.
  Result<SaidOfFile> Of(const Found& found) override;

  FolderFindings End() override;

 private:
  struct Report {
    std::filesystem::path path;
    AcquisitionReport report;
  };
  struct List {
    std::filesystem::path path;
    ClaimedDigests claims;
  };
  struct Image {
    DiskImage disk;
    std::vector<AcquisitionReport::ImageFile> files = {};  // digests of these very files
    std::optional<store::Fields> media = {};               // once it was told
    bool has_claim = false;
  };
  using Key = std::pair<std::filesystem::path, std::string>;  // folder and stem

  void Sort(const Found& found);
  std::optional<ImageName> NameOf(const std::filesystem::path& path) const;
  void ReadTextFile(const std::filesystem::path& path, const struct ::stat& status);
  void DropWhatIsNoImage();
  void Assign(const Report& report);
  std::vector<Image*> ImagesOf(const Report& report);
  void FindGaps(const Key& key, Image& image);
  void AddMissing(const std::filesystem::path& path, std::string why);
  Image* Find(const std::filesystem::path& path);
  Result<std::vector<custody::ClaimedDigest>> ListedDigests(const std::filesystem::path& path);
  Result<void> Tell(Image& image);

  Import import_;
  std::set<std::filesystem::path> seen_;
  std::map<Key, Image> images_;
  std::vector<Report> reports_;
  std::vector<List> lists_;
  std::map<std::filesystem::path, std::string> missing_;  // and why it should be there
  FolderFindings findings_;
  Exclusion exclusion_;
};

}  // namespace exhibit::intake
