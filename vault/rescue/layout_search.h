// The layout of a sealed file whose layout line is lost.
//
//   header | payload: nonce, content's chunks, tail's chunks | a hash for each block | something else's header, or the end
//
// An entry names the line's hash, and the line says the payload's length, the tail's length and the root over the blocks.
// Where the file begins is known; where it ends is where something else begins. Each division of that length between payload
// and hashes gives one root, and each length of the tail one line: the line with the right hash is the layout.
#pragma once

#include <map>
#include <optional>

#include "vault/custody/sealed_file.h"
#include "vault/rescue/found.h"
#include "vault/seal/layout.h"

namespace exhibit::rescue {

using FoundHeaders = std::multimap<custody::HeaderDigest, FoundHeader>;

// Of what lies after this header, one of `headers`, which are all that were found in `found`. Nothing if its hashes are
// damaged, or more than three headers after it.
std::optional<seal::PayloadLayout> SearchLayout(const Found& found, const FoundHeaders& headers,
                                                const FoundHeader& header, const custody::PayloadDigest& wanted);

}  // namespace exhibit::rescue
