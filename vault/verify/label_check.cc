#include "vault/verify/label_check.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/item_facts.h"

namespace exhibit::verify {

LabelSearch::LabelSearch(const std::vector<custody::GivenCaseKey>& keys, const custody::Fingerprint& vault)
    : vault_(vault) {
  for (const custody::GivenCaseKey& one : keys) {
    if (one.vault == vault) {
      cases_.push_back({&one.key, {one.name, {}, {}, {}}});
    } else {
      remarks_.push_back(Format("the key of case {} is of another vault", Printable(one.name)));
    }
  }
}

void LabelSearch::Add(const custody::Entry& entry) {
  // All labels of entry 0 are random.
  if (!entry.sealed || entry.sequence.value == 0) return;
  const bool has_original = custody::FormOf(entry.body).sealed == custody::SealedRule::kContent;
  for (Case& one : cases_) {
    if (!entry.sealed->labels.Has(one.key->LabelFor(vault_, entry.sealed->header))) continue;
    (has_original ? one.found.items : one.found.acts).push_back(entry.sequence);
  }
}

void LabelSearch::Finish(Report& report) && {
  for (std::string& remark : remarks_) report.remarks.push_back(std::move(remark));
  for (Case& one : cases_) report.labelled.push_back(std::move(one.found));
}

FindCaseKey FindAmong(const std::vector<custody::GivenCaseKey>& keys, const custody::Fingerprint& vault) {
  return [&keys, vault](std::string_view name) -> std::optional<custody::CaseKey> {
    for (const custody::GivenCaseKey& one : keys) {
      if (one.name == name && one.vault == vault) return one.key.Copy();
    }
    return std::nullopt;
  };
}

std::vector<std::string> CompareLabels(tlog::Sequence entry, const custody::SealedFile& file,
                                       const custody::FieldList& fields, const custody::Fingerprint& vault,
                                       const FindCaseKey& find) {
  std::vector<std::string> remarks;
  if (entry.value == 0) return remarks;
  for (const std::string& name : custody::ItemFactsIn(fields).cases) {
    const auto key = find(name);
    if (!key || file.labels.Has(key->LabelFor(vault, file.header))) continue;
    remarks.push_back(
        Format("entry {}: it says that it is of case {}, and has no label of that case", entry, Printable(name)));
  }
  return remarks;
}

}  // namespace exhibit::verify
