// What a command came across and went on without: entries that are lost (verify/lost_entries.h), and sealed files that are
// lost or damaged, so that nothing is told of their entries. Commands that read through a log say no word of their own; the
// program says at its end what they were done without, and ends with exit status 3. What is printed as JSON names it too: an
// object in its members `lost` and `damaged`, a list in rows at its end.
#pragma once

#include <vector>

#include "vault/base/error.h"
#include "vault/base/json.h"
#include "vault/verify/lost_entries.h"

namespace exhibit::cli {

// Of this process. Whoever opens a vault hands it on (Globals::Opening).
verify::LostEntries& Lost();

// The fields of this entry could not be read, for this reason. From any thread.
void NoteDamaged(tlog::Sequence at, const Error& why);

// What to say of it all; nothing if nothing was met.
std::vector<Error> WhatWasLost();

// `json`, an object or a list, with what was lost and damaged.
Json WithLosses(Json json);
// The rows that end a list.
std::vector<Json> LossRows();

}  // namespace exhibit::cli
