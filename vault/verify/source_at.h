// A source as it was at an earlier checkpoint of its log.
#pragma once

#include "vault/verify/source.h"

namespace exhibit::verify {

// It still returns later entries to a caller that asks for them: callers must stop at the head.
class SourceAt final : public Source {
 public:
  // REQUIRES: the log of `source`, which outlives this, extends the checkpoint.
  SourceAt(const Source& source, Bytes signed_checkpoint) : source_(source), head_(std::move(signed_checkpoint)) {}

  Result<Bytes> ReadHead() const override { return head_; }
  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override { return source_.ReadEntry(sequence); }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override {
    return source_.ReadActs(subjects);
  }
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const override { return source_.ReadHeader(sequence); }
  Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const override {
    return source_.ReadRewrapped(sequence, under);
  }
  Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const override { return source_.ReadBlockHashes(sequence); }
  Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const override {
    return source_.ReadPayload(sequence, range);
  }
  Result<Bytes> ReadTile(const tlog::TileId& id) const override { return source_.ReadTile(id); }

 private:
  const Source& source_;
  Bytes head_;
};

}  // namespace exhibit::verify
