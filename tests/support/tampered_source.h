// A source with single values replaced: what an attacker makes of a vault who can write anything and
// recompute every checksum of the medium.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "tests/support/check.h"
#include "vault/seal/layout.h"
#include "vault/verify/source.h"

namespace exhibit::testing {

// Where a block of an item lies in its payload.
inline ByteRange RangeOf(const verify::Source& source, tlog::Sequence at, std::uint64_t block) {
  return Unwrap(seal::PayloadLayout::Parse(TextOf(Unwrap(source.ReadLayout(at))))).block(block).range();
}
inline Bytes ReadBlock(const verify::Source& source, tlog::Sequence at, std::uint64_t block) {
  return Unwrap(source.ReadPayload(at, RangeOf(source, at, block)));
}

class TamperedSource final : public verify::Source {
 public:
  explicit TamperedSource(const verify::Source& good) : good_(good) {}

  // Empty stands for "gone".
  using Value = std::optional<Bytes>;
  std::optional<Value> head;
  std::map<std::uint64_t, Value> entries;
  std::optional<std::vector<custody::ActRow>> acts;  // the whole index
  std::map<std::uint64_t, Value> headers;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Value> rewrapped;  // by item and reseal entry
  std::map<std::uint64_t, Value> layouts;
  std::map<std::uint64_t, Value> block_hashes;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Value> blocks;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Value> tiles;

  Result<Bytes> ReadHead() const override { return head ? Give(*head) : good_.ReadHead(); }
  Result<Bytes> ReadEntry(tlog::Sequence at) const override {
    return Pick(entries, at.value, [&] { return good_.ReadEntry(at); });
  }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override {
    if (!acts) return good_.ReadActs(subjects);
    std::vector<custody::ActRow> rows = *acts;
    std::erase_if(
        rows, [&](const custody::ActRow& row) { return row.subject < subjects.first || row.subject > subjects.last; });
    return rows;
  }
  Result<Bytes> ReadHeader(tlog::Sequence at) const override {
    return Pick(headers, at.value, [&] { return good_.ReadHeader(at); });
  }
  Result<Bytes> ReadRewrapped(tlog::Sequence at, tlog::Sequence under) const override {
    return Pick(rewrapped, std::pair(at.value, under.value), [&] { return good_.ReadRewrapped(at, under); });
  }
  Result<Bytes> ReadLayout(tlog::Sequence at) const override {
    return Pick(layouts, at.value, [&] { return good_.ReadLayout(at); });
  }
  Result<Bytes> ReadBlockHashes(tlog::Sequence at) const override {
    return Pick(block_hashes, at.value, [&] { return good_.ReadBlockHashes(at); });
  }
  Result<Bytes> ReadPayload(tlog::Sequence at, ByteRange range) const override {
    for (const auto& [place, value] : blocks) {
      if (place.first != at.value || RangeOf(good_, at, place.second).offset != range.offset) continue;
      return Give(value);
    }
    return good_.ReadPayload(at, range);
  }
  Result<Bytes> ReadTile(const tlog::TileId& id) const override {
    return Pick(tiles, std::pair(id.level, id.index), [&] { return good_.ReadTile(id); });
  }

 private:
  static Result<Bytes> Give(const Value& value) {
    if (value) return *value;
    return Fail(ErrorCode::kNotFound, "gone");
  }
  template <typename Map, typename Otherwise>
  static Result<Bytes> Pick(const Map& map, const typename Map::key_type& key, Otherwise otherwise) {
    const auto found = map.find(key);
    return found == map.end() ? otherwise() : Give(found->second);
  }

  const verify::Source& good_;
};

}  // namespace exhibit::testing
