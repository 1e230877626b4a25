// A source that reads all it gives from another one. A class that derives from it changes one thing, and says only that.
#pragma once

#include "vault/verify/source.h"

namespace exhibit::verify {

// The medium is left to the source itself: CheckMedium has nothing to say here.
class ForwardingSource : public Source {
 public:
  // REQUIRES: `source` outlives this.
  explicit ForwardingSource(const Source& source) : source_(source) {}

  Result<Bytes> ReadHead() const override { return source_.ReadHead(); }
  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override { return source_.ReadEntry(sequence); }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override {
    return source_.ReadActs(subjects);
  }
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const override { return source_.ReadHeader(sequence); }
  Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const override {
    return source_.ReadRewrapped(sequence, under);
  }
  Result<Bytes> ReadLayout(tlog::Sequence sequence) const override { return source_.ReadLayout(sequence); }
  Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const override { return source_.ReadBlockHashes(sequence); }
  Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const override {
    return source_.ReadPayload(sequence, range);
  }
  Result<Bytes> ReadTile(const tlog::TileId& id) const override { return source_.ReadTile(id); }

 private:
  const Source& source_;
};

}  // namespace exhibit::verify
