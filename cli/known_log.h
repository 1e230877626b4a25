// What this user's state directory knows of a log, for a check of its published copies: the head that was seen, and
// how far and as what it was verified.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "vault/publish/seen_tree.h"
#include "vault/publish/verified_log.h"
#include "vault/store/kept_heads.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/older_check.h"
#include "vault/verify/report.h"

namespace exhibit::cli {

class KnownLog {
 public:
  // Nothing is known without a state directory, and the remark says so. kInvalid if what was known is damaged.
  static Result<KnownLog> Read(const tlog::Origin& origin);

  const std::optional<publish::VerifiedLog>& verified() const { return verified_; }
  const std::filesystem::path& verified_path() const { return verified_file_.path(); }
  const std::string& remark() const { return remark_; }  // why nothing is known and nothing can be kept

  // The checkpoints that a copy must extend. `resumes` takes what was verified as it was.
  std::vector<verify::KeptCheckpoint> Kept(verify::KeptCheckpoint::Use use) const;

  // Who knows what the log was at earlier sizes: what was verified, and the vault at hand, if it is this log's.
  // Both are read when they are asked. This outlives them.
  std::vector<verify::PastRoots> Past(const Globals& globals) const;

  // What a good report allows to be kept; `leaves` are those that were read for it. Another process that did so
  // meanwhile is not overwritten.
  Result<void> Remember(const verify::Report& report, ByteView head, const std::vector<tlog::LeafHash>& leaves) const;

 private:
  explicit KnownLog(tlog::Origin origin) : origin_(std::move(origin)) {}
  Result<publish::SeenTree> ReadSeen() const;
  Result<void> RememberLeaves(const verify::Report& report, const std::vector<tlog::LeafHash>& leaves) const;

  tlog::Origin origin_;
  store::HeadFile head_file_{{}};
  std::optional<Bytes> head_;
  store::HeadFile verified_file_{{}};
  std::optional<publish::VerifiedLog> verified_;
  std::filesystem::path leaves_path_;
  std::string remark_;
};

}  // namespace exhibit::cli
