#include "cli/case_dates.h"

namespace exhibit::cli {

Result<std::map<std::string, custody::CaseFacts>> ReadCases(const VaultReader& vault, const custody::State& state,
                                                            seal::Identities reader) {
  std::map<std::string, custody::CaseFacts> cases;
  for (const tlog::Sequence at : state.facts().cases) {
    TRY(const custody::SignedEntry entry, vault.Entry(at));
    std::string text;
    TRY_VOID(vault.ReadContent(entry, reader, [&](ByteView part) -> Result<void> {
      text += TextOf(part);
      return {};
    }));
    auto record = custody::DecodeCaseFacts(text);
    if (!record) return Fail(std::move(record).error().In("entry " + std::to_string(at.value)));
    custody::CaseFacts& known = cases[record->case_number.value_or("")];
    known.case_number = record->case_number;
    known.Supersede(*record);
  }
  return cases;
}

}  // namespace exhibit::cli
