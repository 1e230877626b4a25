#include "vault/custody/retention.h"

#include <array>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

constexpr std::array<RetentionRule, 1> kRules = {{
    {"hipaa", 6, "45 CFR 164.316(b)(2)(i)"},
}};

}  // namespace

Result<RetentionRule> FindRetentionRule(std::string_view name) {
  std::string names;
  for (const RetentionRule& rule : kRules) {
    if (rule.name == name) return rule;
    names += (names.empty() ? "" : ", ") + std::string(rule.name);
  }
  return Fail(ErrorCode::kInvalid, Format("unknown rule of retention \"{}\"", Printable(name.substr(0, 64))),
              "known are: " + names);
}

}  // namespace exhibit::custody
