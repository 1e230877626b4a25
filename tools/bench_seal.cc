// What a sealed file costs: each step for a byte on one thread, and whole files with the pool. CPU is that of all threads.
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "vault/crypto/hash.h"
#include "vault/crypto/random.h"
#include "vault/seal/frame_compressor.h"
#include "vault/seal/item_reader.h"
#include "vault/seal/recipient.h"
#include "vault/seal/stream_sealer.h"

namespace exhibit {
namespace {

enum class Content { kRandom, kText };

Bytes MakeContent(Content content, std::size_t size) {
  Bytes bytes;
  bytes.reserve(size + 200);
  std::mt19937_64 random(1);
  while (bytes.size() < size) {
    if (content == Content::kRandom) {
      for (std::uint64_t word = random(), i = 0; i < 8; ++i, word >>= 8)
        bytes.push_back(static_cast<std::uint8_t>(word));
    } else {
      Append(bytes, ViewOf("2025-03-01T12:00:00Z fs01 sshd[" + std::to_string(random() % 65'536) +
                           "]: Failed password for root from 10.0.0." + std::to_string(random() % 256) + " port " +
                           std::to_string(random() % 65'536) + " ssh2\n"));
    }
  }
  bytes.resize(size);
  return bytes;
}

void CountBytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

seal::PayloadKey MakePayloadKey() {
  return seal::DerivePayloadKey(crypto::RandomSecret<seal::FileKeyTag, 16>(), seal::NewPayloadNonce());
}

void SealBlock(benchmark::State& state) {
  const Bytes plaintext = MakeContent(Content::kRandom, 1 << 20);
  const seal::PayloadKey key = MakePayloadKey();
  Bytes sealed;
  for (auto _ : state) seal::ChunkCipher(key).Seal(0, seal::RunEnd::kMoreFollow, plaintext, sealed);
  CountBytes(state, plaintext.size());
}
BENCHMARK(SealBlock);

void OpenBlock(benchmark::State& state) {
  const Bytes plaintext = MakeContent(Content::kRandom, 1 << 20);
  const seal::PayloadKey key = MakePayloadKey();
  Bytes sealed;
  seal::ChunkCipher(key).Seal(0, seal::RunEnd::kMoreFollow, plaintext, sealed);
  Bytes opened;
  for (auto _ : state) {
    if (!seal::ChunkCipher(key).Open(0, seal::RunEnd::kMoreFollow, sealed, opened))
      state.SkipWithError("not authentic");
  }
  CountBytes(state, plaintext.size());
}
BENCHMARK(OpenBlock);

// The header of each item: an ephemeral X25519 key and a file key wrapped with it.
void SealHeader(benchmark::State& state) {
  const std::vector<seal::Recipient> recipients = {seal::X25519Identity::Generate().recipient()};
  for (auto _ : state) {
    benchmark::DoNotOptimize(seal::SealHeader(crypto::RandomSecret<seal::FileKeyTag, 16>(), recipients));
  }
}
BENCHMARK(SealHeader);

void Frame(benchmark::State& state, Content content) {
  const Bytes original = MakeContent(content, seal::kEarlyFrameBytes);
  seal::FrameCompressor compressor({static_cast<int>(state.range(0))});
  Bytes room(seal::MaxFrameBytes(original.size()));
  std::size_t frame_bytes = 0;
  for (auto _ : state) frame_bytes = compressor.Compress(original, room).size();
  CountBytes(state, original.size());
  state.counters["ratio"] = static_cast<double>(original.size()) / static_cast<double>(frame_bytes);
}
BENCHMARK_CAPTURE(Frame, random, Content::kRandom)->Arg(1)->Arg(3);
BENCHMARK_CAPTURE(Frame, text, Content::kText)->Arg(1)->Arg(2)->Arg(3)->Arg(6);

constexpr std::string_view kFieldLines = "[\"000102030405060708090a0b0c0d0e0f\",\"size\",164]\n";

// An act, or a small file: key exchange, header, one block.
void SealSmall(benchmark::State& state) {
  const std::vector<seal::Recipient> recipients = {seal::X25519Identity::Generate().recipient()};
  const Bytes original = MakeContent(Content::kText, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(seal::SealSmall(*seal::NewSealedFile::To(recipients), original, kFieldLines));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(SealSmall)->Arg(0)->Arg(4 << 10)->Arg(64 << 10);

class Memory : public ByteSource, public seal::SealedSink {
 public:
  explicit Memory(ByteView original) : rest_(original) {}
  Result<std::size_t> Read(MutableByteView buffer) override {
    const std::size_t got = std::min(buffer.size(), rest_.size());
    std::copy_n(rest_.begin(), got, buffer.begin());
    rest_ = rest_.subspan(got);
    return got;
  }
  Result<void> Begin(ByteView /*header*/) override { return {}; }
  Result<void> Put(ByteView bytes) override {
    Append(payload, bytes);
    return {};
  }
  Bytes payload;

 private:
  ByteView rest_;
};

constexpr std::size_t kFileBytes = 256 << 20;

seal::SealedStream SealAll(const seal::NewSealedFile& file, Pool& pool, Memory& memory) {
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha256);
  auto sealed = seal::SealStream(memory,
                                 {.file = file,
                                  .level = {},
                                  .see = [&](ByteView piece) { hasher.Update(piece); },
                                  .field_lines = [](std::uint64_t) { return Result<std::string>(kFieldLines); }},
                                 pool, memory);
  EXHIBIT_ASSERT(sealed.has_value());
  return std::move(*sealed);
}

void SealFile(benchmark::State& state, Content content) {
  const Bytes original = MakeContent(content, kFileBytes);
  Pool pool;
  const seal::NewSealedFile file = *seal::NewSealedFile::To({seal::X25519Identity::Generate().recipient()});
  double stored = 0;
  for (auto _ : state) {
    Memory memory(original);
    memory.payload.reserve(kFileBytes + (kFileBytes >> 4));
    SealAll(file, pool, memory);
    stored = static_cast<double>(memory.payload.size());
  }
  CountBytes(state, original.size());
  state.counters["stored"] = stored / kFileBytes;
}
BENCHMARK_CAPTURE(SealFile, random, Content::kRandom)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(SealFile, text, Content::kText)->MeasureProcessCPUTime()->UseRealTime();

struct Sealed {
  explicit Sealed(Content content) {
    const Bytes original = MakeContent(content, kFileBytes);
    Memory memory(original);
    const seal::X25519Identity identity = seal::X25519Identity::Generate();
    const auto file = *seal::NewSealedFile::To({identity.recipient()});
    sealed.emplace(SealAll(file, pool, memory));
    payload = std::move(memory.payload);
    commitment = file.commitment();
    const auto parsed = seal::ParseHeader(file.header());
    auto opened = identity.Open(parsed->header.stanzas[0]);
    file_key = std::move(**opened);
  }
  seal::ItemReader Open() {
    auto reader =
        seal::ItemReader::Open(file_key, {commitment, sealed->layout, [this](ByteRange range) -> Result<Bytes> {
                                            return ToBytes(ByteView(payload).subspan(range.offset, range.bytes));
                                          }});
    EXHIBIT_ASSERT(reader.has_value());
    return std::move(*reader);
  }
  Pool pool;
  std::optional<seal::SealedStream> sealed;
  Bytes payload;
  seal::KeyCommitment commitment;
  seal::FileKey file_key;
};

void OpenFile(benchmark::State& state, Content content) {
  Sealed sealed(content);
  const seal::ItemReader reader = sealed.Open();
  for (auto _ : state) {
    if (!reader.ReadOriginal([](ByteView) { return Result<void>(); }, &sealed.pool)) state.SkipWithError("not read");
  }
  CountBytes(state, kFileBytes);
}
BENCHMARK_CAPTURE(OpenFile, random, Content::kRandom)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(OpenFile, text, Content::kText)->MeasureProcessCPUTime()->UseRealTime();

// What a listing does for an item whose file key is known; and ten bytes from the middle.
void OpenTail(benchmark::State& state) {
  Sealed sealed(Content::kText);
  for (auto _ : state) benchmark::DoNotOptimize(sealed.Open());
}
BENCHMARK(OpenTail);
void ReadTenBytes(benchmark::State& state) {
  Sealed sealed(Content::kText);
  const seal::ItemReader reader = sealed.Open();
  for (auto _ : state) {
    if (!reader.ReadRange({kFileBytes / 2, 10}, [](ByteView) { return Result<void>(); }))
      state.SkipWithError("not read");
  }
}
BENCHMARK(ReadTenBytes);

}  // namespace
}  // namespace exhibit

BENCHMARK_MAIN();
