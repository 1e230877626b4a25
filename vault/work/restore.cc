#include "vault/work/restore.h"

#include <map>
#include <set>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"

namespace exhibit::work {
namespace {

struct Chosen {
  std::vector<tlog::Sequence> items;  // whose fields could be opened
  std::vector<tlog::Sequence> acts;
  std::map<tlog::Sequence, Error> failed;
};

Result<Chosen> Choose(const RestoreJob& job, const VaultReader& vault, seal::Identities keys) {
  TRY(const std::vector<tlog::Sequence> named, job.choose(vault));
  Chosen chosen;
  for (const tlog::Sequence at : std::set<tlog::Sequence>(named.begin(), named.end())) {
    TRY_VOID(StopIfAsked(job.interrupted));
    TRY(const auto entry, vault.EntryIfHere(at));
    if (!entry) {
      chosen.failed.emplace(at, verify::LostEntry(at));
      continue;
    }
    if (custody::FormOf(entry->parsed().body).sealed != custody::SealedRule::kContent) {
      chosen.acts.push_back(at);
      continue;
    }
    auto fields = vault.ReadFields(*entry, keys);
    if (fields) {
      chosen.items.push_back(at);
    } else {
      chosen.failed.emplace(at, std::move(fields).error());
    }
  }
  if (!chosen.items.empty()) return chosen;
  if (!chosen.failed.empty()) return Fail(chosen.failed.begin()->second);
  return Fail(ErrorCode::kInvalid, "nothing is chosen that has an original", "`exhibit list` shows the items");
}

Result<custody::AccessGrant> Record(const RestoreJob& job, const VaultReader& vault, seal::Identities keys,
                                    const std::vector<tlog::Sequence>& items) {
  Pool pool;
  TRY(const auto writer, job.open_writer(custody::Access::kForm, pool));
  return RecordAccess(*writer, {custody::AccessWay::kRead, items, job.purpose, {}, CasesOf(vault, keys, items, pool)});
}

Result<void> WriteItem(const RestoreJob& job, const custody::AccessGrant& grant, const VaultReader& vault,
                       seal::Identities keys, tlog::Sequence item, bundle::Extraction& extraction) {
  TRY(const custody::SignedEntry entry, vault.Entry(item));
  auto fields = vault.ReadFields(entry, keys);
  if (!fields) {
    extraction.NoteFailed(item, std::move(fields).error());
    return {};
  }
  const auto produce = [&](const bundle::Extraction::Sink& sink) -> Result<void> {
    const auto take = [&](ByteView piece) -> Result<void> {
      TRY_VOID(StopIfAsked(job.interrupted));
      return sink(piece);
    };
    TRY_VOID(vault.ReadContent(grant, entry, keys, take));
    return {};
  };
  return extraction.Write(item, *fields, produce);
}

}  // namespace

Result<Restored> Restore(const RestoreJob& job, seal::Identities keys) {
  TRY_VOID(bundle::Extraction::MayBegin(job.target));
  TRY(const auto vault, job.open_reader());
  TRY(Chosen chosen, Choose(job, *vault, keys));
  TRY(const custody::AccessGrant grant, Record(job, *vault, keys, chosen.items));
  TRY(bundle::Extraction extraction, bundle::Extraction::Begin(job.target));
  for (auto& [item, error] : chosen.failed) extraction.NoteFailed(item, std::move(error));
  for (const tlog::Sequence item : chosen.items) {
    auto written = WriteItem(job, grant, *vault, keys, item, extraction);
    if (!written) return std::move(extraction).EndBecause(std::move(written).error());
  }
  TRY(bundle::Extracted extracted, std::move(extraction).Finish());
  return Restored{std::move(extracted), std::move(chosen.acts), grant.entry()};
}

}  // namespace exhibit::work
