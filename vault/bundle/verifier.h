// Checking a bundle, with nothing but the bundle and what its receiver brings (docs/FORMAT.md, "What a verifier checks").
//
//   the bag     every file is listed, plain, and has the hash that the manifest says             bag_check.h
//   the log     each entry told follows the rules; with log/hashes they make the root that       told_log_check.h
//               the log signed; the fields told are those of the entries
//   the files   each original is what its fields say; each sealed file has the payload of its    file_check.h
//               entry, and, with an identity that opens it, the content that its fields say
//   the note    who made the bundle signed these manifests, and an act of the log says so        note_check.h
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/exported.h"
#include "vault/bundle/extraction.h"
#include "vault/bundle/file_hasher.h"
#include "vault/bundle/find_files.h"
#include "vault/bundle/hidden_subtrees.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/labels.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/policy.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

struct VerifyRequest {
  std::optional<custody::Fingerprint> fingerprint = {};
  seal::Identities identities = {};  // of a receiver of a sealed bundle
  const std::atomic<bool>* interrupted = nullptr;
  // A container is unpacked here while it is checked; the disk needs room for all of it.
  std::filesystem::path unpack_in = "/var/tmp";
  // A new folder for the files of a container, made only if all of it holds; empty for none.
  std::filesystem::path keep_as = {};
  // A new folder for the originals that hold, as a tree; empty for none.
  std::filesystem::path extract_to = {};
  // Loose files of which is said whether and where they were taken in.
  std::vector<std::filesystem::path> to_find = {};
  const tlog::Policy* policy = nullptr;  // whom the receiver believes (verify/policy_check.h)
  // The roots of authorities that the receiver believes; null believes none.
  const crypto::TimestampRoots* timestamp_roots = nullptr;
  const std::vector<custody::GivenCaseKey>* case_keys = nullptr;
  // For the program that just made the bundle: the hashes that it knows (CheckBag in bag_check.h).
  const HashesByName* written = nullptr;
};

// Which bundle it is; known if the key that its bundle.note names signed the note, and its entries lead to a checkpoint of
// the log.
struct BundleIdentity {
  custody::BundleDigest note;
  custody::Fingerprint fingerprint;
  custody::Actor made_by;
  custody::EntryTime made;
  Bytes checkpoint;                   // byte for byte as it is in the bundle
  std::vector<tlog::Sequence> items;  // those with a file in the bundle, ascending
};

struct CheckedBundle {
  verify::Report report;
  std::optional<Form> form;  // nothing where log/ could not be read
  std::optional<BundleIdentity> identity;
  ToldLeaves leaves;                        // of the entries that are told and could be read
  std::optional<Extracted> extracted = {};  // nothing if none was asked for, or no original is here that holds
  std::vector<FoundFile> found = {};        // one for each of `to_find`, in their order
};

// `bundle` is a folder, or a container (bundle/container.h), which is unpacked into a folder of its own that is
// removed again, or kept if `keep_as` names it: then the files that were checked are used. Everything about the bundle is
// in the report. Fails only if it is no bag at all, if the container is refused, if its files cannot be kept, or
// kInterrupted.
Result<CheckedBundle> CheckBundle(const std::filesystem::path& bundle, const VerifyRequest& request, Pool& pool);
// Only the report.
Result<verify::Report> VerifyBundle(const std::filesystem::path& bundle, const VerifyRequest& request, Pool& pool);

}  // namespace exhibit::bundle
