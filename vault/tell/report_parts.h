// The static parts of report.html, from the files of vault/tell/report/; embed.cmake compiles them in.
#pragma once

#include <string_view>
#include <vector>

namespace exhibit::tell {

// To be joined, in this order. The page has {{policy}}, {{style}}, {{data}} and {{script}} once each.
const std::vector<std::string_view>& ReportPageParts();
const std::vector<std::string_view>& ReportStyleParts();
const std::vector<std::string_view>& ReportScriptParts();

// "exhibit 0.1.0"
std::string_view ReportProgram();

}  // namespace exhibit::tell
