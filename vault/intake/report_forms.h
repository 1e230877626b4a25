// The forms of acquisition reports (acquisition_report.h), a file for each program or two: report_form_*.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/intake/acquisition_report.h"

namespace exhibit::intake {

// Lines without their ends and without blanks after them.
using ReportLines = std::vector<std::string_view>;

// Each: nothing if it is no report of this program.
Result<std::optional<AcquisitionReport>> ReadFtkReport(const ReportLines& lines);
Result<std::optional<AcquisitionReport>> ReadGuymagerReport(const ReportLines& lines);
Result<std::optional<AcquisitionReport>> ReadEwfReport(const ReportLines& lines);
Result<std::optional<AcquisitionReport>> ReadDc3ddReport(const ReportLines& lines);
Result<std::optional<AcquisitionReport>> ReadUacReport(const ReportLines& lines);
Result<std::optional<AcquisitionReport>> ReadDcflddReport(const ReportLines& lines);

// What the forms share.

// What follows `key` and a colon, without blanks around: "MD5 checksum:    0981..." is "0981..." of "MD5 checksum".
std::optional<std::string_view> ValueOf(std::string_view line, std::string_view key);
// After the last slash of either kind.
std::string_view LastComponent(std::string_view path);
// Adds a digest of the media. The same again adds nothing; kInvalid if another one of this algorithm was told before.
Result<void> AddMedia(AcquisitionReport& report, custody::ClaimedDigest digest);
// A digest that a later look at the image found. Another one than before is a failure that the report tells.
void CompareWithMedia(AcquisitionReport& report, const custody::ClaimedDigest& digest, std::string_view who);
// "a, b, c", and how many more there are where there are many.
std::string ListOf(const std::vector<std::string_view>& parts);

}  // namespace exhibit::intake
