#include "vault/seal/stream_sealer.h"

#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "vault/base/bounded_queue.h"
#include "vault/base/interrupt.h"
#include "vault/base/spare_buffers.h"
#include "vault/base/zeros.h"
#include "vault/seal/plaintext_writer.h"

namespace exhibit::seal {
namespace {

constexpr std::size_t kFramesUnderWay = 8;
constexpr std::size_t kBlocksUnderWay = 4;

struct Frame {
  std::future<FrameInRoom> made;
  std::size_t original_bytes = 0;
};

// The thread that takes frames in order and makes blocks in order.
class BlockStage {
 public:
  // What frames lie in goes to `rooms` when they were taken.
  BlockStage(const NewSealedFile& file, Pool& pool, SealedSink& sink, std::shared_ptr<SpareBuffers> rooms)
      : file_(file),
        pool_(pool),
        sink_(sink),
        rooms_(std::move(rooms)),
        frames_(kFramesUnderWay),
        hashes_(file.nonce()),
        thread_([this] { Run(); }) {}
  ~BlockStage() {
    frames_.Close();
    if (thread_.joinable()) thread_.join();
    // After a failure blocks may still be under way, and they use the keys.
    for (const std::future<SealedBlock>& block : blocks_) block.wait();
  }
  BlockStage(const BlockStage&) = delete;
  BlockStage& operator=(const BlockStage&) = delete;

  // False if the stage has failed; WaitForFrames says why.
  bool Push(Frame frame) { return frames_.Push(std::move(frame)); }

  // No more frames come. The error of the sink, if it had one.
  Result<void> WaitForFrames() {
    frames_.Close();
    thread_.join();
    return std::move(result_);
  }

  // After WaitForFrames: padding, fields and seek table.
  Result<SealedStream> Finish(std::string_view field_lines) {
    writer_.Finish(field_lines);
    TRY_VOID(SubmitBlocks());
    TRY_VOID(Drain(0));
    return SealedStream{hashes_.LayoutOf(writer_.sizes()), hashes_.hashes(), writer_.original_bytes()};
  }

 private:
  void Run() {
    result_ = Work();
    if (!result_) frames_.Close();
    // Frames that are still in the queue are compressed for nothing; their futures just go.
    while (frames_.Pop()) {
    }
  }

  Result<void> Work() {
    TRY_VOID(sink_.Begin(file_.header()));
    TRY_VOID(sink_.Put(file_.nonce().view()));
    while (auto frame = frames_.Pop()) {
      FrameInRoom made = frame->made.get();
      writer_.AppendContent(made.view(), frame->original_bytes);
      rooms_->Give(std::move(made.room));
      TRY_VOID(SubmitBlocks());
    }
    return {};
  }

  Result<void> SubmitBlocks() {
    while (auto block = writer_.Next()) {
      const auto shared = std::make_shared<BlockPlaintext>(std::move(*block));
      blocks_.push_back(pool_.Submit([this, shared] {
        const auto bytes = static_cast<std::size_t>(SealedSize(shared->bytes.size()));
        return SealBlock(file_.payload_key(), *shared, spare_.Take(bytes));
      }));
      TRY_VOID(Drain(kBlocksUnderWay));
    }
    return {};
  }

  // Hands blocks on until at most `left` are under way.
  Result<void> Drain(std::size_t left) {
    while (blocks_.size() > left) {
      SealedBlock block = blocks_.front().get();
      blocks_.pop_front();
      hashes_.Append(block.hash);
      TRY_VOID(sink_.Put(block.bytes));
      spare_.Give(std::move(block.bytes));
    }
    return {};
  }

  const NewSealedFile& file_;
  Pool& pool_;
  SealedSink& sink_;
  std::shared_ptr<SpareBuffers> rooms_;
  BoundedQueue<Frame> frames_;
  PlaintextWriter writer_;
  SpareBuffers spare_;
  std::deque<std::future<SealedBlock>> blocks_;
  BlockHashes hashes_;
  Result<void> result_;
  std::thread thread_;  // last: it uses all of the above
};

// The original's part of a frame. Whoever has it in hand has the buffer that it lies in, too.
struct Piece {
  std::shared_ptr<Bytes> buffer;  // null for zeros that nobody had to read
  ByteView bytes;
};

// Reads the source to its end, a frame at a time. The size of the original.
Result<std::uint64_t> ReadFrames(ByteSource& source, const StreamSealing& sealing, Pool& pool,
                                 const std::shared_ptr<SpareBuffers>& rooms, BlockStage& stage) {
  // Whoever has a frame in hand has the buffers too, so that the last of them can give it back.
  const auto spare = std::make_shared<SpareBuffers>();
  const auto take = [&spare](std::size_t bytes) {
    return std::shared_ptr<Bytes>(new Bytes(spare->Take(bytes)), [spare](Bytes* buffer) {
      spare->Give(std::move(*buffer));
      delete buffer;
    });
  };
  const auto read = [&](std::size_t capacity) -> Result<Piece> {
    if (source.PassOverZeros(capacity)) return Piece{nullptr, Zeros(capacity)};
    std::shared_ptr<Bytes> buffer = take(capacity);
    TRY(const std::size_t got, source.Read(*buffer));
    const ByteView bytes = ByteView(*buffer).first(got);
    return Piece{std::move(buffer), bytes};
  };
  std::uint64_t original_bytes = 0;
  for (std::uint64_t number = 0;; ++number) {
    TRY_VOID(StopIfAsked(sealing.interrupted));
    const std::size_t capacity = FrameCapacity(number);
    TRY(const Piece piece, read(capacity));
    const std::size_t got = piece.bytes.size();
    if (got == 0 && number > 0) return original_bytes;
    original_bytes += got;
    if (original_bytes > kMaxOriginalBytes) return Fail(ErrorCode::kInvalid, "the original is larger than 8 TiB");
    auto made = pool.Submit([piece, rooms, level = sealing.level] {
      return CompressFrame(piece.bytes, level, rooms->Take(MaxFrameBytes(piece.bytes.size())));
    });
    if (!stage.Push({std::move(made), got})) return original_bytes;  // the stage has failed and says why
    if (sealing.see) sealing.see(piece.bytes);
    if (got < capacity) return original_bytes;
  }
}

}  // namespace

Result<SealedStream> SealStream(ByteSource& source, const StreamSealing& sealing, Pool& pool, SealedSink& sink) {
  const auto rooms = std::make_shared<SpareBuffers>();
  BlockStage stage(sealing.file, pool, sink, rooms);
  const Result<std::uint64_t> read = ReadFrames(source, sealing, pool, rooms, stage);
  TRY_VOID(stage.WaitForFrames());
  if (!read) return Fail(read.error());
  TRY(const std::string lines, sealing.field_lines(*read));
  return stage.Finish(lines);
}

}  // namespace exhibit::seal
