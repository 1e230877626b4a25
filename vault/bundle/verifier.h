// Checking a bundle, with nothing but the bundle and the keys and policy that its receiver brings.
//
//   the bag     every file is listed, plain, and has the hash that the manifest says
//   bundle.note  the tag manifests are those that a custodian signed, and the key was admitted at the end of the log
//   genesis     entry 0 is signed by the custodian that it names, is entry 0 of the checkpoint's log,
//               and, if the receiver brought a fingerprint, has it
//   each item   its entry is signed by a custodian of the vault, is where it says, and follows the
//               entry before it, if the bundle holds that one; the sealed file's payload and the original header
//               are those that the entry names
//   contents    with an identity (the bundle's own, or the receiver's): the file key is the one that the
//               original header commits to, every chunk is authentic, and size and digests are those
//               of the sealed metadata; a plain original beside it is byte for byte the same
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
  // A container is unpacked here while it is checked; the disk needs room for all of it.
  std::filesystem::path unpack_in = "/var/tmp";
  // A new folder for the files of a container, made only if all of it holds; empty for none.
  std::filesystem::path keep_as = {};
  const tlog::Policy* policy = nullptr;  // whom the receiver believes (verify/policy_check.h)
  // For the program that just made the bundle: the hashes that it knows (CheckBag in bag_check.h).
  const HashesByName* written = nullptr;
};

// Which bundle it is; known if the key that its bundle.note names signed the note, and its proofs lead to a checkpoint of the log.
struct BundleIdentity {
  crypto::Sha256Digest note;
  std::string made_by;  // as "actor" writes a key
  Moment made;
  Bytes checkpoint;                   // byte for byte from the proofs
  std::vector<tlog::Sequence> items;  // those with a sealed file in the bundle, ascending
};

struct CheckedBundle {
  verify::Report report;
  std::optional<BundleIdentity> identity;
  std::map<tlog::Sequence, tlog::LeafHash> leaves;  // of the entries that could be read
};

// `bundle` is a folder, or a container (bundle/container.h), which is unpacked into a folder of its own that is
// removed again, or kept if `keep_as` names it: then the files that were checked are used. Everything about the bundle is
// in the report. Fails only if it is no bag at all, if the container is refused, if its files cannot be kept, or
// kInterrupted.
Result<CheckedBundle> CheckBundle(const std::filesystem::path& bundle, const VerifyRequest& request, Pool& pool);
// Only the report.
Result<verify::Report> VerifyBundle(const std::filesystem::path& bundle, const VerifyRequest& request, Pool& pool);

}  // namespace exhibit::bundle
