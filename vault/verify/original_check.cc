#include "vault/verify/original_check.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/custody/field_forms.h"

namespace exhibit::verify {

OriginalCheck::OriginalCheck(const custody::FieldList& fields, const custody::ItemFacts& facts) {
  size_ = facts.size;
  // Decompressing and hashing take as long as each other: side by side.
  Expect("SHA-256", crypto::HashAlgorithm::kSha256, facts.sha256);
  Expect("SHA-512", crypto::HashAlgorithm::kSha512, facts.sha512);
  Expect("SHA-1", crypto::HashAlgorithm::kSha1, facts.sha1);
  Expect("MD5", crypto::HashAlgorithm::kMd5, facts.md5);
  const custody::FieldValue* const seed = fields.Find(custody::kPartsSeed);
  if (!facts.parts || seed == nullptr || seed->Text() == nullptr) return;
  auto parsed = custody::PartsSeed::Parse(*seed->Text());
  if (!parsed) return;
  parts_ = facts.parts;
  seed_ = std::make_unique<custody::PartsSeed>(std::move(*parsed));
  tree_ = std::make_unique<custody::PartsTree>(parts_->by, *seed_);
}

template <typename Digest>
void OriginalCheck::Expect(std::string_view name, crypto::HashAlgorithm algorithm,
                           const std::optional<Digest>& digest) {
  if (digest) digests_.push_back({name, ToBytes(digest->view()), crypto::StreamHasher(algorithm)});
}

void OriginalCheck::Update(ByteView original) {
  bytes_ += original.size();
  for (Stated& stated : digests_) stated.hasher.Update(original);
  if (tree_) tree_->Update(original);
}

std::vector<std::string> OriginalCheck::Finish() {
  std::vector<std::string> problems;
  if (size_ && *size_ != bytes_) {
    problems.push_back(Format("holds {} bytes, and its fields say {}", bytes_, *size_));
  }
  for (Stated& stated : digests_) {
    const Bytes computed = stated.hasher.Finish();
    if (Equal(computed, stated.digest)) continue;
    problems.push_back(
        Format("its {} is {}, and its fields say {}", stated.name, ToHex(computed), ToHex(stated.digest)));
  }
  if (tree_ && tree_->Finish() != parts_) problems.emplace_back("its parts are not those that its fields say");
  return problems;
}

}  // namespace exhibit::verify
