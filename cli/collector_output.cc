#include "cli/collector_output.h"

#include <algorithm>

#include "cli/terminal.h"
#include "vault/base/clock.h"
#include "vault/base/format.h"

namespace exhibit::cli {

Json JsonOf(const work::CollectorStatus& collector, const People& people) {
  Json missing = Json::List();
  for (const custody::ItemSet::Range& range : collector.chain.missing_numbers)
    missing.push_back(Json::List({range.first, range.last}));
  Json row = {{"handle", collector.handle},          {"admitted", collector.is_admitted},
              {"last_number", collector.chain.last}, {"next_number", collector.chain.last + 1},
              {"missing", std::move(missing)},       {"open_run", collector.chain.is_open},
              {"broken", collector.chain.is_broken}};
  if (collector.person) {
    row["person"] = collector.person->number;
    const custody::PersonFacts* const told = people.Find(*collector.person);
    if (told != nullptr && told->name) row["name"] = *told->name;
  }
  if (collector.last_item) {
    row["last_item"] = custody::FormatEntryTime(*collector.last_item);
    row["seconds_since"] = SecondsSince(custody::MomentOf(*collector.last_item));
  }
  return row;
}

std::string MissingOf(const work::CollectorStatus& collector) {
  std::string missing;
  for (const custody::ItemSet::Range& range : collector.chain.missing_numbers) {
    missing += missing.empty() ? "" : ", ";
    missing += range.first == range.last ? Format("{}", range.first) : Format("{}-{}", range.first, range.last);
  }
  return missing;
}

std::int64_t SecondsSince(Moment then) { return (Now().milliseconds - then.milliseconds) / 1000; }

std::string Ago(Moment then) {
  constexpr double kDay = 24 * 60 * 60;
  const auto seconds = static_cast<double>(std::max<std::int64_t>(0, SecondsSince(then)));
  const std::string told =
      seconds < 2 * kDay ? HumanDuration(seconds) : Format("{} days", static_cast<std::uint64_t>(seconds / kDay));
  return told + " ago";
}

}  // namespace exhibit::cli
