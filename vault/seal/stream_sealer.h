// From a stream of unknown length to a sealed file: read once, compressed, encrypted and hashed on all cores.
//
//   read a frame's worth ──> the caller sees it (digests)          (the caller's thread)
//        └──> compress                                             (the pool)
//               └──> cut into blocks, in order                     (one thread)
//                      └──> encrypt and hash, a block each         (the pool)
//                             └──> the sink, in order              (the same one thread)
//
// The header goes to the sink first, the fields last: what was written before a kill can be opened (cut_reader.h). A
// bounded queue connects the stages: memory does not depend on the size of the input, and is below 100 MiB.
//
// Nothing here stores anything. Only ciphertext leaves, to the sink.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "vault/base/byte_source.h"
#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/seal/frame_compressor.h"
#include "vault/seal/layout.h"
#include "vault/seal/sealed_file.h"
#include "vault/seal/sealed_sink.h"

namespace exhibit::seal {

struct StreamSealing {
  const NewSealedFile& file;
  CompressionLevel level;
  // Sees each piece of the original, in order, on the caller's thread: for digests and progress. May be empty.
  std::function<void(ByteView)> see;
  // Makes the field lines when all was read and seen; its error ends the sealing.
  std::function<Result<std::string>(std::uint64_t original_bytes)> field_lines;
  // When it becomes true, sealing stops with kInterrupted. May be null.
  const std::atomic<bool>* interrupted = nullptr;
};

struct SealedStream {
  PayloadLayout layout;
  std::vector<crypto::LeafHash> block_hashes;
  std::uint64_t original_bytes = 0;
};

// Errors are those of the source, the sink and `field_lines`; kInterrupted; kInvalid for an original of more than
// kMaxOriginalBytes. After an error the sink has a prefix of a sealed file.
Result<SealedStream> SealStream(ByteSource& source, const StreamSealing& sealing, Pool& pool, SealedSink& sink);

}  // namespace exhibit::seal
