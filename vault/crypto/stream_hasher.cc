#include "vault/crypto/stream_hasher.h"

#include <optional>
#include <thread>
#include <utility>

#include "vault/base/bounded_queue.h"

namespace exhibit::crypto {
namespace {

constexpr std::uint64_t kWorthAThread = 4 << 20;
constexpr std::size_t kMostPieces = 4;  // waiting, of the size in which they come

}  // namespace

class StreamHasher::Beside {
 public:
  explicit Beside(Hasher hasher) : hasher_(std::move(hasher)), thread_([this] { Run(); }) {}
  ~Beside() { End(); }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  void Update(ByteView bytes) { pieces_.Push(ToBytes(bytes)); }
  Bytes Finish() {
    End();
    return hasher_.Finish();
  }

 private:
  void Run() {
    while (const std::optional<Bytes> piece = pieces_.Pop()) hasher_.Update(*piece);
  }
  void End() {
    pieces_.Close();
    if (thread_.joinable()) thread_.join();
  }

  Hasher hasher_;
  BoundedQueue<Bytes> pieces_{kMostPieces};
  std::thread thread_;  // last: it uses the others
};

StreamHasher::StreamHasher(HashAlgorithm algorithm) : hasher_(algorithm) {}
StreamHasher::~StreamHasher() = default;
StreamHasher::StreamHasher(StreamHasher&&) noexcept = default;
StreamHasher& StreamHasher::operator=(StreamHasher&&) noexcept = default;

void StreamHasher::Update(ByteView bytes) {
  bytes_ += bytes.size();
  if (!beside_ && bytes_ > kWorthAThread) beside_ = std::make_unique<Beside>(std::move(hasher_));
  if (beside_) {
    beside_->Update(bytes);
  } else {
    hasher_.Update(bytes);
  }
}

Bytes StreamHasher::Finish() { return beside_ ? beside_->Finish() : hasher_.Finish(); }

}  // namespace exhibit::crypto
