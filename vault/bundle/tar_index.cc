#include "vault/bundle/tar_index.h"

#include <algorithm>
#include <optional>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/base/zeros.h"
#include "vault/bundle/pax.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint64_t kBlock = 512;
constexpr std::size_t kFullName = 97;  // to which bsdtar cuts; others to 99 or 100
constexpr std::uint64_t kMaxLongName = 4096;
constexpr std::uint64_t kMaxPaxBytes = 1 << 20;
constexpr std::string_view kPosix("ustar\00000", 8);
constexpr std::string_view kGnu("ustar  \0", 8);
constexpr std::string_view kCut = "it ends before its end: it was cut off on its way; ask for it again";

// The text up to the first NUL; nothing if anything but NULs follows.
std::optional<std::string_view> Text(ByteView field) {
  const std::string_view text = TextOf(field).substr(0, TextOf(field).find('\0'));
  if (!IsZero(field.subspan(text.size()))) return {};
  return text;
}

std::optional<std::uint64_t> Octal(ByteView field) {
  std::uint64_t value = 0;
  std::size_t at = 0;
  for (; at < field.size() && field[at] >= '0' && field[at] <= '7'; ++at) value = value << 3 | (field[at] - '0');
  const bool ends = std::ranges::all_of(field.subspan(at), [](std::uint8_t byte) { return byte == 0 || byte == ' '; });
  if (!ends || at == field.size()) return {};
  return value;
}

// A size: octal, or 80 and eleven bytes.
std::optional<std::uint64_t> Size(ByteView field) {
  if (field[0] != 0x80) return field[0] == 0 || field[0] == ' ' ? std::nullopt : Octal(field);
  if (!IsZero(field.subspan(1, 3)) || field[4] >= 0x80) return {};
  return GetU64(field.subspan(4));
}

// A field that does not change names or bytes need only be a number for every unpacker.
bool IsNumber(ByteView field) { return field[0] == 0x80 || field[0] == 0xff || Octal(field).has_value(); }

struct Checksums {
  std::int64_t of_unsigned = 0;
  std::int64_t of_signed = 0;
};

Checksums Sum(ByteView block) {
  Checksums sum;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const std::uint8_t byte = i >= 148 && i < 156 ? ' ' : block[i];
    sum.of_unsigned += byte;
    sum.of_signed += static_cast<std::int8_t>(byte);
  }
  return sum;
}

struct Header {
  std::string name;
  bool is_full = false;  // the name may have been cut to fit
  char type = '0';
  std::uint64_t size = 0;
};

// A type that no bundle has: it is refused, with what made it.
Result<void> CheckType(char type, std::string_view name) {
  switch (type) {
    case '1':
      return Refuse(name, "it is a link: a hard link, which tar writes for a file that has two names",
                    "pack it anew with every file whole: tar --hard-dereference -cf handover.tar handover");
    case '2':
      return Refuse(name, "it is a link: a symbolic link, and a bundle has none",
                    "pack the folder that exhibit made, and not one of links to it");
    case '3':
    case '4':
    case '6': return Refuse(name, "it is neither a plain file nor a folder");
    default: return {};
  }
}

Result<Header> ParseHeader(ByteView block) {
  const auto name = Text(block.first(100));
  const std::string_view shown = TextOf(block.first(100)).substr(0, TextOf(block.first(100)).find('\0'));
  if (Octal(block.subspan(148, 8)) != static_cast<std::uint64_t>(Sum(block).of_unsigned))
    return Refuse(shown, "its header does not have the checksum that it says");
  Header header{std::string(shown), shown.size() >= kFullName, static_cast<char>(block[156]), 0};
  TRY_VOID(CheckType(header.type, shown));
  const std::string_view magic = TextOf(block.subspan(257, 8));
  const bool is_posix = magic == kPosix;
  if (!is_posix && magic != kGnu) return CannotRead(shown, "its header is of a form older than POSIX's and GNU's");
  const auto prefix = Text(block.subspan(345, is_posix ? 155 : 0));
  for (const auto& [from, bytes] : {std::pair(100, 8), {108, 8}, {116, 8}, {136, 12}, {329, 8}, {337, 8}}) {
    if (!IsNumber(block.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(bytes))))
      return Refuse(shown, "a number in its header is not one");
  }
  const bool is_padded = IsZero(block.subspan(is_posix ? 500 : 345));
  if (!name || !prefix || !is_padded || !IsZero(block.subspan(157, 100)) || !Text(block.subspan(265, 32)) ||
      !Text(block.subspan(297, 32))) {
    return CannotRead(shown, "its header holds more than a name and a size");
  }
  const auto size = Size(block.subspan(124, 12));
  if (!size) return Refuse(shown, "its size is no number");
  header.size = *size;
  if (!prefix->empty()) header.name = std::string(*prefix) + "/" + std::string(*name);
  return header;
}

// As Python writes a name into a field of ASCII: "?" for each character that is not ASCII.
std::string AsAscii(std::string_view name) {
  std::string ascii;
  for (const char c : name) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80) ascii.push_back(c);
    if (byte >= 0xc0) ascii.push_back('?');
  }
  return ascii;
}

// Whether an unpacker that knows no long names reads the beginning of `longer`, or all of it.
bool IsCut(const Header& header, std::string_view longer) {
  std::string_view beginning = header.name;
  if (header.type == '5' && beginning.ends_with('/')) beginning.remove_suffix(1);
  const auto is_of = [&](std::string_view name) {
    return header.name == name || (header.is_full && name.starts_with(beginning));
  };
  return is_of(longer) || is_of(AsAscii(longer));
}

class TarReader {
 public:
  TarReader(const ContainerFile& file, const std::atomic<bool>* interrupted) : file_(file), interrupted_(interrupted) {}

  Result<std::vector<Member>> Run() {
    Bytes block(kBlock);
    for (;;) {
      TRY_VOID(StopIfAsked(interrupted_));
      if (!file_.Has(at_, kBlock)) return CannotRead(file_.path().native(), at_ == 0 ? "it is no tar" : kCut);
      TRY_VOID(file_.ReadAt(at_, MutableByteView(block)));
      if (IsZero(block)) break;
      if (at_ == 0 && !IsTarHeader(block)) return CannotRead(file_.path().native(), "it is no tar");
      TRY(const Header header, ParseHeader(block));
      at_ += kBlock;
      TRY_VOID(Take(header));
    }
    TRY_VOID(CheckEnd());
    return std::move(members_);
  }

 private:
  Result<void> Take(const Header& header) {
    if (!file_.Has(at_, header.size)) return CannotRead(header.name, kCut);
    switch (header.type) {
      case 'L': TRY_VOID(TakeLongName(header)); break;
      case 'x': TRY_VOID(TakePax(header)); break;
      case 'g': TRY_VOID(TakeGlobal(header)); break;
      case '0':
      case '\0':
      case '5': TRY_VOID(TakeMember(header)); break;
      default:
        return CannotRead(header.name,
                          "its type is one that we do not read: holes, a label, a part of several, or another");
    }
    return SkipData(header);
  }

  Result<Bytes> Data(const Header& header, std::uint64_t limit) {
    if (header.size > limit) return CannotRead(header.name, "the header before it is too long");
    return file_.ReadAt(at_, header.size);
  }

  Result<void> TakeLongName(const Header& header) {
    if (long_name_ || pax_) return Refuse(header.name, "a file has two names");
    TRY(Bytes data, Data(header, kMaxLongName));
    if (!data.empty() && data.back() == 0) data.pop_back();
    if (data.empty() || std::ranges::find(data, 0) != data.end())
      return Refuse(header.name, "a long name that is none");
    long_name_ = ToText(data);
    return {};
  }

  Result<void> TakePax(const Header& header) {
    if (long_name_ || pax_) return Refuse(header.name, "a file has two headers of pax");
    TRY(const Bytes data, Data(header, kMaxPaxBytes));
    TRY(pax_, ReadPax(data, header.name));
    return {};
  }

  Result<void> TakeGlobal(const Header& header) {
    if (long_name_ || pax_) return Refuse(header.name, "a header for all files is between a file and its own header");
    TRY(const Bytes data, Data(header, kMaxPaxBytes));
    TRY(const PaxRecords records, ReadPax(data, header.name));
    if (!records.only_comment) return CannotRead(header.name, "it sets values for all files, which each file must set");
    return {};
  }

  Result<void> TakeMember(const Header& header) {
    Member member;
    member.kind = header.type == '5' ? Member::Kind::kFolder : Member::Kind::kFile;
    member.name = header.name;
    std::optional<std::string> longer = long_name_;
    if (pax_ && pax_->path) longer = pax_->path;
    if (longer) {
      if (!IsCut(header, *longer))
        return CannotRead(header.name,
                          Format("it has two names, and the other is \"{}\"", PrintableUpTo(200, *longer)));
      member.name = *longer;
    }
    if (pax_ && pax_->size && *pax_->size != header.size) return Refuse(member.name, "its two sizes differ");
    const bool ends_as_folder = member.name.ends_with('/');
    if (member.kind == Member::Kind::kFolder) {
      if (header.size != 0) return Refuse(member.name, "a folder with bytes of its own");
      if (ends_as_folder) member.name.pop_back();
    } else if (ends_as_folder) {
      return Refuse(member.name, "a file that is named as a folder");
    }
    member.offset = at_;
    member.packed = member.size = header.size;
    members_.push_back(std::move(member));
    long_name_.reset();
    pax_.reset();
    return CheckCount(members_.size(), members_.back().name);
  }

  // Past the data and what fills its last block.
  Result<void> SkipData(const Header& header) {
    at_ += header.size;
    const std::uint64_t fill = (kBlock - header.size % kBlock) % kBlock;
    if (!file_.Has(at_, fill)) return CannotRead(header.name, kCut);
    TRY(const Bytes filling, file_.ReadAt(at_, fill));
    if (!IsZero(filling)) return Refuse(header.name, "there are bytes between it and the next file");
    at_ += fill;
    return {};
  }

  Result<void> CheckEnd() {
    if (long_name_ || pax_) return Refuse(file_.path().native(), "its last header belongs to no file");
    if (!file_.Has(at_, 2 * kBlock)) return CannotRead(file_.path().native(), kCut);
    Bytes piece(1 << 20);
    while (at_ < file_.size()) {
      TRY_VOID(StopIfAsked(interrupted_));
      piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), file_.size() - at_)));
      TRY_VOID(file_.ReadAt(at_, MutableByteView(piece)));
      if (!IsZero(piece))
        return Refuse(file_.path().native(), "bytes follow its end, and some unpackers read on there");
      at_ += piece.size();
    }
    return {};
  }

  const ContainerFile& file_;
  const std::atomic<bool>* interrupted_;
  std::uint64_t at_ = 0;
  std::optional<std::string> long_name_;
  std::optional<PaxRecords> pax_;
  std::vector<Member> members_;
};

}  // namespace

bool IsTarHeader(ByteView block) {
  if (block.size() < kBlock || IsZero(block)) return false;
  // As the most lenient unpacker reads a number: after blanks, and with anything after it.
  std::int64_t said = 0;
  std::size_t at = 148;
  while (at < 156 && block[at] == ' ') ++at;
  for (; at < 156 && block[at] >= '0' && block[at] <= '7'; ++at) said = said << 3 | (block[at] - '0');
  const Checksums sum = Sum(block);
  return said == sum.of_unsigned || said == sum.of_signed;
}

Result<std::vector<Member>> ReadTarIndex(const ContainerFile& file, const std::atomic<bool>* interrupted) {
  return TarReader(file, interrupted).Run();
}

}  // namespace exhibit::bundle
