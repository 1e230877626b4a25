// What is not taken in, and why: a list that becomes an entry of type `omission`. Its original has a line of JSON for each,
// {"path":…,"why":…}, and its field `count` says how many.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/intake/destination.h"

namespace exhibit::intake {

class Omissions {
 public:
  void Add(const std::filesystem::path& path, std::string_view why);
  bool empty() const { return count_ == 0; }

  // The entry, sealed like an item, with labels of `cases`. `stage` is made if the list is long.
  Result<store::Pending> Seal(Destination& destination, const std::vector<std::string>& cases,
                              seal::CompressionLevel level, Pool& pool,
                              std::unique_ptr<store::SealedStage>& stage) const;

 private:
  std::string lines_;
  std::uint64_t count_ = 0;
};

}  // namespace exhibit::intake
