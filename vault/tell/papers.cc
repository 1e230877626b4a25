#include "vault/tell/papers.h"

#include "vault/tell/report_page.h"

namespace exhibit::tell {

Result<void> Papers::Begin(bundle::BagWriter& bag, const bundle::BundleHead& head, const bundle::Contents& contents) {
  bag_ = &bag;
  made_ = head.made;
  TRY(companions_, Companions::Begin(bag, head, contents));
  return {};
}

Result<void> Papers::Add(const bundle::ExportedEntry& exported) {
  EXHIBIT_ASSERT(bag_ != nullptr && companions_);
  return companions_->Add(*bag_, exported);
}

Result<bundle::BagInfo> Papers::Finish(bundle::BagWriter& bag, const bundle::LogTexts* log) {
  EXHIBIT_ASSERT(companions_);
  TRY_VOID(WriteReportPage(bag, made_, log));
  return companions_->Finish(bag);
}

}  // namespace exhibit::tell
