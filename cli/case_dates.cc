#include "cli/case_dates.h"

#include "cli/notes.h"
#include "vault/base/format.h"

namespace exhibit::cli {

Result<std::map<std::string, custody::CaseFacts>> ReadCases(const VaultReader& vault, const custody::State& state,
                                                            seal::Identities reader) {
  std::map<std::string, custody::CaseFacts> cases;
  for (const tlog::Sequence at : state.facts().cases) {
    if (state.facts().shredded.contains(at.value)) continue;
    TRY(const custody::SignedEntry entry, vault.Entry(at));
    TRY(const std::string text, vault.ReadSealedText(entry, reader));
    auto record = custody::DecodeCaseFacts(text);
    if (!record) return Fail(std::move(record).error().In(Format("entry {}", at)));
    custody::CaseFacts& known = cases[record->case_number.value_or("")];
    known.case_number = record->case_number;
    known.Supersede(*record);
  }
  return cases;
}

}  // namespace exhibit::cli
