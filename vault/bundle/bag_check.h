// A bag read back: every file is listed, is a plain file and has the hashes that the manifests say.
//
// A damaged manifest is a problem like any other, and the other manifest still checks the rest: the receiver of a bundle
// whose list was cut on the way wants to know whether the evidence holds.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/parallel.h"
#include "vault/bundle/bag_files.h"
#include "vault/bundle/bag_folder.h"
#include "vault/bundle/file_hasher.h"
#include "vault/bundle/manifest.h"

namespace exhibit::bundle {

// What the two manifests of one hash list, those below data/ and all others.
struct ListedFiles {
  Manifest files;
  bool is_whole = true;  // false if one of the two could not be read; it may have listed any file
};

struct BagManifests {
  ListedFiles sha256;
  ListedFiles sha512;
  bool has_sha512 = false;                       // a bag has both manifests of SHA-512, or neither
  std::optional<crypto::Sha256Digest> manifest;  // of manifest-sha256.txt itself, if it could be read
  FileHashes tag_manifests;                      // each of its own algorithm
  FileHashes tag_manifests_before_crlf;          // the same for the text with LF for CRLF, as before a conversion
  std::vector<BagProblem> problems;              // of bagit.txt and of the manifests themselves

  bool Lists(std::string_view name) const;
};

// Errors mean that nothing more can be said of the folder:
//   kNotFound             no folder there
//   kInvalid              a folder, but no bag; or a bag, but no bundle; or a bundle in which a file that no hash finds, a tag
//                         manifest or the note, has a name of another case or other signs
//   kPermission, kIo      it could not be read
Result<BagManifests> ReadBag(const BagFolder& folder);

struct BagCheck {
  // What is wrong: files that are missing, changed, not listed, or no plain files; a Payload-Oxum that is wrong; and
  // what could not be read. If there are none, and none of the manifests, the bag is whole.
  std::vector<BagProblem> problems;
  // The SHA-256 of every listed file below data/ that could be read.
  using Hashes = std::map<std::string, crypto::Sha256Digest>;
  Hashes hashes;
};

// Reads every file except kNoteFile, which names the manifests, several at a time. kInterrupted. `files` is the result of
// ListBag, by their own names; a file under another name is reported (kIo). `written` is for the program that just made the
// bag: if the SHA-256 of a file is still the one from when it was written, its SHA-512 is the one that was computed of the
// same bytes.
Result<BagCheck> CheckBag(const BagFolder& folder, const BagManifests& manifests, const BagFiles& files, Pool& pool,
                          const std::atomic<bool>* interrupted = nullptr, const HashesByName* written = nullptr);

}  // namespace exhibit::bundle
