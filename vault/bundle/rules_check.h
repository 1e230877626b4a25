// The rules of custody, over those entries of a log that a bundle holds, one after another.
//
// Each entry is judged by the rules at its position, as far as the bundle shows them: a change of the rules that its maker left
// out is not found here (docs/THREAT-MODEL.md). Only what depends on the order is checked here; the caller checks signatures
// side by side, except those of entries that change what may follow.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vault/custody/state.h"
#include "vault/verify/compromise_check.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

class RulesCheck {
 public:
  using Known = std::map<tlog::Sequence, custody::NamedItem>;

  // Takes an entry that could be read, whether the rules allow it or not.
  void NoteKnown(tlog::Sequence sequence, const custody::SignedEntry& entry);
  // Begins with the genesis.
  void Begin(const custody::SignedEntry& genesis, const custody::State& state);

  struct Checked {
    std::vector<verify::Finding> findings;
    bool is_allowed = false;                  // it is in its place, and its signers may sign it
    std::optional<custody::Signers> signers;  // if the signatures are still to be checked
    Result<void> signatures = {};  // of an entry that changes what may follow, which it does only if they fit
  };
  // REQUIRES: Begin, and every earlier entry of the bundle before.
  Checked Check(tlog::Sequence sequence, const custody::SignedEntry& entry);

  // After the entries that were checked.
  const custody::Facts& facts() const { return facts_; }
  const verify::SignerNotes& signers() const { return signers_; }
  // Every entry that could be read.
  const Known& known() const { return known_; }

 private:
  bool CheckPlace(const custody::Entry& entry, tlog::Sequence sequence, Checked& checked) const;
  bool CheckSigners(const custody::SignedEntry& entry, tlog::Sequence sequence, Checked& checked) const;

  std::optional<tlog::Origin> origin_;
  custody::Facts facts_;
  verify::SignerNotes signers_;
  std::set<custody::CollectedNumber> collected_;
  Known known_;
};

}  // namespace exhibit::bundle
