#include "vault/bundle/bag.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {

namespace fs = std::filesystem;

std::string OriginalFileName(tlog::Sequence sequence, std::string_view raw_name) {
  constexpr std::size_t kMaxSafeName = 100;
  std::string safe;
  for (const char c : raw_name.substr(0, kMaxSafeName)) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    safe.push_back(plain ? c : '_');
  }
  // A careless reader could take "3-.age" for a sealed file's name, and "3-" for no name.
  return Format("data/{}-{}", sequence, safe.empty() ? "_" : safe);
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

// At the first file of a folder, not at every file: a bag has many files in few folders.
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
  TRY_VOID(WriteWhole(std::string(kBagitFile), ViewOf(kBagitText)));
  std::string info;
  for (const auto& [name, value] : bag_info) info += name + ": " + Printable(value) + "\n";
  info += Format("Payload-Oxum: {}\n", PayloadOxum(payload_bytes_, payload_files_));
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

}  // namespace exhibit::bundle
