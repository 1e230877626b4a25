// What is put into a bucket while it is made, by a few threads, in objects of some MiB. They grow, so that a large file has few:
// 8 MiB, from the 257th on 16, from the 513th on 32. Few are on their way at once: memory is theirs.
//
// Used by one thread. `uploads` and what the puts refer to outlive it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/base/spare_buffers.h"

namespace exhibit::store {

class GrowingUploads {
 public:
  explicit GrowingUploads(Pool& uploads) : uploads_(uploads) {}
  // Waits for what is on its way.
  ~GrowingUploads();
  GrowingUploads(const GrowingUploads&) = delete;
  GrowingUploads& operator=(const GrowingUploads&) = delete;

  // How long the next object is when it is full.
  std::size_t NextBytes() const;
  // Of those before it.
  std::uint64_t count() const { return count_; }

  // An empty buffer that the next object fits into: one that grows would take twice its room.
  Bytes NewBuffer();

  // Puts it, in a thread, when there is room for it. Errors are of puts before it.
  using Put = std::function<Result<void>(ByteView bytes)>;
  Result<void> Send(Bytes bytes, Put put);
  // Until nothing is on its way. The first error of all that were put since.
  Result<void> Wait() { return WaitFor(0); }

 private:
  // Until no more than so many bytes are on their way.
  Result<void> WaitFor(std::size_t bytes);

  struct Sent {
    std::size_t bytes;
    std::future<Result<void>> put;
  };
  Pool& uploads_;
  SpareBuffers spare_;
  std::deque<Sent> on_their_way_;
  std::size_t bytes_on_their_way_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace exhibit::store
