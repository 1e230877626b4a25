#include "vault/intake/acquisition_report.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/text.h"
#include "vault/intake/digest_forms.h"
#include "vault/intake/report_forms.h"

namespace exhibit::intake {
namespace {

ReportLines LinesOf(std::string_view text) {
  ReportLines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t last = line.find_last_not_of(" \t");
    lines.push_back(last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1));
  }
  return lines;
}

std::vector<custody::ClaimedDigest>::iterator FindAlgorithm(AcquisitionReport& report,
                                                            custody::DigestAlgorithm algorithm) {
  return std::ranges::find(report.media, algorithm, &custody::ClaimedDigest::algorithm);
}

}  // namespace

std::optional<std::string_view> ValueOf(std::string_view line, std::string_view key) {
  line = WithoutBlanks(line);
  if (!line.starts_with(key)) return std::nullopt;
  line = WithoutBlanks(line.substr(key.size()));
  if (!line.starts_with(':')) return std::nullopt;
  return WithoutBlanks(line.substr(1));
}

std::string_view LastComponent(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Result<void> AddMedia(AcquisitionReport& report, custody::ClaimedDigest digest) {
  const auto known = FindAlgorithm(report, digest.algorithm);
  if (known == report.media.end()) {
    report.media.push_back(std::move(digest));
    return {};
  }
  if (known->value == digest.value) return {};
  return Fail(ErrorCode::kInvalid, Format("the report states two {} digests of one disk: {} and {}",
                                          custody::ToText(digest.algorithm), ToHex(known->value), ToHex(digest.value)));
}

void CompareWithMedia(AcquisitionReport& report, const custody::ClaimedDigest& digest, std::string_view who) {
  const auto known = FindAlgorithm(report, digest.algorithm);
  if (known == report.media.end() || known->value == digest.value) return;
  report.failures.push_back(Format("{} found {} {} and not {}", who, custody::ToText(digest.algorithm),
                                   ToHex(digest.value), ToHex(known->value)));
}

std::string ListOf(const std::vector<std::string_view>& parts) {
  constexpr std::size_t kShown = 50;
  std::string list;
  for (std::size_t i = 0; i < std::min(parts.size(), kShown); ++i) {
    if (i > 0) list += ", ";
    list += Printable(parts[i]);
  }
  if (parts.size() > kShown) list += Format(" and {} more", parts.size() - kShown);
  return list;
}

Result<std::optional<AcquisitionReport>> ReadAcquisitionReport(std::string_view text) {
  if (text.size() > kMaxReportBytes) return Fail(ErrorCode::kInvalid, "a report of more than 4 MiB");
  const Bytes plain = Utf8TextOf(ViewOf(text));
  // A program that writes such reports holds all their words, and is none.
  if (TextOf(plain).find('\0') != std::string_view::npos) return std::optional<AcquisitionReport>();
  const ReportLines lines = LinesOf(TextOf(plain));
  // dcfldd's form is the least particular.
  for (const auto read :
       {ReadFtkReport, ReadGuymagerReport, ReadDc3ddReport, ReadUacReport, ReadEwfReport, ReadDcflddReport}) {
    TRY(auto report, read(lines));
    if (report) return report;
  }
  return std::optional<AcquisitionReport>();
}

}  // namespace exhibit::intake
