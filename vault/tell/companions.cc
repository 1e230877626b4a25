#include "vault/tell/companions.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/bundle/omissions.h"
#include "vault/tell/verify_text.h"

namespace exhibit::tell {

namespace {

// Nobody has more cases, and bag-info.txt is bounded.
constexpr std::size_t kMostCases = 64;

}  // namespace

Companions::Companions(bundle::BundleHead head, bundle::Contents contents, ItemsCsv items, Certificate certificate,
                       std::unique_ptr<bundle::BagWriter::File> custody)
    : head_(std::move(head)),
      contents_(std::move(contents)),
      items_(std::move(items)),
      certificate_(std::move(certificate)),
      custody_(std::move(custody)),
      graph_({ToHex(head_.fingerprint.view()), std::string(head_.log.origin.text())},
             [file = custody_.get()](std::string_view text) { return file->Write(ViewOf(text)); }) {}

Result<Companions> Companions::Begin(bundle::BagWriter& bag, bundle::BundleHead head, bundle::Contents contents) {
  TRY_VOID(bag.WriteWhole(std::string(bundle::kVerifyFile), ViewOf(VerifyText(head, contents.items))));
  TRY_VOID(bag.WriteWhole(std::string(bundle::kOmissionsFile),
                          ViewOf(bundle::OmissionsJson(head, contents.entries, contents.missing))));
  TRY(ItemsCsv items, ItemsCsv::Begin(bag));
  TRY(Certificate certificate, Certificate::Begin(bag, head, contents.items));
  TRY(bundle::BagWriter::File custody, bag.Create(std::string(bundle::kCustodyFile)));
  Companions companions(std::move(head), std::move(contents), std::move(items), std::move(certificate),
                        std::make_unique<bundle::BagWriter::File>(std::move(custody)));
  TRY_VOID(companions.graph_.Begin());
  return companions;
}

Result<void> Companions::Add(const bundle::BagWriter& bag, const bundle::ExportedEntry& exported) {
  using Told = CaseGraph::Told;
  const custody::Entry& entry = exported.entry.parsed();
  people_.Learn(entry, exported.fields);
  const bool is_item = exported.part == bundle::ExportedEntry::Part::kItem;
  TRY_VOID(graph_.Add({exported.entry, is_item ? Told::As::kItem : Told::As::kAct, exported.fields}));
  if (!is_item) return {};
  for (const std::string& name : exported.facts.cases) {
    if (cases_.size() < kMostCases) cases_.insert(name);
  }
  const std::string by = people_.Shown(entry.actor);
  TRY_VOID(items_.Add(exported, by));
  return certificate_.Add(bag, exported, by);
}

Result<bundle::BagInfo> Companions::Finish(bundle::BagWriter& bag) {
  TRY_VOID(graph_.Finish());
  TRY_VOID(bag.Finish(std::move(*custody_)));
  TRY_VOID(items_.Finish(bag));
  TRY_VOID(certificate_.Finish(bag));
  const People::Known* const known = people_.Find(head_.custodian);
  const std::string name = people_.NameOf(head_.custodian);
  bundle::BagInfo fields = {{"Source-Organization", known == nullptr ? name : known->facts.organisation.value_or(name)},
                            {"Contact-Name", name},
                            {"External-Identifier", std::string(head_.log.origin.text())},
                            {"Bagging-Date", FormatTime(head_.made).substr(0, 10)},
                            {"Bag-Software-Agent", head_.program}};
  for (const std::string& one : cases_) fields.emplace_back("Exhibit-Case", one);
  fields.insert(fields.end(), {{"Exhibit-Custodian", head_.custodian.text()},
                               {"Exhibit-Fingerprint", ToHex(head_.fingerprint.view())},
                               {"Exhibit-Log-Size", Format("{}", head_.log.size)},
                               {"Exhibit-Items", Format("{}", contents_.items)},
                               {"Exhibit-Entries", Format("{}", contents_.entries.size())},
                               {"Exhibit-Completeness", contents_.missing.empty() ? "complete" : "partial"}});
  return fields;
}

}  // namespace exhibit::tell
