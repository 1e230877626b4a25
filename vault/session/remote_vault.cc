#include "vault/session/remote_vault.h"

#include <array>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/read_if_there.h"
#include "vault/crypto/hash.h"
#include "vault/session/key_files.h"
#include "vault/store/kept_heads.h"

namespace exhibit {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxKeyFileBytes = 1 << 20;
constexpr std::array<std::string_view, 2> kSharedFiles = {"reader.age", "recovery.age"};

}  // namespace

Result<std::shared_ptr<RemoteVault>> RemoteVault::Of(const net::S3Place& place, const std::atomic<bool>* interrupted,
                                                     store::ObjectSettings settings) {
  TRY(fs::path folder, store::UserVaultPath(place.Name()));
  const auto credentials = std::make_shared<net::FoundWhenNeeded>();
  Buckets buckets{std::make_shared<net::S3Bucket>(place, place.log_bucket(), credentials, interrupted),
                  std::make_shared<net::S3Bucket>(place, place.bucket(), credentials, interrupted)};
  return std::shared_ptr<RemoteVault>(new RemoteVault(std::move(folder), std::move(buckets),
                                                      {.in_all = place.patience(), .interrupted = interrupted},
                                                      std::move(settings)));
}

Result<void> RemoteVault::MakeFolder() const { return CreateFolders(VaultPaths(folder_).store); }

Result<store::VaultObjects> RemoteVault::Objects() const {
  store::VaultObjects objects({buckets_.log, buckets_.data}, patience_);
  TRY(store::ObjectSettings settings, objects.ReadSettings());
  objects.Use(std::move(settings));
  return objects;
}

Result<void> RemoteVault::FetchKeyFiles(Fetching fetching) const {
  const VaultPaths paths(folder_);
  if (fetching == Fetching::kWhatIsMissing && !IsAbsent(paths.reader_key)) return {};
  TRY(const store::VaultObjects objects, Objects());
  TRY_VOID(CreateFolders(paths.keys));
  for (const std::string_view name : kSharedFiles) {
    TRY(const auto bytes, objects.ReadKeyFile(name));
    if (!bytes) continue;
    TRY_VOID(ReplaceFile(paths.keys / name, *bytes, 0600));
    TRY_VOID(key_files::NoteDigest(paths.keys / name));
  }
  return {};
}

Result<void> RemoteVault::ShareKeyFiles(Sharing sharing) const {
  const fs::path keys = VaultPaths(folder_).keys;
  std::string shared;
  std::vector<std::pair<std::string_view, Bytes>> files;
  for (const std::string_view name : kSharedFiles) {
    TRY(auto bytes, ReadIfThere(keys / name, kMaxKeyFileBytes));
    if (!bytes) continue;
    shared += Format("{}  {}\n", ToHex(crypto::Sha256(*bytes).view()), name);
    files.emplace_back(name, std::move(*bytes));
  }
  const fs::path note = VaultPaths(folder_).store / "shared";
  TRY(const auto before, ReadIfThere(note, kMaxKeyFileBytes));
  const bool only_reads = sharing == Sharing::kByWriter && !before && IsAbsent(VaultPaths(folder_).log_key);
  if (files.empty() || only_reads || (before && TextOf(*before) == shared)) return {};
  TRY(const store::VaultObjects objects, Objects());
  for (const auto& [name, bytes] : files) TRY_VOID(objects.PutKeyFile(name, bytes));
  TRY_VOID(MakeFolder());
  return ReplaceFile(note, ViewOf(shared), 0600);
}

}  // namespace exhibit
