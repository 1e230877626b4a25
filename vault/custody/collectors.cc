#include "vault/custody/collectors.h"

#include <algorithm>

namespace exhibit::custody {

CollectedNumber NumberOf(const Collected& collected) {
  return {std::string(collected.collector.name()), collected.number};
}

bool Collectors::Knows(const CollectedNumber& number) const {
  const auto chain = chains_.find(number.handle);
  return chain != chains_.end() && chain->second.numbers.Has(number.number);
}

void Collectors::Link(Chain& chain, const StatementDigest& prev, const StatementDigest& digest, bool closes) {
  if (prev != StatementDigest() && chain.ends.erase(prev) == 0) chain.wanted.insert(prev);
  if (chain.wanted.erase(digest) == 0) chain.ends.emplace(digest, closes);
}

void Collectors::Add(const SignedCollected& statement) {
  const Collected& said = statement.said();
  Chain& chain = chains_[std::string(said.collector.name())];
  chain.numbers.Add(ItemSet::Range{said.number, said.number});
  chain.last = std::max(chain.last, said.number);
  Link(chain, said.prev, statement.digest(), false);
}

void Collectors::Add(const SignedClosedRun& statement) {
  const ClosedRun& said = statement.said();
  Chain& chain = chains_[std::string(said.collector.name())];
  chain.last = std::max(chain.last, said.up_to);
  Link(chain, said.prev, statement.digest(), true);
}

std::vector<Collectors::Gap> Collectors::Gaps() const {
  std::vector<Gap> gaps = All();
  std::erase_if(gaps, [](const Gap& gap) { return gap.missing_numbers.empty() && !gap.is_open && !gap.is_broken; });
  return gaps;
}

std::vector<Collectors::Gap> Collectors::All() const {
  std::vector<Gap> all;
  for (const auto& [handle, chain] : chains_) {
    Gap gap{handle, {}, chain.last, false, !chain.wanted.empty() || chain.ends.size() > 1};
    std::uint64_t next = 1;
    while (next <= chain.last) {
      const auto range = chain.numbers.RangeFrom(next);
      if (!range || range->first > next) gap.missing_numbers.push_back({next, range ? range->first - 1 : chain.last});
      if (!range) break;
      next = range->last + 1;
    }
    gap.is_open = std::ranges::any_of(chain.ends, [](const auto& end) { return !end.second; });
    all.push_back(std::move(gap));
  }
  return all;
}

}  // namespace exhibit::custody
