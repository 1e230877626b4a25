// Labels, for who has keys of cases: which entries belong to a case, and whether the field `case` says the same.
//
// Nothing here is a finding. A bundle may be a part, and a collector without a case's key cannot label for it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/custody/entry.h"
#include "vault/custody/field.h"
#include "vault/custody/labels.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

// Finds the entries that each case key recognises, as entries are read in order.
class LabelSearch {
 public:
  // Keys of other vaults recognise nothing, and get a remark. REQUIRES: `keys` outlives this.
  LabelSearch(const std::vector<custody::GivenCaseKey>& keys, const custody::Fingerprint& vault);
  void Add(const custody::Entry& entry);
  // Moves what was found to report.labelled.
  void Finish(Report& report) &&;

 private:
  struct Case {
    const custody::CaseKey* key;
    Labelled found;
  };
  custody::Fingerprint vault_;
  std::vector<Case> cases_;
  std::vector<std::string> remarks_;
};

// The key of a case, as far as the verifier has it.
using FindCaseKey = std::function<std::optional<custody::CaseKey>(std::string_view case_name)>;
// Among keys that somebody was given. REQUIRES: `keys` outlives what it returns.
FindCaseKey FindAmong(const std::vector<custody::GivenCaseKey>& keys, const custody::Fingerprint& vault);

// Compares the field `case` of an entry with its labels: a remark for each case that it names and is not labelled for.
// Of entry 0 all labels are random, and none is compared.
std::vector<std::string> CompareLabels(tlog::Sequence entry, const custody::SealedFile& file,
                                       const custody::FieldList& fields, const custody::Fingerprint& vault,
                                       const FindCaseKey& find);

}  // namespace exhibit::verify
