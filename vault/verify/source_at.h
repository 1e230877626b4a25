// A source as it was at an earlier checkpoint of its log.
#pragma once

#include <utility>

#include "vault/verify/forwarding_source.h"

namespace exhibit::verify {

// It still returns later entries to a caller that asks for them: callers must stop at the head.
class SourceAt final : public ForwardingSource {
 public:
  // REQUIRES: the log of `source`, which outlives this, extends the checkpoint.
  SourceAt(const Source& source, Bytes signed_checkpoint)
      : ForwardingSource(source), head_(std::move(signed_checkpoint)) {}

  Result<Bytes> ReadHead() const override { return head_; }

 private:
  Bytes head_;
};

}  // namespace exhibit::verify
