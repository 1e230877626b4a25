// What fields of the whole log must agree on, for who opened them: a transfer's `leaves` are those of its items, and its
// releaser held them.
#pragma once

#include <map>
#include <vector>

#include "vault/custody/field.h"
#include "vault/custody/state.h"
#include "vault/verify/report.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// The fields of the transfers that were opened.
using TransferFields = std::map<tlog::Sequence, custody::FieldList>;

// Adds a finding for each transfer that breaks a rule. If some transfers were not opened, who holds an item is not known
// for sure, and that part is a remark. `facts`: at the end of the log. `whole`: every transfer of the log was opened.
enum class Opened : bool { kSome, kAll };
void CheckTransfers(const Source& source, const custody::Facts& facts, const TransferFields& transfers, Opened opened,
                    Report& report);

}  // namespace exhibit::verify
