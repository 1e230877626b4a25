#include "cli/status_output.h"

#include <algorithm>
#include <utility>

#include "cli/checkpoint_output.h"
#include "cli/collector_output.h"
#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

using Weight = verify::MediumFault::Weight;

Json JsonOfKeys(const work::StatusOfVault& status) {
  Json damaged = Json::List();
  Json remarks = Json::List();
  for (const verify::MediumFault& fault : status.key_files)
    (fault.weight == Weight::kDamage ? damaged : remarks).push_back(fault.message);
  return {{"whole", !HasDamage(status)},
          {"damaged", std::move(damaged)},
          {"remarks", std::move(remarks)},
          {"reader_key", status.is_key_file_named ? "as the log names it" : "another than the log names"},
          {"passphrase", status.is_under_passphrase}};
}

Json JsonOfKit(const work::StatusOfVault& status) {
  Json kit = {{"made", status.kit && status.kit->made_at}};
  if (!status.kit || !status.kit->made_at) return kit;
  kit["size"] = status.kit->made_at->value;
  kit["older"] = status.kit->newer_law.has_value();
  if (status.kit->newer_law) {
    kit["newer_entry"] = status.kit->newer_law->value;
    kit["newer_type"] = status.kit->newer_type;
  }
  return kit;
}

Json JsonOfCollectors(const Seen& seen) {
  Json list = Json::List();
  for (const work::CollectorStatus& one : seen.status.collectors) list.push_back(JsonOf(one, seen.people));
  return list;
}

Json JsonOfLaw(const custody::Facts& facts) {
  Json two = Json::List();
  for (const custody::Ruled act : facts.two.List()) two.push_back(std::string(custody::ToText(act)));
  Json holds = Json::List();
  for (const auto& [entry, items] : facts.holds->held) {
    if (!items.empty()) holds.push_back({{"entry", entry.value}, {"items", CountOf(items)}});
  }
  Json suspensions = Json::List();
  for (const auto& [entry, suspension] : facts.suspensions) {
    Json stopped = Json::List();
    for (const custody::Person person : suspension.stopped) stopped.push_back(person.number);
    Json row = {{"entry", entry.value}, {"stopped", std::move(stopped)}};
    if (suspension.by) row["by"] = suspension.by->number;
    suspensions.push_back(std::move(row));
  }
  Json recoveries = Json::List();
  for (const tlog::Sequence entry : facts.recoveries) recoveries.push_back(entry.value);
  return {{"two", std::move(two)},
          {"recovery_key", facts.recovery() != nullptr},
          {"holds", std::move(holds)},
          {"suspensions", std::move(suspensions)},
          {"recoveries", std::move(recoveries)}};
}

Json JsonOfNotices(const Cases& cases) {
  Json list = Json::List();
  for (const auto& [number, facts] : cases) {
    const auto due = facts.NoticeDue();
    if (!due) continue;
    list.push_back({{"case", number},
                    {"due", FormatTime(*due)},
                    {"days", DaysUntil(*due)},
                    {"notified", facts.dates.contains(custody::CaseDate::kNotified)}});
  }
  return list;
}

Json JsonOf(const work::OwnKey& own) {
  Json json = {{"file", own.file.native()}, {"there", own.is_there}};
  if (own.actor) {
    json["actor"] = own.actor->text();
    json["admitted"] = own.is_admitted;
  }
  return json;
}

Json JsonOf(const work::Deed& deed) {
  return {{"at", FormatTime(deed.at)},
          {"seconds_since", SecondsSince(deed.at)},
          {"size", deed.size.value},
          {"how", deed.how}};
}

Json JsonOf(const Result<store::SomeLocks>& locks) {
  if (!locks) return Json::Object({{"unknown", locks.error().message}});
  Json json = {{"looked", locks->seen.looked}, {"of", locks->of},          {"near", locks->seen.near},
               {"lapsed", locks->seen.lapsed}, {"none", locks->seen.none}, {"payload_days", locks->days}};
  if (locks->seen.first_end) json["first_end"] = FormatTime(*locks->seen.first_end);
  return json;
}

Json JsonOf(const Result<store::SpentSeen>& spent) {
  if (!spent) return Json::Object({{"unknown", spent.error().message}});
  Json json = {{"objects", spent->objects},
               {"looked", spent->looked},
               {"there", spent->there},
               {"gone", spent->gone},
               {"ended", spent->ended}};
  if (spent->until) json["until"] = FormatTime(*spent->until);
  return json;
}

Json JsonOfWhatLeft(const Seen& seen) {
  Json left = {{"accesses", seen.status.accesses.size()}};
  if (!seen.status.accesses.empty()) left["last_access"] = custody::FormatEntryTime(seen.status.accesses.back().time);
  if (seen.exported)
    left["exported"] = {{"entry", seen.exported->entry.value}, {"time", custody::FormatEntryTime(seen.exported->time)}};
  if (seen.status.deeds.published) left["published"] = JsonOf(*seen.status.deeds.published);
  if (seen.status.deeds.copied) left["copied"] = JsonOf(*seen.status.deeds.copied);
  return left;
}

}  // namespace

bool HasDamage(const work::StatusOfVault& status) {
  return std::ranges::any_of(status.key_files,
                             [](const verify::MediumFault& fault) { return fault.weight == Weight::kDamage; });
}

bool LocksNeedCare(const store::LocksSeen& seen) { return seen.near + seen.lapsed + seen.none > 0; }

std::uint64_t CountOf(const custody::PositionRanges& positions) {
  std::uint64_t count = 0;
  for (auto range = positions.RangeFrom(0); range; range = positions.RangeFrom(range->last + 1))
    count += range->last - range->first + 1;
  return count;
}

std::int64_t DaysUntil(Moment due) {
  constexpr std::int64_t kDay = 24LL * 60 * 60 * 1000;
  const std::int64_t left = due.milliseconds - Now().milliseconds;
  return left >= 0 ? left / kDay : -((-left + kDay - 1) / kDay);
}

std::vector<std::string> NextSteps(const Seen& seen) {
  constexpr std::int64_t kWeek = 7 * 24 * 60 * 60;
  const work::StatusOfVault& status = seen.status;
  std::vector<std::string> steps;
  if (HasDamage(status) || !status.is_key_file_named)
    steps.emplace_back("put back the damaged files of keys/, from a kit or a backup");
  for (const std::string& one : status.cut) steps.push_back(one);
  if (status.kit && !status.kit->made_at)
    steps.emplace_back("make a kit, and keep it elsewhere: exhibit kit --out DIR");
  if (status.kit && status.kit->newer_law) steps.emplace_back("make a new kit: exhibit kit --out DIR");
  if (status.locks && *status.locks && LocksNeedCare((*status.locks)->seen))
    steps.emplace_back("renew the locks, and let a timer do it: exhibit retain");
  if (status.spent && *status.spent && (*status.spent)->ended > 0)
    steps.emplace_back("delete what was destroyed, whose locks have ended: exhibit retain");
  if (status.items == 0 && status.is_all_counted) steps.emplace_back("take evidence in: exhibit add PATH");
  const auto& verified = status.deeds.verified;
  if (status.items > 0 && (!verified || SecondsSince(verified->at) > kWeek))
    steps.emplace_back("verify it: exhibit verify");
  if (status.items > 0 && !status.last_stamp && !status.cosigned)
    steps.emplace_back("let somebody else see the log: exhibit checkpoint -o FILE, and keep it elsewhere");
  return steps;
}

Json JsonOf(const Globals& globals, const Seen& seen) {
  const work::StatusOfVault& status = seen.status;
  Json json = {{"vault", globals.VaultName()},
               {"origin", std::string(status.head.origin.text())},
               {"fingerprint", ToHex(status.fingerprint.view())},
               {"log_key", seen.log_key},
               {"size", status.head.size.value},
               {"items", status.items},
               {"all_counted", status.is_all_counted},
               {"last_time", custody::FormatEntryTime(status.last_time)},
               {"seconds_since", SecondsSince(custody::MomentOf(status.last_time))},
               {"unacknowledged", status.unacknowledged},
               {"being_written", status.is_being_written},
               {"waits", status.cut},
               {"keys", JsonOfKeys(status)},
               {"kit", JsonOfKit(status)},
               {"collectors", JsonOfCollectors(seen)},
               {"left", JsonOfWhatLeft(seen)}};
  json.Update(JsonOfLaw(seen.facts));
  if (status.deeds.verified) json["verified"] = JsonOf(*status.deeds.verified);
  if (status.own_key) json["your_key"] = JsonOf(*status.own_key);
  if (status.locks) json["locks"] = JsonOf(*status.locks);
  if (status.spent) json["spent"] = JsonOf(*status.spent);
  json["next"] = NextSteps(seen);
  if (seen.cases) json["notices"] = JsonOfNotices(*seen.cases);
  if (status.last_stamp)
    json["timestamp"] = {{"entry", status.last_stamp->value}, {"covers", status.stamp_covers->value}};
  if (status.cosigned) json["cosigned"] = {{"size", status.cosigned->size.value}, {"by", status.cosigned->by}};
  if (seen.facts.closed) json["closed"] = seen.facts.closed->value;
  return json;
}
}  // namespace exhibit::cli
