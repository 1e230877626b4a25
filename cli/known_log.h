// What this user's state directory knows about a log, to check published copies of it: the head that was seen, and
// up to where it was verified, and with which result.
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
  // Without a state directory nothing is known, and the remark says so. kInvalid if the notes are damaged.
  static Result<KnownLog> Read(const tlog::Origin& origin);

  const std::optional<publish::VerifiedLog>& verified() const { return verified_; }
  const std::filesystem::path& verified_path() const { return verified_file_.path(); }
  const std::string& remark() const { return remark_; }  // why nothing is known and nothing can be kept

  // The checkpoints that a copy must extend. `resumes`: do not read again what was verified.
  std::vector<verify::KeptCheckpoint> Kept(verify::KeptCheckpoint::Use use) const;

  // Answers what root the log had at earlier sizes: from the notes, and from the present vault if it has this log.
  // Both are read when they are asked. REQUIRES: this outlives them.
  std::vector<verify::PastRoots> Past(const Globals& globals) const;

  // Keeps what a good report allows to keep; `leaves` are those that were read for it. If another process did so
  // meanwhile, its notes stay.
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
