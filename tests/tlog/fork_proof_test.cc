// Goal: a fork proof convinces whoever knows the log's key, of what happened and of nothing else.
// Method: two histories of every pair of small sizes, signed by one key; then each part of a proof changed.
#include "vault/tlog/fork_proof.h"

#include "tests/tlog/golden_log.h"
#include "tests/tlog/log_on_tiles.h"

namespace exhibit::testing {
namespace {

using tlog::Fork;
using tlog::ForkProof;

struct History {
  // Entries before `fork_at` are shared, those behind are this history's own.
  History(std::string_view name, std::uint64_t size, std::uint64_t fork_at) {
    for (std::uint64_t i = 0; i < size; ++i)
      log.AppendEntry(i < fork_at ? LeafText(i) : std::string(name) + LeafText(i));
  }
  Bytes Sign(const tlog::SigningKey& key) const {
    return Unwrap(tlog::SignCheckpoint(
        {Unwrap(tlog::Origin::Parse(key.verifier().name().text())), log.tree.size(), log.tree.Root()}, key));
  }
  LogOnTiles log;
};

const tlog::SigningKey& Key() {
  static const auto key = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("log.example/a")));
  return key;
}

Result<Fork> Check(const ForkProof& proof, const tlog::VerifierKey& key = Key().verifier()) {
  // As it travels.
  TRY(const ForkProof read, tlog::DecodeForkProof(tlog::EncodeForkProof(proof)));
  return tlog::CheckForkProof(read, [&](tlog::TreeSize) { return std::vector{key}; });
}

}  // namespace

TEST_CASE("any two histories of one key are proven, whatever their sizes", "[fork_proof]") {
  for (std::uint64_t m = 1; m < 10; ++m) {
    for (std::uint64_t n = 1; n < 10; ++n) {
      for (std::uint64_t fork_at = 0; fork_at <= std::min(m, n); ++fork_at) {
        CAPTURE(m, n, fork_at);
        const History one("a", m, fork_at);
        const History other("b", n, fork_at);
        const History& larger = m > n ? one : other;
        const auto proof = Unwrap(tlog::MakeForkProof(one.Sign(Key()), other.Sign(Key()), &larger.log.tiles));
        const auto fork = Check(proof);
        const bool extends = fork_at == std::min(m, n);
        if (m == n && extends) {
          CHECK_FAILS(fork, ErrorCode::kTampered, "are the same");
          continue;
        }
        REQUIRE_OK(fork);
        CHECK(fork->smaller.size.value == std::min(m, n));
        CHECK(fork->kind == (m == n ? Fork::Kind::kTwoRoots : extends ? Fork::Kind::kTwoSizes : Fork::Kind::kTwoPasts));
        CHECK(proof.prefix.has_value() == (fork->kind == Fork::Kind::kTwoPasts));
      }
    }
  }
}

TEST_CASE("without the larger history two sizes are only two sizes", "[fork_proof]") {
  const History one("a", 4, 2);
  const History other("b", 7, 2);
  const auto proof = Unwrap(tlog::MakeForkProof(other.Sign(Key()), one.Sign(Key()), nullptr));
  CHECK(Unwrap(Check(proof)).kind == Fork::Kind::kTwoSizes);
}

TEST_CASE("no innocent log is accused", "[fork_proof]") {
  const History one("a", 4, 2);
  const History other("b", 7, 2);
  const ForkProof good = Unwrap(tlog::MakeForkProof(one.Sign(Key()), other.Sign(Key()), &other.log.tiles));
  REQUIRE(Unwrap(Check(good)).kind == Fork::Kind::kTwoPasts);
  const auto stranger = tlog::SigningKey::Generate(Key().verifier().name());
  CHECK_FAILS(Check(good, stranger.verifier()), ErrorCode::kDenied, "the smaller checkpoint");
  ForkProof wrong = good;
  wrong.larger = other.Sign(stranger);
  CHECK_FAILS(Check(wrong), ErrorCode::kDenied, "the larger checkpoint");
  // An honest growth, with a prefix made up.
  const History grown("a", 7, 0);
  const History start("a", 4, 0);
  wrong = {ForkProof::Prefix{other.log.tree.Root(), good.prefix->hashes}, start.Sign(Key()), grown.Sign(Key())};
  CHECK_FAILS(Check(wrong), ErrorCode::kTampered, "does not lead to the new root");
  wrong.prefix->root = start.log.tree.Root();
  wrong.prefix->hashes = Unwrap(tlog::ProveConsistency(grown.log.tiles, {4}, {7}));
  CHECK_FAILS(Check(wrong), ErrorCode::kTampered, "nothing contradicts");
  // Every hash of the proof counts, and there is one for each place.
  for (std::size_t i = 0; i < good.prefix->hashes.size(); ++i) {
    wrong = good;
    wrong.prefix->hashes[i].mutable_view()[3] ^= 1;
    CHECK_FAILS(Check(wrong), ErrorCode::kTampered, "does not lead to the");
  }
  wrong = good;
  wrong.prefix->hashes.pop_back();
  CHECK_FAILS(Check(wrong), ErrorCode::kTampered, "has too few hashes");
  // Another log of the same key's owner.
  const auto elsewhere = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("log.example/b")));
  const std::vector keys = {Key().verifier(), elsewhere.verifier()};
  const ForkProof two_logs = Unwrap(tlog::MakeForkProof(one.Sign(Key()), other.Sign(elsewhere), nullptr));
  CHECK_FAILS(tlog::CheckForkProof(two_logs, [&](tlog::TreeSize) { return keys; }), ErrorCode::kTampered,
              "different logs");
  const Bytes lie = Unwrap(tlog::SignCheckpoint({Unwrap(tlog::Origin::Parse("log.example/b")), {9}, {}}, Key()));
  CHECK_FAILS(Check({{}, one.Sign(Key()), lie}), ErrorCode::kTampered, "another origin than its key");
}

TEST_CASE("a fork proof has one form", "[fork_proof]") {
  const History one("a", 4, 2);
  const History other("b", 7, 2);
  const std::string good(
      TextOf(tlog::EncodeForkProof(Unwrap(tlog::MakeForkProof(one.Sign(Key()), other.Sign(Key()), &other.log.tiles)))));
  const auto read = [](const std::string& text) { return tlog::DecodeForkProof(ViewOf(text)); };
  CHECK(TextOf(tlog::EncodeForkProof(Unwrap(read(good)))) == good);
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", "does not begin"},
      {Replaced(good, "@v1", "@v2"), "does not begin"},
      {Replaced(good, "@v1\n", "@v1\r\n"), "does not begin"},
      {Replaced(good, "prefix ", "hash "), "no prefix line"},
      {Replaced(good, "hash ", "hash  "), "hash is not"},
      {Replaced(good, "hash ", "prefix "), "no hash line"},
      {Replaced(good, "\n\nlog", "\nlog"), "no hash line"},
      {good.substr(0, good.size() - 1), "does not end in a line feed"},
      {good + "\n", "no signature"},
      {good + "x", "does not end in a line feed"},
      {good.substr(0, good.rfind("\n\nlog") + 1), "two checkpoints"},
      {Replaced(good, "\n4\n", "\n9\n"), "order of their sizes"},
      {Replaced(good, "\n4\n", "\n04\n"), "not a decimal number"},
      {good.substr(0, 60), "ends before its checkpoints"},
  };
  for (const auto& [text, words] : bad) {
    CAPTURE(text);
    CHECK_FAILS(read(text), ErrorCode::kInvalid, words);
  }
  std::string many = "exhibit-fork-proof@v1\nprefix " + ToBase64(tlog::EmptyRoot().view(), Base64::kPadded) + "\n";
  for (int i = 0; i < 64; ++i) many += "hash " + ToBase64(tlog::EmptyRoot().view(), Base64::kPadded) + "\n";
  CHECK_FAILS(read(many), ErrorCode::kInvalid, "more than 63 hashes");
}

}  // namespace exhibit::testing
