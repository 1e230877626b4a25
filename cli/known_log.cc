#include "cli/known_log.h"

#include <memory>

#include "vault/base/file.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

namespace fs = std::filesystem;
using verify::KeptCheckpoint;

}  // namespace

Result<KnownLog> KnownLog::Read(const tlog::Origin& origin) {
  KnownLog known(origin);
  const auto head_path = store::UserHeadPath(origin);
  if (!head_path) {
    known.remark_ = "the log cannot be compared with what was seen before: " + head_path.error().message;
    return known;
  }
  TRY(const fs::path path, store::UserVerifiedLogPath(origin));
  known.head_file_ = store::HeadFile(*head_path);
  known.verified_file_ = store::HeadFile(path, publish::kMaxVerifiedLogBytes);
  known.leaves_path_ = path;
  known.leaves_path_ += ".leaves";
  TRY(known.head_, known.head_file_.Read());
  TRY(const std::optional<Bytes> bytes, known.verified_file_.Read());
  if (!bytes) return known;
  auto log = publish::DecodeVerifiedLog(*bytes);
  if (!log) {
    return Fail(
        Error(std::move(log).error())
            .In(Printable(path.native()))
            .Hint("what was known of this log is damaged: remove the file to verify the log from its beginning"));
  }
  known.verified_ = std::move(*log);
  return known;
}

std::vector<KeptCheckpoint> KnownLog::Kept(KeptCheckpoint::Use use) const {
  std::vector<KeptCheckpoint> kept;
  if (head_) kept.push_back({KeptCheckpoint::Use::kCompare, head_file_.path().native(), *head_});
  if (verified_) kept.push_back({use, verified_file_.path().native(), verified_->checkpoint, verified_->acts});
  return kept;
}

// Trusted only if they make the root that was verified.
Result<publish::SeenTree> KnownLog::ReadSeen() const {
  if (!verified_) return Fail(ErrorCode::kNotFound, "nothing was verified");
  TRY(const Bytes bytes, ReadFile(leaves_path_, publish::kMaxSeenTreeBytes));
  TRY(publish::SeenTree seen, publish::SeenTree::Decode(bytes));
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(verified_->checkpoint));
  TRY(const tlog::Checkpoint checkpoint, tlog::DecodeCheckpoint(note.text()));
  TRY(const tlog::RootHash root, seen.RootAt(checkpoint.size));
  if (root == checkpoint.root) return seen.ContinuedAt(checkpoint.size, {});
  return Fail(ErrorCode::kInvalid, "the leaves that were kept are not those of what was verified");
}

std::vector<verify::PastRoots> KnownLog::Past(const Globals& globals) const {
  std::vector<verify::PastRoots> past;
  past.emplace_back(
      [this, seen = std::optional<Result<publish::SeenTree>>()](tlog::TreeSize size) mutable -> Result<tlog::RootHash> {
        if (!seen) seen = ReadSeen();
        if (!*seen) return Fail(seen->error());
        return (*seen)->RootAt(size);
      });
  using Vault = std::shared_ptr<const VaultReader>;  // a function that is copied holds it
  past.emplace_back(
      [this, &globals, vault = std::optional<Vault>()](tlog::TreeSize size) mutable -> Result<tlog::RootHash> {
        if (!vault) {
          auto opened = VaultReader::Open(globals.VaultFolder(), {});
          vault = opened && (*opened)->head().origin == origin_ ? Vault(std::move(*opened)) : Vault();
        }
        if (!*vault || (*vault)->head().size < size)
          return Fail(ErrorCode::kNotFound, "there is no vault of this log here");
        TRY(const tlog::GrowingTree tree, tlog::GrowingTree::Open(size, **vault));
        return tree.Root();
      });
  return past;
}

Result<void> KnownLog::RememberLeaves(const verify::Report& report, const std::vector<tlog::LeafHash>& leaves) const {
  const tlog::TreeSize from = report.resumed ? report.resumed->checkpoint.size : tlog::TreeSize{0};
  if (report.head->size.value > publish::kMaxSeenLeaves || leaves.empty()) return {};
  // Where the beginning was not kept, there is nothing to go on from until the whole is read again.
  const auto before = from.value == 0 ? Result<publish::SeenTree>(publish::SeenTree()) : ReadSeen();
  auto now = before ? before->ContinuedAt(from, leaves) : Result<publish::SeenTree>(Fail(before.error()));
  if (!now) return {};
  TRY_VOID(CreateFolders(leaves_path_.parent_path()));
  return ReplaceFile(leaves_path_, now->Encode(), 0644);
}

Result<void> KnownLog::Remember(const verify::Report& report, ByteView claimed,
                                const std::vector<tlog::LeafHash>& leaves) const {
  if (!remark_.empty()) return {};
  // Without the lines of others: a stranger can add as many as a note may have.
  TRY(const Bytes signed_by_log, publish::WithLogSignaturesAlone(claimed, report.log_keys->For(report.head->size)));
  TRY_VOID(head_file_.ReplaceIfStill(head_, signed_by_log));
  // Before what they are the leaves of: longer than that they do no harm.
  TRY_VOID(RememberLeaves(report, leaves));
  const publish::VerifiedLog now{*report.fingerprint, report.acts, signed_by_log};
  std::optional<Bytes> before;
  if (verified_) before = publish::EncodeVerifiedLog(*verified_);
  return verified_file_.ReplaceIfStill(before, publish::EncodeVerifiedLog(now));
}

}  // namespace exhibit::cli
