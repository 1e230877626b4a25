#include "vault/work/verified_vault.h"

#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::work {
namespace {

Result<store::HeadFile> FileFor(const VaultReader& vault) {
  TRY(std::filesystem::path path, store::UserVerifiedLogPath(vault.head().origin));
  path += ".vault";  // notes about published copies of the log have its name without the ending
  return store::HeadFile(std::move(path), publish::kMaxVerifiedLogBytes);
}

}  // namespace

VerifiedVault VerifiedVault::Read(const VaultReader& vault) {
  VerifiedVault known;
  const auto note = [&](const Error& error) {
    known.remark_ = "the log is read from its beginning: " + error.message;
    return known;
  };
  auto file = FileFor(vault);
  if (!file) return note(file.error());
  known.file_ = std::move(*file);
  auto bytes = known.file_->Read();
  if (!bytes) return note(bytes.error());
  known.bytes_ = std::move(*bytes);
  if (!known.bytes_) return known;
  auto log = publish::DecodeVerifiedLog(*known.bytes_);
  if (!log) return note(Error(log.error()).In(Printable(known.file_->path().native())));
  if (log->fingerprint == vault.fingerprint()) known.log_ = std::move(*log);
  return known;
}

std::optional<verify::KeptCheckpoint> VerifiedVault::kept() const {
  if (!log_) return std::nullopt;
  return verify::KeptCheckpoint{verify::KeptCheckpoint::Use::kResume, file_->path().native(), log_->checkpoint,
                                log_->acts};
}

Result<void> VerifiedVault::Remember(const verify::Report& report, const VaultReader& vault) const {
  if (!file_ || !report.ok() || report.newer || !report.fingerprint) return {};
  const publish::VerifiedLog now{*report.fingerprint, report.acts, ToBytes(vault.head_note())};
  return file_->ReplaceIfStill(bytes_, publish::EncodeVerifiedLog(now));
}

}  // namespace exhibit::work
