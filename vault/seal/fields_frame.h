// The frame that holds what is told to people: the field lines of the entry, one after another. Here they are bytes;
// vault/custody knows what they say.
//
//   50 2a 4d 18 | L + 8 u32 | field lines, L bytes, the last of them a line feed | L u32 | "EXHM"
//
// The length stands twice, and a word ends the frame, so that it can be recognised from both of its ends.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/plaintext.h"

namespace exhibit::seal {

// REQUIRES: 1 to kMaxFieldsBytes bytes that end in a line feed.
Bytes EncodeFieldsFrame(std::string_view field_lines);

// The field lines of exactly this frame. kInvalid naming the rule that it breaks.
Result<std::string> ParseFieldsFrame(ByteView frame);

// How long the frame is that begins with these bytes. kInvalid as above.
// REQUIRES: kSkippableHeaderBytes.
Result<std::size_t> FieldsFrameBytes(ByteView start);

}  // namespace exhibit::seal
