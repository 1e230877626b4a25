// What became of originals that were written as files, and of loose files that were looked for, for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/json_output.h"
#include "vault/bundle/extraction.h"
#include "vault/bundle/find_files.h"

namespace exhibit::cli {

std::string ToText(const bundle::Extracted& extracted, const std::string& folder);
Json JsonOf(const bundle::Extracted& extracted, const std::string& folder);
// kOk if each original was written; else what the worst of the failures says.
ExitCode StatusOf(const bundle::Extracted& extracted);

std::string ToText(const std::vector<bundle::FoundFile>& found);
Json JsonOf(const std::vector<bundle::FoundFile>& found);
// kOk if each file was found, else kFailed.
ExitCode StatusOf(const std::vector<bundle::FoundFile>& found);

}  // namespace exhibit::cli
