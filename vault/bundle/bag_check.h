// A bag read back: every file is listed, is a plain file and has the hashes that the manifests say.
//
// A manifest that is damaged is a problem like any other, and the rest is still checked by the other one: of a bundle
// whose list was cut on the way, its receiver wants to know whether the evidence holds.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
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
  bool is_whole = true;  // false if one of the two could not be read: then what is not in it may have been listed
};

struct BagManifests {
  ListedFiles sha256;
  ListedFiles sha512;
  FileHashes tag_manifests;              // each of its own algorithm
  FileHashes tag_manifests_before_crlf;  // the same, had nobody converted their line ends
  std::vector<BagProblem> problems;      // of bagit.txt and of the manifests themselves

  bool Lists(std::string_view name) const;
};

// Errors are of a folder of which nothing more can be told:
//   kNotFound             no folder there
//   kInvalid              a folder, and no bag; or a bag, and no bundle; or one in which what no hash finds, a tag
//                         manifest or the note, has a name of another case or other signs
//   kPermission, kIo      it could not be read
Result<BagManifests> ReadBag(const BagFolder& folder);

struct BagCheck {
  // What is not as it must be: files that are missing, changed, not listed, or no plain files; a Payload-Oxum that is
  // not so. What could not be looked at, too. With those of the manifests, none means that the bag is whole.
  std::vector<BagProblem> problems;
  // Of every listed file below data/ that could be read, its SHA-256.
  using Hashes = std::map<std::string, crypto::Sha256Digest>;
  Hashes hashes;
};

// Reads every file but kNoteFile, which speaks of the manifests, several at a time. kInterrupted. `files` is what
// ListBag found, by their own names; what lies under another one is told (kIo). `written` is for who has just made the
// bag: a file there whose SHA-256 is still the one that it was written with has the SHA-512 that was computed of the
// same bytes.
Result<BagCheck> CheckBag(const BagFolder& folder, const BagManifests& manifests, const BagFiles& files, Pool& pool,
                          const std::atomic<bool>* interrupted = nullptr, const HashesByName* written = nullptr);

}  // namespace exhibit::bundle
