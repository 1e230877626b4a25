#include "vault/bundle/omissions.h"

#include "vault/base/json.h"

namespace exhibit::bundle {

std::vector<tlog::SequenceRange> Gaps(tlog::TreeSize size, const std::set<tlog::Sequence>& present) {
  std::vector<tlog::SequenceRange> gaps;
  std::uint64_t next = 0;
  for (const tlog::Sequence at : present) {
    if (at.value >= size.value) break;
    if (at.value > next) gaps.push_back({{next}, {at.value - 1}});
    next = at.value + 1;
  }
  if (next < size.value) gaps.push_back({{next}, {size.value - 1}});
  return gaps;
}

std::string OmissionsJson(const BundleHead& head, const std::set<tlog::Sequence>& present,
                          const std::vector<Missing>& missing) {
  Json json = {{"v", 1},
               {"origin", std::string(head.log.origin.text())},
               {"log_size", head.log.size.value},
               {"complete", missing.empty()},
               {"missing", Json::List()},
               {"not_in_bundle", Json::List()}};
  for (const Missing& one : missing) json["missing"].push_back({{"item", one.item.value}, {"why", one.why}});
  for (const tlog::SequenceRange& gap : Gaps(head.log.size, present)) json["not_in_bundle"].push_back(gap.ToText());
  return json.Dump() + "\n";
}

}  // namespace exhibit::bundle
