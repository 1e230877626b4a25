// The logs of dc3dd 7.2 and of dcfldd 1.7, which write raw images:
//
//   dc3dd 7.2.646 started at 2016-11-04 07:28:11 +0000
//   input results for device `/dev/sdc':
//      30031872 sectors in
//      0 bad sectors replaced by zeros
//      4383ee5b3f1b3d70418375ea72afc00e (md5)
//   output results for file `./MOOPBIAN/moopbian_live_full.img':
//      30031872 sectors out
//      [ok] 4383ee5b3f1b3d70418375ea72afc00e (md5)
//   output results for files `split/disk.000':
//      [ok] 277f29f8c0d938810e3443c11e281d70, sectors 0 - 32767, `split/disk.000'     (of this file)
//   dc3dd completed at 2016-11-04 07:42:01 +0000
//
//   0 - 44040192: 1e639d0a0b2c718eae71a058582a555e       (a window of dcfldd's)
//   Total (md5): 1e639d0a0b2c718eae71a058582a555e
#include <algorithm>

#include "vault/base/format.h"
#include "vault/intake/digest_forms.h"
#include "vault/intake/report_forms.h"

namespace exhibit::intake {
namespace {

// What stands between ` and ' in a line.
std::optional<std::string_view> QuotedIn(std::string_view line) {
  const std::size_t first = line.find('`');
  const std::size_t last = line.rfind('\'');
  if (first == std::string_view::npos || last == std::string_view::npos || last <= first) return std::nullopt;
  return line.substr(first + 1, last - first - 1);
}

// "4383... (md5)", and nothing after it: after a window's digest its sectors follow.
std::optional<custody::ClaimedDigest> DigestBeforeName(std::string_view line) {
  const std::size_t open = line.find(" (");
  if (open == std::string_view::npos || !line.ends_with(')')) return std::nullopt;
  return DigestNamed(line.substr(open + 2, line.size() - open - 3), line.substr(0, open));
}

// Adds a file that the report names, once.
AcquisitionReport::ImageFile& FileOf(AcquisitionReport& report, std::string_view path) {
  const std::string_view name = LastComponent(path);
  if (const auto known = std::ranges::find(report.files, name, &AcquisitionReport::ImageFile::name);
      known != report.files.end()) {
    return *known;
  }
  report.files.push_back({std::string(name)});
  return report.files.back();
}

// "[ok] 277f..., sectors 0 - 32767, `split/disk.000'"
void ReadOutput(AcquisitionReport& report, std::string_view line) {
  constexpr std::string_view kOk = "[ok] ";
  const auto file = QuotedIn(line);
  if (!line.starts_with(kOk) || !file) return;
  auto digest = DigestFrom(line.substr(kOk.size(), line.find(',') - kOk.size()));
  if (digest) FileOf(report, *file).digests.push_back(std::move(*digest));
}

}  // namespace

Result<std::optional<AcquisitionReport>> ReadDc3ddReport(const ReportLines& lines) {
  const auto first = std::ranges::find_if(lines, [](std::string_view line) { return !line.empty(); });
  if (first == lines.end() || !first->starts_with("dc3dd ") || first->find(" started at ") == std::string_view::npos) {
    return std::optional<AcquisitionReport>();
  }
  AcquisitionReport report{std::string(first->substr(0, first->find(" started at ")))};
  bool is_input = false;
  for (const std::string_view line : lines) {
    const std::string_view plain = WithoutBlanks(line);
    if (plain.starts_with("input results for ")) {
      is_input = true;
    } else if (plain.starts_with("output results for ")) {
      is_input = false;
      const auto file = plain.starts_with("output results for file") ? QuotedIn(plain) : std::nullopt;
      if (file) FileOf(report, *file);
    } else if (plain.starts_with("[!!]")) {
      report.failures.push_back(Format("its verification of the image says: {}", plain));
    } else if (plain.starts_with("dc3dd failed at") || plain.starts_with("dc3dd aborted at")) {
      report.failures.emplace_back(plain);
    } else if (is_input) {
      if (const auto digest = DigestBeforeName(plain)) TRY_VOID(AddMedia(report, *digest));
      if (plain.ends_with(" bad sectors replaced by zeros") && !plain.starts_with("0 ")) {
        report.failures.emplace_back(plain);
      }
    } else {
      ReadOutput(report, plain);
    }
  }
  return std::optional(std::move(report));
}

Result<std::optional<AcquisitionReport>> ReadDcflddReport(const ReportLines& lines) {
  constexpr std::string_view kTotal = "Total (";
  AcquisitionReport report{"dcfldd"};
  for (std::string_view line : lines) {
    // On a terminal it follows the count of blocks without a line's end.
    line = line.substr(std::min(line.find(kTotal), line.size()));
    const std::size_t close = line.find("):");
    if (close == std::string_view::npos || close <= kTotal.size()) continue;
    const auto digest =
        DigestNamed(line.substr(kTotal.size(), close - kTotal.size()), WithoutBlanks(line.substr(close + 2)));
    if (digest) TRY_VOID(AddMedia(report, *digest));
  }
  return report.media.empty() ? std::optional<AcquisitionReport>() : std::optional(std::move(report));
}

}  // namespace exhibit::intake
