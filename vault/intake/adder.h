// Taking evidence into a vault: many inputs, sealed side by side, committed in groups.
//
// Small inputs are sealed on the pool, a whole one each, and committed together; a large one, or one that turns out to be
// large (what /proc says of sizes is not so, and a log grows), is a pipeline of its own (store/sealer.h). Items have the order of the calls of `Add`. Each is acknowledged, through the
// callback, after its commit is durable and not before. An input that cannot be taken in is refused by name
// and the rest goes on; `Finish` records all refusals in one sealed omission entry.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vault/intake/file_source.h"
#include "vault/intake/walk.h"
#include "vault/store/appender.h"
#include "vault/store/sealer.h"

namespace exhibit::intake {

// One thing to take in.
struct Input {
  // What the caller knows of it. Sealing completes the metadata; the adder sets recipient and progress.
  seal::Metadata metadata;
  store::DigestChoice digests;
  store::OnMismatch on_mismatch = store::OnMismatch::kRefuse;
  // True: `metadata.kind` is the user's word. False: guess.
  bool kind_is_given = false;
  std::uint64_t size_hint = 0;  // bytes; 0 if unknown
  // Opens it, once for each attempt. Null for a link, whose content is its target.
  std::function<Result<FileSource>()> open;
  // A stream cannot be read twice.
  bool can_retry = true;
  // False: an empty one is refused. Nothing comes from a stream whose program failed, too.
  bool may_be_empty = true;
};

struct Added {
  tlog::Sequence sequence;
  seal::Metadata metadata;
};

// Receives sealed files: a vault, or a drop that somebody carries to one (intake/drop.h).
class Destination {
 public:
  virtual ~Destination() = default;
  virtual const seal::X25519Recipient& recipient() const = 0;
  virtual Result<std::unique_ptr<store::SealedStage>> NewStage() = 0;
  // As store::Appender commits; durable when it returns.
  virtual Result<store::Committed> Commit(std::vector<store::Pending> group,
                                          std::unique_ptr<store::SealedStage> stage) = 0;
  virtual tlog::Checkpoint head() const = 0;
};

class Adder {
 public:
  struct Options {
    seal::CompressionLevel level{1};
    std::atomic<std::uint64_t>* progress = nullptr;
    const std::atomic<bool>* interrupted = nullptr;
  };
  Adder(std::unique_ptr<Destination> destination, Pool& pool, Options options,
        std::function<void(const Added&)> on_added, std::function<void(const Refused&)> on_refused);
  // Waits for files that are being sealed, and drops them: only committed items are in the vault.
  ~Adder();

  // Takes the input in, now or later. An error is one of the vault: then nothing more can be added.
  Result<void> Add(Input input);
  // Notes that something was not taken in.
  void Refuse(Refused refused);

  struct Outcome {
    tlog::Checkpoint checkpoint;
    std::uint64_t added = 0;
    std::uint64_t refused = 0;
    std::optional<tlog::Sequence> omission;  // the entry that records the refusals
  };
  // Commits the rest and the omissions. kInterrupted after committing everything that was sealed.
  Result<Outcome> Finish();

 private:
  struct Sealing {
    std::filesystem::path path;
    std::shared_ptr<Input> input;                                       // its metadata are gone once it is sealed
    std::future<Result<std::optional<store::SealedSmallItem>>> result;  // nothing if it is not small after all
  };
  store::SealRequest RequestFor(Input& input) const;
  Result<void> AddLarge(Input input);
  Result<store::SealedItem> SealLarge(Input& input, store::SealedStage& stage, bool accept_change,
                                      Result<void>& store_result);
  // Commits a group of the oldest waiting items.
  Result<void> CommitOldestSmall();
  Result<void> CommitAllSmall();
  Result<void> CommitGroup(std::vector<store::Pending> group, std::unique_ptr<store::SealedStage> stage);
  Result<void> CommitOmissions();

  std::unique_ptr<Destination> destination_;
  Pool& pool_;
  Options options_;
  std::function<void(const Added&)> on_added_;
  std::function<void(const Refused&)> on_refused_;
  std::deque<Sealing> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  std::vector<Refused> refused_;
  Outcome outcome_;
};

}  // namespace exhibit::intake
