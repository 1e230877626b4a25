// Checking a bundle, with nothing but the bundle and what the receiver brings.
//
//   the bag     every file is listed, plain, and has the hash that the manifest says
//   bundle.note  the tag manifests are those that a custodian signed who is one when the bundle was made
//   genesis     entry 0 is signed by the custodian it names, stands at position 0 of the checkpoint,
//               and, where a fingerprint was brought, is the vault's
//   each item   its entry is signed by a custodian of the vault, stands where it says and follows the
//               entry before it, where the bundle holds that one; the sealed file's payload is the one that the entry names, and so is the original header
//   contents    with an identity (the bundle's own, or the receiver's): the file key is the one that the
//               original header commits to, every chunk is authentic, and size and digests are those
//               of the sealed metadata; a plain original beside it is byte for byte the same
//   the rest    there is none: a file that nothing above looked at has no place, though it be listed
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/file_hasher.h"
#include "vault/seal/recipient.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

struct VerifyRequest {
  std::optional<custody::Fingerprint> fingerprint = {};
  std::span<const seal::X25519Identity> identities = {};
  const std::atomic<bool>* interrupted = nullptr;
  // Where a container is unpacked meanwhile; a disk with room for all of it.
  std::filesystem::path unpack_in = "/var/tmp";
  // A new folder for what was in a container, which is there once all of it holds; empty for none.
  std::filesystem::path keep_as = {};
  const tlog::Policy* policy = nullptr;  // whom the receiver believes (verify/policy_check.h)
  // For its maker, who looks at what a receiver will see: what it knows of the files (CheckBag in bag.h).
  const HashesByName* written = nullptr;
};

// Which bundle it is, where its bundle.note is signed by whom it names and its proofs lead to a checkpoint of the log.
struct BundleIdentity {
  crypto::Sha256Digest note;
  std::string made_by;  // as "actor" writes a key
  Timestamp made;
  Bytes checkpoint;                   // as the proofs have it
  std::vector<tlog::Sequence> items;  // whose sealed files are there, ascending
};

struct CheckedBundle {
  verify::Report report;
  std::optional<BundleIdentity> identity;
  std::map<tlog::Sequence, tlog::LeafHash> leaves;  // of the entries that could be read
};

// `bundle` is a folder, or a container (bundle/container.h), which is unpacked into a folder of its own that is
// removed again, or kept if that was asked for: then what was checked is what is used. Everything about the bundle is
// in the report. Fails only if it is no bag at all, if what is in the container is refused, if it cannot be kept, or
// kInterrupted.
Result<CheckedBundle> CheckBundle(const std::filesystem::path& bundle, const VerifyRequest& request, Pool& pool);
// The report alone.
Result<verify::Report> VerifyBundle(const std::filesystem::path& bundle, const VerifyRequest& request, Pool& pool);

}  // namespace exhibit::bundle
