// The dates of a case, as they were known when somebody recorded them: the fields of a `case` entry.
//
//   case          the case's name            notice-days  notice is due so many days after the discovery
//   occurred      the breach began           events       an array of {"time":"…","what":"…"}
//   discovered    somebody knew of it        forget       an array of names of dates: those of earlier records no longer hold
//   contained     the intruder was shut out
//   reported      to authorities             notified     the people it concerns
//
// Times are those of entries. Nothing is overwritten: a later record of the same case supersedes an earlier one date by
// date, and adds its events.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/custody/field.h"

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

// Its fields. kInvalid for what no record may say: days of notice other than 1 to kMaxNoticeDays, more than kMaxCaseEvents.
Result<std::vector<FieldList::Item>> FieldsOf(const CaseFacts& facts);
// What a record tells. No form of these fields is asked for by the formats: what has another is left out.
CaseFacts CaseFactsIn(const FieldList& fields);

}  // namespace exhibit::custody
