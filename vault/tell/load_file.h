// A load file beside a bundle, by which review platforms take its originals in (Concordance DAT): one record a line, each
// field between U+00FE, U+0014 between fields, U+00AE for a line feed within one. UTF-8 with a byte order mark.
//
// It is no part of the bundle and proves nothing: docs/FORMAT.md says what a bundle may hold. Each item is one document with
// one Bates number, the prefix and six digits or more, counted in the order of the log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/bundle/companion.h"

namespace exhibit::tell {

// Stands between the bundle's writer and the companion that makes its papers, and notes each item that passes.
class LoadFile final : public bundle::Companion {
 public:
  // `papers` outlives it. `folder` is what the bundle is called, before the paths within it.
  LoadFile(bundle::Companion& papers, std::string prefix, std::string folder);

  Result<void> Begin(bundle::BagWriter& bag, const bundle::BundleHead& head, const bundle::Contents& contents) override;
  Result<void> Add(const bundle::ExportedEntry& exported) override;
  Result<bundle::BagInfo> Finish(bundle::BagWriter& bag, const bundle::LogTexts* log) override;

  // The whole file.
  const std::string& text() const { return text_; }

 private:
  bundle::Companion& papers_;
  std::string prefix_;
  std::string folder_;
  std::string text_;
  std::uint64_t count_ = 0;
};

// One field: quoted, and with nothing in it that would end it.
std::string LoadFileField(std::string_view text);

}  // namespace exhibit::tell
