// Up to where this user verified a vault's log, so that the next check of the log reads what came since.
//
// It is kept in the user's state directory, beside the head that was seen and in the form of publish/verified_log.h: the
// signed checkpoint, and which entries before it change who may sign. The vault's folder has no part in it: whoever changes
// what is there cannot change what this user takes for verified.
#pragma once

#include <optional>
#include <string>

#include "vault/publish/verified_log.h"
#include "vault/session/vault_reader.h"
#include "vault/store/kept_heads.h"
#include "vault/verify/report.h"

namespace exhibit::work {

class VerifiedVault {
 public:
  // What is known of this vault: nothing if it was never verified, or if what was kept cannot be read, which the remark
  // says.
  static VerifiedVault Read(const VaultReader& vault);

  // To resume from, if anything was verified.
  std::optional<verify::KeptCheckpoint> kept() const;
  const std::string& remark() const { return remark_; }

  // Keeps up to where a report that is good now says so. REQUIRES: the log was read from its beginning, or from kept().
  // Does nothing for any other report, and nothing if another process has kept something else meanwhile.
  Result<void> Remember(const verify::Report& report, const VaultReader& vault) const;

 private:
  std::optional<store::HeadFile> file_;
  std::optional<Bytes> bytes_;
  std::optional<publish::VerifiedLog> log_;
  std::string remark_;
};

}  // namespace exhibit::work
