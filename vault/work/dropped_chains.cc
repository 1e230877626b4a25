#include "vault/work/dropped_chains.h"

#include <algorithm>
#include <set>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/session/writer_hands.h"
#include "vault/verify/read_entry.h"

namespace exhibit::work {

using custody::StatementDigest;

void DroppedChains::Saw(const custody::SignedCollected& statement) {
  const custody::Collected& said = statement.said();
  chains_[std::string(said.collector.name())].items.emplace(said.number, Link{statement.digest(), said.prev});
}

void DroppedChains::Saw(const custody::SignedClosedRun& statement) {
  const custody::ClosedRun& said = statement.said();
  chains_[std::string(said.collector.name())].ends.push_back({said.up_to, {statement.digest(), said.prev}});
}

// One chain beside what the log has of it.
class DroppedChains::Looking {
 public:
  Looking(VaultWriter& vault, const std::string& handle, const Chain& chain)
      : vault_(vault), handle_(handle), name_(Printable(handle)), chain_(chain) {}

  Result<std::vector<std::string>> Gaps() {
    TRY_VOID(ReadEnds());
    for (const auto& [number, link] : chain_.items) known_.insert(link.digest);
    for (const auto& [number, link] : chain_.ends) AddEnd(link);
    TRY_VOID(FindMissingNumbers());
    for (const auto& [number, link] : chain_.items) TRY_VOID(CheckBefore(number, number - 1, link));
    for (const auto& [up_to, link] : chain_.ends) TRY_VOID(CheckBefore(up_to, up_to, link));
    TRY_VOID(CheckEnd());
    return std::move(gaps_);
  }

 private:
  void AddEnd(const Link& link) {
    known_.insert(link.digest);
    closed_.insert(link.prev);
  }

  // The log's runs of this handle: the index of acts has them all.
  Result<void> ReadEnds() {
    const store::Store& store = WriterHands::Of(vault_).store;
    TRY(const auto rows, store.ReadActs({custody::kStateSubject, custody::kStateSubject}));
    for (const custody::ActRow& row : rows) {
      if (row.type != custody::Run::kForm.type) continue;
      TRY(const custody::SignedEntry entry, verify::ReadEntryAt(store, row.sequence));
      const auto* const run = std::get_if<custody::Run>(&entry.parsed().body);
      if (run == nullptr || run->statement.said().collector.name() != handle_) continue;
      AddEnd({run->statement.digest(), run->statement.said().prev});
    }
    return {};
  }

  // The digest of the statement with this number in the log; nothing if it is not there.
  Result<std::optional<StatementDigest>> FindInLog(std::uint64_t number) const {
    TRY(const std::optional<tlog::Sequence> at, vault_.FindCollected({handle_, number}));
    if (!at) return std::nullopt;
    TRY(const custody::SignedEntry entry, vault_.Entry(*at));
    const auto* const item = std::get_if<custody::Item>(&entry.parsed().body);
    return item != nullptr && item->collected ? std::optional(item->collected->digest()) : std::nullopt;
  }

  Result<void> FindMissingNumbers() {
    if (chain_.items.empty()) return {};
    std::uint64_t expected = std::max<std::uint64_t>(chain_.items.begin()->first, 2) - 1;
    for (const auto& [number, link] : chain_.items) {
      for (; expected < number; ++expected) {
        TRY(const auto found, FindInLog(expected));
        if (found) continue;
        const std::string to = number - expected > 1 ? Format(" to {}", number - 1) : "";
        gaps_.push_back(Format("number {}{} of {} is neither in this drop nor in the log", expected, to, name_));
        missing_.insert(number);
        break;
      }
      expected = number + 1;
    }
    return {};
  }

  // Whether the statement that this one names as the one before it is here.
  Result<void> CheckBefore(std::uint64_t number, std::uint64_t before, const Link& link) {
    if (missing_.contains(number) || known_.contains(link.prev)) return {};
    if (link.prev == StatementDigest() && before == 0) return {};
    TRY(const auto found, FindInLog(before));
    if (found && *found == link.prev) return {};
    gaps_.push_back(
        Format("a statement of {} between number {} and the one before it is missing: a run's end, or the "
               "folder of the collector was copied",
               name_, number));
    return {};
  }

  Result<void> CheckEnd() {
    if (chain_.items.empty()) return {};
    const auto& [number, last] = *chain_.items.rbegin();
    if (closed_.contains(last.digest)) return {};
    TRY(const auto next, FindInLog(number + 1));
    if (next) return {};
    gaps_.push_back(
        Format("the run of {} that ends with number {} was not closed: items after it may be missing", name_, number));
    return {};
  }

  VaultWriter& vault_;
  const std::string& handle_;
  std::string name_;
  const Chain& chain_;
  std::set<StatementDigest> known_;
  std::set<StatementDigest> closed_;  // statements after which a run ended
  std::set<std::uint64_t> missing_;   // numbers before which others are missing
  std::vector<std::string> gaps_;
};

Result<std::vector<std::string>> DroppedChains::Gaps(VaultWriter& vault) const {
  std::vector<std::string> all;
  for (const auto& [handle, chain] : chains_) {
    TRY(std::vector<std::string> gaps, Looking(vault, handle, chain).Gaps());
    std::ranges::move(gaps, std::back_inserter(all));
  }
  return all;
}

}  // namespace exhibit::work
