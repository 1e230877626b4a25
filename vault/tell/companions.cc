#include "vault/tell/companions.h"

#include "vault/base/encoding.h"
#include "vault/bundle/omissions.h"
#include "vault/custody/signatures.h"
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

void Companions::Learn(const custody::Entry& entry) {
  const auto learn = [this](const custody::Custodian& one) {
    people_.insert_or_assign(custody::ActorOf(one.key), one);
  };
  if (const auto* const genesis = std::get_if<custody::Genesis>(&entry.body)) learn(genesis->custodian);
  if (const auto* const admit = std::get_if<custody::Admit>(&entry.body)) learn(admit->custodian);
  const auto* const rotate = std::get_if<custody::Rotate>(&entry.body);
  const auto before = people_.find(entry.actor);
  if (rotate != nullptr && before != people_.end())
    people_.insert_or_assign(custody::ActorOf(rotate->key), before->second);
}

Result<void> Companions::Add(const bundle::ExportedEntry& exported) {
  using Told = CaseGraph::Told;
  Learn(exported.entry.parsed());
  const bool is_item = exported.part == bundle::ExportedEntry::Part::kItem;
  TRY_VOID(graph_.Add({exported.entry, is_item ? Told::As::kItem : Told::As::kAct, exported.metadata}));
  if (!is_item) return {};
  const seal::Metadata* const metadata = exported.metadata;
  if (metadata != nullptr && metadata->case_number && cases_.size() < kMostCases) cases_.insert(*metadata->case_number);
  TRY_VOID(items_.Add(exported));
  return certificate_.Add(exported);
}

Result<bundle::BagInfo> Companions::Finish(bundle::BagWriter& bag) {
  TRY_VOID(graph_.Finish());
  TRY_VOID(bag.Finish(std::move(*custody_)));
  TRY_VOID(items_.Finish(bag));
  TRY_VOID(certificate_.Finish(bag));
  const auto found = people_.find(head_.custodian);
  const std::string name = found == people_.end() ? head_.custodian : found->second.name;
  const std::string origin(head_.log.origin.text());
  bundle::BagInfo fields = {
      {"Source-Organization", found == people_.end() ? name : found->second.organisation.value_or(name)},
      {"Contact-Name", name},
      {"External-Identifier", origin},
      {"Bagging-Date", FormatTime(head_.made).substr(0, 10)},
      {"Bag-Software-Agent", head_.program}};
  for (const std::string& one : cases_) fields.emplace_back("Exhibit-Case", one);
  fields.insert(fields.end(), {{"Exhibit-Custodian", head_.custodian},
                               {"Exhibit-Fingerprint", ToHex(head_.fingerprint.view())},
                               {"Exhibit-Log-Size", std::to_string(head_.log.size.value)},
                               {"Exhibit-Range", head_.range.ToText()},
                               {"Exhibit-Items", std::to_string(contents_.items)},
                               {"Exhibit-Entries", std::to_string(contents_.entries.size())},
                               {"Exhibit-Completeness", contents_.missing.empty() ? "complete" : "partial"}});
  return fields;
}

}  // namespace exhibit::tell
