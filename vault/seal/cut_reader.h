// Opens a sealed file that was cut off: by a kill, a full disk or a power cut. The header is written first, so the key
// is there; every whole chunk up to the cut can be authenticated, and what the frames give up to there is the beginning
// of the original, to the byte. There may be no fields and no entry; how much is missing nobody can say.
//
// Nothing is used that is not genuine. The first chunk that is not, torn or overwritten, is where the file ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/chunks.h"
#include "vault/seal/plaintext_reader.h"

namespace exhibit::seal {

class CutReader {
 public:
  CutReader(FileKey file_key, PlaintextReader::Sink sink);

  // Takes the payload in order, in pieces of any size. kInvalid if a genuine chunk breaks the rules of a plaintext, which
  // no cut does; or the error of the sink.
  Result<void> Push(ByteView payload);

  struct End {
    std::uint64_t genuine_bytes = 0;   // of the payload, nonce included: whole chunks
    std::uint64_t unused_bytes = 0;    // that follow them
    std::uint64_t original_bytes = 0;  // that the sink got
    // The field lines, if nothing is missing.
    std::optional<std::string> field_lines;
  };
  // The payload ended here. Gives the sink what there is of the frame that was cut, too.
  Result<End> Finish();

 private:
  Result<void> TakeChunk(RunEnd end);

  FileKey file_key_;
  PlaintextReader::Sink sink_;
  PlaintextReader plaintext_;
  std::optional<ChunkCipher> cipher_;  // once the nonce is there
  Bytes pending_;                      // the nonce's beginning, or at most a chunk
  Bytes opened_;
  std::uint64_t next_chunk_ = 0;
  End end_;
  bool ended_ = false;  // at the chunk after the last genuine one
  bool whole_ = false;  // the last chunk was there
};

}  // namespace exhibit::seal
