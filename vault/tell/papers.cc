#include "vault/tell/papers.h"

namespace exhibit::tell {

Result<void> Papers::Begin(bundle::BagWriter& bag, const bundle::BundleHead& head, const bundle::Contents& contents) {
  TRY(companions_, Companions::Begin(bag, head, contents));
  TRY(page_, ReportPage::Begin(bag, {head.made, head.form, contents.checkpoint, head.range.ToText()}));
  return {};
}

Result<void> Papers::Add(const bundle::ExportedEntry& exported) {
  EXHIBIT_ASSERT(companions_ && page_);
  TRY_VOID(page_->Add(exported));
  return companions_->Add(exported);
}

Result<bundle::BagInfo> Papers::Finish(bundle::BagWriter& bag) {
  EXHIBIT_ASSERT(companions_ && page_);
  TRY_VOID(page_->Finish(bag));
  return companions_->Finish(bag);
}

}  // namespace exhibit::tell
