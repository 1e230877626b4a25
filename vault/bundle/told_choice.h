// Which entries of a log a bundle tells beside its items, and which of their fields (writer.h says the rules, and why).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/data_writer.h"
#include "vault/bundle/exported.h"
#include "vault/custody/entry.h"
#include "vault/custody/field.h"
#include "vault/seal/recipient.h"
#include "vault/verify/source.h"

namespace exhibit::bundle {

// Calls `take` with each row of the index that is of one of these items, which ascend. Neighbours are looked up together.
Result<void> ForEachActOn(const verify::Source& source, const std::vector<tlog::Sequence>& items,
                          const std::function<Result<void>(const custody::ActRow&)>& take);

// An entry that is told, with the fields that are told of it.
struct ChosenEntry {
  custody::SignedEntry entry;
  std::optional<custody::FieldList> fields = {};
};
using Chosen = std::map<tlog::Sequence, ChosenEntry>;

struct ExportActs {
  tlog::Sequence exported;
  tlog::Sequence begun;  // the act before, which it names
};

class ToldChoice {
 public:
  // The arguments outlive this.
  ToldChoice(const verify::Source& source, tlog::TreeSize size, seal::Identities keys, Form form,
             const std::atomic<bool>* interrupted, Pool& pool)
      : source_(source), size_(size), keys_(keys), form_(form), interrupted_(interrupted), pool_(pool) {}

  // kInterrupted; kInvalid if one of the two acts is not told by its fields; errors of the source.
  Result<Chosen> Run(const ExportActs& acts, const WrittenItems& items);

 private:
  Result<ChosenEntry*> Take(tlog::Sequence at);
  Result<void> TakeLaw();
  Result<void> TakeExport(const ExportActs& acts);
  Result<void> TakeActsOnItems();
  Result<void> TakeActsBySealedItems();
  Result<void> TakeIfOfItems(tlog::Sequence at);
  std::optional<custody::FieldList> ReadFields(const custody::Entry& entry) const;
  bool AreAllHere(const std::vector<custody::ItemSet::Range>& items) const;

  const verify::Source& source_;
  tlog::TreeSize size_;
  seal::Identities keys_;
  Form form_;
  const std::atomic<bool>* interrupted_;
  Pool& pool_;
  const WrittenItems* items_ = nullptr;
  Chosen chosen_;
};

}  // namespace exhibit::bundle
