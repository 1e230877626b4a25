// Exporting: items leave the vault in a bundle that proves itself (bundle/layout.h). In this order:
//
//   1  what can be known to fail is looked for, and nothing is recorded if it does;
//   2  an entry (`export`) records who exports what to whom and why;
//   3  the data are written, and their manifest;
//   4  another entry (`exported`) names that manifest;
//   5  the rest of the bundle is made from the log as it is with both, so that it tells of itself;
//   6  if 3 to 5 fail, another entry (`export-failed`) says that nothing left.
//
// Until 5 is done, nothing has the target's name: where a receiver's policy asks for witnesses, they have seen the export
// before anything leaves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "vault/bundle/companion.h"
#include "vault/bundle/exported.h"
#include "vault/bundle/writer.h"
#include "vault/tlog/policy.h"
#include "vault/work/access.h"

namespace exhibit::work {

struct ExportJob {
  std::filesystem::path target;
  // The items, chosen from the vault as it is before the export.
  std::function<Result<std::vector<tlog::Sequence>>(const VaultReader&)> choose;
  std::vector<seal::Recipient> recipients;             // empty: plain
  std::vector<std::string> withhold = {};              // keys of items' fields that a plain bundle does not tell
  bundle::Digests digests = bundle::Digests::kSha256;  // of the manifests
  std::string purpose;                                 // for the record
  std::string program;                                 // for people, with its version
  const tlog::Policy* policy = nullptr;                // that the receiver will hold it to; may be null

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
  // Collects cosignatures of the head, or does nothing. Asked with the two entries of the export in the log.
  std::function<Result<void>(const VaultReader&)> cosign = [](const VaultReader&) { return Result<void>(); };
  // Tokens over the head, for log/timestamps; asked after `cosign`.
  std::function<Result<std::vector<crypto::TimestampToken>>(const VaultReader&)> stamp = [](const VaultReader&) {
    return Result<std::vector<crypto::TimestampToken>>();
  };
  bundle::Companion* companion = nullptr;  // what is told beside the evidence
  const std::atomic<bool>* interrupted = nullptr;
  // Told where the failed export could not be recorded.
  std::function<void(const Error&)> on_unrecorded = [](const Error&) {};
};

struct Exported {
  std::uint64_t items = 0;
  std::vector<bundle::Missing> missing;
  custody::Fingerprint fingerprint;
  tlog::Sequence export_entry;    // the act before
  tlog::Sequence exported_entry;  // the act that names the manifest
};

// REQUIRES: the functions without a default, a target and a companion.
//   kInvalid    an entry holds no item, or it was shredded
//   kTampered   an item is not what was signed, or the receiver's policy does not accept the checkpoint
//   else as of RecordAccess and bundle::BundleWriter; then nothing is at the target
Result<Exported> Export(const ExportJob& job, seal::Identities keys, Pool& pool);

}  // namespace exhibit::work
