// What is said of the disk in an image, compared with what can be known here: the pieces of a raw image joined, or what an E01
// states of itself.
#include <sys/stat.h>

#include <algorithm>
#include <map>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/crypto/hash.h"
#include "vault/intake/ewf_digests.h"
#include "vault/intake/image_folder.h"

namespace exhibit::intake {
namespace {

using custody::ClaimedDigest;
using custody::DigestAlgorithm;
using custody::FieldValue;

constexpr std::size_t kReadBytes = 1 << 20;

// Words of the field `media`.
constexpr std::string_view kMatched = "matched";
constexpr std::string_view kDiffers = "differs";
constexpr std::string_view kStatedAlike = "stated-alike";
constexpr std::string_view kStatedOtherwise = "stated-otherwise";
constexpr std::string_view kNotCompared = "not-compared";

crypto::HashAlgorithm HashOf(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kSha256: return crypto::HashAlgorithm::kSha256;
    case DigestAlgorithm::kSha512: return crypto::HashAlgorithm::kSha512;
    case DigestAlgorithm::kSha1: return crypto::HashAlgorithm::kSha1;
    case DigestAlgorithm::kMd5: return crypto::HashAlgorithm::kMd5;
  }
  InternalError("a digest is of no known algorithm", __FILE__, __LINE__);
}

const ClaimedDigest* FindIn(const std::vector<ClaimedDigest>& digests, DigestAlgorithm algorithm) {
  const auto found = std::ranges::find(digests, algorithm, &ClaimedDigest::algorithm);
  return found == digests.end() ? nullptr : &*found;
}

// The digests that reports state, of all pieces in their order.
Result<std::vector<ClaimedDigest>> JoinedDigests(const DiskImage& image, const std::atomic<bool>* interrupted) {
  std::map<DigestAlgorithm, crypto::Hasher> hashers;
  for (const auto& report : image.reports) {
    for (const ClaimedDigest& digest : report.media) {
      hashers.try_emplace(digest.algorithm, crypto::Hasher(HashOf(digest.algorithm)));
    }
  }
  Bytes buffer(kReadBytes);
  for (const DiskImage::Piece& piece : image.pieces) {
    TRY(const FileDescriptor file, OpenForReading(piece.path));
    for (;;) {
      TRY_VOID(StopIfAsked(interrupted));
      TRY(const std::size_t got, ReadFull(file, buffer, piece.path));
      for (auto& [algorithm, hasher] : hashers) hasher.Update(ByteView(buffer).first(got));
      if (got < buffer.size()) break;
    }
  }
  std::vector<ClaimedDigest> joined;
  for (auto& [algorithm, hasher] : hashers) joined.push_back({algorithm, hasher.Finish(), false});
  return joined;
}

class Media {
 public:
  explicit Media(const DiskImage& image) : image_(image) {}

  // `words`: of two that are the same, and of two that are not.
  struct Against {
    std::vector<ClaimedDigest> digests = {};
    std::string what = {};  // whose they are, for a message
    std::string_view same = {};
    std::string_view other = {};
  };

  void AddReports(const Against& against, std::vector<std::string>& differences) {
    for (const auto& report : image_.reports) {
      for (const ClaimedDigest& digest : report.media) {
        const ClaimedDigest* const known = FindIn(against.digests, digest.algorithm);
        if (known == nullptr) {
          Add(digest, report.by, kNotCompared);
        } else if (known->value == digest.value) {
          Add(digest, report.by, against.same);
        } else {
          Add(digest, report.by, against.other);
          differences.push_back(Format("{} {} {}, and {} says {}", against.what, custody::ToText(digest.algorithm),
                                       ToHex(known->value), Printable(report.by), ToHex(digest.value)));
        }
      }
    }
  }

  void Add(const ClaimedDigest& digest, const std::string& by, std::string_view compared) {
    list_.emplace_back(FieldValue::Object{{"algorithm", FieldValue(custody::ToText(digest.algorithm))},
                                          {"value", FieldValue(ToHex(digest.value))},
                                          {"by", FieldValue::Name(ViewOf(by))},
                                          {"compared", FieldValue(compared)}});
  }

  store::Fields Finish() && {
    store::Fields fields;
    if (!list_.empty()) fields.emplace_back("media", FieldValue(std::move(list_)));
    return fields;
  }

 private:
  const DiskImage& image_;
  FieldValue::Array list_;
};

bool HasMedia(const DiskImage& image) {
  return std::ranges::any_of(image.reports, [](const auto& report) { return !report.media.empty(); });
}

// "its 3 pieces together have": nothing where they are not all there, or nobody says anything of them.
Result<Media::Against> AgainstPieces(const DiskImage& image, const std::atomic<bool>* interrupted, MediaTold& told) {
  Media::Against against{{}, Format("its {} pieces together have", image.pieces.size()), kMatched, kDiffers};
  if (!image.is_whole || !HasMedia(image)) return against;
  auto joined = JoinedDigests(image, interrupted);
  if (joined) {
    against.digests = std::move(*joined);
  } else if (joined.error().code == ErrorCode::kInterrupted) {
    return Fail(std::move(joined).error());
  } else {
    told.remarks.push_back("an image was not compared with what is said of it: " + joined.error().message);
  }
  return against;
}

Media::Against AgainstItself(const DiskImage& image, MediaTold& told) {
  Media::Against against{{}, "it states that the disk inside has", kStatedAlike, kStatedOtherwise};
  const auto& path = image.pieces.back().path;
  auto statement = [&]() -> Result<EwfStatement> {
    TRY(const FileDescriptor file, OpenForReading(path));
    return ReadEwfStatement(file, path);
  }();
  if (statement) {
    against.digests = std::move(statement->media);
    told.another_follows = statement->another_follows;
  } else {
    told.remarks.push_back("what an image states of itself cannot be read: " + statement.error().message);
  }
  return against;
}

}  // namespace

Result<MediaTold> TellMedia(const DiskImage& image, JoinedPieces pieces, const std::atomic<bool>* interrupted) {
  MediaTold told;
  Media media(image);
  Media::Against against;
  if (image.name.form == ImageForm::kRawPieces && pieces == JoinedPieces::kCompare) {
    TRY(against, AgainstPieces(image, interrupted, told));
  }
  const bool is_ewf = image.name.form == ImageForm::kEwf;
  if (is_ewf) against = AgainstItself(image, told);
  media.AddReports(against, told.differences);
  if (is_ewf) {
    const std::string itself = image.pieces.back().path.filename().native();
    for (const ClaimedDigest& digest : against.digests) media.Add(digest, itself, kNotCompared);
  }
  told.fields = std::move(media).Finish();
  return told;
}

}  // namespace exhibit::intake
