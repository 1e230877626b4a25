#include "vault/bundle/bag.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBagit = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
constexpr std::uint64_t kMaxManifestBytes = 256 << 20;
constexpr std::uint64_t kMaxBagInfoBytes = 1 << 20;

// A folder that says it is a bag and lacks a part of one did not come as it was made.
Error Broken(const Error& error) {
  const bool of_the_medium = error.code == ErrorCode::kIo || error.code == ErrorCode::kPermission;
  return {of_the_medium ? error.code : ErrorCode::kTampered, error.message, error.hint};
}

// What a bag's two manifests of one hash list, taken together.
struct Listed {
  Manifest files;
  FileHashes tag_manifest;
};
Result<Listed> ReadManifests(const fs::path& folder, ManifestHash hash) {
  struct Part {
    std::string_view name;
    Lists lists;
  };
  const bool is_sha256 = hash == ManifestHash::kSha256;
  Listed all;
  for (const Part& part : {Part{is_sha256 ? kManifestFile : kManifest512File, Lists::kPayload},
                           Part{is_sha256 ? kTagManifestFile : kTagManifest512File, Lists::kTags}}) {
    const Result<Bytes> bytes = ReadFile(folder / part.name, kMaxManifestBytes);
    if (!bytes) return Fail(Broken(bytes.error()));
    auto manifest = DecodeManifest(TextOf(*bytes), part.lists, hash);
    if (!manifest) return Fail(std::move(manifest).error().In(part.name));
    all.files.merge(*manifest);
    all.tag_manifest = HashesOfText(TextOf(*bytes));  // the last one
  }
  return all;
}

// RFC 8493, section 2.2.1: tag manifests list no tag manifests.
bool IsListedNowhere(std::string_view name) {
  return name == kTagManifestFile || name == kTagManifest512File || name == kNoteFile;
}

struct HashedFile {
  FileHashes hashes;
  std::uint64_t bytes = 0;
};

// Gives the file's size.
template <typename SomeHasher>
Result<std::uint64_t> ReadInto(SomeHasher& hasher, const fs::path& path, const std::atomic<bool>* interrupted) {
  TRY(const FileDescriptor file, OpenForReading(path));
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, "not a plain file");
  std::uint64_t bytes = 0;
  // No larger than the file and a byte, by which its end is seen: a bag has many small files.
  Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size) + 1, 1 << 20)));
  for (;;) {
    TRY_VOID(StopIfAsked(interrupted));
    TRY(const std::size_t got, ReadFull(file, buffer, path));
    hasher.Update(ByteView(buffer).first(got));
    bytes += got;
    if (got < buffer.size()) return bytes;
  }
}

// `written` is what is known of the file, or null.
Result<HashedFile> HashFile(const fs::path& path, const FileHashes* written, const std::atomic<bool>* interrupted) {
  if (written != nullptr) {
    crypto::Hasher sha256(crypto::HashAlgorithm::kSha256);
    TRY(const std::uint64_t bytes, ReadInto(sha256, path, interrupted));
    if (Equal(sha256.Finish(), written->sha256.view())) return HashedFile{*written, bytes};
  }
  FileHasher hasher;
  TRY(const std::uint64_t bytes, ReadInto(hasher, path, interrupted));
  return HashedFile{hasher.Finish(), bytes};
}

// What is kept of a file until all are hashed.
struct CheckedFile {
  std::string problem;
  std::optional<crypto::Sha256Digest> sha256;  // if it could be read
  std::uint64_t bytes = 0;
};

// What is known of the file, or null.
template <typename Hashes>
const typename Hashes::mapped_type* Find(const Hashes& hashes, const std::string& name) {
  const auto found = hashes.find(name);
  return found == hashes.end() ? nullptr : &found->second;
}

CheckedFile Compare(const Result<HashedFile>& found, const std::string& sha256, const std::string* sha512) {
  if (!found) return {found.error().code == ErrorCode::kNotFound ? "is missing" : found.error().message, {}, 0};
  CheckedFile file{{}, found->hashes.sha256, found->bytes};
  const std::string has256 = ToHex(found->hashes.sha256.view());
  const std::string has512 = ToHex(found->hashes.sha512.view());
  if (sha512 == nullptr) {
    file.problem = "is listed with its SHA-256 alone";
  } else if (has256 != sha256) {
    file.problem = "is not what the manifest says: its SHA-256 is " + has256;
  } else if (has512 != *sha512) {
    file.problem = "is not what the manifest says: its SHA-512 is " + has512;
  }
  return file;
}

// "<bytes>.<files>" of data/, as Payload-Oxum states it (RFC 8493, 2.2.2).
struct Payload {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  std::string ToOxum() const { return std::to_string(bytes) + "." + std::to_string(files); }
};

bool IsOxumLabel(std::string_view label) {
  constexpr std::string_view kLabel = "payload-oxum";
  return std::ranges::equal(label, kLabel, [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

// What bag-info.txt says of the payload, as often as it says it. Its other fields are for people.
void CheckOxum(const fs::path& folder, const Payload& payload, std::vector<BagProblem>& problems) {
  const auto info = ReadFile(folder / kBagInfoFile, kMaxBagInfoBytes);
  if (!info) {
    // That it is missing is said where it should have been listed.
    if (info.error().code != ErrorCode::kNotFound) problems.push_back({std::string(kBagInfoFile), info.error().message});
    return;
  }
  std::string_view rest = TextOf(*info);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !IsOxumLabel(line.substr(0, colon))) continue;
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    if (value == payload.ToOxum()) continue;
    problems.push_back({std::string(kBagInfoFile), "states a payload of " + Printable(value.substr(0, 80)) +
                                                       " (bytes.files), and it has " + payload.ToOxum()});
  }
}

}  // namespace

std::string OriginalFileName(tlog::Sequence sequence, std::string_view raw_name) {
  constexpr std::size_t kMaxSafeName = 100;
  std::string safe;
  for (const char c : raw_name.substr(0, kMaxSafeName)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '-' || c == '_';
    safe.push_back(plain ? c : '_');
  }
  // "3-.age" could not be told from a sealed file's name by a careless reader, nor "3-" from nothing.
  return "data/" + std::to_string(sequence.value) + "-" + (safe.empty() ? "_" : safe);
}

BagWriter::File::File(FileDescriptor file, fs::path path, std::string name)
    : file_(std::move(file)), path_(std::move(path)), name_(std::move(name)) {}

Result<void> BagWriter::File::Write(ByteView bytes) {
  constexpr std::uint64_t kWorthATrip = 8 << 20;
  hasher_.Update(bytes);
  bytes_ += bytes.size();
  TRY_VOID(WriteFull(file_, bytes, path_));
  if (bytes_ - on_their_way_ < kWorthATrip) return {};
  BeginWriteBack(file_, on_their_way_, bytes_ - on_their_way_);
  on_their_way_ = bytes_;
  return {};
}

Result<BagWriter::File> BagWriter::Create(const std::string& name) {
  EXHIBIT_ASSERT(IsSafeName(name));
  TRY_VOID(MakeFolderOf(name));
  const fs::path path = folder_ / name;
  TRY(FileDescriptor file, CreateNew(path, 0600));
  return File(std::move(file), path, name);
}

// At the first file of a folder, and not at each: a bag has many files in few folders.
Result<void> BagWriter::MakeFolderOf(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  if (slash == std::string::npos) return {};
  const std::lock_guard lock(mutex_);
  if (made_folders_.contains(name.substr(0, slash))) return {};
  TRY_VOID(CreateFolders(folder_ / name.substr(0, slash)));
  made_folders_.insert(name.substr(0, slash));
  return {};
}

Result<void> BagWriter::Finish(File file) {
  FileHashes hashes = file.hasher_.Finish();
  const std::lock_guard lock(mutex_);
  if (IsPayload(file.name_)) {
    payload_bytes_ += file.bytes_;
    ++payload_files_;
  }
  if (file.bytes_ >= kLargeFileBytes) large_.emplace(file.name_, hashes);
  const bool is_new = hashes_.emplace(file.name_, std::move(hashes)).second;
  EXHIBIT_ASSERT(is_new);
  return {};
}

Result<void> BagWriter::WriteWhole(const std::string& name, ByteView bytes) {
  TRY(File file, Create(name));
  TRY_VOID(file.Write(bytes));
  return Finish(std::move(file));
}

FileHashes BagWriter::HashesOf(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return hashes_.at(name);
}

std::string BagWriter::Manifested(ManifestHash hash, Lists lists) const {
  return EncodeManifest(hashes_, lists, [hash](const FileHashes& of) {
    return ToHex(hash == ManifestHash::kSha256 ? of.sha256.view() : of.sha512.view());
  });
}

Result<FileHashes> BagWriter::Close(const std::vector<std::pair<std::string, std::string>>& bag_info) {
  TRY_VOID(WriteWhole(std::string(kBagitFile), ViewOf(kBagit)));
  std::string info;
  for (const auto& [name, value] : bag_info) info += name + ": " + Printable(value) + "\n";
  info += "Payload-Oxum: " + Payload{payload_bytes_, payload_files_}.ToOxum() + "\n";
  TRY_VOID(WriteWhole(std::string(kBagInfoFile), ViewOf(info)));
  // Each tag manifest lists both manifests of the payload.
  TRY_VOID(WriteWhole(std::string(kManifestFile), ViewOf(Manifested(ManifestHash::kSha256, Lists::kPayload))));
  TRY_VOID(WriteWhole(std::string(kManifest512File), ViewOf(Manifested(ManifestHash::kSha512, Lists::kPayload))));
  const std::string tags = Manifested(ManifestHash::kSha256, Lists::kTags);
  const std::string tags512 = Manifested(ManifestHash::kSha512, Lists::kTags);
  TRY_VOID(WriteWhole(std::string(kTagManifestFile), ViewOf(tags)));
  TRY_VOID(WriteWhole(std::string(kTagManifest512File), ViewOf(tags512)));
  return FileHashes{HashesOfText(tags).sha256, HashesOfText(tags512).sha512};
}

Result<BagManifests> ReadBag(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return Fail(ErrorCode::kNotFound, Printable(folder.native()) + " is not a folder");
  }
  const auto bagit = ReadFile(folder / kBagitFile, 4096);
  if (!bagit && bagit.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kInvalid, Printable(folder.native()) + " is not a bag of BagIt 1.0");
  }
  if (!bagit || TextOf(*bagit) != kBagit) {
    return Fail(ErrorCode::kTampered, Printable(folder.native()) + " is not a bag of BagIt 1.0: bagit.txt says otherwise");
  }
  TRY(Listed by_sha256, ReadManifests(folder, ManifestHash::kSha256));
  TRY(Listed by_sha512, ReadManifests(folder, ManifestHash::kSha512));
  return BagManifests{std::move(by_sha256.files), std::move(by_sha512.files),
                      {by_sha256.tag_manifest.sha256, by_sha512.tag_manifest.sha512}};
}

Result<BagCheck> CheckBag(const fs::path& folder, const BagManifests& manifests, Pool& pool, const std::atomic<bool>* interrupted,
                          const HashesByName* written) {
  const Manifest& listed = manifests.sha256;
  const Manifest& listed512 = manifests.sha512;
  std::error_code error;
  BagCheck check;
  for (const std::string_view needed : {kBagitFile, kBagInfoFile, kManifestFile, kManifest512File}) {
    if (!listed.contains(std::string(needed))) check.problems.push_back({std::string(needed), "is not listed in the tag manifest"});
  }
  // What is there is named below, as not listed, but for what nobody lists.
  for (const auto& [name, hash] : listed512) {
    if (listed.contains(name)) continue;
    const bool is_there = fs::exists(fs::symlink_status(folder / name, error));
    if (!is_there) check.problems.push_back({name, "is missing"});
    if (is_there && IsListedNowhere(name)) check.problems.push_back({name, "is listed with its SHA-512 alone"});
  }
  std::vector<const Manifest::value_type*> files;
  files.reserve(listed.size());
  for (const auto& one : listed) files.push_back(&one);
  std::vector<CheckedFile> checked(files.size());
  pool.ForEach(files.size(), [&](std::size_t i) {
    const auto& [name, hash] = *files[i];
    const FileHashes* const known = written == nullptr ? nullptr : Find(*written, name);
    checked[i] = Compare(HashFile(folder / name, known, interrupted), hash, Find(listed512, name));
  });
  TRY_VOID(StopIfAsked(interrupted));
  Payload payload;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& name = files[i]->first;
    CheckedFile& file = checked[i];
    if (!file.problem.empty()) check.problems.push_back({name, std::move(file.problem)});
    if (!IsPayload(name) || !file.sha256) continue;
    payload.bytes += file.bytes;
    ++payload.files;
    check.hashes.emplace(name, *file.sha256);
  }
  // Where files are missing or changed, so is their sum, and nobody learns more by it.
  if (check.problems.empty()) CheckOxum(folder, payload, check.problems);
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().lexically_relative(folder).generic_string();
    const fs::file_type type = entry->symlink_status(error).type();
    if (type == fs::file_type::directory || listed.contains(name)) continue;
    if (IsListedNowhere(name)) {  // so nobody else looks at what it is
      if (type != fs::file_type::regular) check.problems.push_back({name, "is not a plain file"});
      continue;
    }
    check.problems.push_back({name, "is not listed in a manifest"});
  }
  if (error) return Fail(SystemError("list", folder, error.value()));
  return check;
}

}  // namespace exhibit::bundle
