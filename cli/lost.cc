#include "cli/lost.h"

#include <map>
#include <mutex>

#include "vault/base/format.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::cli {
namespace {

// Sealed files, each with what is wrong with it.
struct Damages {
  std::mutex mutex;  // guards `met`
  std::map<tlog::Sequence, Error> met;
};
Damages& Damaged() {
  static Damages damages;
  return damages;
}

std::map<tlog::Sequence, Error> ListOfDamaged() {
  const std::lock_guard lock(Damaged().mutex);
  return Damaged().met;
}

}  // namespace

verify::LostEntries& Lost() {
  static verify::LostEntries lost;
  return lost;
}

void NoteDamaged(tlog::Sequence at, const Error& why) {
  const std::lock_guard lock(Damaged().mutex);
  Damaged().met.try_emplace(at, why);
}

std::vector<Error> WhatWasLost() {
  std::vector<Error> all;
  const std::vector<tlog::Sequence> entries = Lost().List();
  constexpr std::size_t kMost = 20;
  if (!entries.empty()) all.push_back(verify::LostEntry(entries.front()));
  if (entries.size() > 1) {
    all.back().message =
        Format("entries {} are lost: the log proves their places and their hashes, and the store does not have them",
               tlog::ListOf(tlog::RangesOf(entries), kMost));
  }
  for (auto& [at, error] : ListOfDamaged()) {
    if (error.hint.empty())
      error.hint =
          "exhibit verify names all that is damaged; if a backup or a bundle has it whole: exhibit rescue VAULT --to "
          "NEW "
          "--also PLACE";
    all.push_back(std::move(error));
    if (all.size() > kMost) break;
  }
  return all;
}

std::vector<Json> LossRows() {
  std::vector<Json> rows;
  for (const tlog::Sequence at : Lost().List()) rows.push_back({{"entry", at.value}, {"lost", true}});
  for (const auto& [at, error] : ListOfDamaged()) rows.push_back({{"entry", at.value}, {"damaged", error.message}});
  return rows;
}

Json WithLosses(Json json) {
  if (json.IsList()) {
    for (Json& row : LossRows()) json.push_back(std::move(row));
  }
  if (!json.IsObject()) return json;
  const std::vector<tlog::Sequence> lost = Lost().List();
  if (!lost.empty()) json["lost"] = Json::List();
  for (const tlog::Sequence at : lost) json["lost"].push_back(at.value);
  const auto damaged = ListOfDamaged();
  if (!damaged.empty()) json["damaged"] = Json::List();
  for (const auto& [at, error] : damaged) json["damaged"].push_back(at.value);
  return json;
}

}  // namespace exhibit::cli
