#include "vault/bundle/zip_index.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "vault/base/interrupt.h"
#include "vault/base/little_endian.h"
#include "vault/bundle/tar_index.h"
#include "vault/bundle/zip_extra.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint32_t kLocalMark = 0x04034b50;
constexpr std::uint32_t kListMark = 0x02014b50;
constexpr std::uint32_t kDataMark = 0x08074b50;
constexpr std::uint32_t kEndMark = 0x06054b50;
constexpr std::uint32_t kEnd64Mark = 0x06064b50;
constexpr std::uint32_t kLocatorMark = 0x07064b50;
constexpr std::uint64_t kLocalBytes = 30;
constexpr std::uint64_t kListedBytes = 46;
constexpr std::uint64_t kEndBytes = 22;
constexpr std::uint64_t kEnd64Bytes = 56;
constexpr std::uint64_t kLocatorBytes = 20;
constexpr std::uint16_t kSizesBehind = 1 << 3;
constexpr std::uint16_t kKnownFlags =
    1 << 1 | 1 << 2 | kSizesBehind | 1 << 11;                // 1, 2: how hard it was tried; 11: UTF-8
constexpr std::uint16_t kNewestVersion = 45;                 // zip64
constexpr std::uint32_t kFolderBit = 0x10;                   // of DOS
constexpr std::uint32_t kSpecialBits = 0x08 | 0x40 | 0x400;  // of DOS: a label, a device, a link
constexpr std::string_view kDiffer = "its own header and the list of files differ";

// The place of the list, and how many files it has.
struct List {
  std::uint64_t count = 0;
  std::uint64_t offset = 0;
  std::uint64_t end = 0;
};

struct Number {
  std::uint64_t is;  // all ones: see zip64
  std::uint64_t ones;
  bool Says(std::uint64_t value) const { return is == ones || is == value; }
};

constexpr std::string_view kEndsDiffer = "its two ends differ";

struct End64 {
  List list;
  std::uint64_t bytes = 0;
};

// The records of zip64 before the end, if there are any.
Result<std::optional<End64>> ReadEnd64(const ContainerFile& file, std::uint64_t end) {
  if (end < kLocatorBytes + kEnd64Bytes) return std::nullopt;
  TRY(const Bytes locator, file.ReadAt(end - kLocatorBytes, kLocatorBytes));
  if (GetLittle<std::uint32_t>(locator, 0) != kLocatorMark) return std::nullopt;
  const std::uint64_t at = end - kLocatorBytes - kEnd64Bytes;
  TRY(const Bytes end64, file.ReadAt(at, kEnd64Bytes));
  const std::uint64_t count = GetLittle<std::uint64_t>(end64, 32);
  const bool is_led_to = GetLittle<std::uint32_t>(locator, 4) == 0 && GetLittle<std::uint64_t>(locator, 8) == at &&
                         GetLittle<std::uint32_t>(locator, 16) == 1;
  const bool is_whole = GetLittle<std::uint32_t>(end64, 0) == kEnd64Mark &&
                        GetLittle<std::uint64_t>(end64, 4) == kEnd64Bytes - 12 &&
                        GetLittle<std::uint64_t>(end64, 16) == 0 && GetLittle<std::uint64_t>(end64, 24) == count;
  if (!is_led_to || !is_whole) return Refuse(file.path().native(), kEndsDiffer);
  return End64{{count, GetLittle<std::uint64_t>(end64, 48), at}, GetLittle<std::uint64_t>(end64, 40)};
}

// Why the last bytes are not an end that we read.
Result<std::string_view> WrongWithEnd(const ContainerFile& file) {
  TRY(const Bytes tail,
      file.ReadAt(file.size() - std::min(file.size(), kEndBytes + 0xffff), std::min(file.size(), kEndBytes + 0xffff)));
  for (std::size_t after = 1; after + kEndBytes <= tail.size(); ++after) {
    const ByteView end = ByteView(tail).subspan(tail.size() - kEndBytes - after);
    if (GetLittle<std::uint32_t>(end, 0) == kEndMark && GetLittle<std::uint16_t>(end, 20) == after)
      return "it has a comment";
  }
  return "it is no zip, or does not end as one: it was cut off on its way, or something was added; ask for it again";
}

Result<List> FindList(const ContainerFile& file) {
  const std::string& name = file.path().native();
  if (file.size() < kEndBytes) return CannotRead(name, "it is no zip");
  const std::uint64_t end = file.size() - kEndBytes;
  TRY(const Bytes last, file.ReadAt(end, kEndBytes));
  if (GetLittle<std::uint32_t>(last, 0) != kEndMark || GetLittle<std::uint16_t>(last, 20) != 0) {
    TRY(const std::string_view why, WrongWithEnd(file));
    return CannotRead(name, why);
  }
  const Number disk_count{GetLittle<std::uint16_t>(last, 8), 0xffff};
  const Number count{GetLittle<std::uint16_t>(last, 10), 0xffff};
  const Number bytes{GetLittle<std::uint32_t>(last, 12), 0xffffffff};
  const Number offset{GetLittle<std::uint32_t>(last, 16), 0xffffffff};
  if (GetLittle<std::uint32_t>(last, 4) != 0 || disk_count.is != count.is)
    return CannotRead(name, "it is a part of several");
  List list{count.is, offset.is, end};
  std::uint64_t list_bytes = bytes.is;
  TRY(const std::optional<End64> end64, ReadEnd64(file, end));
  if (end64) {
    if (!count.Says(end64->list.count) || !bytes.Says(end64->bytes) || !offset.Says(end64->list.offset))
      return Refuse(name, kEndsDiffer);
    list = end64->list;
    list_bytes = end64->bytes;
  }
  if (list.offset > list.end || list_bytes != list.end - list.offset)
    return Refuse(name, "its list of files is not where its end says");
  TRY_VOID(CheckCount(list.count, name));
  return list;
}

// The fields that both headers of a file have.
struct Said {
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  bool operator==(const Said&) const = default;
};

// From the version on, which is the same in both.
Said ReadSaid(ByteView header, std::size_t at) {
  return {GetLittle<std::uint16_t>(header, at + 2), GetLittle<std::uint16_t>(header, at + 4),
          GetLittle<std::uint32_t>(header, at + 10), GetLittle<std::uint32_t>(header, at + 14),
          GetLittle<std::uint32_t>(header, at + 18)};
}

// One file as the list has it.
struct Listed {
  Said said;
  std::uint64_t offset = 0;
  std::uint32_t attributes = 0;
  std::string name;
};

Result<void> CheckReadable(const Listed& listed, std::uint16_t version) {
  if (listed.name.empty() || listed.name.find('\0') != std::string::npos)
    return Refuse(listed.name, "a name that is none");
  if ((listed.said.flags & 1) != 0) return CannotRead(listed.name, "it is encrypted by the container");
  const bool is_known = (listed.said.flags & ~kKnownFlags) == 0 && version <= kNewestVersion;
  if (!is_known || (listed.said.method != 0 && listed.said.method != 8))
    return CannotRead(listed.name, "it is packed in a way that we do not read");
  if (listed.said.method == 0 && listed.said.packed != listed.said.size)
    return Refuse(listed.name, "stored, and its two sizes differ");
  return {};
}

// By the name; the attributes of a system that has kinds of files must not contradict it.
Result<Member::Kind> KindOf(const Listed& listed) {
  const bool is_folder = listed.name.ends_with('/');
  const std::uint32_t mode = listed.attributes >> 16 & S_IFMT;
  if (mode == S_IFLNK || (listed.attributes & 0x400) != 0) return Refuse(listed.name, "it is a link");
  if ((mode != 0 && mode != S_IFREG && mode != S_IFDIR) || (listed.attributes & kSpecialBits) != 0) {
    return Refuse(listed.name, "it is neither a plain file nor a folder");
  }
  const bool says_folder = mode == S_IFDIR || (listed.attributes & kFolderBit) != 0;
  if ((says_folder && !is_folder) || (mode == S_IFREG && is_folder))
    return Refuse(listed.name, "it is named as a file and marked as a folder, or the reverse");
  if (is_folder && (listed.said.size != 0 || listed.said.crc != 0))
    return Refuse(listed.name, "a folder with bytes of its own");
  return is_folder ? Member::Kind::kFolder : Member::Kind::kFile;
}

class ZipReader {
 public:
  explicit ZipReader(const ContainerFile& file) : file_(file) {}

  Result<std::vector<Member>> Run(const std::atomic<bool>* interrupted) {
    TRY(list_, FindList(file_));
    std::vector<Member> members;
    at_ = list_.offset;
    for (std::uint64_t i = 0; i < list_.count; ++i) {
      TRY_VOID(StopIfAsked(interrupted));
      TRY(const Listed listed, ReadListed());
      TRY(Member member, ReadMember(listed));
      members.push_back(std::move(member));
    }
    if (at_ != list_.end) return Refuse(file_.path().native(), "its list of files is longer than it says");
    if (next_ != list_.offset) return Refuse(file_.path().native(), kHidden);
    TRY_VOID(CheckIsNoTar());
    return members;
  }

 private:
  static constexpr std::string_view kHidden =
      "bytes that its list does not name, which other unpackers may take for files";

  Result<Listed> ReadListed() {
    const std::string& container = file_.path().native();
    if (list_.end - at_ < kListedBytes) return Refuse(container, "its list of files is shorter than it says");
    TRY(const Bytes header, file_.ReadAt(at_, kListedBytes));
    const std::uint64_t name_bytes = GetLittle<std::uint16_t>(header, 28);
    const std::uint64_t extra_bytes = GetLittle<std::uint16_t>(header, 30);
    if (GetLittle<std::uint32_t>(header, 0) != kListMark || list_.end - at_ - kListedBytes < name_bytes + extra_bytes) {
      return Refuse(container, "its list of files is shorter than it says");
    }
    TRY(const Bytes name, file_.ReadAt(at_ + kListedBytes, name_bytes));
    TRY(const Bytes extra, file_.ReadAt(at_ + kListedBytes + name_bytes, extra_bytes));
    at_ += kListedBytes + name_bytes + extra_bytes;
    Listed listed{ReadSaid(header, 6), GetLittle<std::uint32_t>(header, 42), GetLittle<std::uint32_t>(header, 38),
                  ToText(name)};
    if (GetLittle<std::uint16_t>(header, 32) != 0) return CannotRead(listed.name, "it has a comment");
    if (GetLittle<std::uint16_t>(header, 34) != 0) return CannotRead(listed.name, "it lies in another part");
    TRY(const ZipExtra read, ReadZipExtra(extra, listed.name));
    if (!TakeZip64(read.zip64, {&listed.said.size, &listed.said.packed, &listed.offset}))
      return CannotRead(listed.name, "its extra field has more or fewer numbers than its header refers to");
    TRY_VOID(CheckReadable(listed, GetLittle<std::uint16_t>(header, 6)));
    return listed;
  }

  // Its own header, its data, and the sizes after them: from the end of the file before it.
  Result<Member> ReadMember(const Listed& listed) {
    if (listed.offset != next_) return Refuse(listed.name, "it does not begin where the file before it ends");
    if (list_.offset - next_ < kLocalBytes) return Refuse(listed.name, kDiffer);
    TRY(const Bytes header, file_.ReadAt(next_, kLocalBytes));
    const std::uint64_t name_bytes = GetLittle<std::uint16_t>(header, 26);
    const std::uint64_t extra_bytes = GetLittle<std::uint16_t>(header, 28);
    if (GetLittle<std::uint32_t>(header, 0) != kLocalMark ||
        list_.offset - next_ - kLocalBytes < name_bytes + extra_bytes) {
      return Refuse(listed.name, kDiffer);
    }
    TRY(const Bytes name, file_.ReadAt(next_ + kLocalBytes, name_bytes));
    TRY(const Bytes extra, file_.ReadAt(next_ + kLocalBytes + name_bytes, extra_bytes));
    next_ += kLocalBytes + name_bytes + extra_bytes;
    TRY(const ZipExtra read, ReadZipExtra(extra, listed.name));
    Said said = ReadSaid(header, 4);
    if (!TakeZip64(read.zip64, {&said.size, &said.packed}))
      return CannotRead(listed.name, "its extra field has more or fewer numbers than its header refers to");
    if (GetLittle<std::uint16_t>(header, 4) > kNewestVersion) return Refuse(listed.name, kDiffer);
    const bool is_behind = (listed.said.flags & kSizesBehind) != 0;
    if (is_behind) {
      if (said.crc == 0) said.crc = listed.said.crc;
      if (said.packed == 0) said.packed = listed.said.packed;
      if (said.size == 0) said.size = listed.said.size;
    }
    if (TextOf(name) != listed.name || said != listed.said) return Refuse(listed.name, kDiffer);
    TRY(const Member::Kind kind, KindOf(listed));
    if (list_.offset - next_ < said.packed) return Refuse(listed.name, "it is longer than the container");
    Member member{listed.name, kind,        said.method == 0 ? Member::Method::kStored : Member::Method::kDeflated,
                  next_,       said.packed, said.size,
                  true,        said.crc};
    if (kind == Member::Kind::kFolder) member.name.pop_back();
    next_ += said.packed;
    if (is_behind) TRY_VOID(TakeSizesBehind(listed, read.has_zip64));
    return member;
  }

  Result<void> TakeSizesBehind(const Listed& listed, bool are_long) {
    // An unpacker that reads a stream finds the end of deflated data, and can only guess that of stored data.
    if (listed.said.method == 0 && listed.said.size != 0)
      return CannotRead(listed.name, "it is stored, and its size comes after its data");
    const std::uint64_t bytes = are_long ? 24 : 16;
    if (list_.offset - next_ < bytes) return Refuse(listed.name, kDiffer);
    TRY(const Bytes after, file_.ReadAt(next_, bytes));
    const std::uint64_t packed = are_long ? GetLittle<std::uint64_t>(after, 8) : GetLittle<std::uint32_t>(after, 8);
    const std::uint64_t size = are_long ? GetLittle<std::uint64_t>(after, 16) : GetLittle<std::uint32_t>(after, 12);
    if (GetLittle<std::uint32_t>(after, 0) != kDataMark || GetLittle<std::uint32_t>(after, 4) != listed.said.crc ||
        packed != listed.said.packed || size != listed.said.size) {
      return Refuse(listed.name, kDiffer);
    }
    next_ += bytes;
    return {};
  }

  // Its first bytes may be a valid header of a tar, too, and some unpackers look at nothing else.
  Result<void> CheckIsNoTar() const {
    if (!file_.Has(0, 512)) return {};
    TRY(const Bytes block, file_.ReadAt(0, 512));
    if (IsTarHeader(block)) return Refuse(file_.path().native(), "it is a tar, too");
    return {};
  }

  const ContainerFile& file_;
  List list_;
  std::uint64_t at_ = 0;    // in the list
  std::uint64_t next_ = 0;  // where the next file begins
};

}  // namespace

Result<std::vector<Member>> ReadZipIndex(const ContainerFile& file, const std::atomic<bool>* interrupted) {
  return ZipReader(file).Run(interrupted);
}

}  // namespace exhibit::bundle
