// What `status` and `collector list` show of collectors, and how long ago things were.
#pragma once

#include <cstdint>
#include <string>

#include "cli/people.h"
#include "vault/work/status.h"

namespace exhibit::cli {

Json JsonOf(const work::CollectorStatus& collector, const People& people);

// "3-5, 9": the numbers that are missing between the first and the last.
std::string MissingOf(const work::CollectorStatus& collector);

// By this machine's clock; negative for a time ahead of it.
std::int64_t SecondsSince(Moment then);
// "3 h 5 min ago"; a time ahead of this machine's clock is no time ago.
std::string Ago(Moment then);

}  // namespace exhibit::cli
