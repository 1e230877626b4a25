#include "vault/intake/file_facts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/long_path.h"
#include "vault/base/machine.h"
#include "vault/crypto/hash.h"

namespace exhibit::intake {
namespace {

constexpr std::string_view kAclName = "system.posix_acl_access";
// All of what the system tells is one field, and a field's line has 65,535 bytes at most, in which a byte may take six.
constexpr std::size_t kMaxXattrBytes = 9 * 1024;

constexpr std::string_view kModified = "modified";
constexpr std::string_view kChanged = "changed";

// A time that a field cannot write is told beside the others.
std::optional<custody::FileTime> TimeOf(const timespec& time, std::string_view name, custody::FileTimes& times) {
  const custody::FileTime told{time.tv_sec, static_cast<std::uint32_t>(time.tv_nsec)};
  if (custody::FitsField(told)) return told;
  times.beyond.emplace_back(name, Format("{}.{:09}", told.seconds, told.nanoseconds));
  return std::nullopt;
}

// When the file was made, which `stat` does not tell.
std::optional<custody::FileTime> BirthOf(const LongPath& at) {
  struct ::statx more {};
  if (::statx(at.folder(), at.rest(), AT_SYMLINK_NOFOLLOW, STATX_BTIME, &more) != 0) return std::nullopt;
  if ((more.stx_mask & STATX_BTIME) == 0) return std::nullopt;
  return custody::FileTime{more.stx_btime.tv_sec, more.stx_btime.tv_nsec};
}

// Names of users or groups, each asked for once: a name may come from a server.
class Names {
 public:
  explicit Names(std::optional<std::string> (*ask)(std::uint32_t id)) : ask_(ask) {}
  std::optional<std::string> Of(std::uint32_t id) {
    const std::lock_guard lock(mutex_);
    const auto known = names_.find(id);
    return known != names_.end() ? known->second : names_.emplace(id, ask_(id)).first->second;
  }

 private:
  std::optional<std::string> (*ask_)(std::uint32_t id);
  std::mutex mutex_;
  std::map<std::uint32_t, std::optional<std::string>> names_;
};

// A file by the path that the system has for an open one: however long its own path is, and without following it.
class OpenedByPath {
 public:
  explicit OpenedByPath(const LongPath& at)
      : file_(::openat(at.folder(), at.rest(), O_PATH | O_NOFOLLOW | O_CLOEXEC)),
        path_(Format("/proc/self/fd/{}", file_.get())) {}
  const char* path() const { return path_.c_str(); }
  explicit operator bool() const { return static_cast<bool>(file_); }

 private:
  FileDescriptor file_;
  std::string path_;
};

std::optional<std::string> ReadXattr(const char* path, const char* name) {
  std::string value(64 * 1024, '\0');  // the most that Linux has
  const ssize_t size = ::getxattr(path, name, value.data(), value.size());
  if (size < 0) return std::nullopt;
  value.resize(static_cast<std::size_t>(size));
  return value;
}

std::vector<std::string> XattrNames(const char* path) {
  std::string list(64 * 1024, '\0');
  const ssize_t size = ::listxattr(path, list.data(), list.size());
  std::vector<std::string> names;
  for (std::size_t at = 0; size > 0 && at < static_cast<std::size_t>(size);) {
    names.emplace_back(list.c_str() + at);
    at += names.back().size() + 1;
  }
  std::ranges::sort(names);
  return names;
}

// A value that is too long for the field is told by its digest.
void ShortenLargest(std::vector<std::pair<std::string, std::string>>& xattrs) {
  std::size_t all = 0;
  for (const auto& [name, value] : xattrs) all += name.size() + value.size();
  while (all > kMaxXattrBytes) {
    const auto largest = std::ranges::max_element(xattrs, {}, [](const auto& xattr) { return xattr.second.size(); });
    if (largest->second.size() <= 2 * crypto::Sha256Digest::kSize) return;
    all -= largest->second.size();
    largest->second = ToHex(crypto::Sha256(ViewOf(largest->second)).view());
    largest->first += kShortened;
    all += largest->second.size() + kShortened.size();
  }
}

void ReadXattrs(const LongPath& at, custody::SystemFacts& system) {
  // Most files have none, as one call says where the path is not too long for it.
  if (at.folder() == AT_FDCWD && ::llistxattr(at.rest(), nullptr, 0) == 0) return;
  const OpenedByPath file(at);
  if (!file) return;
  for (const std::string& name : XattrNames(file.path())) {
    auto value = ReadXattr(file.path(), name.c_str());
    if (!value) continue;
    if (name == kAclName) {
      system.acl = AclText(*value);
    } else {
      system.xattrs.emplace_back(name, std::move(*value));
    }
  }
  ShortenLargest(system.xattrs);
}

// Whether the file has stretches that no block of the disk stands for, and which read as zeros.
std::optional<bool> HasHoles(const LongPath& at, const struct ::stat& status) {
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  constexpr std::int64_t kBlock = 512;  // of st_blocks, whatever the file system's are
  if (status.st_blocks * kBlock >= status.st_size) return false;
  const FileDescriptor file(::openat(at.folder(), at.rest(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file) return std::nullopt;
  const off_t hole = ::lseek(file.get(), 0, SEEK_HOLE);
  if (hole < 0) return std::nullopt;
  return hole < status.st_size;
}

custody::SystemFacts SystemFactsOf(const struct ::stat& status) {
  static Names users(&NameOfUser);
  static Names groups(&NameOfGroup);
  custody::SystemFacts system;
  system.uid = status.st_uid;
  system.gid = status.st_gid;
  system.owner = users.Of(status.st_uid);
  system.group = groups.Of(status.st_gid);
  system.mode = Format("{:04o}", static_cast<unsigned>(status.st_mode) & 07777U);
  system.inode = status.st_ino;
  const dev_t device = S_ISBLK(status.st_mode) ? status.st_rdev : status.st_dev;
  system.device = Format("{}:{}", ::major(device), ::minor(device));
  system.links = status.st_nlink;
  return system;
}

}  // namespace

custody::ItemFacts FactsOfFile(const Found& found) {
  custody::ItemFacts facts;
  facts.name = found.path.filename().native();
  facts.path = found.path.native();
  facts.file_type = found.type;
  if (found.type == custody::FileType::kSymbolicLink) facts.link_target = found.link_target;
  RenewTimes(facts.times, found.status);
  facts.times.accessed = TimeOf(found.status.st_atim, "accessed", facts.times);
  facts.system = SystemFactsOf(found.status);
  const auto at = LongPath::Reach(found.path);
  if (!at) return facts;
  facts.times.born = BirthOf(*at);
  ReadXattrs(*at, facts.system);
  facts.system.holes = HasHoles(*at, found.status);
  return facts;
}

void RenewTimes(custody::FileTimes& times, const struct ::stat& status) {
  std::erase_if(times.beyond, [](const auto& time) { return time.first == kModified || time.first == kChanged; });
  times.modified = TimeOf(status.st_mtim, kModified, times);
  times.changed = TimeOf(status.st_ctim, kChanged, times);
}

std::string AclText(std::string_view xattr) {
  // <linux/posix_acl_xattr.h>: version 2, u32; then entries of tag u16, permissions u16, id u32, all little-endian.
  constexpr std::size_t kEntryBytes = 8;
  const auto number = [&](std::size_t at, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(xattr[at + i]);
    return value;
  };
  const std::string as_it_is(xattr);
  if (xattr.size() < 4 || xattr.size() % kEntryBytes != 4 || number(0, 4) != 2) return as_it_is;
  std::string text;
  for (std::size_t at = 4; at < xattr.size(); at += kEntryBytes) {
    const std::uint32_t permissions = number(at + 2, 2);
    std::string who;
    switch (number(at, 2)) {
      case 0x01: who = "user:"; break;
      case 0x02: who = Format("user:{}", number(at + 4, 4)); break;
      case 0x04: who = "group:"; break;
      case 0x08: who = Format("group:{}", number(at + 4, 4)); break;
      case 0x10: who = "mask:"; break;
      case 0x20: who = "other:"; break;
      default: return as_it_is;
    }
    if (permissions > 7) return as_it_is;
    if (!text.empty()) text += ",";
    text += Format("{}:{}{}{}", who, (permissions & 4) != 0 ? "r" : "-", (permissions & 2) != 0 ? "w" : "-",
                   (permissions & 1) != 0 ? "x" : "-");
  }
  return text;
}

}  // namespace exhibit::intake
