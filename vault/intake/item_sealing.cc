#include "vault/intake/item_sealing.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/custody/field_forms.h"
#include "vault/intake/kind.h"

namespace exhibit::intake {
namespace {

using custody::DigestAlgorithm;

std::optional<crypto::Hasher> HasherIf(bool is_wanted, crypto::HashAlgorithm algorithm) {
  if (!is_wanted) return std::nullopt;
  return crypto::Hasher(algorithm);
}

// A claimed digest can be compared only if the same digest is made.
bool IsClaimed(const custody::ItemFacts& facts, DigestAlgorithm algorithm) {
  return std::ranges::any_of(facts.claimed,
                             [&](const custody::ClaimedDigest& claim) { return claim.algorithm == algorithm; });
}

// Control characters that texts have: tab, line feed, vertical tab, form feed, carriage return, escape.
bool IsOfText(std::uint8_t byte) { return byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte == 0x1b; }

// Without a branch for each byte.
bool IsText(ByteView piece) {
  constexpr std::size_t kStretch = 4096;
  while (!piece.empty()) {
    unsigned others = 0;
    for (const std::uint8_t byte : piece.first(std::min(piece.size(), kStretch))) others |= IsOfText(byte) ? 0U : 1U;
    if (others != 0) return false;
    piece = piece.subspan(std::min(piece.size(), kStretch));
  }
  return true;
}

custody::Claims Compare(const std::vector<custody::ClaimedDigest>& claimed) {
  if (claimed.empty()) return custody::Claims::kNone;
  const bool match = std::ranges::all_of(claimed, &custody::ClaimedDigest::matched);
  return match ? custody::Claims::kMatched : custody::Claims::kDiffer;
}

}  // namespace

OriginalWatch::Parts::Parts(PartsChoice choice)
    : only_of_text_(choice == PartsChoice::kOfText), seed_(custody::PartsSeed::Generate()) {
  if (choice == PartsChoice::kBlocks) {
    blocks_.emplace(custody::PartsBy::kBlocks, seed_);
  } else {
    lines_.emplace(custody::PartsBy::kLines, seed_);
  }
}

void OriginalWatch::Parts::See(ByteView piece, std::uint64_t seen_before) {
  is_wanted_ = is_wanted_ && (!only_of_text_ || (seen_before + piece.size() <= kMaxTextForParts && IsText(piece)));
  if (!is_wanted_) return;
  if (lines_) {
    lines_->Update(piece);
    if (lines_->HasTooManyLines()) lines_.reset();
  }
  if (blocks_) return blocks_->Update(piece);
  // Lines are too many only where there are more bytes than lines may be. Until then no blocks are needed.
  Append(beginning_, piece);
  if (beginning_.size() <= custody::kMaxLineParts) return;
  blocks_.emplace(custody::PartsBy::kBlocks, seed_);
  blocks_->Update(beginning_);
  beginning_ = {};
}

std::optional<custody::PartsSummary> OriginalWatch::Parts::Finish() {
  if (!is_wanted_) return std::nullopt;
  if (lines_) {
    auto lines = lines_->Finish();
    if (lines || !blocks_) return lines;
  }
  return blocks_->Finish();
}

OriginalWatch::OriginalWatch(custody::ItemFacts facts, const SealingChoices& choices)
    : facts_(std::move(facts)),
      choices_(choices),
      sha256_(crypto::HashAlgorithm::kSha256),
      sha512_(HasherIf(choices.digests.sha512 || IsClaimed(facts_, DigestAlgorithm::kSha512),
                       crypto::HashAlgorithm::kSha512)),
      sha1_(HasherIf(choices.digests.sha1 || IsClaimed(facts_, DigestAlgorithm::kSha1), crypto::HashAlgorithm::kSha1)),
      md5_(HasherIf(choices.digests.md5 || IsClaimed(facts_, DigestAlgorithm::kMd5), crypto::HashAlgorithm::kMd5)) {
  if (choices.parts != PartsChoice::kNone) parts_.emplace(choices.parts);
}

void OriginalWatch::See(ByteView piece) {
  sha256_.Update(piece);
  if (sha512_) sha512_->Update(piece);
  if (sha1_) sha1_->Update(piece);
  if (md5_) md5_->Update(piece);
  if (parts_) parts_->See(piece, size_);
  if (beginning_.size() < kKindSampleBytes) {
    Append(beginning_, piece.first(std::min(piece.size(), kKindSampleBytes - beginning_.size())));
  }
  size_ += piece.size();
}

ByteView OriginalWatch::DigestOf(DigestAlgorithm algorithm) const {
  switch (algorithm) {
    case DigestAlgorithm::kSha256: return facts_.sha256->view();
    case DigestAlgorithm::kSha512: return facts_.sha512->view();
    case DigestAlgorithm::kSha1: return facts_.sha1->view();
    case DigestAlgorithm::kMd5: return facts_.md5->view();
  }
  InternalError("a digest is of no known algorithm", __FILE__, __LINE__);
}

Result<void> OriginalWatch::CompareClaims() {
  for (custody::ClaimedDigest& claim : facts_.claimed) {
    const ByteView computed = DigestOf(claim.algorithm);
    claim.matched = Equal(claim.value, computed);
    if (claim.matched || choices_.on_mismatch == OnMismatch::kRecord) continue;
    return Fail(ErrorCode::kInvalid,
                Format("its {} is {}, and the list of hashes says {}", custody::ToText(claim.algorithm),
                       ToHex(computed), ToHex(claim.value)),
                "to add it all the same and record both values: --keep-mismatched. If no file fits, the list may be of "
                "another kind of digests with as many digits, such as that of b2sum or b3sum");
  }
  return {};
}

Result<store::Fields> OriginalWatch::Finish(const Ending& ending) {
  facts_.size = size_;
  facts_.sha256 = crypto::Sha256Digest::From(sha256_.Finish());
  if (sha512_) facts_.sha512 = crypto::Sha512Digest::From(sha512_->Finish());
  if (sha1_) facts_.sha1 = crypto::Sha1Digest::From(sha1_->Finish());
  if (md5_) facts_.md5 = crypto::Md5Digest::From(md5_->Finish());
  TRY_VOID(CompareClaims());
  if (ending.partial) {
    facts_.partial = ending.partial;
    facts_.partial->bytes = size_ - ending.unread;
  }
  if (!facts_.kind) facts_.kind = GuessKind(facts_.name.value_or(""), beginning_);
  if (!facts_.state) facts_.state.emplace();
  facts_.state->whole = !facts_.partial;
  facts_.state->changed = ending.changed;
  facts_.state->claims = Compare(facts_.claimed);
  if (parts_) facts_.parts = parts_->Finish();
  store::Fields fields = custody::FieldsOf(facts_);
  fields.insert(fields.end(), ending.more.begin(), ending.more.end());
  if (facts_.parts) fields.emplace_back(std::string(custody::kPartsSeed), custody::FieldValue(parts_->SeedText()));
  return fields;
}

}  // namespace exhibit::intake
