#include "vault/bundle/file_hasher.h"

#include <thread>
#include <utility>

#include "vault/base/bounded_queue.h"
#include "vault/base/encoding.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint64_t kWorthAThread = 4 << 20;
constexpr std::size_t kMostPieces = 4;  // waiting, of the size in which they come

}  // namespace

class FileHasher::Beside {
 public:
  explicit Beside(crypto::Hasher hasher) : hasher_(std::move(hasher)), thread_([this] { Run(); }) {}
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

  crypto::Hasher hasher_;
  BoundedQueue<Bytes> pieces_{kMostPieces};
  std::thread thread_;  // last: it uses the others
};

FileHasher::FileHasher() = default;
FileHasher::~FileHasher() = default;
FileHasher::FileHasher(FileHasher&&) noexcept = default;
FileHasher& FileHasher::operator=(FileHasher&&) noexcept = default;

void FileHasher::Update(ByteView bytes) {
  bytes_ += bytes.size();
  if (!beside_ && bytes_ > kWorthAThread) beside_ = std::make_unique<Beside>(std::move(sha512_));
  if (beside_) {
    beside_->Update(bytes);
  } else {
    sha512_.Update(bytes);
  }
  sha256_.Update(bytes);
}

FileHashes FileHasher::Finish() {
  return {ToHex(sha256_.Finish()), ToHex(beside_ ? beside_->Finish() : sha512_.Finish())};
}

FileHashes HashesOfText(std::string_view text) {
  FileHasher hasher;
  hasher.Update(ViewOf(text));
  return hasher.Finish();
}

}  // namespace exhibit::bundle
