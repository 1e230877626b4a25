// What ewfacquire 20140807 and later prints, and what it writes into its log (-l); ewfverify's are of the same form:
//
//   ewfacquire 20140814                              (not in a log)
//   Errors reading device:
//           total number: 2
//           at sector(s): 1000 - 1008 number: 8 (offset: 0x0007d000 of size: 4096)
//   MD5 hash stored in file:                2ceb...    (ewfverify)
//   MD5 hash calculated over data:          3260...
//   ewfacquire: SUCCESS
#include <algorithm>

#include "vault/base/format.h"
#include "vault/intake/digest_forms.h"
#include "vault/intake/report_forms.h"

namespace exhibit::intake {
namespace {

constexpr std::string_view kSectors = "at sector(s):";

bool IsOfEwfTools(std::string_view line) { return line.find(" hash calculated over data:") != std::string_view::npos; }

}  // namespace

Result<std::optional<AcquisitionReport>> ReadEwfReport(const ReportLines& lines) {
  if (std::ranges::none_of(lines, IsOfEwfTools)) return std::optional<AcquisitionReport>();
  AcquisitionReport report{"ewfacquire"};
  std::vector<custody::ClaimedDigest> stored;
  std::vector<std::string_view> unread;
  for (const std::string_view line : lines) {
    for (const std::string_view program : {"ewfacquire", "ewfacquirestream", "ewfverify"}) {
      if (line == Format("{}: FAILURE", program)) report.failures.push_back(Format("{} says FAILURE", program));
      const std::string_view version = line.substr(std::min(line.size(), program.size()));
      if (line.starts_with(program) && version.size() == 9 && version.starts_with(" 20")) report.tool = line;
    }
    const std::string_view plain = WithoutBlanks(line);
    if (plain.starts_with(kSectors)) unread.push_back(WithoutBlanks(plain.substr(kSectors.size())));
    for (const std::string_view name : {"MD5", "SHA1", "SHA256"}) {
      const auto calculated = ValueOf(line, Format("{} hash calculated over data", name));
      const auto digest = calculated ? DigestNamed(name, *calculated) : std::nullopt;
      if (digest) TRY_VOID(AddMedia(report, *digest));
      const auto in_file = ValueOf(line, Format("{} hash stored in file", name));
      const auto other = in_file ? DigestNamed(name, *in_file) : std::nullopt;
      if (other) stored.push_back(*other);
    }
  }
  for (const custody::ClaimedDigest& digest : stored) CompareWithMedia(report, digest, "who made the image");
  if (!unread.empty()) report.failures.push_back("sectors that could not be read: " + ListOf(unread));
  return std::optional(std::move(report));
}

}  // namespace exhibit::intake
