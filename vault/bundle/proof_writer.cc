#include "vault/bundle/proof_writer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/bundle/hidden_subtrees.h"
#include "vault/bundle/proof_file.h"
#include "vault/bundle/told_log.h"
#include "vault/custody/field_blocks.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/item_facts.h"
#include "vault/tlog/tlog_proof.h"
#include "vault/verify/content_check.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"

namespace exhibit::bundle {
namespace {

struct Head {
  tlog::Checkpoint checkpoint;
  Bytes note;
};
Result<Head> ReadHead(const verify::Source& source) {
  TRY(Bytes note, source.ReadHead());
  TRY(const custody::SignedEntry genesis, verify::ReadEntryAt(source, {0}));
  TRY(custody::LogKeys::Head head, verify::LearnLogKeys(source, genesis, {}).Open(note));
  return Head{std::move(head.checkpoint), std::move(note)};
}

using Told = std::map<tlog::Sequence, custody::SignedEntry>;

Result<void> Take(const verify::Source& source, tlog::Sequence at, Told& told) {
  if (told.contains(at)) return {};
  TRY(custody::SignedEntry entry, verify::ReadEntryAt(source, at));
  told.emplace(at, std::move(entry));
  return {};
}

// The last entry, and all that `law` leads to from it.
Result<void> TakeLaw(const verify::Source& source, tlog::TreeSize size, const std::atomic<bool>* interrupted,
                     Told& told) {
  for (tlog::Sequence at{size.value - 1};;) {
    TRY_VOID(StopIfAsked(interrupted));
    TRY_VOID(Take(source, at, told));
    const tlog::Sequence law = told.at(at).parsed().law;
    if (at.value == 0) return {};
    if (law >= at) return Fail(ErrorCode::kTampered, Format("entry {}: its law is no earlier entry", at));
    at = law;
  }
}

// The text of a proof that tells these entries; fields, timestamps and parts are in it already.
Result<std::string> EncodeTold(const verify::Source& source, const Head& head, const Told& told, ProofFile proof) {
  std::vector<std::uint64_t> positions;
  for (const auto& [at, entry] : told) {
    positions.push_back(at.value);
    proof.log.entries += TextOf(entry.bytes());
  }
  TRY(const std::vector<tlog::HiddenSubtree> hidden, FindSubtrees(source, head.checkpoint.size, positions));
  proof.log.hashes = EncodeSubtrees(hidden);
  proof.log.checkpoint = std::string(TextOf(head.note));
  std::string text = EncodeProofFile(proof);
  if (text.size() <= kMaxProofFileBytes) return text;
  return Fail(ErrorCode::kInvalid, "the proof would be longer than 16 MiB", "show fewer parts, or export a bundle");
}

class ProofMaker {
 public:
  ProofMaker(const verify::Source& source, seal::Identities keys, const ProofRequest& request, Pool& pool)
      : source_(source), keys_(keys), request_(request), pool_(pool) {}

  Result<std::string> Run() {
    TRY(const Head head, ReadHead(source_));
    if (request_.entry.value >= head.checkpoint.size.value)
      return Fail(ErrorCode::kInvalid, Format("entry {} is not in the log's head", request_.entry));
    TRY_VOID(Take(source_, request_.entry, told_));
    TRY_VOID(TakeLaw(source_, head.checkpoint.size, request_.interrupted, told_));
    TRY_VOID(TakeFields());
    if (!request_.timestamps.empty()) proof_.log.timestamps.emplace();
    for (const crypto::TimestampToken& token : request_.timestamps) AppendToken(*proof_.log.timestamps, token.der());
    return EncodeTold(source_, head, told_, std::move(proof_));
  }

 private:
  Result<void> TakeFields() {
    const custody::Entry& entry = told_.at(request_.entry).parsed();
    const bool has_original = custody::FormOf(entry.body).sealed == custody::SealedRule::kContent;
    if (ShowsParts() && !has_original)
      return Fail(ErrorCode::kInvalid, Format("entry {} is an act, and has no parts", request_.entry));
    if (!entry.sealed) return {};
    TRY(const seal::ItemReader opened, verify::OpenSealed(source_, request_.entry, *entry.sealed, keys_));
    TRY(const custody::FieldList fields, verify::FieldsOf(opened, request_.entry, *entry.sealed));
    bool shows_all = true;
    if (ShowsParts()) {
      TRY(shows_all, TakeParts(opened, fields));
    }
    std::vector<std::string_view> withheld(request_.withhold.begin(), request_.withhold.end());
    withheld.push_back(custody::kPartsSeed);
    if (!shows_all) {
      const std::vector<std::string_view> hidden = custody::HiddenWithParts();
      withheld.insert(withheld.end(), hidden.begin(), hidden.end());
    }
    const custody::FieldList told = fields.Without(withheld);
    if (has_original) {
      TRY_VOID(custody::CheckTold(ShowsParts() ? custody::Showing::kParts : custody::Showing::kOriginal, told));
    }
    proof_.log.fields = custody::EncodeFieldBlock({request_.entry, told});
    return {};
  }

  bool ShowsParts() const { return !request_.lines.empty() || !request_.blocks.empty(); }
  const std::vector<custody::ItemSet::Range>& asked() const {
    return request_.lines.empty() ? request_.blocks : request_.lines;
  }
  // `number` counts as the user does.
  bool IsShown(std::uint64_t number) const {
    return std::ranges::any_of(asked(), [number](const custody::ItemSet::Range& range) {
      return number >= range.first && number <= range.last;
    });
  }

  // How the item was taken in, if what is asked for can be shown of it.
  Result<custody::PartsSummary> CheckAsked(const custody::FieldList& fields) const {
    const auto summary = custody::ItemFactsIn(fields).parts;
    if (!summary || !fields.Tells(custody::kPartsSeed)) {
      return Fail(ErrorCode::kInvalid,
                  Format("item {} was taken in without parts, so none can be shown alone", request_.entry),
                  "add --parts takes them");
    }
    const bool by_lines = summary->by == custody::PartsBy::kLines;
    if (by_lines != request_.blocks.empty() || by_lines == request_.lines.empty()) {
      return Fail(ErrorCode::kInvalid,
                  Format("item {} was taken in by {}", request_.entry, by_lines ? "lines" : "blocks of 4,096 bytes"),
                  by_lines ? "name lines: --lines 10-40" : "name blocks, counted from 0: --blocks 0-3");
    }
    if (by_lines && request_.lines.front().first == 0)
      return Fail(ErrorCode::kInvalid, "there is no line 0", "lines are counted from 1");
    return *summary;
  }

  // The original is read to its end: of the parts that are not shown the hashes are needed. True if all are shown.
  Result<bool> TakeParts(const seal::ItemReader& opened, const custody::FieldList& fields) {
    TRY(const custody::PartsSummary summary, CheckAsked(fields));
    const std::string* const seed_text = fields.Find(custody::kPartsSeed)->Text();
    if (seed_text == nullptr) return Fail(ErrorCode::kTampered, "field parts-seed has another form");
    TRY(const custody::PartsSeed seed, custody::PartsSeed::Parse(*seed_text));
    const bool by_lines = summary.by == custody::PartsBy::kLines;
    std::vector<custody::Part> shown;
    std::vector<tlog::LeafHash> leaves;
    std::uint64_t bytes = 0;
    std::uint64_t number = by_lines ? 1 : 0;  // of the next part; a long line is in several
    bool is_within_a_line = false;
    custody::PartsTree tree(summary.by, seed, [&](std::uint64_t index, const custody::PartSalt& salt, ByteView part) {
      leaves.push_back(custody::LeafOfPart(salt, part));
      const bool is_shown = IsShown(number);
      is_within_a_line = by_lines && part.back() != '\n';
      if (!is_within_a_line) ++number;
      if (!is_shown || bytes > kMaxProofFileBytes) return;
      bytes += part.size();
      shown.push_back({index, salt, ToBytes(part)});
    });
    const auto take = [&](ByteView original) -> Result<void> {
      TRY_VOID(StopIfAsked(request_.interrupted));
      tree.Update(original);
      return {};
    };
    TRY_VOID(verify::CheckContent(opened, fields, take, &pool_));
    if (tree.Finish() != summary) return Fail(ErrorCode::kTampered, "its parts are not those that its fields say");
    const std::uint64_t end = is_within_a_line ? number + 1 : number;
    if (asked().back().last >= end) {
      return Fail(ErrorCode::kInvalid, by_lines ? Format("item {} has {} lines", request_.entry, end - 1)
                                                : Format("item {} has {} blocks, counted from 0", request_.entry, end));
    }
    std::vector<std::uint64_t> indexes;
    for (const custody::Part& part : shown) indexes.push_back(part.index);
    proof_.parts = EncodeParts(shown);
    proof_.part_hashes = EncodeSubtrees(custody::HiddenSubtrees(leaves, indexes));
    return shown.size() == leaves.size();
  }

  const verify::Source& source_;
  seal::Identities keys_;
  const ProofRequest& request_;
  Pool& pool_;
  Told told_;
  ProofFile proof_;
};

}  // namespace

Result<std::string> MakeProof(const custody::AccessGrant& grant, const verify::Source& source, seal::Identities keys,
                              const ProofRequest& request, Pool& pool) {
  TRY(const Bytes genesis, source.ReadEntry({0}));
  if (!Equal(grant.vault().view(), tlog::HashLeaf(genesis).view()) || grant.way() != custody::AccessWay::kProve ||
      !grant.Covers(request.entry)) {
    return Fail(ErrorCode::kDenied,
                Format("entry {} does not say that entry {} is proven", grant.entry(), request.entry));
  }
  return ProofMaker(source, keys, request, pool).Run();
}

Result<std::string> MakeLawProof(const verify::Source& source, const TellOfLaw& tell,
                                 const std::atomic<bool>* interrupted) {
  TRY(const Head head, ReadHead(source));
  Told told;
  TRY_VOID(TakeLaw(source, head.checkpoint.size, interrupted, told));
  ProofFile proof;
  for (const auto& [at, entry] : told) {
    TRY(const std::optional<custody::FieldList> fields, tell(entry));
    if (fields) proof.log.fields += custody::EncodeFieldBlock({at, *fields});
  }
  return EncodeTold(source, head, told, std::move(proof));
}

Result<Bytes> MakeTlogProof(const verify::Source& source, tlog::Sequence entry) {
  TRY(Head head, ReadHead(source));
  tlog::TlogProof proof{std::nullopt, entry, {}, std::move(head.note)};
  TRY(proof.hashes, tlog::ProveInclusion(source, entry, head.checkpoint.size));
  return tlog::EncodeTlogProof(proof);
}

}  // namespace exhibit::bundle
