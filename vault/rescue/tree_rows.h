// Hashes of the log's leaves as a store keeps them: rows of the tree's lowest level (store/rocks_keys.h), in the two forms
// in which RocksDB writes a row; and as a bundle or proof lists them.
//
//   write-ahead log   01 | 0a | 'n' 00 index u64 | 20 | hash, 32 bytes
//   sorted file       shared | not shared | 20 | the rest of the key | hash, 32 bytes
//                     "shared" is how many bytes of the key are those of the row before; at the first row of a run it is 0.
//                     The key has 10 bytes, and 8 of RocksDB's own after them
//   log/hashes        0 index hex LF
//
// They say what an entry was that is lost itself. A wrong one makes another root than the signed one, and so is found out.
#pragma once

#include <vector>

#include "vault/base/bytes.h"
#include "vault/rescue/carve.h"

namespace exhibit::rescue {

void CarveTreeRows(ByteView window, std::size_t begins_before, std::vector<CarvedHash>& found);

}  // namespace exhibit::rescue
