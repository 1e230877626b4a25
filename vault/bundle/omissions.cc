#include "vault/bundle/omissions.h"

#include "vault/custody/json_fields.h"

namespace exhibit::bundle {

std::vector<LogRange> Gaps(const LogRange& range, const std::set<tlog::Sequence>& present) {
  std::vector<LogRange> gaps;
  std::uint64_t next = range.first.value;
  for (auto at = present.lower_bound(range.first); at != present.end() && *at <= range.last; ++at) {
    if (at->value > next) gaps.push_back({{next}, {at->value - 1}});
    next = at->value + 1;
  }
  if (next <= range.last.value) gaps.push_back({{next}, range.last});
  return gaps;
}

std::string OmissionsJson(const BundleHead& head, const std::set<tlog::Sequence>& present,
                          const std::vector<Missing>& missing) {
  Json json = {{"v", 1},
               {"origin", std::string(head.log.origin.text())},
               {"log_size", head.log.size.value},
               {"range", head.range.ToText()},
               {"complete", missing.empty()},
               {"missing", Json::List()},
               {"not_in_bundle", Json::List()}};
  for (const Missing& one : missing) json["missing"].push_back({{"item", one.item.value}, {"why", one.why}});
  for (const LogRange& gap : Gaps(head.range, present)) json["not_in_bundle"].push_back(gap.ToText());
  return json.Dump() + "\n";
}

}  // namespace exhibit::bundle
