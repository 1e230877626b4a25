// What a bundle is: a BagIt 1.0 bag (RFC 8493) that proves the place of each of its items in a log.
//
//   bagit.txt  bag-info.txt
//   manifest-sha256.txt  manifest-sha512.txt          the files below data/, with their hashes
//   tagmanifest-sha256.txt  tagmanifest-sha512.txt    all others but these two
//   bundle.note               who made it, over the tag manifests (bundle_note.h); listed nowhere
//   VERIFY.txt                how to check this bundle with stock tools (verify_text.h)
//   items.csv  omissions.json  certificate.txt  custody.jsonld   for people and other programs (companions.h)
//   policy.txt           the tlog-policy that its maker held it to, if one; a hint, which nobody should believe
//   report.html               for people: what is in it, and a check of it in their browser (report_page.h)
//   data/<N>.age              item N as an age file: a header for the receiver, and the payload of the
//                             vault byte for byte
//   data/<N>-<safe name>      the original, where the bundle is plain
//   proof/log.vkey            the log's key, a hint: the verifier brings the vault's fingerprint
//   proof/<N>.entry           the signed entry; 0 is the genesis, whose hash is the fingerprint
//   proof/<N>.tlog-proof      that it is entry N of the log (C2SP tlog-proof), with the checkpoint
//   proof/<N>.header          the item's original age header, to whose SHA-256 the entry commits
//   proof/<N>.metadata.json   the item's metadata, where the bundle is plain
//   proof/identity.txt        an age identity made for this bundle alone, where it is plain: with it
//                             anybody decrypts data/<N>.age and compares it with the original
//
// The files for people are made from the rest and prove nothing: a verifier checks
// only that they are listed.
//
// The sealed file is always there, because the entry commits to its bytes. A receiver could only
// believe an original alone, and can check it with the sealed file.
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "vault/base/format.h"
#include "vault/tlog/sequence.h"

namespace exhibit::bundle {

inline constexpr std::string_view kBagitFile = "bagit.txt";
inline constexpr std::string_view kBagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
inline constexpr std::string_view kBagInfoFile = "bag-info.txt";
inline constexpr std::string_view kManifestFile = "manifest-sha256.txt";
inline constexpr std::string_view kTagManifestFile = "tagmanifest-sha256.txt";
// RFC 8493 asks makers of bags for SHA-512, and everybody can check SHA-256.
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
inline constexpr std::string_view kIdentityFile = "proof/identity.txt";
inline constexpr std::string_view kLogKeyFile = "proof/log.vkey";
inline constexpr std::string_view kGenesisFile = "proof/0.entry";

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

inline std::string ProofFile(tlog::Sequence sequence, std::string_view kind) {
  return Format("proof/{}.{}", sequence, kind);
}
inline std::string SealedFileName(tlog::Sequence sequence) { return Format("data/{}.age", sequence); }

// "data/3-auth.log": letters, digits, ".", "-" and "_" of the raw name, the rest as "_", at most 100.
// The true name is in the metadata.
std::string OriginalFileName(tlog::Sequence sequence, std::string_view raw_name);

}  // namespace exhibit::bundle
