#include "cli/case_dates.h"

#include "cli/item_acts.h"

namespace exhibit::cli {

Result<std::map<std::string, custody::CaseFacts>> ReadCases(const VaultReader& vault, const custody::State& state,
                                                            const std::optional<VaultKeys>& keys) {
  std::map<std::string, custody::CaseFacts> cases;
  for (const tlog::Sequence at : state.facts().cases) {
    TRY(const custody::SignedEntry entry, vault.Entry(at));
    TRY(const auto fields, ReadFieldsIf(vault, state, entry, keys));
    if (!fields) continue;
    const custody::CaseFacts record = custody::CaseFactsIn(*fields);
    custody::CaseFacts& known = cases[record.case_number.value_or("")];
    known.case_number = record.case_number;
    known.Supersede(record);
  }
  return cases;
}

}  // namespace exhibit::cli
