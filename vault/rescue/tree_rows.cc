#include "vault/rescue/tree_rows.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "vault/base/encoding.h"

namespace exhibit::rescue {
namespace {

constexpr std::size_t kKey = 10;   // 'n', the level, the index
constexpr std::size_t kStamp = 8;  // RocksDB's own, after the key
constexpr std::size_t kHash = tlog::LeafHash::kSize;
constexpr std::uint64_t kMostEntries = std::uint64_t{1} << 53;

// The row of this key, if it is of the lowest level.
void Take(ByteView key, ByteView hash, std::vector<CarvedHash>& found) {
  const std::uint64_t index = GetU64(key.subspan(2, 8));
  if (key[0] != 'n' || key[1] != 0 || index >= kMostEntries) return;
  found.push_back({{index}, *tlog::LeafHash::From(hash)});
}

template <typename Body>
void ForEach(ByteView window, std::size_t begins_before, std::string_view needle, const Body& body) {
  const std::string_view text = TextOf(window.first(std::min(window.size(), begins_before + needle.size() - 1)));
  for (std::size_t at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1)) body(at);
}

void CarveLogged(ByteView window, std::size_t begins_before, std::vector<CarvedHash>& found) {
  constexpr std::string_view kPut("\x01\x0an\0", 4);
  ForEach(window, begins_before, kPut, [&](std::size_t at) {
    const ByteView row = window.subspan(at + 2);
    if (row.size() < kKey + 1 + kHash || row[kKey] != kHash) return;
    Take(row.first(kKey), row.subspan(kKey + 1, kHash), found);
  });
}

// A run: its first row has its whole key, and each after it what differs from the one before.
void CarveRun(ByteView rows, std::vector<CarvedHash>& found) {
  constexpr std::size_t kSizes = 3;  // one byte each, of rows as small as these
  std::array<std::uint8_t, kKey + kStamp> key{};
  while (rows.size() >= kSizes) {
    const std::size_t shared = rows[0];
    const std::size_t rest = rows[1];
    if (shared + rest != key.size() || rows[2] != kHash || rows.size() < kSizes + rest + kHash) return;
    std::ranges::copy(rows.subspan(kSizes, rest), key.begin() + static_cast<std::ptrdiff_t>(shared));
    if (key[0] != 'n') return;
    Take(ByteView(key).first(kKey), rows.subspan(kSizes + rest, kHash), found);
    rows = rows.subspan(kSizes + rest + kHash);
  }
}

// A line of log/hashes of the lowest level, from its "0 " on.
void CarveLine(std::string_view line, std::vector<CarvedHash>& found) {
  constexpr std::size_t kMostDigits = 16;
  line = line.substr(0, std::min(line.find('\n'), 2 + kMostDigits + 1 + 2 * kHash));
  const std::size_t blank = line.find(' ', 2);
  if (blank == std::string_view::npos) return;
  const auto index = FromDecimal(line.substr(2, blank - 2));
  const auto hash = FromHex(line.substr(blank + 1));
  const auto leaf = hash ? tlog::LeafHash::From(*hash) : std::nullopt;
  if (index && leaf && *index < kMostEntries) found.push_back({{*index}, *leaf});
}

}  // namespace

void CarveTreeRows(ByteView window, std::size_t begins_before, std::vector<CarvedHash>& found) {
  CarveLogged(window, begins_before, found);
  if (TextOf(window).starts_with("0 ")) CarveLine(TextOf(window), found);
  ForEach(window, begins_before, "\n0 ", [&](std::size_t at) { CarveLine(TextOf(window).substr(at + 1), found); });
  constexpr std::string_view kFirstOfRun("\0\x12\x20n\0", 5);
  ForEach(window, begins_before, kFirstOfRun, [&](std::size_t at) { CarveRun(window.subspan(at), found); });
}

}  // namespace exhibit::rescue
