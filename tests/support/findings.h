// Questions to a report: is this found, at this place, in these words?
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vault/verify/report.h"

namespace exhibit::testing {

inline bool Names(const verify::Report& report, verify::Property property,
                  std::optional<std::uint64_t> entry = std::nullopt,
                  std::optional<std::uint64_t> block = std::nullopt) {
  return std::ranges::any_of(report.findings, [&](const verify::Finding& finding) {
    return finding.property == property && (!entry || (finding.entry && finding.entry->value == *entry)) &&
           (!block || finding.block == block);
  });
}

inline bool Says(const verify::Report& report, std::string_view words) {
  return std::ranges::any_of(report.findings, [&](const verify::Finding& finding) {
    return finding.message.find(words) != std::string::npos;
  });
}

}  // namespace exhibit::testing
