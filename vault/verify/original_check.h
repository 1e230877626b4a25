// Compares an original with what its fields say of it: how many bytes it has, its digests and its parts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/crypto/stream_hasher.h"
#include "vault/custody/field.h"
#include "vault/custody/item_facts.h"
#include "vault/custody/parts.h"

namespace exhibit::verify {

class OriginalCheck {
 public:
  // What is not told is not compared; parts only where their seed is told, too. REQUIRES: the fields have their forms.
  explicit OriginalCheck(const custody::FieldList& fields) : OriginalCheck(fields, custody::ItemFactsIn(fields)) {}
  // For who has read the facts of these fields already.
  OriginalCheck(const custody::FieldList& fields, const custody::ItemFacts& facts);

  // In order, in pieces of any size.
  void Update(ByteView original);
  std::uint64_t bytes() const { return bytes_; }

  // A sentence for each thing that is not as the fields say. REQUIRES: called once.
  std::vector<std::string> Finish();

 private:
  struct Stated {
    std::string_view name;
    Bytes digest;
    crypto::StreamHasher hasher;
  };
  template <typename Digest>
  void Expect(std::string_view name, crypto::HashAlgorithm algorithm, const std::optional<Digest>& digest);

  std::optional<std::uint64_t> size_;
  std::vector<Stated> digests_;
  std::optional<custody::PartsSummary> parts_;
  std::unique_ptr<custody::PartsSeed> seed_;
  std::unique_ptr<custody::PartsTree> tree_;  // only if the parts are compared
  std::uint64_t bytes_ = 0;
};

}  // namespace exhibit::verify
