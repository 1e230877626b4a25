// certificate.txt: a draft of the certification that US courts take in the place of a witness for copied data
// (Federal Rules of Evidence, 902(14)): the data identified, the process, that the digests matched, and which they are.
// It says only what the program did and saw. Who signs it, on what knowledge, and the oath are left open.
#pragma once

#include "vault/bundle/bag.h"
#include "vault/bundle/exported.h"

namespace exhibit::bundle {

class Certificate {
 public:
  static Result<Certificate> Begin(BagWriter& bag, const BundleHead& head, std::uint64_t items);
  // An item that was asked for.
  Result<void> Add(const ExportedEntry& exported);
  Result<void> Finish(BagWriter& bag) { return bag.Finish(std::move(file_)); }

 private:
  explicit Certificate(BagWriter::File file) : file_(std::move(file)) {}
  BagWriter::File file_;
};

}  // namespace exhibit::bundle
