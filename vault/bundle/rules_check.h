// The rules of custody, over the entries that a bundle or a proof tells, one after another (custody/state.h).
//
// All entries that change the law are told, so keys, persons, rules and suspensions are known as in the log; the rest as far
// as the entries tell. Only what depends on the order is checked here: signatures of entries that change nothing are left to
// the caller, who has several processors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vault/bundle/hidden_subtrees.h"
#include "vault/custody/state.h"
#include "vault/verify/compromise_check.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

class RulesCheck {
 public:
  RulesCheck() = default;
  RulesCheck(const RulesCheck&) = delete;
  RulesCheck& operator=(const RulesCheck&) = delete;

  struct Checked {
    std::vector<verify::Finding> findings = {};
    std::optional<custody::Signers> signers = {};  // if their signatures are still to be checked
    std::vector<std::string> remarks = {};
  };
  // Entry 0. Nothing can be judged if has_begun() is false afterwards: it is no genesis.
  Checked Begin(const custody::SignedEntry& genesis);
  bool has_begun() const { return state_.has_value(); }

  // The next entry that is told, with its fields if they are told and are its own, else null. An entry that breaks a rule
  // changes nothing, and later ones are judged by themselves. REQUIRES: has_begun(), and a position after those before.
  Checked Check(const custody::SignedEntry& entry, const custody::FieldList* fields);
  // One that nobody can parse, which is probably at this position: a later entry may name it as its law.
  void PassOverUnread(tlog::Sequence at);

  // After the entries that were checked. REQUIRES: has_begun().
  const custody::State& state() const { return *state_; }
  const verify::SignerNotes& signers() const { return signers_; }

 private:
  std::optional<custody::State> state_;
  verify::SignerNotes signers_;
  ToldLeaves leaves_;
};

}  // namespace exhibit::bundle
