// The fields that a bundle or a proof tells: blocks in order of position.
//
//   = N count\n       of entry N, so many lines
//   count lines       for each place of the list of entry N, in its order, the field's line or its list line
//
// A block's list is not compared with its entry here: who reads the entries does that (CheckBlock).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/entry.h"
#include "vault/custody/field.h"
#include "vault/tlog/sequence.h"

namespace exhibit::custody {

struct FieldBlock {
  tlog::Sequence entry;
  FieldList fields;
};

// kInvalid naming the block and the rule: positions that do not ascend, another number of lines, a line without an end.
Result<std::vector<FieldBlock>> ParseFieldBlocks(std::string_view text);
std::string EncodeFieldBlock(const FieldBlock& block);

// What a block must be for its entry: the entry has fields of this digest, each that is told has its form, and nothing is
// told that never is. kTampered for another digest, kInvalid for a form.
Result<void> CheckBlock(const Entry& entry, const FieldList& fields);

}  // namespace exhibit::custody
