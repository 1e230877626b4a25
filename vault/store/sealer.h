// From evidence to a sealed file: read once, digested, compressed, encrypted and hashed on all cores.
//
//   read 1 MiB ──> digest                                          (the caller's thread)
//        └──> compress, a frame each                               (the pool)
//               └──> cut into blocks, in order                     (one thread)
//                      └──> encrypt and hash, a block each         (the pool)
//                             └──> the sink, in order              (the same one thread)
//
// Bounded queues connect the stages: memory does not depend on the size of the input. An input that fits
// into one frame takes no thread of its own, so that thousands of small files are sealed side by side.
//
// Nothing here stores anything. Only ciphertext leaves, to the sink.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/custody/entry.h"
#include "vault/seal/frames.h"
#include "vault/seal/metadata.h"
#include "vault/seal/recipient.h"
#include "vault/store/sealed_sink.h"
#include "vault/tlog/merkle.h"

namespace exhibit::store {

// A source of evidence, read once, from front to back.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills `buffer`; fewer bytes only at the end.
  virtual Result<std::size_t> Read(MutableByteView buffer) = 0;
};

// Digests beside SHA-256, which is always made.
struct DigestChoice {
  bool sha1 = false;
  bool md5 = false;
};

// What to do if the content does not have a digest that somebody claimed before.
enum class OnMismatch : std::uint8_t { kRefuse, kRecord };

struct SealRequest {
  seal::X25519Recipient recipient;
  seal::CompressionLevel level;
  DigestChoice digests;
  // Everything but size, digests and the outcome of `claimed`, which sealing fills in.
  seal::Metadata metadata;
  OnMismatch on_mismatch = OnMismatch::kRefuse;
  // Counts bytes as they are read, for a progress line. May be null.
  std::atomic<std::uint64_t>* progress = nullptr;
  // When it becomes true, sealing stops with kInterrupted. May be null.
  const std::atomic<bool>* interrupted = nullptr;
};

struct SealedItem {
  Bytes header;
  custody::SealedFile file;
  std::vector<tlog::LeafHash> block_hashes;
  seal::Metadata metadata;  // complete
};

// Seals the bytes of `source`. Errors are those of the source and the sink; kInvalid naming both values
// if a claimed digest does not fit and the request says to refuse; kInterrupted.
// `finish_metadata` is called when all is read, before the metadata is sealed; its error ends the
// sealing.
Result<SealedItem> SealStream(ByteSource& source, SealRequest request, Pool& pool, SealedSink& sink,
                              const std::function<Result<void>(seal::Metadata&)>& finish_metadata);

struct SealedSmallItem {
  SealedItem item;
  std::vector<Bytes> blocks;
};
// The same for content in memory, at most seal::kFrameBytes, on the caller's thread.
Result<SealedSmallItem> SealSmall(ByteView content, SealRequest request);

}  // namespace exhibit::store
