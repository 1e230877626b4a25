#include "vault/rescue/found_log.h"

#include <algorithm>
#include <array>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/head_check.h"
#include "vault/tlog/note.h"

namespace exhibit::rescue {
namespace {

constexpr std::size_t kMostTried =
    64;  // positions of which several entries were found, and nothing says which is right

constexpr std::string_view kHintMore =
    "name what else there is with --also: a published copy of the log, a bundle, a proof, a kit, an older copy of the "
    "vault";

// What a position may be, the likeliest first.
struct Choice {
  tlog::LeafHash leaf;
  const FoundEntry* entry;  // null where the hash alone was found
};

class LogFinder {
 public:
  LogFinder(const Found& found, custody::SignedEntry genesis)
      : found_(found),
        genesis_(std::move(genesis)),
        origin_(genesis_.parsed().origin),
        top_(Top()),
        checkpoints_(CheckpointsBySize()) {}

  // Nothing if no checkpoint is proven.
  std::optional<RescuedLog> Run() {
    Walk best = WalkUp(chosen_);
    // An old tail that was replaced, or another vault's entries: the root says which of them is right.
    const std::vector<std::uint64_t> open = undecided_;
    for (std::size_t i = 0; i < std::min(open.size(), kMostTried); ++i) {
      const std::uint64_t position = open[i];
      const std::size_t count = ChoicesAt(position).size();
      for (std::size_t other = 1; other < count; ++other) {
        auto chosen = chosen_;
        chosen[position] = other;
        Walk walk = WalkUp(chosen);
        if (walk.size <= best.size) continue;
        best = std::move(walk);
        chosen_ = std::move(chosen);
      }
    }
    stopped_at_ = best.stopped_at;
    if (best.size == 0) return std::nullopt;
    return Make(std::move(best));
  }

  // The first position of which nothing is known, after Run gave nothing.
  std::uint64_t stopped_at() const { return stopped_at_; }
  bool has_checkpoints() const { return !checkpoints_.empty(); }

 private:
  using Chosen = std::map<std::uint64_t, std::size_t>;
  struct Walk {
    std::uint64_t size = 0;  // of the largest checkpoint that is proven
    std::vector<Choice> leaves;
    custody::LogKeys keys;
    std::map<std::uint64_t, tlog::RootHash> roots;  // at the sizes of checkpoints
    std::uint64_t stopped_at = 0;
  };

  // Every leaf that is known is an entry, named by the one after it, or a hash: no provable log is longer.
  std::uint64_t Top() const {
    if (found_.entries.empty()) return 0;
    std::uint64_t count = found_.hashes.size();
    for (const auto& [position, known] : found_.entries) count += 2 * known.size();
    const auto after = found_.entries.upper_bound(count);
    return after == found_.entries.begin() ? 0 : std::prev(after)->first;
  }

  std::map<std::uint64_t, std::vector<const CarvedCheckpoint*>> CheckpointsBySize() const {
    std::map<std::uint64_t, std::vector<const CarvedCheckpoint*>> by_size;
    for (const CarvedCheckpoint& one : found_.checkpoints) {
      if (one.says.origin == origin_ && one.says.size.value > 0) by_size[one.says.size.value].push_back(&one);
    }
    return by_size;
  }

  bool IsOurs(const FoundEntry& entry) const { return entry.origin->empty() || *entry.origin == origin_.text(); }

  std::vector<Choice> ChoicesAt(std::uint64_t position) const {
    std::vector<Choice> choices;
    if (const auto known = found_.entries.find(position); known != found_.entries.end()) {
      for (const FoundEntry& entry : known->second) {
        if (IsOurs(entry)) choices.push_back({entry.leaf, &entry});
      }
    }
    if (const auto known = found_.hashes.find(position); known != found_.hashes.end()) {
      // First entries whose hash a tree has; last those of which no tree knows, as one with a flipped bit that can be read.
      const auto is_known = [&](const Choice& choice) {
        return std::ranges::find(known->second, choice.leaf) != known->second.end();
      };
      auto unknown = std::stable_partition(choices.begin(), choices.end(), is_known);
      for (const tlog::LeafHash& hash : known->second) {
        if (std::ranges::find(choices, hash, &Choice::leaf) != choices.end()) continue;
        unknown = choices.insert(unknown, {hash, nullptr}) + 1;
      }
    }
    return choices;
  }

  // From the last entry down: each names the hash of the one before it.
  std::vector<std::optional<Choice>> WalkDown(const Chosen& chosen) {
    std::vector<std::optional<Choice>> leaves(static_cast<std::size_t>(top_) + 1);
    undecided_.clear();
    std::optional<tlog::LeafHash> named;
    for (std::uint64_t at = top_ + 1; at-- > 0;) {
      std::optional<Choice>& leaf = leaves[static_cast<std::size_t>(at)];
      const std::vector<Choice> choices = ChoicesAt(at);
      if (at == 0) named = genesis_.leaf();
      if (named) {
        const auto fits = std::ranges::find(choices, *named, &Choice::leaf);
        leaf = fits == choices.end() ? Choice{*named, nullptr} : *fits;
      } else if (!choices.empty()) {
        const auto other = chosen.find(at);
        leaf = choices[other == chosen.end() ? 0 : other->second];
        if (choices.size() > 1) undecided_.push_back(at);
      }
      named = leaf && leaf->entry != nullptr ? leaf->entry->previous : std::nullopt;
    }
    return leaves;
  }

  // From entry 0 up, with the root at each size of which there is a checkpoint.
  Walk WalkUp(const Chosen& chosen) {
    const auto leaves = WalkDown(chosen);
    Walk walk{
        0, {}, custody::LogKeys(std::get<custody::Genesis>(genesis_.parsed().body).log, genesis_.parsed().time), {}, 0};
    tlog::CompactRange tree;
    for (const std::optional<Choice>& leaf : leaves) {
      walk.stopped_at = walk.leaves.size();
      if (!leaf) break;
      walk.leaves.push_back(*leaf);
      tree.Append(leaf->leaf);
      if (leaf->entry != nullptr && leaf->entry->type == custody::LogKeyChange::kForm.type)
        TakeLogKeys(*leaf->entry, walk.keys);
      const auto here = checkpoints_.find(tree.size());
      if (here == checkpoints_.end()) continue;
      const tlog::RootHash root = walk.roots.emplace(tree.size(), tree.Root()).first->second;
      const bool is_proven = std::ranges::any_of(here->second, [&](const CarvedCheckpoint* one) {
        return one->says.root == root && walk.keys.Open(one->note);
      });
      if (is_proven && leaf->entry != nullptr) walk.size = tree.size();
    }
    return walk;
  }

  void TakeLogKeys(const FoundEntry& found, custody::LogKeys& keys) const {
    const auto entry = custody::SignedEntry::Parse(found_.Read(found.piece));
    if (!entry) return;
    const auto& change = std::get<custody::LogKeyChange>(entry->parsed().body);
    const auto note = tlog::SignedNote::Parse(entry->bytes());
    const std::array both = {keys.present().ed25519, change.log.ed25519};
    if (!note || keys.Knows(change.log.ed25519.public_key().view())) return;
    const auto signers = tlog::VerifyNote(*note, both);
    if (signers && signers->size() == both.size())
      keys.Replace(entry->parsed().sequence, entry->parsed().time, change.log);
  }

  RescuedLog Make(Walk walk) const {
    RescuedLog log{genesis_, walk.keys, {origin_, {walk.size}, walk.roots.at(walk.size)}, {}, {}, {}, {}, {}, {}};
    for (const Choice& leaf : walk.leaves) {
      // What comes after the head is of use only as far as it is whole.
      if (log.leaves.size() >= walk.size && leaf.entry == nullptr) break;
      log.leaves.push_back(leaf.leaf);
      log.entries.push_back(leaf.entry);
    }
    for (const auto& [size, several] : checkpoints_) {
      const CarvedCheckpoint* shortest = nullptr;
      for (const CarvedCheckpoint* one : several) {
        if (!walk.keys.Open(one->note)) continue;
        const auto root = walk.roots.find(size);
        if (root == walk.roots.end()) {
          log.beyond.push_back(*one);
        } else if (root->second != one->says.root) {
          log.contradicted.push_back(*one);
        } else if (size > walk.size) {
          log.beyond.push_back(*one);
        } else if (shortest == nullptr || one->note.size() < shortest->note.size()) {
          shortest = one;
        }
      }
      if (shortest != nullptr) log.checkpoints.push_back(*shortest);
    }
    log.head_note = log.checkpoints.back().note;
    return log;
  }

  const Found& found_;
  custody::SignedEntry genesis_;
  tlog::Origin origin_;
  std::uint64_t top_;
  std::map<std::uint64_t, std::vector<const CarvedCheckpoint*>> checkpoints_;
  Chosen chosen_;
  std::vector<std::uint64_t> undecided_;
  std::uint64_t stopped_at_ = 0;
};

// The beginnings of logs that were found: of the damaged store's origin, where that is known.
std::vector<custody::SignedEntry> FindGeneses(const Found& found, const std::optional<custody::Fingerprint>& wanted) {
  std::vector<custody::SignedEntry> geneses;
  const auto known = found.entries.find(0);
  if (known == found.entries.end()) return geneses;
  for (const FoundEntry& entry : known->second) {
    if (wanted && !Equal(entry.leaf.view(), wanted->view())) continue;
    if (!wanted && !found.origins_here.empty() && !found.origins_here.contains(*entry.origin)) continue;
    auto parsed = custody::SignedEntry::Parse(found.Read(entry.piece));
    if (!parsed) continue;
    auto genesis = store::CheckedGenesis(std::move(*parsed));
    if (genesis) geneses.push_back(std::move(*genesis));
  }
  return geneses;
}

}  // namespace

Result<RescuedLog> FindLog(const Found& found, const std::optional<custody::Fingerprint>& wanted) {
  std::vector<custody::SignedEntry> geneses = FindGeneses(found, wanted);
  if (found.entries.empty()) {
    return Fail(ErrorCode::kNotFound,
                "nothing of a vault was found: neither entry 0, where its log begins, nor any other",
                std::string(kHintMore));
  }
  if (geneses.empty()) {
    return Fail(ErrorCode::kNotFound,
                Format("entry 0, the beginning of the log, is lost{}; without it no key of the vault is known",
                       wanted ? ", or is that of another vault" : ""),
                std::string(kHintMore));
  }
  std::optional<RescuedLog> log;
  Error nothing{ErrorCode::kNotFound, "no checkpoint of this vault was found", std::string(kHintMore)};
  for (custody::SignedEntry& genesis : geneses) {
    LogFinder finder(found, std::move(genesis));
    auto made = finder.Run();
    if (made && log) {
      return Fail(ErrorCode::kInvalid,
                  Format("there are two vaults here, with the fingerprints {} and {}", ToHex(log->fingerprint().view()),
                         ToHex(made->fingerprint().view())),
                  "say which with --fingerprint");
    }
    if (made) log = std::move(made);
    if (!finder.has_checkpoints()) continue;
    nothing.message = Format(
        "too little of the log is left to prove it: nothing says what entry {} was, and every signed head is beyond it",
        finder.stopped_at());
  }
  if (!log) return Fail(std::move(nothing));
  return std::move(*log);
}

}  // namespace exhibit::rescue
