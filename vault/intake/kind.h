// What kind of evidence is this? A guess from name and content, shown to the user and overridden by
// --kind. Nothing depends on it but how items are listed and selected.
//
// A short table of what matters in a breach decides: formats by their marks, the words of ransom messages and breach
// notices, the shape of log lines. libmagic is not asked: it parses hostile bytes with a large grammar in the process
// that holds signing keys, and took a tenth of the time of adding small files.
#pragma once

#include <string_view>

#include "vault/base/bytes.h"
#include "vault/custody/item_facts.h"

namespace exhibit::intake {

// How much of the content's beginning is worth passing: the mark of an ISO 9660 image lies at 32 KiB.
inline constexpr std::size_t kKindSampleBytes = 33 * 1024;

// `name` is the raw last component. May be called from several threads.
custody::Kind GuessKind(std::string_view name, ByteView beginning);

}  // namespace exhibit::intake
