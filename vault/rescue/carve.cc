#include "vault/rescue/carve.h"

#include <algorithm>
#include <string_view>

#include "vault/base/encoding.h"
#include "vault/rescue/tree_rows.h"
#include "vault/seal/layout.h"
#include "vault/store/rocks_keys.h"
#include "vault/tlog/note.h"

namespace exhibit::rescue {
namespace {

constexpr std::string_view kEntryBegin = R"({"v":)";
constexpr std::string_view kSignatures = "\n\n\xe2\x80\x94 ";  // an empty line, an em dash, a blank
constexpr std::string_view kDash = "\xe2\x80\x94 ";
constexpr std::string_view kLayoutBegin = R"({"bytes":)";
constexpr std::string_view kHeaderBegin = "age-encryption.org/v1\n";
constexpr std::size_t kMostLayoutLine = 160;
constexpr std::size_t kNumber = 8;

// Calls `take` with each place where `needle` begins in the first `begins_before` bytes.
template <typename Take>
void ForEach(std::string_view text, std::size_t begins_before, std::string_view needle, const Take& take) {
  const std::string_view seen = text.substr(0, std::min(text.size(), begins_before + needle.size() - 1));
  for (std::size_t at = seen.find(needle); at != std::string_view::npos; at = seen.find(needle, at + 1)) take(at);
}

// The ends of the first signature line from `at` on, of the first two, and so on.
std::vector<std::size_t> EndsOfSignatures(std::string_view text, std::size_t at) {
  std::vector<std::size_t> ends;
  while (ends.size() < tlog::kMaxSignatures && text.substr(at).starts_with(kDash)) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
    ends.push_back(at);
  }
  return ends;
}

// The note that begins at `begin` and whose signatures begin after `split`, as `parse` takes it: with as many signature
// lines as it can have.
template <typename Parse>
void TakeNote(std::string_view text, std::size_t begin, std::size_t split, const Parse& parse) {
  const auto ends = EndsOfSignatures(text, split + 2);
  for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
    if (parse(text.substr(begin, *end - begin))) return;
  }
}

void CarveEntry(std::string_view text, std::size_t begin, Carved& found) {
  // The text of an entry is one line.
  const std::size_t line_end = text.find('\n', begin);
  if (line_end == std::string_view::npos || line_end - begin > custody::kMaxEntryBytes) return;
  if (!text.substr(line_end).starts_with(kSignatures)) return;
  TakeNote(text, begin, line_end, [&](std::string_view note) {
    if (note.size() > custody::kMaxEntryBytes) return false;
    const ByteView bytes = ViewOf(note);
    if (const auto entry = custody::SignedEntry::Parse(ToBytes(bytes))) {
      const custody::Entry& parsed = entry->parsed();
      found.entries.push_back({begin, bytes.size(), parsed.sequence, std::string(parsed.origin.text()),
                               custody::FormOf(parsed.body).type, entry->leaf(), parsed.previous});
      return true;
    }
    // One of a later version, or one whose bytes are refused: it has its place in the tree like any other.
    const auto sequence = custody::ReadNewerSequence(bytes);
    if (!sequence || !tlog::SignedNote::Parse(bytes)) return false;
    found.entries.push_back({begin, bytes.size(), *sequence, {}, {}, tlog::HashLeaf(bytes), std::nullopt});
    return true;
  });
}

// A checkpoint's first line is the name of the log's key, which signs it: so its beginning is known.
void CarveCheckpoint(std::string_view text, std::size_t split, Carved& found) {
  const std::size_t name_begin = split + kSignatures.size();
  const std::size_t name_end = text.find(' ', name_begin);
  if (name_end == std::string_view::npos || name_end - name_begin > tlog::kMaxOriginBytes) return;
  const std::string first_line = std::string(text.substr(name_begin, name_end - name_begin)) + "\n";
  std::size_t begin = text.rfind('\n', split - 1);  // before the root
  if (split == 0 || begin == std::string_view::npos || begin == 0) return;
  begin = text.rfind('\n', begin - 1);  // before the size
  if (begin == std::string_view::npos || begin + 1 < first_line.size()) return;
  begin = begin + 1 - first_line.size();
  if (!text.substr(begin).starts_with(first_line)) return;
  TakeNote(text, begin, split, [&](std::string_view note) {
    const auto parsed = tlog::SignedNote::Parse(note);
    if (!parsed) return false;
    auto says = tlog::DecodeCheckpoint(parsed->text());
    if (says) found.checkpoints.push_back({std::move(*says), ToBytes(ViewOf(note))});
    return says.has_value();
  });
}

// What a store keeps before the layout line: a letter, three sizes, the extents.
std::optional<store::SealedPlace> PlaceBefore(std::string_view text, std::size_t begin, std::string_view line) {
  constexpr std::size_t kMostExtents = 64;
  for (std::size_t extents = 1; extents <= kMostExtents; ++extents) {
    const std::size_t bytes = 1 + 3 * kNumber + 3 * kNumber * extents;
    if (begin < bytes) break;
    const std::size_t place_begin = begin - bytes;
    const char letter = text[place_begin];
    if (letter != 's' && letter != 'h') continue;
    auto stored = store::DecodePlace(text.substr(place_begin, bytes + line.size()));
    if (stored && stored->place.layout == line) return std::move(stored->place);
  }
  return std::nullopt;
}

void CarveLayout(std::string_view text, std::size_t begin, Carved& found) {
  const std::size_t end = text.substr(begin, kMostLayoutLine).find('\n');
  if (end == std::string_view::npos) return;
  const std::string_view line = text.substr(begin, end + 1);
  if (seal::PayloadLayout::Parse(line)) found.layouts.push_back({std::string(line), PlaceBefore(text, begin, line)});
}

}  // namespace

std::vector<CarvedHeader> CarveHeaders(ByteView window, std::size_t begins_before) {
  std::vector<CarvedHeader> found;
  ForEach(TextOf(window), begins_before, kHeaderBegin, [&](std::size_t at) {
    const auto header = seal::ParseHeader(window.subspan(at, std::min(window.size() - at, seal::kMaxHeaderBytes)));
    if (header) found.push_back({at, header->size_bytes});
  });
  return found;
}

Carved Carve(ByteView window, std::size_t begins_before) {
  Carved found;
  const std::string_view text = TextOf(window);
  ForEach(text, begins_before, kEntryBegin, [&](std::size_t at) { CarveEntry(text, at, found); });
  ForEach(text, begins_before, kSignatures, [&](std::size_t at) { CarveCheckpoint(text, at, found); });
  ForEach(text, begins_before, kLayoutBegin, [&](std::size_t at) { CarveLayout(text, at, found); });
  found.headers = CarveHeaders(window, begins_before);
  CarveTreeRows(window, begins_before, found.hashes);
  return found;
}

Bytes JoinRecords(ByteView log) {
  constexpr std::size_t kBlock = 32'768;
  constexpr std::size_t kRecordHeader = 7;  // checksum, length, type
  constexpr std::size_t kLogNumber = 4;     // after it, in files that are reused
  Bytes joined;
  joined.reserve(log.size());
  for (std::size_t begin = 0; begin < log.size(); begin += kBlock) {
    ByteView block = log.subspan(begin, std::min(kBlock, log.size() - begin));
    while (block.size() > kRecordHeader) {
      const std::size_t length = block[4] | std::size_t{block[5]} << 8;
      const std::size_t header = block[6] > 4 ? kRecordHeader + kLogNumber : kRecordHeader;
      if (block[6] == 0 || block[6] > 8 || header + length > block.size()) {
        // Its header is damaged, or it was cut off. What it held is looked for in the bytes as they are.
        Append(joined, block.subspan(kRecordHeader));
        break;
      }
      Append(joined, block.subspan(header, length));
      block = block.subspan(header + length);
    }
  }
  return joined;
}

}  // namespace exhibit::rescue
