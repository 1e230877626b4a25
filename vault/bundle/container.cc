#include "vault/bundle/container.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "vault/base/file.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/bundle/manifest.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::size_t kMaxPathBytes = 1024;
// All their names are held to see one that comes twice.
constexpr std::size_t kMaxFiles = 1'000'000;
constexpr int kMaxParts = 3;  // the folder on top, data/ or proof/, the file

using Reader = std::unique_ptr<::archive, int (*)(::archive*)>;
using Writer = std::unique_ptr<::archive, int (*)(::archive*)>;
using Header = std::unique_ptr<::archive_entry, void (*)(::archive_entry*)>;

std::string Said(::archive* archive) {
  const char* const text = ::archive_error_string(archive);
  return text == nullptr ? "it does not say why" : Printable(text);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Names that Windows takes for devices, whatever stands behind a dot.
bool IsDevice(std::string_view part) {
  const std::string stem = Lower(part.substr(0, part.find('.')));
  if (stem == "con" || stem == "prn" || stem == "aux" || stem == "nul") return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

// What is wrong with a path in a container, or nothing.
std::string_view WrongWithPath(std::string_view path) {
  if (path.size() > kMaxPathBytes) return "its name is too long";
  if (!std::ranges::all_of(path, [](unsigned char c) { return c >= 0x20 && c < 0x7f; })) {
    return "its name is not of printable ASCII alone";
  }
  if (!IsSafeName(path)) return "its name leaves the folder or is not portable";
  if (std::ranges::count(path, '/') >= kMaxParts) return "it lies deeper than a bundle's files";
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    if (IsDevice(part)) return "its name is a device's on some systems";
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return {};
}

// What takes the files of a container, one after the other.
class Taker {
 public:
  virtual ~Taker() = default;
  virtual Result<void> Begin(const std::string& path) = 0;
  virtual Result<void> Take(ByteView piece) = 0;
  virtual Result<void> End() = 0;
};

// Reads a container with the rules of the header.
class ContainerReader {
 public:
  ContainerReader(const fs::path& path, Taker& taker, const std::atomic<bool>* interrupted)
      : path_(path), taker_(taker), interrupted_(interrupted), archive_(::archive_read_new(), ::archive_read_free) {}

  // Gives the folder on top.
  Result<std::string> Run() {
    TRY(const FileDescriptor file, OpenForReading(path_));
    struct ::stat status {};
    if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path_, errno));
    if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, Printable(path_.native()) + " is not a plain file");
    bytes_left_ = static_cast<std::uint64_t>(status.st_size);
    EXHIBIT_ASSERT(archive_ != nullptr);
    ::archive_read_support_format_tar(archive_.get());
    ::archive_read_support_format_zip_seekable(archive_.get());
    if (::archive_read_open_fd(archive_.get(), file.get(), kPieceBytes) != ARCHIVE_OK) {
      return Fail(ErrorCode::kInvalid, Printable(path_.native()) + " is neither a tar nor a zip: " + Said(archive_.get()),
                  "unpack it, and give the folder");
    }
    for (;;) {
      TRY_VOID(StopIfAsked(interrupted_));
      ::archive_entry* entry = nullptr;
      const int got = ::archive_read_next_header(archive_.get(), &entry);
      if (got == ARCHIVE_EOF) break;
      if (got != ARCHIVE_OK) return Damaged();
      TRY_VOID(TakeEntry(entry));
    }
    if (files_ == 0) return Fail(ErrorCode::kTampered, Printable(path_.native()) + " holds no files");
    return top_;
  }

 private:
  Failure Damaged() {
    const bool is_first = top_.empty();
    return Fail(is_first ? ErrorCode::kInvalid : ErrorCode::kTampered,
                Printable(path_.native()) + (is_first ? " is no tar or zip that can be read: " : " is damaged: ") + Said(archive_.get()));
  }

  static Failure Refuse(std::string_view name, std::string_view why) {
    return Fail(ErrorCode::kTampered, "refused: \"" + Printable(name.substr(0, 200)) + "\": " + std::string(why));
  }

  Result<void> TakeEntry(::archive_entry* entry) {
    const char* const raw = ::archive_entry_pathname(entry);
    if (raw == nullptr) return Fail(ErrorCode::kTampered, Printable(path_.native()) + " holds a file without a name that can be read");
    std::string path = raw;
    const auto type = ::archive_entry_filetype(entry);
    if (::archive_entry_hardlink(entry) != nullptr || type == AE_IFLNK) return Refuse(path, "it is a link");
    if (type != AE_IFREG && type != AE_IFDIR) return Refuse(path, "it is neither a plain file nor a folder");
    if (type == AE_IFDIR && path.ends_with('/')) path.pop_back();
    if (const std::string_view why = WrongWithPath(path); !why.empty()) return Refuse(path, why);
    if (::archive_entry_is_encrypted(entry) != 0) return Refuse(path, "it is encrypted by the container");
    if (::archive_entry_sparse_count(entry) != 0) return Refuse(path, "it has holes");
    const std::string top = path.substr(0, path.find('/'));
    if (top_.empty()) top_ = top;
    if (top != top_) return Refuse(path, "a container of a bundle has one folder on top, here " + Printable(top_));
    if (!names_.insert(Lower(path)).second) return Refuse(path, "the name is there already, or differs in its case alone");
    if (names_.size() > kMaxFiles) return Refuse(path, "more than 1,000,000 files");
    if (type == AE_IFDIR) return {};
    if (path == top) return Refuse(path, "a file where the bundle's folder should be");
    return TakeFile(entry, path);
  }

  Result<void> TakeFile(::archive_entry* entry, const std::string& path) {
    const bool is_stated = ::archive_entry_size_is_set(entry) != 0;
    const auto stated = static_cast<std::uint64_t>(std::max<std::int64_t>(::archive_entry_size(entry), 0));
    if (is_stated && stated > bytes_left_) return Refuse(path, kTooLarge);
    TRY_VOID(taker_.Begin(path));
    std::uint64_t taken = 0;
    for (;;) {
      TRY_VOID(StopIfAsked(interrupted_));
      const void* piece = nullptr;
      std::size_t bytes = 0;
      std::int64_t offset = 0;
      const int got = ::archive_read_data_block(archive_.get(), &piece, &bytes, &offset);
      if (got == ARCHIVE_EOF) break;
      if (got != ARCHIVE_OK) return Refuse(path, Said(archive_.get()));
      if (offset < 0 || static_cast<std::uint64_t>(offset) != taken) return Refuse(path, "it has holes");
      if (bytes > bytes_left_) return Refuse(path, kTooLarge);
      bytes_left_ -= bytes;
      taken += bytes;
      TRY_VOID(taker_.Take(ByteView(static_cast<const std::uint8_t*>(piece), bytes)));
    }
    if (is_stated && taken != stated) return Refuse(path, "it is not as long as the container says");
    ++files_;
    return taker_.End();
  }

  static constexpr std::string_view kTooLarge = "it unpacks to more bytes than the container has (is it compressed?)";

  const fs::path& path_;
  Taker& taker_;
  const std::atomic<bool>* interrupted_;
  Reader archive_;
  std::uint64_t bytes_left_ = 0;
  std::size_t files_ = 0;
  std::string top_;
  std::set<std::string> names_;  // in lower case
};

// Writes what it takes below a folder.
class Unpacker final : public Taker {
 public:
  explicit Unpacker(const fs::path& into) : into_(into) {}
  Result<void> Begin(const std::string& path) override {
    place_ = into_ / path;
    std::error_code error;
    fs::create_directories(place_.parent_path(), error);
    if (error) return Fail(SystemError("create folder", place_.parent_path(), error.value()));
    TRY(file_, CreateNew(place_, 0600));
    return {};
  }
  Result<void> Take(ByteView piece) override { return WriteFull(file_, piece, place_); }
  Result<void> End() override {
    file_ = {};
    return {};
  }

 private:
  const fs::path& into_;
  fs::path place_;
  FileDescriptor file_;
};

// Compares what it takes with the files of the folder that was packed.
class Comparer final : public Taker {
 public:
  Comparer(const fs::path& folder, const std::string& top) : folder_(folder), top_(top) {}
  Result<void> Begin(const std::string& path) override {
    EXHIBIT_ASSERT(path.starts_with(top_ + "/"));
    place_ = folder_ / path.substr(top_.size() + 1);
    TRY(file_, OpenForReading(place_));
    return {};
  }
  Result<void> Take(ByteView piece) override {
    buffer_.resize(piece.size());
    TRY(const std::size_t got, ReadFull(file_, buffer_, place_));
    if (got != piece.size() || !std::ranges::equal(buffer_, piece)) return Differs();
    return {};
  }
  Result<void> End() override {
    buffer_.resize(1);
    TRY(const std::size_t more, ReadFull(file_, buffer_, place_));
    if (more != 0) return Differs();
    ++files_;
    return {};
  }
  std::size_t files() const { return files_; }

 private:
  Result<void> Differs() const {
    return Fail(ErrorCode::kIo, Printable(place_.native()) + " was read back from the container as something else",
                std::string(kHintDiskFails));
  }
  const fs::path& folder_;
  const std::string& top_;
  fs::path place_;
  FileDescriptor file_;
  Bytes buffer_;
  std::size_t files_ = 0;
};

Result<std::vector<std::string>> ListFiles(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_regular_file(error)) names.push_back(entry->path().lexically_relative(folder).generic_string());
  }
  if (error) return Fail(SystemError("list", folder, error.value()));
  if (names.size() > kMaxFiles) {
    return Fail(ErrorCode::kUnsupported, "more files than a container may have: " + std::to_string(names.size()),
                "give --out a folder's name");
  }
  std::ranges::sort(names);
  return names;
}

class ContainerWriter {
 public:
  ContainerWriter(const fs::path& container, const std::atomic<bool>* interrupted)
      : container_(container), interrupted_(interrupted), archive_(::archive_write_new(), ::archive_write_free) {}

  Result<void> Open(ContainerForm form) {
    EXHIBIT_ASSERT(archive_ != nullptr);
    TRY(file_, CreateNew(container_, 0600));
    if (form == ContainerForm::kTar) {
      ::archive_write_set_format_pax_restricted(archive_.get());
    } else {
      ::archive_write_set_format_zip(archive_.get());
      ::archive_write_zip_set_compression_store(archive_.get());
    }
    return Check(::archive_write_open_fd(archive_.get(), file_.get()));
  }

  Result<void> Add(const fs::path& path, const std::string& name) {
    TRY(const FileDescriptor file, OpenForReading(path));
    struct ::stat status {};
    if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
    const Header header(::archive_entry_new(), ::archive_entry_free);
    EXHIBIT_ASSERT(header != nullptr);
    ::archive_entry_set_pathname(header.get(), name.c_str());
    ::archive_entry_set_filetype(header.get(), AE_IFREG);
    ::archive_entry_set_perm(header.get(), 0644);
    ::archive_entry_set_size(header.get(), status.st_size);
    ::archive_entry_set_mtime(header.get(), status.st_mtime, 0);
    TRY_VOID(Check(::archive_write_header(archive_.get(), header.get())));
    auto left = static_cast<std::uint64_t>(status.st_size);
    while (left > 0) {
      TRY_VOID(StopIfAsked(interrupted_));
      buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kPieceBytes)));
      TRY(const std::size_t got, ReadFull(file, buffer_, path));
      if (got != buffer_.size()) return Fail(ErrorCode::kIo, Printable(path.native()) + " became shorter while it was packed");
      if (::archive_write_data(archive_.get(), buffer_.data(), got) != static_cast<::la_ssize_t>(got)) return Failed();
      left -= got;
    }
    return Check(::archive_write_finish_entry(archive_.get()));
  }

  Result<void> Finish() {
    TRY_VOID(Check(::archive_write_close(archive_.get())));
    return SyncFile(file_, container_);
  }

 private:
  Result<void> Check(int status) { return status == ARCHIVE_OK ? Result<void>() : Failed(); }
  Failure Failed() {
    const int number = ::archive_errno(archive_.get());
    if (number > 0) return Fail(SystemError("write", container_, number));
    return Fail(ErrorCode::kIo, "cannot write " + Printable(container_.native()) + ": " + Said(archive_.get()));
  }

  const fs::path& container_;
  const std::atomic<bool>* interrupted_;
  FileDescriptor file_;
  Writer archive_;
  Bytes buffer_;
};

}  // namespace

std::optional<ContainerForm> ContainerFormOf(const fs::path& target) {
  const std::string end = Lower(target.extension().native());
  if (end == ".tar") return ContainerForm::kTar;
  if (end == ".zip") return ContainerForm::kZip;
  return {};
}

Result<void> PackContainer(const fs::path& folder, const std::string& top, ContainerForm form, const fs::path& container,
                           const std::atomic<bool>* interrupted) {
  if (const std::string_view why = WrongWithPath(top); !why.empty() || top.find('/') != std::string::npos) {
    return Fail(ErrorCode::kInvalid, "\"" + Printable(top) + "\" cannot be the folder in a container: " + std::string(why),
                "give --out a name of letters, digits, \".\", \"-\" and \"_\"");
  }
  TRY(const std::vector<std::string> names, ListFiles(folder));
  ContainerWriter writer(container, interrupted);
  TRY_VOID(writer.Open(form));
  for (const std::string& name : names) TRY_VOID(writer.Add(folder / name, top + "/" + name));
  TRY_VOID(writer.Finish());
  Comparer comparer(folder, top);
  TRY_VOID(ContainerReader(container, comparer, interrupted).Run());
  if (comparer.files() != names.size()) {
    return Fail(ErrorCode::kIo, Printable(container.native()) + " was read back with other files than were written",
                std::string(kHintDiskFails));
  }
  return {};
}

Result<fs::path> UnpackContainer(const fs::path& container, const fs::path& into, const std::atomic<bool>* interrupted) {
  Unpacker unpacker(into);
  TRY(const std::string top, ContainerReader(container, unpacker, interrupted).Run());
  return into / top;
}

}  // namespace exhibit::bundle
