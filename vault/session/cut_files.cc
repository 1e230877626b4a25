#include "vault/session/cut_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/seal/age_header.h"

namespace exhibit::cut_files {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kAtOnce = 1 << 20;
// A group of small sealed files has its second one within the first few MiB: each holds at most 1 MiB of an original.
constexpr std::uint64_t kLookAt = 4 << 20;
constexpr std::string_view kHeaderBegins = "age-encryption.org/v1\n-> ";

// One sealed file that was cut, and not several small ones that their writer still had.
bool IsCutStream(ByteView begin, std::uint64_t bytes) {
  const auto header = seal::ParseHeader(begin);
  if (!header || bytes - header->size_bytes < kLeastPayload) return false;
  return TextOf(begin).find(kHeaderBegins, header->size_bytes) == std::string_view::npos;
}

Result<void> Copy(const store::Store& store, const store::SealedPlace& place, const fs::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Fail(SystemError("remove", path, errno));
  TRY(const FileDescriptor file, CreateNew(path, 0600));
  for (std::uint64_t at = 0; at < place.payload_bytes; at += kAtOnce) {
    TRY(const Bytes piece, store.ReadSealed(place, {at, std::min(kAtOnce, place.payload_bytes - at)}));
    TRY_VOID(WriteFull(file, piece, path));
  }
  return SyncFile(file, path);
}

// Whether the file was saved from what begins so: a sealed file has a header of its own.
Result<bool> IsOf(const fs::path& path, ByteView begin) {
  TRY(const FileDescriptor file, OpenForReading(path));
  TRY(const seal::ParsedHeader header, seal::ParseHeader(begin));
  Bytes saved(header.size_bytes);
  TRY(const std::size_t got, ReadFull(file, saved, path));
  return got == saved.size() && Equal(saved, begin.first(saved.size()));
}

// Its name, or nothing if it was saved before. Another stream can have been cut at the same place.
Result<std::optional<fs::path>> NewNameFor(const fs::path& folder, const store::Extent& first, ByteView begin) {
  const std::string name = Format("{}-{}", first.pack, first.offset);
  for (int number = 1;; ++number) {
    const fs::path path = folder / (name + (number == 1 ? "" : Format("-{}", number)) + ".age");
    if (IsAbsent(path)) return std::optional(path);
    TRY(const bool is_saved, IsOf(path, begin));
    if (is_saved) return std::optional<fs::path>();
  }
}

Result<void> SaveIn(const fs::path& folder, const store::Store& store, const store::SealedPlace& place,
                    ByteView begin) {
  TRY_VOID(CreateFolders(folder));
  TRY(const std::optional<fs::path> path, NewNameFor(folder, place.extents.front(), begin));
  if (!path) return {};
  fs::path under_way = *path;
  under_way += ".new";
  TRY_VOID(Copy(store, place, under_way));
  return RenameNewFile(under_way, *path);
}

}  // namespace

Result<void> Save(const store::Store& store, const fs::path& folder) {
  const auto place = store.FindUnreferenced();
  if (!place && place.error().code == ErrorCode::kNotFound) return {};
  if (!place) return Fail(place.error());
  TRY(const Bytes begin, store.ReadSealed(*place, {0, std::min(kLookAt, place->payload_bytes)}));
  if (!IsCutStream(begin, place->payload_bytes)) return {};
  auto saved = SaveIn(folder, store, *place, begin);
  if (saved) return {};
  return Fail(std::move(saved)
                  .error()
                  .In("the beginning of what was being added when that was killed could not be saved")
                  .Hint(Format("make room for {} bytes where the vault is, and run it again", place->payload_bytes)));
}

Result<std::vector<std::string>> RemarksOn(const fs::path& folder) {
  std::vector<std::string> remarks;
  std::error_code error;
  for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
    if (file->path().extension() != ".age") continue;
    remarks.push_back(
        Format("{} is the beginning of what was being added when that was killed. If it cannot be added again, move "
               "the file out of "
               "the vault, and `exhibit add FILE --partial cut-sealed-file` takes it in",
               Printable(file->path().native())));
  }
  if (error && error != std::errc::no_such_file_or_directory) return Fail(SystemError("list", folder, error.value()));
  std::ranges::sort(remarks);
  return remarks;
}

}  // namespace exhibit::cut_files
