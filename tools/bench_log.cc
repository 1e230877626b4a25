// What the length of a log costs. Grows a vault by entries whose sealed file is the same few bytes, so
// that the log is measured and not the sealing, and times single steps on it. Prints one JSON object.
// tools/bench runs it; a vault made by `exhibit init` is expected.
//
//   bench_log VAULT grow COUNT GROUP   appends COUNT entries, GROUP of them in each commit
//   bench_log VAULT open COUNT         opens for reading and, with an add's checks, for writing
//   bench_log VAULT prove COUNT        makes and checks inclusion proofs at random positions, and
//                                      consistency proofs from random sizes
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "vault/session/vault.h"
#include "vault/tlog/proof.h"

namespace exhibit {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

Result<crypto::SecretText> NoPassphrase(std::string_view /*what*/) {
  return Fail(ErrorCode::kDenied, "the vault's keys are to be plain");
}

// The median of `count` timings, in seconds.
Result<double> MedianOf(std::size_t count, const std::function<Result<void>()>& step) {
  std::vector<double> seconds;
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    TRY_VOID(step());
    seconds.push_back(SecondsSince(begin));
  }
  std::nth_element(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(count / 2), seconds.end());
  return seconds[count / 2];
}

Result<void> Grow(const std::filesystem::path& folder, std::uint64_t count, std::uint64_t group_size) {
  Pool pool;
  TRY(const auto vault, VaultWriter::Open({folder, {}, {}}, NoPassphrase, pool));
  seal::Metadata metadata;
  metadata.name = "entry.log";
  metadata.acquired_at = Now();
  const std::string content = "Failed password for root from 10.0.0.7 port 51522 ssh2\n";
  TRY(const store::SealedSmallItem sealed,
      store::SealSmall(
          ViewOf(content),
          {vault->genesis().recipient, {1}, {}, std::move(metadata), store::OnMismatch::kRefuse, nullptr, nullptr}));
  const auto begin = Clock::now();
  for (std::uint64_t done = 0; done < count;) {
    std::vector<store::Pending> group(static_cast<std::size_t>(std::min(group_size, count - done)),
                                      store::Pending{custody::Item{}, sealed.item, sealed.blocks});
    done += group.size();
    TRY_VOID(vault->Commit(std::move(group), nullptr));
  }
  const double seconds = SecondsSince(begin);
  std::printf("{\"entries_per_second\": %.1f, \"size\": %llu}\n", static_cast<double>(count) / seconds,
              static_cast<unsigned long long>(vault->state().next_sequence().value));
  return {};
}

Result<void> OpenOften(const std::filesystem::path& folder, std::size_t count) {
  TRY(const double reading, MedianOf(count, [&]() -> Result<void> {
        TRY_VOID(VaultReader::Open(folder));
        return {};
      }));
  TRY(const double writing, MedianOf(count, [&]() -> Result<void> {
        Pool pool;
        TRY_VOID(VaultWriter::Open({folder, {}, {}}, NoPassphrase, pool));
        return {};
      }));
  std::printf("{\"open_reading_ms\": %.3f, \"open_writing_ms\": %.3f}\n", reading * 1e3, writing * 1e3);
  return {};
}

Result<void> Prove(const std::filesystem::path& folder, std::size_t count) {
  TRY(const auto vault, VaultReader::Open(folder));
  const tlog::Checkpoint& head = vault->head();
  std::mt19937_64 random(1);  // the same positions in every run
  TRY(const double inclusion, MedianOf(count, [&]() -> Result<void> {
        const tlog::Sequence position{random() % head.size.value};
        TRY_VOID(tlog::ProveInclusion(*vault, position, head.size));
        return {};
      }));
  TRY(const double checked, MedianOf(count, [&]() -> Result<void> {
        const tlog::Sequence position{random() % head.size.value};
        TRY(const Bytes entry, vault->ReadEntry(position));
        TRY(const tlog::ProofHashes proof, tlog::ProveInclusion(*vault, position, head.size));
        return tlog::CheckInclusion(tlog::HashLeaf(entry), position, head.size, proof, head.root);
      }));
  TRY(const double consistency, MedianOf(count, [&]() -> Result<void> {
        TRY_VOID(tlog::ProveConsistency(*vault, {random() % head.size.value + 1}, head.size));
        return {};
      }));
  std::printf("{\"inclusion_us\": %.1f, \"inclusion_checked_us\": %.1f, \"consistency_us\": %.1f}\n", inclusion * 1e6,
              checked * 1e6, consistency * 1e6);
  return {};
}

Result<void> Run(const std::vector<std::string>& words) {
  if (words.size() == 4 && words[1] == "grow") return Grow(words[0], std::stoull(words[2]), std::stoull(words[3]));
  if (words.size() == 3 && words[1] == "open") return OpenOften(words[0], std::stoul(words[2]));
  if (words.size() == 3 && words[1] == "prove") return Prove(words[0], std::stoul(words[2]));
  return Fail(ErrorCode::kInvalid, "usage: bench_log VAULT grow COUNT GROUP | open COUNT | prove COUNT");
}

}  // namespace
}  // namespace exhibit

int main(int count, char** words) {
  const auto done = exhibit::Run({words + 1, words + count});
  if (done) return 0;
  std::fprintf(stderr, "bench_log: %s\n", done.error().message.c_str());
  return 1;
}
