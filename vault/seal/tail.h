// The tail of a payload, opened: fields and seek table, without reading any content.
//
// Who has checked a tail knows the length and place of each frame and how large the original is, and that the zeros are
// as many as they must be. That the frames are there and hold what the table says, only reading them shows.
#pragma once

#include <string>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/layout.h"
#include "vault/seal/seek_table.h"

namespace exhibit::seal {

struct Tail {
  std::string field_lines;
  SeekTable seek_table;
};

// Reads the plaintext of the tail block. kInvalid naming the rule that is broken: as of SeekTable and ParseFieldsFrame,
// and if the fields frame does not begin in the tail's first chunk.
Result<Tail> ReadTail(ByteView tail_plaintext, const PayloadLayout& layout);

// kInvalid unless the tail of this layout begins with the chunk that holds the first byte of the fields frame.
Result<void> CheckTailBegin(const SeekTable& table, const PayloadLayout& layout);

}  // namespace exhibit::seal
