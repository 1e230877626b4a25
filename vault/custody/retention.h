// How long evidence is kept. A date is an intention of whoever took it in; a rule is a law's or a policy's
// term. Neither destroys anything: `exhibit list --due` lists the items, and a person decides (exhibit shred).
#pragma once

#include <string>
#include <string_view>

#include "vault/base/clock.h"
#include "vault/base/error.h"

namespace exhibit::custody {

struct RetentionRule {
  std::string_view name;
  int years;
  std::string_view citation;
};

// The ready rules, by name: "hipaa" (six years, 45 CFR 164.316(b)(2)(i)). kInvalid listing them.
Result<RetentionRule> FindRetentionRule(std::string_view name);

inline Moment EndOfRetention(const RetentionRule& rule, Moment taken_in) { return AddYears(taken_in, rule.years); }

}  // namespace exhibit::custody
