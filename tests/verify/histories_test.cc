// Goal: nobody who kept a head is fooled, whatever becomes of the log, and nobody honest is accused. Method: 10,000
// random histories of one log in memory, in which its owner adds, restores older copies, forks and goes on, and
// keepers look now and then and keep what they saw. What must come out is known from the entries themselves.
//
// EXHIBIT_TEST_SEED replays a run, EXHIBIT_HISTORIES changes their number.
#include <cstdlib>
#include <mutex>
#include <random>

#include "tests/tlog/log_on_tiles.h"
#include "vault/base/parallel.h"
#include "vault/tlog/fork_proof.h"
#include "vault/verify/kept_check.h"

namespace exhibit::testing {
namespace {

constexpr const char* kOrigin = "test.example/histories";
// The log's key was replaced in this entry, in every history: heads are signed by one key or the other.
constexpr tlog::Sequence kNewKeyAt{6};

// Ed25519 gives one signature for one text, so that these keys may serve all histories.
struct Keys {
  tlog::SigningKey first = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(kOrigin)));
  tlog::SigningKey second = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(kOrigin)));
  custody::LogKeys known = [this] {
    custody::LogKeys keys({first.verifier()}, {});
    keys.Replace(kNewKeyAt, {}, {second.verifier()});
    return keys;
  }();
  std::vector<tlog::VerifierKey> both = {first.verifier(), second.verifier()};
};

// The log, or a copy of it. An entry is known by a number that no other has.
struct Copy {
  std::vector<std::uint64_t> entries;
  LogOnTiles log;

  void Append(std::uint64_t entry) {
    entries.push_back(entry);
    log.AppendEntry(LeafText(entry));
  }
  tlog::Checkpoint Head() const { return {Unwrap(tlog::Origin::Parse(kOrigin)), {entries.size()}, log.tree.Root()}; }
  Bytes Signed(const Keys& keys) const {
    const bool is_new = entries.size() > kNewKeyAt.value;
    return Unwrap(tlog::SignCheckpoint(Head(), is_new ? keys.second : keys.first));
  }
  bool BeginsLike(const Copy& other) const {
    return entries.size() >= other.entries.size() &&
           std::equal(other.entries.begin(), other.entries.end(), entries.begin());
  }
};

// Somebody who saw the log as it was in this copy, and kept its head.
struct Keeper {
  Copy saw;
  Bytes note;
};

// One history. What goes wrong is said in `wrong`, because assertions are for one thread.
class History {
 public:
  History(const Keys& keys, std::uint64_t seed) : keys_(keys), chance_(seed) {}

  std::string Run() {
    Add();
    for (int step = 0; step < 14 && wrong_.empty(); ++step) Step();
    for (const Keeper& keeper : keepers_) {
      if (wrong_.empty()) Look(keeper);
    }
    return wrong_;
  }

 private:
  std::uint64_t Below(std::uint64_t end) { return chance_() % end; }

  void Step() {
    switch (Below(8)) {
      case 0:
      case 1:
      case 2: return Add();
      case 3: return Keep();
      case 4: return backups_.push_back(log_);
      case 5: return RollBack();
      case 6: return Fork();
      case 7: return Recover();
    }
  }

  // What is added after a roll back may be what stood there before, byte for byte: then nothing happened.
  void Add() {
    for (std::uint64_t more = 1 + Below(5); more > 0; --more) log_.Append(branch_ * 1000 + log_.entries.size());
  }

  void Keep() {
    if (keepers_.size() == 3) {
      Keeper& again = keepers_[Below(3)];
      if (Look(again)) again = {log_, log_.Signed(keys_)};
    } else {
      keepers_.push_back({log_, log_.Signed(keys_)});
    }
  }

  void RollBack() {
    if (!backups_.empty()) log_ = backups_[Below(backups_.size())];
  }

  void Fork() {
    RollBack();
    branch_ = ++branches_;
    Add();
  }

  // An honest restore: the log says so in an entry, and the one who did it keeps the new head. Everybody else
  // who kept the lost one still sees that it was lost.
  void Recover() {
    Fork();
    if (!keepers_.empty()) keepers_[Below(keepers_.size())] = {log_, log_.Signed(keys_)};
  }

  // Whether the log is taken for one that this keeper saw. That, and each proof, must be as the entries say.
  bool Look(const Keeper& keeper) {
    const tlog::Checkpoint head = log_.Head();
    const bool extends = log_.BeginsLike(keeper.saw);
    const auto taken = verify::CheckKept(log_.log.tiles, head, keys_.known,
                                         {verify::KeptCheckpoint::Use::kCompare, "kept", keeper.note});
    Expect(taken.has_value() == extends, extends ? "an honest log is refused" : "a keeper is fooled");
    if (!taken) Expect(taken.error().code == ErrorCode::kTampered, taken.error().message);
    CheckProof(keeper, extends);
    return extends;
  }

  void CheckProof(const Keeper& keeper, bool extends) {
    const std::size_t kept = keeper.saw.entries.size();
    const std::size_t now = log_.entries.size();
    // Whoever has the larger tree can show what stood in it at the smaller size.
    const tlog::TileReader* const larger = kept < now ? &log_.log.tiles : &keeper.saw.log.tiles;
    const auto fork = [&]() -> Result<tlog::Fork> {
      TRY(const tlog::ForkProof proof, tlog::MakeForkProof(keeper.note, log_.Signed(keys_), larger));
      TRY(const tlog::ForkProof read, tlog::DecodeForkProof(tlog::EncodeForkProof(proof)));
      return tlog::CheckForkProof(read, [&](tlog::TreeSize) { return keys_.both; });
    }();
    if (extends && kept == now) return Expect(!fork, "one head contradicts itself");
    if (!fork) return Expect(false, fork.error().message);
    const bool one_way = extends || keeper.saw.BeginsLike(log_);
    Expect(fork->kind == (one_way       ? tlog::Fork::Kind::kTwoSizes
                          : kept == now ? tlog::Fork::Kind::kTwoRoots
                                        : tlog::Fork::Kind::kTwoPasts),
           "the fork proof shows something else");
    Expect(fork->smaller.size.value == std::min(kept, now), "the fork proof is not of these two");
  }

  void Expect(bool holds, std::string_view what) {
    if (!holds && wrong_.empty()) wrong_ = what;
  }

  const Keys& keys_;
  std::mt19937_64 chance_;
  Copy log_;
  std::vector<Copy> backups_;
  std::vector<Keeper> keepers_;
  std::uint64_t branch_ = 0;  // that entries are now of
  std::uint64_t branches_ = 0;
  std::string wrong_;
};

std::uint64_t NumberOf(const char* name, std::uint64_t otherwise) {
  const char* const given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

}  // namespace

TEST_CASE("nobody who kept a head is fooled in 10,000 random histories, and nobody honest is accused", "[histories]") {
  const std::uint64_t seed = NumberOf("EXHIBIT_TEST_SEED", std::random_device()());
  const std::uint64_t count = NumberOf("EXHIBIT_HISTORIES", 10'000);
  INFO("EXHIBIT_TEST_SEED=" << seed);
  const Keys keys;
  Pool pool;
  std::mutex mutex;
  std::string wrong;
  pool.ForEach(static_cast<std::size_t>(count), [&](std::size_t i) {
    const std::string said = History(keys, seed * 1'000'003 + i).Run();
    if (said.empty()) return;
    const std::lock_guard lock(mutex);
    wrong = "history " + std::to_string(i) + ": " + said;
  });
  CHECK(wrong == "");
}

}  // namespace exhibit::testing
