// Guymager's NAME.info, as 0.7.3 and 0.8.8 write it. What the disk's own tools said of it comes before, and is passed over:
//
//   GUYMAGER ACQUISITION INFO FILE
//   ==============================
//   Version              : 0.8.8-3
//   ...
//   Acquisition
//   ===========
//   During acquisition, 24773 bad sectors have been encountered. They have been replaced ... The sector numbers are:
//      300-11556, 12002-18758
//   State: Finished successfully (with 24773 bad sectors)
//   MD5 hash                   : 3565...
//   MD5 hash verified image    : 3565...        (or "--")
//   Image verification OK. The image contains exactly the data that was written.
//   Generated image files and their MD5 hashes
//   MD5                               Image file
//   n/a                               Test01.000
#include <algorithm>

#include "vault/base/format.h"
#include "vault/intake/digest_forms.h"
#include "vault/intake/report_forms.h"

namespace exhibit::intake {
namespace {

constexpr std::string_view kTitle = "GUYMAGER ACQUISITION INFO FILE";
constexpr std::size_t kTitleWithin = 5;  // lines

class Reader {
 public:
  Result<void> Read(std::string_view line) {
    if (part_ == Part::kHead) {
      if (const auto version = ValueOf(line, "Version")) report_.tool = Format("Guymager {}", *version);
      if (line == "Acquisition") part_ = Part::kAcquisition;
    } else if (line.starts_with("MD5 ") && line.ends_with(" Image file")) {
      part_ = Part::kFiles;
    } else if (part_ == Part::kFiles) {
      ReadFile(line);
    } else if (expects_sectors_) {
      expects_sectors_ = false;
      const std::string_view sectors = WithoutBlanks(line);
      report_.failures.back() += Format(" {}", sectors.substr(0, kMaxSectorsText));
      if (sectors.size() > kMaxSectorsText) report_.failures.back() += " ...";
    } else {
      return ReadOfAcquisition(line);
    }
    return {};
  }

  AcquisitionReport Finish() && {
    for (const auto& [who, digest] : verified_) CompareWithMedia(report_, digest, who);
    return std::move(report_);
  }

 private:
  enum class Part : std::uint8_t { kHead, kAcquisition, kFiles };
  static constexpr std::size_t kMaxSectorsText = 1024;

  Result<void> ReadOfAcquisition(std::string_view line) {
    if (line.find(" bad sectors have been encountered.") != std::string_view::npos && !line.starts_with("No ")) {
      report_.failures.emplace_back(line);
      expects_sectors_ = line.ends_with(':');
    } else if (line.starts_with("Image verification FAILED") || line.starts_with("Source verification FAILED")) {
      report_.failures.emplace_back(line);
    } else if (const auto state = ValueOf(line, "State"); state && !state->starts_with("Finished successfully")) {
      report_.failures.push_back(Format("its state is: {}", *state));
    }
    for (const std::string_view name : {"MD5", "SHA1", "SHA256"}) {
      if (const auto value = ValueOf(line, Format("{} hash", name))) {
        if (const auto digest = DigestNamed(name, *value)) return AddMedia(report_, *digest);
      }
      for (const std::string_view what : {"source", "image"}) {
        const auto value = ValueOf(line, Format("{} hash verified {}", name, what));
        const auto digest = value ? DigestNamed(name, *value) : std::nullopt;
        if (digest) verified_.emplace_back(Format("its verification of the {}", what), *digest);
      }
    }
    return {};
  }

  // A digest or "n/a", blanks, and the name to the line's end.
  void ReadFile(std::string_view line) {
    const std::size_t end = line.find(' ');
    if (end == std::string_view::npos) return;
    const std::string_view name = LastComponent(WithoutBlanks(line.substr(end)));
    const auto digest = DigestNamed("MD5", line.substr(0, end));
    if (name.empty() || (!digest && line.substr(0, end) != "n/a")) return;
    report_.files.push_back({std::string(name)});
    if (digest) report_.files.back().digests.push_back(*digest);
  }

  AcquisitionReport report_{"Guymager"};
  Part part_ = Part::kHead;
  bool expects_sectors_ = false;
  std::vector<std::pair<std::string, custody::ClaimedDigest>> verified_;
};

}  // namespace

Result<std::optional<AcquisitionReport>> ReadGuymagerReport(const ReportLines& lines) {
  const auto begin_end = lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), kTitleWithin));
  if (std::find(lines.begin(), begin_end, kTitle) == begin_end) return std::optional<AcquisitionReport>();
  Reader reader;
  for (const std::string_view line : lines) TRY_VOID(reader.Read(line));
  return std::optional(std::move(reader).Finish());
}

}  // namespace exhibit::intake
