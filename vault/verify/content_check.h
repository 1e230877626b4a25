// Reads the original of an opened sealed file to its end and compares it with the fields.
#pragma once

#include <cstdint>
#include <functional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/field.h"
#include "vault/seal/item_reader.h"

namespace exhibit {
class Pool;
}

namespace exhibit::verify {

// How many bytes the sealed file of an item must hold: its `size`, or 0 if its content is kept elsewhere. kInvalid naming
// the field if `sha256`, `size` or `state` is not told.
Result<std::uint64_t> BytesHeldBy(const custody::FieldList& item);

// Gives the original to `sink` in order, a frame at a time, and returns how many bytes it had. The number of bytes is
// compared before anything is unpacked, every digest that is told and the parts at the end: the sink may have got a part
// of it, or all, before an error.
//   kTampered  it is not the original that the fields say
// Errors of seal::ItemReader::ReadOriginal, and of the sink.
Result<std::uint64_t> CheckContent(const seal::ItemReader& opened, const custody::FieldList& fields,
                                   const std::function<Result<void>(ByteView)>& sink, Pool* pool = nullptr);

}  // namespace exhibit::verify
