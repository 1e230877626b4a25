#include "vault/bundle/container.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/sparse_file.h"
#include "vault/base/text.h"
#include "vault/base/zeros.h"
#include "vault/bundle/bundle_place.h"
#include "vault/bundle/container_writer.h"
#include "vault/bundle/member_reader.h"
#include "vault/bundle/tar_index.h"
#include "vault/bundle/zip_index.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostTimes = 64;
constexpr std::uint64_t kMostMore = 16 << 20;

// The first bytes of other kinds of containers.
struct Other {
  std::string_view begins;
  std::string_view what;
};
constexpr std::array kOthers = {
    Other{"\x1f\x8b", "gzip"},
    Other{std::string_view("\xfd"
                           "7zXZ\0",
                           6),
          "xz"},
    Other{"\x28\xb5\x2f\xfd", "zstd"},
    Other{"BZh", "bzip2"},
    Other{"7z\xbc\xaf\x27\x1c", "7-Zip"},
    Other{"Rar!", "RAR"},
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// The program that packed it, if it is not one of our two forms.
Result<void> CheckIsNoOther(const ContainerFile& file) {
  TRY(const Bytes begins, file.ReadAt(0, std::min<std::uint64_t>(file.size(), 8)));
  for (const Other& other : kOthers) {
    if (!TextOf(begins).starts_with(other.begins)) continue;
    return Fail(
        ErrorCode::kInvalid,
        Format("cannot be read in this form: {} is packed with {}", Printable(file.path().native()), other.what),
        "unpack it into a new folder first, as with tar -xf, and check what is there");
  }
  return {};
}

// The form, by the name and by the bytes.
Result<ContainerForm> FormOf(const ContainerFile& file) {
  TRY_VOID(CheckIsNoOther(file));
  const std::string shown = Printable(file.path().native());
  const std::optional<ContainerForm> named = ContainerFormOf(file.path());
  if (!named) {
    return Fail(
        ErrorCode::kInvalid,
        Format("cannot be read in this form: {} is a file, and its name ends neither in .tar nor in .zip", shown),
        "give the bundle's folder; or, if it is a tar or a zip, rename it so that it ends in .tar or .zip");
  }
  TRY(const Bytes begins, file.ReadAt(0, std::min<std::uint64_t>(file.size(), 512)));
  const bool is_zip = TextOf(begins).starts_with("PK\3\4");
  if ((*named == ContainerForm::kTar && is_zip) || (*named == ContainerForm::kZip && !is_zip && IsTarHeader(begins))) {
    return Fail(
        ErrorCode::kInvalid,
        Format("cannot be read in this form: {} is a {}, and its name says otherwise", shown, is_zip ? "zip" : "tar"),
        std::string("let its name end in ") + (is_zip ? ".zip" : ".tar"));
  }
  return *named;
}

struct Opened {
  ContainerFile file;
  std::vector<Member> members;
  BundlePlace place;  // of `members`
};

Result<Opened> OpenContainer(const fs::path& path, const std::atomic<bool>* interrupted) {
  TRY(ContainerFile file, ContainerFile::Open(path));
  TRY(const ContainerForm form, FormOf(file));
  TRY(std::vector<Member> members,
      form == ContainerForm::kTar ? ReadTarIndex(file, interrupted) : ReadZipIndex(file, interrupted));
  TRY(BundlePlace place, FindBundle(members, path.native()));
  return Opened{std::move(file), std::move(members), std::move(place)};
}

Result<void> CheckRoom(const Opened& opened, const fs::path& into) {
  const std::uint64_t most = opened.file.size() > UINT64_MAX / kMostTimes - kMostMore
                                 ? UINT64_MAX
                                 : opened.file.size() * kMostTimes + kMostMore;
  std::uint64_t bytes = 0;
  const auto count = [&](const Member& member) -> Result<void> {
    if (member.size > most - bytes)
      return CannotRead(member.name, "what is in the container unpacks to more than 64 times its size");
    bytes += member.size;
    return {};
  };
  for (const Placed& file : opened.place.files) TRY_VOID(count(*file.member));
  for (const Member* const foreign : opened.place.foreign) TRY_VOID(count(*foreign));
  struct ::statvfs status {};
  if (::statvfs(into.c_str(), &status) != 0) return Fail(SystemError("look at", into, errno));
  const std::uint64_t room = std::uint64_t{status.f_bavail} * status.f_frsize;
  if (bytes <= room) return {};
  return Fail(ErrorCode::kIo,
              Format("it unpacks to {} bytes, and in {} there is room for {}", bytes,
                     Printable(into.parent_path().native()), room),
              "name a folder on another disk with --unpack-in");
}

Result<std::vector<std::string>> ListFiles(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_regular_file(error)) names.push_back(entry->path().lexically_relative(folder).generic_string());
  }
  if (error) return Fail(SystemError("list", folder, error.value()));
  if (names.size() > kMaxMembers) {
    return Fail(ErrorCode::kUnsupported, Format("more files than a container may have: {}", names.size()),
                "give --out a folder's name");
  }
  std::ranges::sort(names);
  return names;
}

// Checks that the container holds the files of the folder that was packed, byte for byte.
Result<void> Compare(const fs::path& folder, const std::vector<std::string>& names, const fs::path& container,
                     const std::atomic<bool>* interrupted) {
  const auto differs = [&](std::string_view name) {
    return Fail(ErrorCode::kIo, Printable(name) + " was read back from the container as something else",
                std::string(kHintDiskFails));
  };
  TRY(const Opened opened, OpenContainer(container, interrupted));
  if (opened.place.files.size() != names.size()) return differs(container.native());
  Bytes buffer;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Placed& placed = opened.place.files[i];
    if (placed.path != names[i]) return differs(names[i]);
    const fs::path path = folder / placed.path;
    TRY(const FileDescriptor file, OpenForReading(path));
    struct ::stat status {};
    if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
    const HolePasser holes(file, status);
    TRY_VOID(ReadMember(opened.file, *placed.member, interrupted, [&](ByteView piece) -> Result<void> {
      if (holes.PassOver(file, piece.size())) return IsZero(piece) ? Result<void>() : differs(placed.path);
      buffer.resize(piece.size());
      TRY(const std::size_t got, ReadFull(file, buffer, path));
      if (got != piece.size() || !std::ranges::equal(buffer, piece)) return differs(placed.path);
      return {};
    }));
    buffer.resize(1);
    TRY(const std::size_t more, ReadFull(file, buffer, path));
    if (more != 0) return differs(placed.path);
  }
  return {};
}

}  // namespace

std::optional<ContainerForm> ContainerFormOf(const fs::path& target) {
  const std::string end = Lower(target.extension().native());
  if (end == ".tar") return ContainerForm::kTar;
  if (end == ".zip") return ContainerForm::kZip;
  return {};
}

Result<void> CheckTargetName(const fs::path& target) {
  const std::string name = Lower(target.filename().native());
  for (const std::string_view ending :
       {".tgz", ".tar.gz", ".txz", ".tar.xz", ".tzst", ".tar.zst", ".tbz2", ".tar.bz2", ".7z", ".rar", ".gz", ".jar"}) {
    if (!name.ends_with(ending)) continue;
    return Fail(ErrorCode::kInvalid, Format("{}: bundles are not made in the form {}", Printable(name), ending),
                "for one file, let the name end in .tar or .zip; compression is not needed, because sealed files are "
                "compressed; "
                "else a folder is made");
  }
  if (!ContainerFormOf(target)) return {};
  const std::string top = target.stem().native();
  if (const std::string_view why = WrongWithTop(top); !why.empty()) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" cannot be the folder in a container: {}", Printable(top), why),
                "give --out a name of letters, digits, \".\", \"-\" and \"_\"");
  }
  return {};
}

Result<void> PackContainer(const fs::path& folder, const std::string& top, ContainerForm form,
                           const fs::path& container, const std::atomic<bool>* interrupted) {
  EXHIBIT_ASSERT(WrongWithTop(top).empty());
  TRY(const std::vector<std::string> names, ListFiles(folder));
  TRY_VOID(WriteContainer(folder, names, top, form, container, interrupted));
  return Compare(folder, names, container, interrupted);
}

Result<std::vector<std::string>> UnpackContainer(const fs::path& container, const fs::path& into,
                                                 const std::atomic<bool>* interrupted) {
  TRY(const Opened opened, OpenContainer(container, interrupted));
  TRY_VOID(CheckRoom(opened, into));
  for (const Placed& placed : opened.place.files) {
    const fs::path path = into / placed.path;
    // The caller syncs it, if it keeps it.
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return Fail(SystemError("create folder", path.parent_path(), error.value()));
    TRY(FileDescriptor created, CreateNew(path, 0600));
    SparseWriter file(std::move(created), path, ZeroBlocks::kBecomeHoles);
    TRY_VOID(ReadMember(opened.file, *placed.member, interrupted, [&](ByteView piece) { return file.Write(piece); }));
    TRY_VOID(file.Finish());
  }
  // Read, but not kept: a container that another tool calls damaged does not hold.
  std::vector<std::string> foreign;
  for (const Member* const member : opened.place.foreign) {
    TRY_VOID(ReadMember(opened.file, *member, interrupted, [](ByteView) { return Result<void>(); }));
    foreign.push_back(member->name);
  }
  return foreign;
}

}  // namespace exhibit::bundle
