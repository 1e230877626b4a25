#include "vault/work/access.h"

#include <atomic>
#include <mutex>
#include <set>

#include "vault/custody/free_text.h"
#include "vault/custody/item_facts.h"
#include "vault/verify/lost_entries.h"

namespace exhibit::work {
namespace {

// A bundle and a proof hold every law entry: else their maker could leave out that a key was retired.
Result<void> CheckLawIsHere(const custody::State& state, custody::AccessWay way) {
  const auto lost = state.unread().RangeFrom(0);
  if (!lost || way == custody::AccessWay::kRead || way == custody::AccessWay::kExportFailed) return {};
  return Fail(verify::LostLaw({lost->first}, "a bundle or a proof cannot be made without it",
                              "`exhibit restore` writes the originals"));
}

}  // namespace

Result<custody::AccessGrant> RecordAccess(VaultWriter& vault, const AccessRecord& record) {
  TRY_VOID(CheckLawIsHere(vault.state(), record.way));
  if (record.items.empty()) return Fail(ErrorCode::kInvalid, "no items", "name them by their numbers");
  store::Fields fields;
  if (!record.purpose.empty()) fields.emplace_back("purpose", custody::FieldValue(record.purpose));
  if (!record.recipients.empty()) {
    fields.emplace_back("recipients", custody::FieldValue::Array(record.recipients.begin(), record.recipients.end()));
  }
  TRY_VOID(custody::CheckFreeTexts(fields));
  return vault.CommitAccess(record.way, record.items, fields, record.cases);
}

std::vector<std::string> CasesOf(const VaultReader& vault, seal::Identities keys,
                                 const std::vector<tlog::Sequence>& items, Pool& pool) {
  const auto& genesis = std::get<custody::Genesis>(vault.genesis().parsed().body);
  const std::set<tlog::Sequence> distinct(items.begin(), items.end());
  const std::vector<tlog::Sequence> each(distinct.begin(), distinct.end());
  std::set<std::string> cases;
  std::mutex mutex;                    // guards `cases`
  std::atomic<bool> too_many = false;  // then no more are looked for
  pool.ForEach(each.size(), [&](std::size_t i) {
    if (too_many) return;
    const auto entry = vault.Entry(each[i]);
    const auto fields = entry ? vault.ReadFields(*entry, keys) : Fail(entry.error());
    if (!fields) return;
    const std::vector<std::string> own = custody::ItemFactsIn(*fields).cases;
    const std::lock_guard lock(mutex);
    cases.insert(own.begin(), own.end());
    too_many = cases.size() > genesis.label_count.value;
  });
  if (too_many) return {};
  return {cases.begin(), cases.end()};
}

}  // namespace exhibit::work
