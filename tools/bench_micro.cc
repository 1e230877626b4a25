// What each step costs for a byte, a hash or a signature, on one thread. bench_seal has what a sealed file costs.
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "vault/crypto/ed25519.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/random.h"
#include "vault/custody/entry.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/tree.h"

namespace exhibit {
namespace {

Bytes RandomContent(std::size_t size) {
  Bytes bytes;
  std::mt19937_64 random(1);
  while (bytes.size() < size) {
    for (std::uint64_t word = random(), i = 0; i < 8; ++i, word >>= 8) bytes.push_back(static_cast<std::uint8_t>(word));
  }
  bytes.resize(size);
  return bytes;
}

void CountBytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void Hash(benchmark::State& state) {
  const Bytes bytes = RandomContent(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(crypto::Sha256(bytes));
  CountBytes(state, bytes.size());
}
BENCHMARK(Hash)->Arg(64)->Arg(1 << 10)->Arg(64 << 10)->Arg(1 << 20);

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

// An item's entry with four labels.
custody::Entry AnEntry(const tlog::SigningKey& key) {
  const custody::SealedFile file{*custody::Labels::Make({}, {}),
                                 custody::DigestOf<custody::HeaderDigest>(ViewOf("header")),
                                 custody::DigestOf<custody::KeyCommitment>(ViewOf("key")),
                                 custody::DigestOf<custody::PayloadDigest>(ViewOf("payload")),
                                 custody::DigestOf<custody::FieldsDigest>(ViewOf("fields"))};
  return {*tlog::Origin::Parse("x7.example/q4d2"),
          {7},
          tlog::HashLeaf(ViewOf("before")),
          {0},
          custody::EntryTimeOf(Now()),
          custody::ActorOf(key.verifier()),
          custody::Item(),
          file};
}

void ParseEntry(benchmark::State& state) {
  const tlog::SigningKey key = tlog::SigningKey::Generate(*tlog::KeyName::Parse("x7.example/q4d2/k1"));
  const auto entry = custody::SignedEntry::Sign(AnEntry(key), key);
  if (!entry) return state.SkipWithError(entry.error().message.c_str());
  for (auto _ : state) benchmark::DoNotOptimize(custody::SignedEntry::Parse(ToBytes(entry->bytes())));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ParseEntry);

}  // namespace
}  // namespace exhibit

BENCHMARK_MAIN();
