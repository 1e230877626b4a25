#include "vault/work/take_in.h"

#include <map>
#include <set>
#include <vector>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/intake/drop_reader.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargePayload =
    8 << 20;  // is staged; a smaller one is kept in memory until its group is committed
constexpr std::size_t kGroupItems = 256;
constexpr std::uint64_t kGroupBytes = 16 << 20;

class DropTaker {
 public:
  DropTaker(VaultWriter& vault, const TakeInRequest& request) : vault_(vault), request_(request) {}

  Result<TakeInOutcome> Run() {
    TRY_VOID(List());
    auto taken = TakeAll();
    // Items that were checked are taken in, although somebody asked to stop.
    if (taken || taken.error().code == ErrorCode::kInterrupted) TRY_VOID(CommitGroup());
    if (!taken) return Fail(std::move(taken).error());
    RemarkGaps();
    return outcome_;
  }

 private:
  void Remark(const std::string& text) const { request_.on_remark(text); }
  void Refuse(const intake::DropPlace& place, Error reason) {
    ++outcome_.refused;
    request_.on_refused({request_.drop / (intake::StemOf(place) + ".collected"), std::move(reason)});
  }

  Result<void> List() {
    TRY(intake::DropListing listing, intake::ListDrop(request_.drop));
    places_ = std::move(listing.complete);
    for (const std::string& remark : listing.remarks) Remark(remark);
    return {};
  }

  Result<void> TakeAll() {
    for (const intake::DropPlace& place : places_) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      vault_result_ = {};
      auto taken = TakeOne(place);
      TRY_VOID(vault_result_);
      if (taken) continue;
      if (taken.error().code == ErrorCode::kInterrupted) return taken;
      Refuse(place, std::move(taken).error());
    }
    return {};
  }

  // True if the log has this very item already.
  Result<bool> IsThereAlready(const custody::SignedCollected& collected) {
    auto found = vault_.FindCollected(collected.statement().of);
    if (!found) vault_result_ = Fail(found.error());
    TRY(const std::optional<tlog::Sequence> at, std::move(found));
    if (!at) return false;
    TRY(const custody::SignedEntry entry, vault_.Entry(*at));
    const auto* const item = std::get_if<custody::Item>(&entry.parsed().body);
    const std::string number = std::to_string(at->value);
    if (item == nullptr || !item->collected || !Equal(item->collected->bytes(), collected.bytes())) {
      return Fail(ErrorCode::kTampered, "another item with this number of its collector is entry " + number);
    }
    return true;
  }

  // Checks first that its signer may sign here: nothing that strangers sealed is read.
  Result<custody::Item> Check(custody::SignedCollected collected) {
    const seal::X25519Recipient collected_to = collected.statement().recipient;
    custody::Item item{collected.statement().sealed, std::move(collected)};
    auto signers = vault_.MayCommit(item, nullptr);
    if (!signers) {
      Error error = std::move(signers).error();
      if (collected_to != vault_.state().recipient()) {
        error.hint =
            "the vault was resealed: make the collector's folder anew (exhibit collector new) and collect again";
      }
      return Fail(std::move(error));
    }
    TRY_VOID(custody::CheckStatement(item, *signers));
    return item;
  }

  Result<void> TakeOne(const intake::DropPlace& place) {
    TRY(custody::SignedCollected collected, intake::ReadStatement(request_.drop, place));
    TRY(const bool already, IsThereAlready(collected));
    seen_[collected.statement().of.collector].insert(place.number);
    if (already) {
      ++outcome_.already;
      return {};
    }
    TRY(custody::Item item, Check(std::move(collected)));
    const fs::path path = request_.drop / (intake::StemOf(place) + ".age");
    auto reader = intake::SealedReader::Open(path, item.sealed);
    if (!reader) return Fail(std::move(reader).error().In("the sealed file"));
    const bool is_large = item.sealed.payload_bytes >= kLargePayload;
    return is_large ? TakeLarge(std::move(item), *reader) : TakeSmall(std::move(item), *reader);
  }

  Result<void> TakeSmall(custody::Item item, intake::SealedReader& reader) {
    std::vector<Bytes> blocks;
    auto sealed = reader.Read(
        [&](ByteView bytes) -> Result<void> {
          blocks.push_back(ToBytes(bytes));
          return {};
        },
        request_.interrupted);
    if (!sealed) return Fail(Failed(std::move(sealed).error()));
    group_bytes_ += item.sealed.payload_bytes;
    group_.push_back({std::move(item), std::move(*sealed), std::move(blocks), {}});
    if (group_.size() < kGroupItems && group_bytes_ < kGroupBytes) return {};
    vault_result_ = CommitGroup();
    return vault_result_;
  }

  Result<void> TakeLarge(custody::Item item, intake::SealedReader& reader) {
    vault_result_ = CommitGroup();  // one stage at a time
    TRY_VOID(vault_result_);
    auto stage = vault_.NewStage();
    if (!stage) vault_result_ = Fail(stage.error());
    TRY_VOID(vault_result_);
    vault_result_ = (*stage)->Begin(reader.header());
    TRY_VOID(vault_result_);
    auto sealed = reader.Read(
        [&](ByteView bytes) -> Result<void> {
          vault_result_ = (*stage)->Put(bytes);
          return vault_result_;
        },
        request_.interrupted);
    if (!sealed) return Fail(Failed(std::move(sealed).error()));
    auto place = (*stage)->End(sealed->block_hashes);
    if (!place) vault_result_ = Fail(place.error());
    TRY_VOID(vault_result_);
    group_.push_back({std::move(item), std::move(*sealed), {}, std::move(*place)});
    vault_result_ = CommitGroup(std::move(*stage));
    return vault_result_;
  }

  static Error Failed(Error error) {
    return error.code == ErrorCode::kInterrupted ? std::move(error) : std::move(error).In("the sealed file");
  }

  Result<void> CommitGroup(std::unique_ptr<store::SealedStage> stage = nullptr) {
    if (group_.empty()) return {};
    std::vector<TakenIn> taken;
    for (const store::Pending& pending : group_) {
      taken.push_back({{}, *custody::CollectedNumberOf(pending.body), pending.sealed.file.payload_bytes});
    }
    TRY(store::Committed committed, vault_.Commit(std::move(group_), std::move(stage)));
    group_.clear();
    group_bytes_ = 0;
    outcome_.checkpoint = std::move(committed.checkpoint);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      taken[i].entry = {committed.first.value + i};
      ++outcome_.taken;
      request_.on_taken(taken[i]);
    }
    return {};
  }

  // Gaps between the numbers of this drop, and right before them. `verify` names all others.
  void RemarkGaps() const {
    for (const auto& [collector, numbers] : seen_) {
      std::uint64_t expected = *numbers.begin() > 1 ? *numbers.begin() - 1 : 1;
      for (const std::uint64_t number : numbers) {
        for (; expected < number; ++expected) {
          const auto found = vault_.FindCollected({collector, expected});
          if (found && *found) continue;
          const std::string to = number - expected > 1 ? Format(" to {}", number - 1) : "";
          Remark(
              Format("number {}{} of {} is neither in this drop nor in the log", expected, to, Printable(collector)));
          break;
        }
        expected = number + 1;
      }
    }
  }

  VaultWriter& vault_;
  const TakeInRequest& request_;
  std::set<intake::DropPlace> places_;
  std::map<std::string, std::set<std::uint64_t>> seen_;  // numbers of this drop, by collector
  std::vector<store::Pending> group_;
  std::uint64_t group_bytes_ = 0;
  Result<void> vault_result_;  // an error of the vault's own, which ends everything
  TakeInOutcome outcome_;
};

}  // namespace

Result<TakeInOutcome> TakeIn(VaultWriter& vault, const TakeInRequest& request) {
  return DropTaker(vault, request).Run();
}

}  // namespace exhibit::work
