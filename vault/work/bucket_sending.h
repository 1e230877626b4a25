// What a collector has signed and put into buckets, kept beside its journal: with an account that may only add, nobody asks the
// bucket what is there.
//
//   journal.sent              a line for each item or end of a run that a bucket has acknowledged:
//                               <number> <hex of its header's digest, or "closed"> <place>
//   journal.unsent-<id>       statements that are signed, and of which the bucket has not acknowledged all; <id> are random
//                             hex digits. Its first line is the place, then for each "<name> <bytes>\n" and the bytes
//
// Statements are on this disk before they are sent, and are sent again until the bucket has them: a number that is taken is not
// lost by a request that fails. A torn last line of journal.sent is as if the item was not sent: it is collected again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/digests.h"

namespace exhibit::work {

// A small file that is on its way to a place.
struct Unsent {
  std::string name;
  Bytes bytes;
};

class BucketSending {
 public:
  // `place` is the text by which it is known again.
  static Result<BucketSending> Open(std::filesystem::path collector_folder, std::string place);

  // What an earlier run left for this place.
  struct Left {
    std::filesystem::path file;
    std::vector<Unsent> statements;
  };
  // kInvalid for a file that this program did not write.
  Result<std::vector<Left>> ReadLeft() const;

  // Durable when it returns.
  Result<std::filesystem::path> Keep(const std::vector<Unsent>& statements) const;
  // All of it was acknowledged.
  struct Acknowledged {
    std::uint64_t number;
    std::optional<custody::HeaderDigest> header;  // nothing: of the end of a run
  };
  Result<void> Done(const std::filesystem::path& kept, const std::vector<Acknowledged>& all);

  std::optional<custody::HeaderDigest> HeaderOf(std::uint64_t number) const;
  bool IsClosed(std::uint64_t number) const { return closed_.contains(number); }

 private:
  BucketSending(std::filesystem::path folder, std::string place)
      : folder_(std::move(folder)), place_(std::move(place)) {}
  Result<void> ReadSent();
  std::filesystem::path SentFile() const;

  std::filesystem::path folder_;
  std::string place_;
  std::map<std::uint64_t, custody::HeaderDigest> sent_;
  std::set<std::uint64_t> closed_;
  bool is_torn_ = false;  // the last line has no end
};

}  // namespace exhibit::work
