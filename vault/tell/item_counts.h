// How many items of a verified log or bundle hold, and what became of the others, in words.
#pragma once

#include <string>

#include "vault/verify/report.h"

namespace exhibit::tell {

// "29 of 30 items hold; entry 485 was changed"; empty if no item was checked and no finding names an entry.
std::string CountsOf(const verify::Report& report);

}  // namespace exhibit::tell
