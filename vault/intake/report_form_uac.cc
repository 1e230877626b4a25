// The acquisition log of UAC (Unix-like Artifacts Collector) 3, which it writes beside its archive:
//
//   Created by UAC (Unix-like Artifacts Collector) 3.2.0
//   [Output Information]
//   File: uac-fs01-linux-20260416181244.tar.gz
//   Format: tar
//   [Computed Hashes]
//   MD5 checksum: 784d...
//   SHA1 checksum: ...
//   SHA256 checksum: ...
//
// Of an archive that it encrypted the log tells the password too. The log is an item, and sealed like all.
#include <algorithm>

#include "vault/base/format.h"
#include "vault/intake/digest_forms.h"
#include "vault/intake/report_forms.h"

namespace exhibit::intake {

Result<std::optional<AcquisitionReport>> ReadUacReport(const ReportLines& lines) {
  constexpr std::string_view kFirst = "Created by UAC (Unix-like Artifacts Collector)";
  const auto first = std::ranges::find_if(lines, [](std::string_view line) { return !line.empty(); });
  if (first == lines.end() || !first->starts_with(kFirst)) return std::optional<AcquisitionReport>();
  AcquisitionReport report{Format("UAC{}", first->substr(kFirst.size())), ImportFrom::kUac};
  std::string_view part;
  for (const std::string_view line : lines) {
    if (line.starts_with('[')) part = line;
    const auto file = ValueOf(line, "File");
    // Words that the examiner wrote come before.
    if (part == "[Output Information]" && file && !LastComponent(*file).empty()) {
      report.files.push_back({std::string(LastComponent(*file))});
    }
    if (part != "[Computed Hashes]" || report.files.size() != 1) continue;
    for (const std::string_view name : {"MD5", "SHA1", "SHA256"}) {
      const auto value = ValueOf(line, Format("{} checksum", name));
      const auto digest = value ? DigestNamed(name, *value) : std::nullopt;
      if (digest) report.files.front().digests.push_back(*digest);
    }
  }
  return std::optional(std::move(report));
}

}  // namespace exhibit::intake
