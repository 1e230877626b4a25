#include "vault/seal/cut_reader.h"

#include <algorithm>
#include <utility>

namespace exhibit::seal {

CutReader::CutReader(FileKey file_key, PlaintextReader::Sink sink)
    : file_key_(std::move(file_key)), sink_(std::move(sink)), plaintext_(kMaxOriginalBytes, sink_) {}

Result<void> CutReader::Push(ByteView payload) {
  while (!payload.empty()) {
    if (ended_) {
      end_.unused_bytes += payload.size();
      return {};
    }
    const std::size_t wanted = cipher_ ? kSealedChunkBytes : PayloadNonce::kSize;
    // A whole chunk is opened when a byte follows it: only then it is certain not to be the last.
    if (cipher_ && pending_.size() == wanted) {
      TRY_VOID(TakeChunk(RunEnd::kMoreFollow));
      continue;
    }
    const std::size_t taken = std::min(wanted - pending_.size(), payload.size());
    Append(pending_, payload.first(taken));
    payload = payload.subspan(taken);
    if (cipher_ || pending_.size() < wanted) continue;
    cipher_.emplace(DerivePayloadKey(file_key_, *PayloadNonce::From(pending_)));
    end_.genuine_bytes = pending_.size();
    pending_.clear();
  }
  return {};
}

// The pending chunk, if it is genuine; else the file ends before it.
Result<void> CutReader::TakeChunk(RunEnd end) {
  if (!cipher_->Open(next_chunk_, end, pending_, opened_)) {
    ended_ = true;
    end_.unused_bytes = pending_.size();
    pending_.clear();
    return {};
  }
  TRY_VOID(plaintext_.Push(opened_));
  end_.genuine_bytes += pending_.size();
  pending_.clear();
  ++next_chunk_;
  whole_ = end == RunEnd::kFinal;
  return {};
}

Result<CutReader::End> CutReader::Finish() {
  if (!cipher_) {
    end_.unused_bytes = pending_.size();
    return end_;
  }
  if (!ended_ && !pending_.empty()) {
    const Bytes last = pending_;
    TRY_VOID(TakeChunk(RunEnd::kFinal));
    if (!whole_ && last.size() == kSealedChunkBytes) {  // the cut is between two chunks
      ended_ = false;
      end_.unused_bytes = 0;
      pending_ = last;
      TRY_VOID(TakeChunk(RunEnd::kMoreFollow));
    }
  }
  end_.original_bytes = plaintext_.original_bytes();
  if (whole_) {
    TRY(PlaintextReader::Whole whole, plaintext_.Finish());
    end_.field_lines = std::move(whole.field_lines);
    return end_;
  }
  const ByteView unfinished = plaintext_.unfinished();
  if (!unfinished.empty()) TRY_VOID(sink_(unfinished));
  end_.original_bytes += unfinished.size();
  return end_;
}

}  // namespace exhibit::seal
