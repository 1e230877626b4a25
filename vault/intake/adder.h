// Taking evidence in: many inputs, sealed side by side, committed in groups.
//
// Small inputs are sealed on the pool, a whole one each, and committed together; a large one, or one that turns out to be
// large (what /proc says of sizes is not so, and a log grows), is a pipeline of its own (seal/stream_sealer.h). Items have
// the order of the calls of `Add`. Each is acknowledged, through the callback, after its commit is durable and not before.
// An input that cannot be taken in is refused by name and the rest goes on; `Finish` records all refusals, and what the user
// asked to leave out, in one omission (intake/omissions.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vault/intake/destination.h"
#include "vault/intake/file_source.h"
#include "vault/intake/item_sealing.h"
#include "vault/intake/omissions.h"
#include "vault/intake/recall.h"
#include "vault/intake/walk.h"

namespace exhibit::intake {

// What happens to a stream that ends before its end, or a file whose medium goes away: reading it fails, or somebody asks to
// stop a stream.
enum class OnCut : std::uint8_t {
  kRefuse,  // it leaves no trace
  kKeep,    // what came is taken in, and its fields say that it is not whole
};

// Whether somebody named this very thing, or a profile that looks for what a machine may have.
enum class Wanted : std::uint8_t {
  kByName,   // that it does not come in is a refusal
  kIfThere,  // that nothing comes of it is noted, and no failure
};

struct StreamEnd {
  std::optional<custody::PartialFacts> partial = {};  // if that program failed: its exit status
  store::Fields more = {};
};

// One thing to take in.
struct Input {
  // What the caller knows of it; sealing completes it. Without a kind that is guessed. Its `partial` is that of something
  // that was cut before it came here. Labels are made of its `cases`.
  custody::ItemFacts facts;
  // Fields that ItemFacts does not have, such as `derived`, `attached-to`, `segment-of`, `kept-at`.
  store::Fields more = {};
  SealingChoices sealing = {};
  std::uint64_t size_hint = 0;  // bytes; 0 if unknown
  // Of a file: by this the journal knows it again.
  std::optional<FileLook> look = {};
  // Opens it, once for each attempt. Null for a link, whose content is its target.
  std::function<Result<FileSource>()> open;
  // A stream cannot be read twice.
  bool can_retry = true;
  OnCut on_cut = OnCut::kRefuse;
  // Asked after so many bytes of a stream were read, to its end: what is known of the program that made it. An error refuses it.
  std::function<Result<StreamEnd>(std::uint64_t bytes)> ended;
  // False: an empty one is refused. Nothing comes from a stream whose program failed, too.
  bool may_be_empty = true;
  Wanted wanted = Wanted::kByName;
};

struct Added {
  tlog::Sequence sequence;
  custody::ItemFacts facts;
  // An earlier item that has the same bytes, as far as the journal knows.
  std::optional<tlog::Sequence> same_as = {};
};

// What happens to a file of which the journal says that it is there already.
enum class Known : std::uint8_t { kAddAgain, kPassOver };

class Adder {
 public:
  struct Options {
    seal::CompressionLevel level{1};
    std::atomic<std::uint64_t>* progress = nullptr;  // bytes of originals that were sealed
    const std::atomic<bool>* interrupted = nullptr;
    std::vector<std::string> cases = {};  // of the omission, whose labels it gets
    Journal* journal = nullptr;           // of this user, if there is one; outlives the adder
    Known known = Known::kAddAgain;
    std::function<void(const std::string&)> on_remark = {};  // something that the user should know
    std::function<void(const std::filesystem::path&, const std::string& why)> on_left_out = {};
  };
  Adder(std::unique_ptr<Destination> destination, Pool& pool, Options options,
        std::function<void(const Added&)> on_added, std::function<void(const Refused&)> on_refused);
  // Waits for files that are being sealed, and drops them: only committed items are in the vault.
  ~Adder();

  // Takes the input in, now or later. An error is one of the vault: then nothing more can be added.
  Result<void> Add(Input input);
  // Notes that something was not taken in.
  void Refuse(Refused refused);
  // Notes that something was left out, as the user asked, or that there is none of it.
  void LeaveOut(const std::filesystem::path& path, const std::string& why);
  // Notes what the program that made the evidence could not have, as it says itself.
  void Miss(const Refused& missed);

  struct Outcome {
    tlog::Checkpoint checkpoint;
    std::uint64_t added = 0;
    std::uint64_t refused = 0;
    std::uint64_t left_out = 0;
    std::uint64_t missed = 0;
    std::uint64_t known = 0;                 // passed over
    std::optional<tlog::Sequence> omission;  // the entry that records what was refused and left out
  };
  // Commits the rest and the omission, and closes the destination. kInterrupted after committing everything that was
  // sealed, and what came of a stream that is kept.
  Result<Outcome> Finish();

 private:
  struct Sealing {
    std::shared_ptr<Input> input;
    std::future<Result<std::optional<store::SealedEntry>>> result;  // nothing if it is not small after all
  };
  Result<std::optional<store::SealedEntry>> SealSmall(const Input& input) const;
  Result<void> AddLarge(Input input);
  Result<store::SealedEntry> SealLarge(const Input& input, store::SealedStage& stage, bool accept_change,
                                       Result<void>& store_result);
  // Commits a group of the oldest waiting items.
  Result<void> CommitOldestSmall();
  Result<void> CommitAllSmall();
  Result<void> CommitGroup(std::vector<Ready> group, std::unique_ptr<store::SealedStage> stage);
  Result<void> CommitOmissions();
  void NotTaken(const Input& input, const Error& why);
  void CountProgress(std::size_t bytes) const;

  std::unique_ptr<Destination> destination_;
  Pool& pool_;
  Options options_;
  std::function<void(const Added&)> on_added_;
  std::function<void(const Refused&)> on_refused_;
  std::deque<Sealing> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  Recall recall_;
  Omissions omissions_;
  Outcome outcome_;
};

}  // namespace exhibit::intake
