#include "vault/bundle/pax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/container_file.h"

namespace exhibit::bundle {
namespace {

constexpr std::array<std::string_view, 13> kWeightless = {"comment",
                                                          "mtime",
                                                          "atime",
                                                          "ctime",
                                                          "uid",
                                                          "gid",
                                                          "uname",
                                                          "gname",
                                                          "SCHILY.dev",
                                                          "SCHILY.ino",
                                                          "SCHILY.nlink",
                                                          "SCHILY.fflags",
                                                          "LIBARCHIVE.creationtime"};
constexpr std::array<std::string_view, 4> kWeightlessBeginnings = {"SCHILY.xattr.", "SCHILY.acl.", "LIBARCHIVE.xattr.",
                                                                   "RHT.security."};

bool IsWeightless(std::string_view key) {
  return std::ranges::find(kWeightless, key) != kWeightless.end() ||
         std::ranges::any_of(kWeightlessBeginnings,
                             [key](std::string_view beginning) { return key.starts_with(beginning); });
}

// Decimal, without leading zeros or anything else around it.
std::optional<std::uint64_t> Decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || (text[0] == '0' && text.size() > 1)) return {};
  return value;
}

// Takes the first record from `text` and returns its "key=value"; nothing if it does not have the form.
std::optional<std::string_view> TakeRecord(std::string_view& text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos || blank == 0) return {};
  const auto length = Decimal(text.substr(0, blank));
  if (!length || *length > text.size() || *length < blank + 4 || text[*length - 1] != '\n') return {};
  const std::string_view record = text.substr(blank + 1, *length - blank - 2);
  text.remove_prefix(*length);
  return record;
}

}  // namespace

Result<PaxRecords> ReadPax(ByteView data, std::string_view name) {
  PaxRecords records;
  std::set<std::string, std::less<>> keys;
  for (std::string_view rest = TextOf(data); !rest.empty();) {
    const auto record = TakeRecord(rest);
    const std::size_t equals = record ? record->find('=') : std::string_view::npos;
    if (equals == std::string_view::npos || equals == 0 || HasControl(record->substr(0, equals)))
      return Refuse(name, "its pax header is malformed");
    const std::string_view key = record->substr(0, equals);
    const std::string_view value = record->substr(equals + 1);
    if (!keys.emplace(key).second) {
      return Refuse(name, Format("a pax header that says \"{}\" twice", PrintableUpTo(80, key)));
    }
    if (key != "comment") records.only_comment = false;
    if (key == "path") {
      if (value.empty() || value.find('\0') != std::string_view::npos)
        return Refuse(name, "its pax header has a path that is not one");
      records.path = value;
    } else if (key == "size") {
      records.size = Decimal(value);
      if (!records.size) return Refuse(name, "its pax header has a size that is not a number");
    } else if (!IsWeightless(key)) {
      return CannotRead(name, Format("a pax header that says \"{}\", which is not read", PrintableUpTo(80, key)));
    }
  }
  return records;
}

}  // namespace exhibit::bundle
