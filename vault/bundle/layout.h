// What a bundle is: a BagIt 1.0 bag (RFC 8493) whose items are proven to be in a log. docs/FORMAT.md decides it in bytes.
//
//   bagit.txt  bag-info.txt
//   manifest-sha256.txt  manifest-sha512.txt          the files below data/, with their hashes
//   tagmanifest-sha256.txt  tagmanifest-sha512.txt    all others but these two and the note
//   bundle.note          who made it, over the tag manifests; listed nowhere
//   data/<host>/<path>   an original under its safe name (safe_name.h), or data/<N>: in a plain bundle
//   data/<N>.age         a sealed file, a header for the receivers and the payload of the vault: in a sealed bundle
//   log/…                what is told of the log (log_files.h)
//   VERIFY.txt           how to check this bundle with stock tools (verify_text.h)
//   items.csv  omissions.json  certificate.txt  custody.jsonld   for people and other programs (companions.h)
//   policy.txt           the tlog-policy that its maker held it to, if one; a hint, which nobody should believe
//   report.html          for people: what is in it, and a check of it in their browser (report_page.h)
//
// A bundle is sealed if log/layouts is there. The files for people are made from the rest and prove nothing: a verifier
// checks only that they are listed.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "vault/base/format.h"
#include "vault/tlog/sequence.h"

namespace exhibit::bundle {

inline constexpr std::size_t kMaxBagFiles = 1'000'000;
inline constexpr std::size_t kMaxPathBytes = 1'024;
inline constexpr std::size_t kMaxPathParts = 66;

inline constexpr std::string_view kBagitFile = "bagit.txt";
inline constexpr std::string_view kBagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
inline constexpr std::string_view kBagInfoFile = "bag-info.txt";
inline constexpr std::string_view kManifestFile = "manifest-sha256.txt";
inline constexpr std::string_view kTagManifestFile = "tagmanifest-sha256.txt";
// RFC 8493 asks makers of bags for SHA-512, and everybody can check SHA-256. A bag has both of these or neither.
inline constexpr std::string_view kManifest512File = "manifest-sha512.txt";
inline constexpr std::string_view kTagManifest512File = "tagmanifest-sha512.txt";
inline constexpr std::string_view kNoteFile = "bundle.note";
inline constexpr std::string_view kVerifyFile = "VERIFY.txt";
inline constexpr std::string_view kItemsFile = "items.csv";
inline constexpr std::string_view kOmissionsFile = "omissions.json";
inline constexpr std::string_view kCertificateFile = "certificate.txt";
inline constexpr std::string_view kCustodyFile = "custody.jsonld";
inline constexpr std::string_view kReportFile = "report.html";
inline constexpr std::string_view kPolicyFile = "policy.txt";
inline constexpr std::string_view kEntriesFile = "log/entries";
inline constexpr std::string_view kHashesFile = "log/hashes";
inline constexpr std::string_view kFieldsFile = "log/fields";
inline constexpr std::string_view kFilesFile = "log/files";
inline constexpr std::string_view kCheckpointFile = "log/checkpoint";
inline constexpr std::string_view kTimestampsFile = "log/timestamps";
inline constexpr std::string_view kLayoutsFile = "log/layouts";
inline constexpr std::string_view kHeadersFile = "log/headers";
inline constexpr std::string_view kDataFolder = "data/";

// RFC 8493, section 2.2.1: tag manifests list no tag manifests. The note names their hashes.
inline constexpr std::array kListedNowhere = {kTagManifestFile, kTagManifest512File, kNoteFile};
inline bool IsListedNowhere(std::string_view path) {
  return std::ranges::find(kListedNowhere, path) != kListedNowhere.end();
}

// Made from the rest for people to read; may be missing.
inline bool IsForPeople(std::string_view path) {
  return path == kVerifyFile || path == kItemsFile || path == kOmissionsFile || path == kCertificateFile ||
         path == kCustodyFile || path == kReportFile || path == kPolicyFile;
}

// The path of a file that log/files names.
inline std::string DataPath(std::string_view name) { return std::string(kDataFolder) + std::string(name); }
// What log/files calls the sealed file of an item.
inline std::string SealedFileName(tlog::Sequence sequence) { return Format("{}.age", sequence); }

}  // namespace exhibit::bundle
