// A log of custody in memory as a source of a verifier, without sealed files and without an index. Its entries can be
// replaced or taken away, and its head is signed by whom the test says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/custody/custody_log.h"
#include "tests/tlog/log_on_tiles.h"
#include "vault/verify/verifier.h"

namespace exhibit::testing {

class CustodySource final : public verify::Source {
 public:
  explicit CustodySource(const CustodyLog& log) : CustodySource(BytesOf(log)) {}
  // Whatever these are.
  explicit CustodySource(std::vector<Bytes> entries) : entries_(std::move(entries)) {
    for (const Bytes& entry : entries_) log_.AppendEntry(TextOf(entry));
  }
  static std::vector<Bytes> BytesOf(const CustodyLog& log) {
    std::vector<Bytes> entries;
    for (const custody::SignedEntry& entry : log.entries()) entries.push_back(ToBytes(entry.bytes()));
    return entries;
  }

  std::string head_key = "log";

  Result<Bytes> ReadHead() const override {
    return tlog::SignCheckpoint({AnOrigin(), {entries_.size()}, log_.tree.Root()}, CustodyLog::Key(head_key));
  }
  Result<Bytes> ReadEntry(tlog::Sequence at) const override {
    if (at.value < entries_.size()) return entries_[static_cast<std::size_t>(at.value)];
    return Fail(ErrorCode::kNotFound, "no entry");
  }
  Result<Bytes> ReadTile(const tlog::TileId& id) const override { return log_.tiles.ReadTile(id); }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects) const override { return None(); }
  Result<Bytes> ReadHeader(tlog::Sequence) const override { return None(); }
  Result<Bytes> ReadRewrapped(tlog::Sequence, tlog::Sequence) const override { return None(); }
  Result<Bytes> ReadLayout(tlog::Sequence) const override { return None(); }
  Result<Bytes> ReadBlockHashes(tlog::Sequence) const override { return None(); }
  Result<Bytes> ReadPayload(tlog::Sequence, ByteRange) const override { return None(); }

 private:
  static Failure None() { return Fail(ErrorCode::kNotFound, "is not kept here"); }
  std::vector<Bytes> entries_;
  LogOnTiles log_;
};

inline verify::Report CheckLogOf(const verify::Source& source, verify::Options options = {}) {
  static Pool pool(2);
  options.depth = verify::Depth::kLog;
  return Unwrap(verify::Verify(source, options, pool));
}

}  // namespace exhibit::testing
