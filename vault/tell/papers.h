// Everything in a bundle that is made for people: the report page and its companions (tell/companions.h), as
// bundle::WriteBundle calls for them.
#pragma once

#include <optional>

#include "vault/bundle/companion.h"
#include "vault/tell/companions.h"

namespace exhibit::tell {

class Papers final : public bundle::Companion {
 public:
  Result<void> Begin(bundle::BagWriter& bag, const bundle::BundleHead& head, const bundle::Contents& contents) override;
  Result<void> Add(const bundle::ExportedEntry& exported) override;
  Result<bundle::BagInfo> Finish(bundle::BagWriter& bag, const bundle::LogTexts* log) override;

 private:
  bundle::BagWriter* bag_ = nullptr;  // from Begin on
  Moment made_;
  std::optional<Companions> companions_;
};

}  // namespace exhibit::tell
