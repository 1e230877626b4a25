// certificate.txt: a draft of the certification that US courts accept instead of a witness for copied data
// (Federal Rules of Evidence, 902(14)): the data identified, the process, that the digests matched, and which they are.
// It says only what the program did and saw. It leaves open who signs it, on what knowledge, and the oath.
#pragma once

#include <cstdint>

#include "vault/bundle/bag.h"
#include "vault/bundle/exported.h"

namespace exhibit::tell {

class Certificate {
 public:
  static Result<Certificate> Begin(bundle::BagWriter& bag, const bundle::BundleHead& head, std::uint64_t items);
  // An item that was asked for; `taken_in_by` in words. REQUIRES: `bag` has its file.
  Result<void> Add(const bundle::BagWriter& bag, const bundle::ExportedEntry& exported, const std::string& taken_in_by);
  Result<void> Finish(bundle::BagWriter& bag) { return bag.Finish(std::move(file_)); }

 private:
  Certificate(bundle::BagWriter::File file, bundle::Form form) : file_(std::move(file)), form_(form) {}
  bundle::BagWriter::File file_;
  bundle::Form form_;
};

}  // namespace exhibit::tell
