// Exporting: items leave the vault in a bundle that proves itself (bundle/layout.h). In this order:
//
//   1  what can be known to fail is looked for, and nothing is recorded if it does;
//   2  an entry records who exports what to whom and why;
//   3  the bundle is made from the log as it is with that entry, so that it tells of itself;
//   4  if that fails, another entry says that nothing left.
//
// Where witnesses cannot be asked at once, 2 is done alone (`Announce`), and 3 later (`ExportAnnounced`).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "vault/bundle/companion.h"
#include "vault/bundle/exported.h"
#include "vault/tlog/policy.h"
#include "vault/work/access.h"

namespace exhibit::work {

struct ExportJob {
  std::filesystem::path target;
  // The items, chosen from the vault as it is before the export.
  std::function<Result<std::vector<tlog::Sequence>>(const VaultReader&)> choose;
  std::vector<seal::Recipient> recipients;  // empty: plain
  std::string purpose;                      // for the record
  std::string program;                      // for people, with its version
  const tlog::Policy* policy = nullptr;     // that the receiver will hold it to; may be null

  enum class Whole : std::uint8_t {
    kAll,       // one item that is not whole fails the export
    kLeaveOut,  // it is left out, and the bundle says so
  } whole = Whole::kAll;
  // Told of each item that is left out.
  std::function<void(const bundle::Missing&)> on_left_out = [](const bundle::Missing&) {};

  std::function<Result<std::unique_ptr<VaultReader>>()> open_reader;
  OpenWriter open_writer;
  // The key that signs the bundle. It is the one that `open_writer` signs with.
  std::function<Result<tlog::SigningKey>()> load_signer;
  // Collects cosignatures of the head, or does nothing.
  std::function<Result<void>(const VaultReader&)> cosign = [](const VaultReader&) { return Result<void>(); };
  bundle::Companion* companion = nullptr;  // what is told beside the evidence
  const std::atomic<bool>* interrupted = nullptr;
  // Told where the failed export could not be recorded.
  std::function<void(const Error&)> on_unrecorded = [](const Error&) {};
};

struct Exported {
  std::uint64_t items = 0;
  std::vector<bundle::Missing> missing;
  custody::Fingerprint fingerprint;
};

// REQUIRES of all three: the functions without a default. Of Export and ExportAnnounced: a target and a companion too.
//   kInvalid    an entry holds no item, or it was shredded
//   kTampered   an item is not what was signed, or the receiver's policy does not accept the checkpoint
//   else as of RecordAccess and bundle::WriteBundle; then nothing is at the target
Result<Exported> Export(const ExportJob& job, seal::Identities keys, Pool& pool);

// Gives the entry that announces it. Without keys, items are not opened.
Result<tlog::Sequence> Announce(const ExportJob& job, seal::Identities keys, Pool& pool);

// Makes the bundle that entry `announced` says, at the newest checkpoint with cosignatures that holds it. kNotFound if
// there is none.
Result<Exported> ExportAnnounced(const ExportJob& job, tlog::Sequence announced, seal::Identities keys, Pool& pool);

}  // namespace exhibit::work
