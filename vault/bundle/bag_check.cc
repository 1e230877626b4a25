#include "vault/bundle/bag_check.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/line_ends.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxManifestBytes = 256 << 20;
constexpr std::uint64_t kMaxBagInfoBytes = 1 << 20;

// Without following a link.
Result<bool> IsThere(const fs::path& path) {
  struct ::stat status {};
  if (::lstat(path.c_str(), &status) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return Fail(SystemError("look at", path, errno));
}

// A bundle has files that no other bag has.
Result<bool> IsBundle(const BagFolder& folder) {
  for (const std::string_view mark : {kNoteFile, kEntriesFile, kCheckpointFile}) {
    TRY(const bool is_there, IsThere(folder.PathOf(mark)));
    if (is_there) return true;
  }
  return false;
}

// The bundle may be one folder further down, as when a container was unpacked into a folder of its own.
std::string HintFor(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const auto is_bag = IsThere(entry->path() / kBagitFile);
    if (is_bag && *is_bag) return "the bag in it is " + Printable(entry->path().native());
  }
  return "name the bundle's own folder, in which bagit.txt is, or its .tar or .zip";
}

// The letters and digits of a name, without case or a version (";1"): a medium that changes a name keeps these.
std::string LettersOf(std::string_view name) {
  std::string letters;
  for (const char c : name.substr(0, name.find(';'))) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) != 0) letters.push_back(static_cast<char>(std::tolower(byte)));
  }
  return letters;
}

// A file that no manifest lists cannot be found by its hash.
Result<void> CheckNamesOfLists(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    names.insert(entry->path().filename().native());
  }
  if (error) return Fail(SystemError("look into", folder, error.value()));
  for (const std::string_view own : kListedNowhere) {
    if (names.contains(std::string(own))) continue;
    const auto other = std::ranges::find(names, LettersOf(own), LettersOf);
    if (other == names.end()) continue;
    return Fail(
        ErrorCode::kInvalid,
        Format("{} cannot be read in this form: {} is here under another name, {}", Printable(folder.native()), own,
               Printable(*other)),
        "a medium or a tool changed names: give the files back their own, or carry the bundle as one .tar or .zip");
  }
  return {};
}

// The files that a bag's two manifests of one hash list together.
void ReadManifests(const BagFolder& folder, ManifestHash hash, ListedFiles& all, BagManifests& manifests) {
  struct Part {
    std::string_view name;
    Lists lists;
  };
  const bool is_sha256 = hash == ManifestHash::kSha256;
  for (const Part& part : {Part{is_sha256 ? kManifestFile : kManifest512File, Lists::kPayload},
                           Part{is_sha256 ? kTagManifestFile : kTagManifest512File, Lists::kTags}}) {
    const auto problem = [&](std::string message, ErrorCode because) {
      all.is_whole = false;
      manifests.problems.push_back({std::string(part.name), std::move(message), because});
    };
    const Result<Bytes> bytes = ReadFile(folder.PathOf(part.name), kMaxManifestBytes);
    if (!bytes) {
      problem(bytes.error().code == ErrorCode::kNotFound ? "is missing" : bytes.error().message, bytes.error().code);
      continue;
    }
    if (part.name == kManifestFile) manifests.manifest = crypto::Sha256(*bytes);
    auto manifest = DecodeManifest(TextOf(*bytes), part.lists, hash);
    if (!manifest) problem(manifest.error().message, manifest.error().code);
    if (manifest) all.files.merge(*manifest);
    if (part.lists != Lists::kTags) continue;
    const FileHashes hashes = HashesOfText(TextOf(*bytes));
    const FileHashes before = HashesOfText(WithLineFeeds(*bytes).value_or(std::string(TextOf(*bytes))));
    if (is_sha256) {
      manifests.tag_manifests.sha256 = hashes.sha256;
      manifests.tag_manifests_before_crlf.sha256 = before.sha256;
    } else {
      manifests.tag_manifests.sha512 = hashes.sha512;
      manifests.tag_manifests_before_crlf.sha512 = before.sha512;
    }
  }
}

// The hashes that the manifests list for a file; null if one does not list it.
struct Expected {
  const std::string* sha256 = nullptr;
  const std::string* sha512 = nullptr;
};

// Kept for each file until all are hashed.
struct CheckedFile {
  std::string problem;
  ErrorCode because = ErrorCode::kTampered;
  std::optional<crypto::Sha256Digest> sha256;  // if it could be read
  std::uint64_t bytes = 0;
};

std::string WhatChanged(const fs::path& path, const Expected& expected, const std::string& has) {
  if (expected.sha256 != nullptr && DiffersByLineEnds(path, *expected.sha256)) {
    return "is not what the manifest says: " + std::string(kLineEndsConverted);
  }
  return "is not what the manifest says: its " + has;
}

CheckedFile Compare(const fs::path& path, const Result<HashedFile>& found, const Expected& expected,
                    const BagManifests& manifests) {
  if (!found) {
    const Error& error = found.error();
    return {error.code == ErrorCode::kNotFound ? "is missing" : error.message, error.code, {}, 0};
  }
  CheckedFile file{{}, ErrorCode::kTampered, found->hashes.sha256, found->bytes};
  const std::string has256 = ToHex(found->hashes.sha256.view());
  const std::string has512 = found->hashes.sha512 ? ToHex(found->hashes.sha512->view()) : std::string();
  if (expected.sha512 == nullptr && manifests.has_sha512 && manifests.sha512.is_whole) {
    file.problem = "is listed with its SHA-256 alone";
  } else if (expected.sha256 == nullptr && manifests.sha256.is_whole) {
    file.problem = "is listed with its SHA-512 alone";
  } else if (expected.sha256 != nullptr && has256 != *expected.sha256) {
    file.problem = WhatChanged(path, expected, "SHA-256 is " + has256);
  } else if (expected.sha512 != nullptr && has512 != *expected.sha512) {
    file.problem = WhatChanged(path, expected, "SHA-512 is " + has512);
  }
  return file;
}

bool IsOxumLabel(std::string_view label) {
  constexpr std::string_view kLabel = "payload-oxum";
  return std::ranges::equal(label, kLabel,
                            [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

// Every Payload-Oxum of bag-info.txt. Its other fields are for people.
void CheckOxum(const BagFolder& folder, const std::string& payload, std::vector<BagProblem>& problems) {
  const auto info = ReadFile(folder.PathOf(kBagInfoFile), kMaxBagInfoBytes);
  if (!info) {
    // The check of listed files reports that it is missing.
    if (info.error().code != ErrorCode::kNotFound) {
      problems.push_back({std::string(kBagInfoFile), info.error().message, info.error().code});
    }
    return;
  }
  constexpr std::string_view kBlanks = " \t\r";  // lines of tag files may end in CRLF
  std::string_view rest = TextOf(*info);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !IsOxumLabel(line.substr(0, colon))) continue;
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
    value = value.substr(0, value.find_last_not_of(kBlanks) + 1);
    if (value == payload) continue;
    problems.push_back({std::string(kBagInfoFile), Format("states a payload of {} (bytes.files), and it has {}",
                                                          Printable(value.substr(0, 80)), payload)});
  }
}

}  // namespace

bool BagManifests::Lists(std::string_view name) const {
  return sha256.files.contains(std::string(name)) || sha512.files.contains(std::string(name));
}

Result<BagManifests> ReadBag(const BagFolder& bag) {
  const fs::path& folder = bag.path();
  TRY_VOID(CheckFolder(folder));
  TRY_VOID(CheckNamesOfLists(folder));
  TRY(const bool is_bag, IsThere(bag.PathOf(kBagitFile)));
  TRY(const bool is_bundle, IsBundle(bag));
  if (!is_bag && !is_bundle) {
    return Fail(ErrorCode::kInvalid, Printable(folder.native()) + " is not a bag of BagIt 1.0", HintFor(folder));
  }
  if (!is_bundle) {
    return Fail(ErrorCode::kInvalid, Printable(folder.native()) + " is a BagIt bag, but not an exhibit bundle",
                "a bundle has a bundle.note and entries in log/; any BagIt tool checks the bag as such");
  }
  BagManifests manifests;
  const auto bagit = ReadFile(bag.PathOf(kBagitFile), 4096);
  if (!bagit) {
    const bool is_missing = bagit.error().code == ErrorCode::kNotFound;
    manifests.problems.push_back(
        {std::string(kBagitFile), is_missing ? "is missing" : bagit.error().message, bagit.error().code});
  } else if (TextOf(*bagit) != kBagitText) {
    const bool converted = WithLineFeeds(*bagit) == std::string(kBagitText);
    manifests.problems.push_back({std::string(kBagitFile), converted ? std::string(kLineEndsConverted)
                                                                     : "does not say that this is a bag of BagIt 1.0"});
  }
  ReadManifests(bag, ManifestHash::kSha256, manifests.sha256, manifests);
  for (const std::string_view name : {kManifest512File, kTagManifest512File}) {
    TRY(const bool is_there, IsThere(bag.PathOf(name)));
    manifests.has_sha512 = manifests.has_sha512 || is_there;
  }
  if (manifests.has_sha512) ReadManifests(bag, ManifestHash::kSha512, manifests.sha512, manifests);
  return manifests;
}

Result<BagCheck> CheckBag(const BagFolder& folder, const BagManifests& manifests, const BagFiles& files, Pool& pool,
                          const std::atomic<bool>* interrupted, const HashesByName* written) {
  BagCheck check;
  check.problems = files.unread;
  std::set<std::string_view> said;  // names that have a problem already
  for (const BagProblem& problem : manifests.problems) said.insert(problem.file);
  for (const std::string_view needed : {kBagitFile, kBagInfoFile, kManifestFile, kManifest512File}) {
    const std::string name(needed);
    if (needed == kManifest512File && !manifests.has_sha512) continue;
    const bool is_missed = manifests.sha256.is_whole && !manifests.sha256.files.contains(name);
    if (is_missed && !said.contains(needed)) check.problems.push_back({name, "is not listed in the tag manifest"});
  }
  std::map<std::string_view, Expected> listed;
  for (const auto& [name, hash] : manifests.sha256.files) listed[name].sha256 = &hash;
  for (const auto& [name, hash] : manifests.sha512.files) listed[name].sha512 = &hash;
  std::vector<std::pair<std::string_view, Expected>> to_check;
  for (const auto& [name, expected] : listed) {
    if (!said.contains(name)) to_check.emplace_back(name, expected);
  }
  const Digests digests = manifests.has_sha512 ? Digests::kSha256And512 : Digests::kSha256;
  std::vector<CheckedFile> checked(to_check.size());
  pool.ForEach(to_check.size(), [&](std::size_t i) {
    const auto& [name, expected] = to_check[i];
    const FileHashes* known = nullptr;
    if (written != nullptr) {
      const auto found = written->find(std::string(name));
      if (found != written->end()) known = &found->second;
    }
    checked[i] =
        Compare(folder.PathOf(name), HashFile(folder.PathOf(name), digests, known, interrupted), expected, manifests);
  });
  TRY_VOID(StopIfAsked(interrupted));
  std::uint64_t bytes = 0;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < to_check.size(); ++i) {
    const std::string name(to_check[i].first);
    CheckedFile& file = checked[i];
    if (!file.problem.empty()) check.problems.push_back({name, std::move(file.problem), file.because});
    if (!IsPayload(name) || !file.sha256) continue;
    bytes += file.bytes;
    ++count;
    check.hashes.emplace(name, *file.sha256);
  }
  // If files are missing or changed, their sum differs too, which tells nobody more.
  if (check.problems.empty() && said.empty()) CheckOxum(folder, PayloadOxum(bytes, count), check.problems);
  for (const auto& [name, other] : folder.renamed()) {
    check.problems.push_back(
        {name, Format("is here under another name, {}: give it back its own", Printable(other)), ErrorCode::kIo});
  }
  const bool all_is_listed = manifests.sha256.is_whole || (manifests.has_sha512 && manifests.sha512.is_whole);
  const auto say_unlisted = [&](const std::string& name, std::string message) {
    if (!listed.contains(name) && !said.contains(name)) check.problems.push_back({name, std::move(message)});
  };
  for (const std::string& name : files.files) {
    if (all_is_listed && !IsListedNowhere(name)) say_unlisted(name, "is not listed in a manifest");
  }
  for (const std::string& name : files.others) {
    say_unlisted(name,
                 IsListedNowhere(name) ? "is not a plain file" : "is not listed in a manifest, and is no plain file");
  }
  return check;
}

}  // namespace exhibit::bundle
