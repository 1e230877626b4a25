// What a rescue saved and lost, for people and for programs.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/json_output.h"
#include "vault/work/rescue.h"

namespace exhibit::cli {

ExitCode StatusOf(const work::Rescued& rescued);
// `vault`: the new one. Lists the first things that are lost; JSON lists all.
std::string ToText(const work::Rescued& rescued, const std::string& vault);
Json JsonOf(const work::Rescued& rescued, const std::string& vault);

}  // namespace exhibit::cli
