#include "vault/bundle/proof_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/file_hasher.h"
#include "vault/bundle/proof_file.h"
#include "vault/bundle/source.h"
#include "vault/bundle/told_log_check.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/item_facts.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;
using verify::Property;

constexpr std::uint64_t kReadToKnow = 64;  // bytes that say whether it is a proof

class ProofChecker {
 public:
  ProofChecker(ProofFile proof, const std::vector<fs::path>& originals, const VerifyRequest& request, Pool& pool)
      : proof_(std::move(proof)),
        entries_(proof_.log.entries),
        fields_(proof_.log.fields),
        originals_(originals),
        request_(request),
        believed_{request.fingerprint, request.policy, request.timestamp_roots, request.case_keys},
        told_(believed_, request.interrupted, pool, report_) {}

  Result<verify::Report> Run() {
    TRY_VOID(told_.CheckEntries(entries_, fields_));
    if (told_.has_begun()) {
      told_.CheckTree(proof_.log.checkpoint, proof_.log.hashes);
      if (proof_.log.timestamps) told_.CheckTimestamps(*proof_.log.timestamps);
      if (!report_.newer_from) TRY_VOID(CheckItems());
      told_.Finish(items_);
    }
    verify::CloseFindings(
        report_, {items_.size(), [this](tlog::Sequence entry) { return std::ranges::binary_search(items_, entry); }});
    return std::move(report_);
  }

 private:
  void AddFinding(Property property, std::optional<tlog::Sequence> entry, const Error& error) {
    report_.findings.push_back({property, entry, {}, {}, error.message, {}, error.code});
  }

  Result<void> CheckItems() {
    std::size_t blocks = 0;
    for (const auto& [at, entry] : told_.entries()) {
      if (!entry.fields) continue;
      ++blocks;
      if (entry.HasOriginal()) items_.push_back(at);
    }
    for (const tlog::Sequence item : items_) CheckTold(item);
    if (proof_.parts) {
      if (auto parts = CheckParts(blocks); !parts) {
        AddFinding(Property::kContent, items_.size() == 1 ? std::optional(items_.front()) : std::nullopt,
                   parts.error());
      }
    }
    for (const fs::path& original : originals_) TRY_VOID(FindOriginal(original));
    if (originals_.empty())
      report_.remarks.emplace_back("no original was given: what is proven is the entry, and what is told of it");
    return {};
  }

  void CheckTold(tlog::Sequence item) {
    const auto fields = told_.FieldsOf(item);
    Result<void> told;
    if (proof_.parts) {
      told = custody::CheckTold(custody::Showing::kParts, *fields);
    } else if (!originals_.empty()) {
      told = custody::CheckTold(custody::Showing::kOriginal, *fields);
    } else if (!fields->Tells("state")) {
      told = Fail(ErrorCode::kInvalid, "state must be told, and is not");
    }
    if (!told) AddFinding(Property::kFields, item, told.error());
  }

  Result<void> CheckParts(std::size_t blocks) {
    if (items_.size() != 1 || blocks != 1)
      return Fail(ErrorCode::kTampered, "shows parts, and tells not one item alone");
    TRY(const ShownParts shown, ParseShownParts(*proof_.parts, *proof_.part_hashes));
    const auto fields = told_.FieldsOf(items_.front());
    const auto parts = custody::ItemFactsIn(*fields).parts;
    if (!parts) return {};  // which is said already
    if (shown.parts.size() < parts->count) TRY_VOID(custody::CheckHiddenWithParts(*fields));
    return custody::CheckShownParts(*parts, shown.parts, shown.hidden);
  }

  // Each original must be that of an item whose fields are told.
  Result<void> FindOriginal(const fs::path& path) {
    const auto hashed = HashFile(path, Digests::kSha256, nullptr, request_.interrupted);
    if (!hashed && hashed.error().code == ErrorCode::kInterrupted) return Fail(hashed.error());
    if (!hashed) {
      report_.undecided.push_back(hashed.error().message);
      return {};
    }
    for (const tlog::Sequence item : items_) {
      const custody::ItemFacts facts = custody::ItemFactsIn(*told_.FieldsOf(item));
      if (facts.sha256 != hashed->hashes.sha256 || facts.size != hashed->bytes) continue;
      ++report_.contents;
      report_.content_bytes += hashed->bytes;
      report_.depth = verify::Depth::kContent;
      report_.remarks.push_back(Format("{} is the original of entry {}", Printable(path.native()), item));
      return {};
    }
    AddFinding(Property::kContent, {},
               {ErrorCode::kTampered, Printable(path.native()) + " is no original that is proven here", {}});
    return {};
  }

  ProofFile proof_;
  LogPart entries_;
  LogPart fields_;
  const std::vector<fs::path>& originals_;
  const VerifyRequest& request_;
  Believed believed_;
  verify::Report report_;
  ToldLogCheck told_;
  std::vector<tlog::Sequence> items_;  // whose fields are told, ascending
};

}  // namespace

Result<verify::Report> CheckProof(const fs::path& proof, const std::vector<fs::path>& originals,
                                  const VerifyRequest& request, Pool& pool) {
  std::error_code error;
  const std::uint64_t size = fs::file_size(proof, error);
  if (error && fs::exists(proof) && !fs::is_directory(proof)) {
    return Fail(ErrorCode::kInvalid, Printable(proof.native()) + " is no plain file, and so no proof file");
  }
  if (error) return Fail(SystemError("look at", proof, error.value()));
  TRY(const Bytes beginning, ReadFileRange(proof, 0, std::min<std::uint64_t>(size, kReadToKnow)));
  if (!LooksLikeProof(TextOf(beginning)))
    return Fail(ErrorCode::kInvalid, Printable(proof.native()) + " is no proof file");
  if (size > kMaxProofFileBytes)
    return Fail(ErrorCode::kTampered, Printable(proof.native()) + " is longer than a proof");
  TRY(const Bytes bytes, ReadFile(proof, kMaxProofFileBytes));
  auto parsed = ParseProofFile(TextOf(bytes));
  if (!parsed) return Fail(std::move(parsed).error().In(Printable(proof.native())));
  return ProofChecker(std::move(*parsed), originals, request, pool).Run();
}

}  // namespace exhibit::bundle
