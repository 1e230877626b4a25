#include "vault/verify/index_check.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "vault/base/format.h"

namespace exhibit::verify {
namespace {

// The rows of an entry that the index lacks, and those that it has too many: one finding for each entry.
struct Damage {
  std::uint64_t missing = 0;
  std::uint64_t surplus = 0;
  std::uint64_t subject = 0;  // of the first
};

Result<std::vector<custody::ActRow>> ReadRows(const Source& source, const IndexExpectation& expected) {
  if (expected.first.value == 0) return source.ReadActs({});
  std::set<std::uint64_t> subjects = {custody::kStateSubject};
  for (const custody::ActRow& row : expected.rows) subjects.insert(row.subject);
  std::vector<custody::ActRow> stored;
  for (const std::uint64_t subject : subjects) {
    TRY(std::vector<custody::ActRow> rows, source.ReadActs({subject, subject}));
    std::erase_if(rows, [&](const custody::ActRow& row) { return row.sequence < expected.first; });
    std::ranges::move(rows, std::back_inserter(stored));
  }
  return stored;
}

bool IsByFields(const custody::ActRow& row) { return row.subject == custody::kByFieldsSubject; }

// A store that was begun before there were rows by fields has none that count: whoever asks reads its log through.
Result<bool> HasRowsByFields(const Source& source) {
  TRY(const auto rows, source.ReadActs({custody::kByFieldsSubject, custody::kByFieldsSubject}));
  return !rows.empty() && rows.front().sequence.value == 0;
}

std::string NameOfSubject(std::uint64_t subject) {
  if (subject == custody::kStateSubject) return "the vault's state";
  if (subject == custody::kByFieldsSubject) return "acts that name items in their fields";
  if (subject >= custody::kFirstCollectedSubject) return "a collector's number";
  return Format("item {}", subject);
}

}  // namespace

std::vector<Finding> CheckIndex(const Source& source, IndexExpectation expected) {
  std::vector<Finding> findings;
  auto stored = ReadRows(source, expected);
  if (!stored && stored.error().code == ErrorCode::kNotFound) return findings;
  if (!stored) {
    findings.push_back({Property::kIndex, {}, {}, {}, stored.error().message, {}, stored.error().code});
    return findings;
  }
  const auto has_by_fields = HasRowsByFields(source);
  if (has_by_fields && !*has_by_fields) {
    std::erase_if(expected.rows, IsByFields);
    std::erase_if(*stored, IsByFields);
  }
  std::ranges::sort(expected.rows);
  std::vector<custody::ActRow> missing;
  std::vector<custody::ActRow> surplus;
  std::ranges::set_difference(expected.rows, *stored, std::back_inserter(missing));
  std::ranges::set_difference(*stored, expected.rows, std::back_inserter(surplus));
  std::map<tlog::Sequence, Damage> damage;
  for (const custody::ActRow& row : missing) {
    ++damage.try_emplace(row.sequence, Damage{0, 0, row.subject}).first->second.missing;
  }
  for (const custody::ActRow& row : surplus) {
    if (row.sequence.value >= expected.size.value || expected.unknown.contains(row.sequence)) continue;
    ++damage.try_emplace(row.sequence, Damage{0, 0, row.subject}).first->second.surplus;
  }
  for (const auto& [sequence, rows] : damage) {
    findings.push_back({Property::kIndex,
                        sequence,
                        {},
                        {},
                        Format("the index of acts has {} rows missing and {} that do not belong, first under {}",
                               rows.missing, rows.surplus, NameOfSubject(rows.subject))});
  }
  return findings;
}

}  // namespace exhibit::verify
