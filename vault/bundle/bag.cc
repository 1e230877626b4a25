#include "vault/bundle/bag.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {

namespace fs = std::filesystem;

Result<void> BagWriter::File::Write(ByteView bytes) {
  constexpr std::size_t kWorthACall = 4 << 10;
  constexpr std::size_t kMostUnwritten = 64 << 10;
  if (unwritten_.empty() && bytes.size() >= kWorthACall) return WriteNow(bytes);
  Append(unwritten_, bytes);
  return unwritten_.size() < kMostUnwritten ? Result<void>() : WriteRest();
}

Result<void> BagWriter::File::WriteRest() {
  TRY_VOID(WriteNow(unwritten_));
  unwritten_.clear();
  return {};
}

Result<void> BagWriter::File::WriteNow(ByteView bytes) {
  constexpr std::uint64_t kWorthATrip = 8 << 20;
  if (hasher_) hasher_->Update(bytes);
  TRY_VOID(file_.Write(bytes));
  if (file_.bytes() - on_their_way_ < kWorthATrip) return {};
  BeginWriteBack(file_.file(), on_their_way_, file_.bytes() - on_their_way_);
  on_their_way_ = file_.bytes();
  return {};
}

Result<BagWriter::File> BagWriter::Create(const std::string& name) {
  TRY(File file, Make(name, ZeroBlocks::kAreWritten));
  file.hasher_.emplace(digests_);
  return file;
}

// A SHA-512 nobody has yet.
Result<BagWriter::File> BagWriter::CreateOriginal(const std::string& name, ZeroBlocks zeros) {
  TRY(File file, Make(name, zeros));
  if (digests_ == Digests::kSha256And512) file.hasher_.emplace(digests_);
  return file;
}

Result<BagWriter::File> BagWriter::Make(const std::string& name, ZeroBlocks zeros) {
  EXHIBIT_ASSERT(IsSafeName(name));
  TRY_VOID(MakeFolderOf(name));
  const fs::path path = folder_ / name;
  TRY(FileDescriptor file, CreateNew(path, 0600));
  return File(SparseWriter(std::move(file), path, zeros), name);
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
  TRY_VOID(file.WriteRest());
  FileHashes hashes = file.hasher_->Finish();
  return Note(std::move(file), std::move(hashes));
}

Result<void> BagWriter::FinishOriginal(File file, const crypto::Sha256Digest& sha256) {
  if (file.hasher_) return Finish(std::move(file));
  TRY_VOID(file.WriteRest());
  return Note(std::move(file), FileHashes{sha256});
}

Result<void> BagWriter::Note(File file, FileHashes hashes) {
  TRY_VOID(file.file_.Finish());
  const std::lock_guard lock(mutex_);
  if (IsPayload(file.name_)) {
    payload_bytes_ += file.file_.bytes();
    ++payload_files_;
  }
  if (file.file_.bytes() >= kLargeFileBytes) large_.emplace(file.name_, hashes);
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
    return ToHex(hash == ManifestHash::kSha256 ? of.sha256.view() : of.sha512->view());
  });
}

Result<crypto::Sha256Digest> BagWriter::ClosePayload() {
  const std::string manifest = Manifested(ManifestHash::kSha256, Lists::kPayload);
  TRY_VOID(WriteWhole(std::string(kManifestFile), ViewOf(manifest)));
  if (digests_ == Digests::kSha256And512)
    TRY_VOID(WriteWhole(std::string(kManifest512File), ViewOf(Manifested(ManifestHash::kSha512, Lists::kPayload))));
  return crypto::Sha256(ViewOf(manifest));
}

Result<FileHashes> BagWriter::Close(const std::vector<std::pair<std::string, std::string>>& bag_info) {
  TRY_VOID(WriteWhole(std::string(kBagitFile), ViewOf(kBagitText)));
  std::string info;
  for (const auto& [name, value] : bag_info) info += name + ": " + Printable(value) + "\n";
  info += Format("Payload-Oxum: {}\n", PayloadOxum(payload_bytes_, payload_files_));
  TRY_VOID(WriteWhole(std::string(kBagInfoFile), ViewOf(info)));
  // Each tag manifest lists the manifests of the payload.
  const std::string tags = Manifested(ManifestHash::kSha256, Lists::kTags);
  const std::string tags512 =
      digests_ == Digests::kSha256And512 ? Manifested(ManifestHash::kSha512, Lists::kTags) : std::string();
  TRY_VOID(WriteWhole(std::string(kTagManifestFile), ViewOf(tags)));
  FileHashes hashes{HashesOfText(tags).sha256};
  if (digests_ == Digests::kSha256) return hashes;
  TRY_VOID(WriteWhole(std::string(kTagManifest512File), ViewOf(tags512)));
  hashes.sha512 = HashesOfText(tags512).sha512;
  return hashes;
}

}  // namespace exhibit::bundle
