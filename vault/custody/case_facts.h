// The dates of a case, as they were known when somebody recorded them: the sealed text of a `case` entry.
//
// One line of JSON in the form of an entry's; keys in [brackets] may be missing:
//
//   {"v":1,["case":"IR-2025-014"],["occurred":time],["discovered":time],["contained":time],["reported":time],
//    ["notified":time],["notice_days":60],["events":[{"time":time,"what":"…"},…]],["forget":["contained",…]]}\n
//
//   occurred    the breach began             reported  to authorities
//   discovered  somebody knew of it          notified  the people it concerns
//   contained   the intruder was shut out
//   notice_days  notice is due so many days after the discovery
//   forget       dates of earlier records that no longer hold
//
// Nothing is overwritten: a later record of the same case supersedes an earlier one date by date, and adds its events.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/clock.h"
#include "vault/base/error.h"

namespace exhibit::custody {

// Frozen: records hold these words, in this order.
enum class CaseDate : std::uint8_t { kOccurred, kDiscovered, kContained, kReported, kNotified };
inline constexpr std::size_t kCaseDates = 5;
std::string_view ToText(CaseDate date);
Result<CaseDate> CaseDateFromText(std::string_view text);

// 45 CFR 164.404(b): without unreasonable delay and in no case later than 60 calendar days after discovery.
inline constexpr std::uint64_t kHipaaNoticeDays = 60;
inline constexpr std::uint64_t kMaxNoticeDays = 3650;
inline constexpr std::size_t kMaxCaseEvents = 32;  // of one record

struct CaseEvent {
  Moment time;
  std::string what;  // a line
  bool operator==(const CaseEvent&) const = default;
};

struct CaseFacts {
  std::optional<std::string> case_number = {};
  std::map<CaseDate, Moment> dates = {};
  std::optional<std::uint64_t> notice_days = {};
  std::vector<CaseEvent> events = {};
  std::vector<CaseDate> forget = {};  // ascending

  // Combines this record with `later`, a later record of the same case.
  void Supersede(const CaseFacts& later);
  // When notice is due at the latest; nothing where no discovery is recorded.
  std::optional<Moment> NoticeDue() const;
  bool operator==(const CaseFacts&) const = default;
};

std::string EncodeCaseFacts(const CaseFacts& facts);
// Strict: kInvalid naming the field and the rule, kUnsupported for another version.
Result<CaseFacts> DecodeCaseFacts(std::string_view text);

}  // namespace exhibit::custody
