// What each step costs for a byte, a hash or a signature, on one thread.
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "vault/crypto/ed25519.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/random.h"
#include "vault/custody/entry.h"
#include "vault/seal/age_header.h"
#include "vault/seal/chunks.h"
#include "vault/seal/frames.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/tree.h"

namespace exhibit {
namespace {

enum class Content { kRandom, kText };

Bytes MakeContent(Content content, std::size_t size) {
  Bytes bytes;
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

void Hash(benchmark::State& state) {
  const Bytes bytes = MakeContent(Content::kRandom, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(crypto::Sha256(bytes));
  CountBytes(state, bytes.size());
}
BENCHMARK(Hash)->Arg(64)->Arg(1 << 10)->Arg(64 << 10)->Arg(1 << 20);

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
  const seal::X25519Recipient recipient = seal::X25519Identity::Generate().recipient();
  for (auto _ : state) {
    benchmark::DoNotOptimize(seal::SealHeader(crypto::RandomSecret<seal::FileKeyTag, 16>(), std::span(&recipient, 1)));
  }
}
BENCHMARK(SealHeader);

void Frame(benchmark::State& state, Content content) {
  const Bytes original = MakeContent(content, seal::kFrameBytes);
  seal::FrameCompressor compressor({static_cast<int>(state.range(0))});
  Bytes room(seal::kMaxFrameBytes);
  std::size_t frame_bytes = 0;
  for (auto _ : state) frame_bytes = compressor.Compress(original, room).size();
  CountBytes(state, original.size());
  state.counters["ratio"] = static_cast<double>(original.size()) / static_cast<double>(frame_bytes);
}
BENCHMARK_CAPTURE(Frame, random, Content::kRandom)->Arg(1)->Arg(3);
BENCHMARK_CAPTURE(Frame, text, Content::kText)->Arg(1)->Arg(2)->Arg(3)->Arg(6);

void AppendToTree(benchmark::State& state) {
  tlog::GrowingTree tree;
  const tlog::LeafHash leaf = tlog::HashLeaf(ViewOf("entry"));
  for (auto _ : state) {
    tree.Append(leaf);
    if (tree.size().value % tlog::kTileWidth == 0) benchmark::DoNotOptimize(tree.TakeChangedTiles());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(AppendToTree);

void HashChildren(benchmark::State& state) {
  tlog::NodeHash node = tlog::AsNode(tlog::HashLeaf(ViewOf("entry")));
  for (auto _ : state) node = tlog::HashChildren(node, node);
  benchmark::DoNotOptimize(node);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(HashChildren);

const std::string kEntryLike(700, 'e');

void Sign(benchmark::State& state) {
  const crypto::Ed25519Key key = crypto::Ed25519Key::Generate();
  for (auto _ : state) benchmark::DoNotOptimize(key.Sign(ViewOf(kEntryLike)));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Sign);

void CheckSignature(benchmark::State& state) {
  const crypto::Ed25519Key key = crypto::Ed25519Key::Generate();
  const crypto::Ed25519Signature signature = key.Sign(ViewOf(kEntryLike));
  for (auto _ : state) {
    if (!crypto::Ed25519Verify(key.public_key(), ViewOf(kEntryLike), signature)) state.SkipWithError("not authentic");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(CheckSignature);

void ParseEntry(benchmark::State& state) {
  const tlog::SigningKey key = tlog::SigningKey::Generate(*tlog::KeyName::Parse("alice"));
  const custody::Item item{{custody::DigestOfHeader(ViewOf("header")), 316, 300, tlog::EmptyRoot()}};
  const auto entry = custody::SignedEntry::Sign({*tlog::Origin::Parse("bench.example/entries"),
                                                 {7},
                                                 tlog::HashLeaf(ViewOf("before")),
                                                 Now(),
                                                 custody::ActorOf(key.verifier()),
                                                 item},
                                                key);
  if (!entry) return state.SkipWithError(entry.error().message.c_str());
  for (auto _ : state) benchmark::DoNotOptimize(custody::SignedEntry::Parse(ToBytes(entry->bytes())));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ParseEntry);

}  // namespace
}  // namespace exhibit

BENCHMARK_MAIN();
