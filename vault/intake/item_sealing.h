// What is learned of an original while it passes by on its way into a sealed file, and the fields that come of it: size,
// digests, whether they are those that others stated, the tree over its parts, and its state.
//
//   OriginalWatch watch(facts, choices);
//   watch.See(piece) …                        each piece, in order
//   TRY(fields, watch.Finish(ending));        when all was seen
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/custody/item_facts.h"
#include "vault/store/entry_sealer.h"

namespace exhibit::intake {

// Digests that are made beside SHA-256, which always is. Those that somebody claims are made too.
struct DigestChoice {
  bool sha512 = false;
  bool sha1 = false;
  bool md5 = false;
};

// What happens to an original that differs from a digest that somebody stated before.
enum class OnMismatch : std::uint8_t {
  kRefuse,  // it is not taken in
  kRecord,  // it is, with both values
};

// Whether the original gets a tree over its parts (custody/parts.h), so that some of it can be shown and proven.
enum class PartsChoice : std::uint8_t {
  kOfText,  // by lines, if it is text of at most kMaxTextForParts
  kNone,
  kLines,  // whatever it is; by blocks where it has too many lines
  kBlocks,
};
inline constexpr std::uint64_t kMaxTextForParts = 16 << 20;

struct SealingChoices {
  DigestChoice digests = {};
  OnMismatch on_mismatch = OnMismatch::kRefuse;
  PartsChoice parts = PartsChoice::kOfText;
};

// How the reading of an original ended.
struct Ending {
  bool changed = false;                               // it changed while it was read
  std::optional<custody::PartialFacts> partial = {};  // it is not whole; its `bytes` are filled in
  std::uint64_t unread = 0;                           // bytes that could not be read, and are zeros here
  store::Fields more = {};                            // what was learned of it meanwhile
};

class OriginalWatch {
 public:
  // `facts`: what the caller knows. A kind that is missing is guessed from name and content.
  OriginalWatch(custody::ItemFacts facts, const SealingChoices& choices);
  OriginalWatch(const OriginalWatch&) = delete;
  OriginalWatch& operator=(const OriginalWatch&) = delete;

  void See(ByteView piece);
  std::uint64_t size() const { return size_; }

  // The fields of an item whose original was seen to its end. kInvalid if it is not what somebody stated and
  // OnMismatch::kRefuse was chosen. Call it once.
  Result<store::Fields> Finish(const Ending& ending);
  // What those fields say. REQUIRES: after Finish.
  const custody::ItemFacts& facts() const { return facts_; }

 private:
  // The tree over parts: over lines, and over blocks in case that there are too many lines.
  class Parts {
   public:
    explicit Parts(PartsChoice choice);
    void See(ByteView piece, std::uint64_t seen_before);
    std::optional<custody::PartsSummary> Finish();
    std::string SeedText() const { return seed_.ToFieldText(); }

   private:
    bool only_of_text_;
    custody::PartsSeed seed_;
    std::optional<custody::PartsTree> lines_;
    std::optional<custody::PartsTree> blocks_;
    Bytes beginning_;  // that blocks would begin with
    bool is_wanted_ = true;
  };

  Result<void> CompareClaims();
  ByteView DigestOf(custody::DigestAlgorithm algorithm) const;

  custody::ItemFacts facts_;
  SealingChoices choices_;
  std::uint64_t size_ = 0;
  Bytes beginning_;  // to guess the kind
  crypto::Hasher sha256_;
  std::optional<crypto::Hasher> sha512_;
  std::optional<crypto::Hasher> sha1_;
  std::optional<crypto::Hasher> md5_;
  std::optional<Parts> parts_;
};

}  // namespace exhibit::intake
