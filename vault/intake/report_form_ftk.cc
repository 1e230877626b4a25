// FTK Imager's NAME.E01.txt, as 3.1.1 to 4.7.1 write it:
//
//   Created By AccessData(R) FTK(R) Imager 4.5.0.3       (its command line begins with "Case Information:")
//   Acquired using: ADI4.5.0.3
//   [Computed Hashes]
//    MD5 checksum:    784d...
//   ATTENTION:
//   The following sector(s) on the source drive could not be read:
//           491584 through 491591
//   The contents of these sectors were replaced with zeros in the image.
//   Image Information:
//    Segment list:
//     E:\Encase_2\Sports.E01
//   Image Verification Results:
//    MD5 checksum:    784d... : verified
#include <algorithm>

#include "vault/base/format.h"
#include "vault/intake/digest_forms.h"
#include "vault/intake/report_forms.h"

namespace exhibit::intake {
namespace {

constexpr std::string_view kUnreadSectors = "sector(s) on the source drive could not be read:";

// The program and its version; nothing if it is another's.
std::optional<std::string> ToolOf(const ReportLines& lines) {
  const auto first = std::ranges::find_if(lines, [](std::string_view line) { return !line.empty(); });
  if (first == lines.end()) return std::nullopt;
  if (first->starts_with("Created By ") && first->find("Imager") != std::string_view::npos) {
    const std::string_view version = first->substr(first->rfind(' ') + 1);
    const bool has_version = !version.empty() && version[0] >= '0' && version[0] <= '9';
    return has_version ? Format("FTK Imager {}", version) : std::string("FTK Imager");
  }
  if (!first->starts_with("Case Information:")) return std::nullopt;
  const bool is_ftk =
      std::ranges::any_of(lines, [](std::string_view line) { return line.starts_with("Acquired using: FTK"); });
  return is_ftk ? std::optional<std::string>("FTK Imager") : std::nullopt;
}

class Reader {
 public:
  explicit Reader(std::string tool) { report_.tool = std::move(tool); }

  Result<void> Read(std::string_view line) {
    if (line.starts_with("Image Verification Results:")) {
      part_ = Part::kVerification;
    } else if (ValueOf(line, "Segment list")) {
      part_ = Part::kSegments;
    } else if (const std::size_t at = line.find(kUnreadSectors); at != std::string_view::npos) {
      part_ = Part::kUnread;
      AddUnread(line.substr(at + kUnreadSectors.size()));
    } else if (line.empty()) {
      if (part_ != Part::kVerification) part_ = Part::kOther;
    } else if (part_ == Part::kSegments) {
      report_.files.push_back({std::string(LastComponent(WithoutBlanks(line)))});
    } else if (part_ == Part::kUnread) {
      AddUnread(line);
    } else {
      return ReadDigest(line);
    }
    return {};
  }

  AcquisitionReport Finish() && {
    if (!unread_.empty()) report_.failures.push_back("sectors that could not be read: " + ListOf(unread_));
    return std::move(report_);
  }

 private:
  enum class Part : std::uint8_t { kOther, kSegments, kUnread, kVerification };

  void AddUnread(std::string_view sectors) {
    sectors = WithoutBlanks(sectors);
    if (sectors.empty()) return;
    if (sectors[0] < '0' || sectors[0] > '9') {
      part_ = Part::kOther;
      return;
    }
    unread_.push_back(sectors);
  }

  Result<void> ReadDigest(std::string_view line) {
    for (const std::string_view name : {"MD5", "SHA1"}) {
      const auto value = ValueOf(line, Format("{} checksum", name));
      if (!value) continue;
      const auto digest = DigestNamed(name, value->substr(0, value->find_first_of(" :")));
      if (!digest) return {};
      if (part_ != Part::kVerification) return AddMedia(report_, *digest);
      CompareWithMedia(report_, *digest, "its verification of the image");
      const std::string_view verdict = value->substr(std::min(value->find(':'), value->size()));
      if (verdict != ": verified") {
        report_.failures.push_back(Format("its verification of the image says: {} checksum {}", name, *value));
      }
    }
    return {};
  }

  AcquisitionReport report_;
  Part part_ = Part::kOther;
  std::vector<std::string_view> unread_;
};

}  // namespace

Result<std::optional<AcquisitionReport>> ReadFtkReport(const ReportLines& lines) {
  auto tool = ToolOf(lines);
  if (!tool) return std::optional<AcquisitionReport>();
  Reader reader(std::move(*tool));
  for (const std::string_view line : lines) TRY_VOID(reader.Read(line));
  return std::optional(std::move(reader).Finish());
}

}  // namespace exhibit::intake
