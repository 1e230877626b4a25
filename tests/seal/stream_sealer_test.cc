// Goal: what the pipeline makes of a stream is the one sealed file of that content, header first, whatever threads do;
// and an error of any part ends it. Method: sizes around frames, a sink that keeps or refuses, and sources that fail.
#include "vault/seal/stream_sealer.h"

#include "tests/seal/example_bytes.h"
#include "tests/seal/plaintexts.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/base/bytes_source.h"
#include "vault/seal/cut_reader.h"
#include "vault/seal/item_reader.h"

namespace exhibit::seal {
namespace {

using testing::RandomBytes;
using testing::Unwrap;
using testing_parts::kFieldLines;

// From memory, and fails when it is told to.
class FromMemory : public ByteSource {
 public:
  explicit FromMemory(ByteView bytes) : bytes_(bytes) {}
  Result<std::size_t> Read(MutableByteView buffer) override {
    if (fail_at_ == 0) return Fail(ErrorCode::kIo, "the disk is gone");
    if (fail_at_ > 0) --fail_at_;
    return bytes_.Read(buffer);
  }
  void FailAfter(int reads) { fail_at_ = reads; }

 private:
  BytesSource bytes_;
  int fail_at_ = -1;
};

class Keeping : public SealedSink {
 public:
  Result<void> Begin(ByteView bytes) override {
    CHECK(payload.empty());
    header = ToBytes(bytes);
    return {};
  }
  Result<void> Put(ByteView bytes) override {
    if (most == 0) return Fail(ErrorCode::kIo, "the disk is full");
    --most;
    CHECK_FALSE(header.empty());
    Append(payload, bytes);
    return {};
  }
  Bytes header;
  Bytes payload;
  std::size_t most = SIZE_MAX;
};

class Sealed {
 protected:
  Result<SealedStream> Seal(ByteSource& source) {
    return SealStream(source,
                      {.file = file_,
                       .level = {},
                       .see = [this](ByteView piece) { Append(seen_, piece); },
                       .field_lines = [this](std::uint64_t bytes) -> Result<std::string> {
                         CHECK(bytes == seen_.size());
                         return std::string(kFieldLines);
                       },
                       .interrupted = &interrupted_},
                      pool_, sink_);
  }

  FileKey Key() {
    std::vector<Identity> identities;
    identities.emplace_back(Unwrap(X25519Identity::Parse(identity_.ToSecretText().ExposeSecret())));
    return Unwrap(OpenHeader(Unwrap(ParseHeader(sink_.header)).header, identities));
  }
  PayloadSource Source() {
    return [this](ByteRange range) -> Result<Bytes> {
      return ToBytes(ByteView(sink_.payload).subspan(range.offset, range.bytes));
    };
  }

  Pool pool_{3};
  X25519Identity identity_ = X25519Identity::Generate();
  NewSealedFile file_ = Unwrap(NewSealedFile::To({identity_.recipient()}));
  Keeping sink_;
  Bytes seen_;
  std::atomic<bool> interrupted_ = false;
};

TEST_CASE("a stream is sealed to the plaintext that its content has", "[seal]") {
  class Once : public Sealed {
   public:
    void Check(std::size_t size) {
      const Bytes original = RandomBytes(size, size);
      FromMemory source(original);
      const SealedStream sealed = Unwrap(Seal(source));
      CHECK(seen_ == original);
      CHECK(sealed.original_bytes == size);
      CHECK(sink_.payload.size() == sealed.layout.payload_bytes());
      CHECK(sealed.block_hashes.size() == sealed.layout.block_count());
      const ItemReader reader = Unwrap(ItemReader::Open(Key(), {file_.commitment(), sealed.layout, Source()}));
      Bytes again;
      REQUIRE_OK(reader.ReadOriginal(
          [&](ByteView piece) -> Result<void> {
            Append(again, piece);
            return {};
          },
          &pool_));
      CHECK(again == original);
      CHECK(reader.field_lines() == kFieldLines);
      Bytes plaintext;
      REQUIRE_OK(ChunkCipher(file_.payload_key())
                     .Open(0, RunEnd::kFinal, ByteView(sink_.payload).subspan(PayloadNonce::kSize), plaintext));
      CHECK(plaintext == testing_parts::Written(original));
    }
  };
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kEarlyFrameBytes - 1, kEarlyFrameBytes,
                                 kEarlyFrameBytes + 1, 12 * kEarlyFrameBytes + 5}) {
    CAPTURE(size);
    Once().Check(size);
  }
}

TEST_CASE_METHOD(Sealed, "a source that fails leaves a file that can be opened up to there", "[seal]") {
  const Bytes original = RandomBytes(20 * kEarlyFrameBytes, 5);
  FromMemory source(original);
  source.FailAfter(6);
  CHECK_FAILS(Seal(source), ErrorCode::kIo, "the disk is gone");
  Bytes opened;
  CutReader reader(Key(), [&](ByteView piece) -> Result<void> {
    Append(opened, piece);
    return {};
  });
  REQUIRE_OK(reader.Push(sink_.payload));
  REQUIRE_OK(reader.Finish());
  CHECK(Equal(opened, ByteView(original).first(opened.size())));
}

TEST_CASE_METHOD(Sealed, "a sink that fails ends the sealing with its error", "[seal]") {
  const Bytes original = RandomBytes(20 * kEarlyFrameBytes, 5);
  for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{5}}) {
    sink_ = Keeping();
    sink_.most = most;
    seen_.clear();
    FromMemory source(original);
    CHECK_FAILS(Seal(source), ErrorCode::kIo, "the disk is full");
  }
}

TEST_CASE_METHOD(Sealed, "sealing stops when it is asked to", "[seal]") {
  interrupted_ = true;
  const Bytes original = RandomBytes(100, 1);
  FromMemory source(original);
  const auto sealed = Seal(source);
  REQUIRE_FALSE(sealed);
  CHECK(sealed.error().code == ErrorCode::kInterrupted);
}

}  // namespace
}  // namespace exhibit::seal
