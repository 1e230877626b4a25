#include "vault/store/folder_sums.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/hash.h"

namespace exhibit::store {
namespace {

namespace fs = std::filesystem;
using verify::MediumFault;
using Weight = MediumFault::Weight;

constexpr std::size_t kDigits = 64;
constexpr std::uint64_t kMostSumsBytes = 64 << 20;
constexpr std::uint64_t kMostFileBytes = 1 << 20;

std::string DigestOf(ByteView bytes) { return ToHex(crypto::Sha256(bytes).view()); }

// Whether the file `candidate` is ready to take the place of `name`.
bool IsNextOf(std::string_view candidate, const std::string& name) {
  return candidate == name + ".next" || candidate.starts_with(name + ".next-");
}

}  // namespace

Result<std::vector<FolderSums::Line>> FolderSums::Read() const {
  auto bytes = ReadFile(SumsPath(), kMostSumsBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return std::vector<Line>();
  if (!bytes) return Fail(std::move(bytes).error());
  std::vector<Line> lines;
  for (std::string_view rest = TextOf(*bytes); !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const bool is_whole = end != std::string_view::npos && line.size() > kDigits + 2 && line.substr(kDigits, 2) == "  ";
    if (!is_whole || !FromHex(line.substr(0, kDigits))) {
      return Fail(ErrorCode::kTampered, Printable(SumsPath().native()) + " has a line of an unknown form");
    }
    lines.push_back({std::string(line.substr(0, kDigits)), std::string(line.substr(kDigits + 2))});
    rest.remove_prefix(end + 1);
  }
  return lines;
}

Result<void> FolderSums::Write(const std::vector<Line>& lines) const {
  std::string text;
  for (const Line& line : lines) text += line.digest + "  " + line.name + "\n";
  return ReplaceFile(SumsPath(), ViewOf(text), 0644);
}

// Two that keep cosignatures at the same time take turns.
Result<void> FolderSums::Allow(std::string_view name, ByteView bytes) const {
  TRY_VOID(CreateFolders(folder_));
  const FileLock lock = FileLock::AwaitFolder(folder_);
  TRY(std::vector<Line> lines, Read());
  const std::string digest = DigestOf(bytes);
  const auto is_it = [&](const Line& line) { return line.name == name && line.digest == digest; };
  if (std::ranges::any_of(lines, is_it)) return {};
  lines.push_back({digest, std::string(name)});
  return Write(lines);
}

Result<void> FolderSums::Settle(std::string_view name) const {
  const FileLock lock = FileLock::AwaitFolder(folder_);
  TRY(const std::vector<Line> lines, Read());
  TRY(const Bytes bytes, ReadFile(folder_ / name, kMostFileBytes));
  const std::string digest = DigestOf(bytes);
  std::vector<Line> settled;
  std::ranges::copy_if(lines, std::back_inserter(settled),
                       [&](const Line& line) { return line.name != name || line.digest == digest; });
  if (settled.size() == lines.size()) return {};
  return Write(settled);
}

Result<void> FolderSums::Forget(std::string_view name) const {
  const FileLock lock = FileLock::AwaitFolder(folder_);
  TRY(std::vector<Line> lines, Read());
  if (std::erase_if(lines, [&](const Line& line) { return line.name == name; }) == 0) return {};
  return Write(lines);
}

Result<void> FolderSums::Tidy() const {
  fs::path left = SumsPath();
  left += ".new";
  if (::unlink(left.c_str()) != 0 && errno != ENOENT) return Fail(SystemError("remove", left, errno));
  return {};
}

Result<bool> FolderSums::Fits(std::string_view name, ByteView bytes) const {
  TRY(std::vector<Line> lines, Read());
  std::erase_if(lines, [&](const Line& line) { return line.name != name; });
  const std::string digest = DigestOf(bytes);
  return lines.empty() || std::ranges::any_of(lines, [&](const Line& line) { return line.digest == digest; });
}

Result<std::vector<MediumFault>> FolderSums::Check() const {
  std::vector<MediumFault> faults;
  const std::string folder = folder_.filename().native() + "/";
  const auto say = [&](Weight weight, const std::string& what) { faults.push_back({weight, what}); };
  std::set<std::string> present;
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end; file.increment(error)) {
    present.insert(file->path().filename().native());
  }
  if (error == std::errc::no_such_file_or_directory) return faults;
  // Who verifies needs no key, and an auditor has no right to read one.
  if (error == std::errc::permission_denied) {
    say(Weight::kRemark, folder + " was not looked at: no permission to list it");
    return faults;
  }
  if (error) return Fail(SystemError("list", folder_, error.value()));
  auto read = Read();
  if (!read && read.error().code == ErrorCode::kPermission) {
    say(Weight::kRemark, folder + " was not looked at: " + read.error().message);
    return faults;
  }
  if (!read && read.error().code == ErrorCode::kTampered) {
    say(Weight::kDamage, read.error().message);
    return faults;
  }
  if (!read) return Fail(std::move(read).error());
  if (!present.erase("SHA256SUMS") && !present.empty()) {
    say(Weight::kRemark, folder + "SHA256SUMS is missing: whether the files beside it changed was not looked at");
    return faults;
  }
  std::map<std::string, std::set<std::string>> allowed;  // digests by name
  for (const Line& line : *read) allowed[line.name].insert(line.digest);
  for (const auto& [name, digests] : allowed) {
    const auto is_next = [&name = name](const std::string& other) { return IsNextOf(other, name); };
    if (std::ranges::any_of(present, is_next)) {
      say(Weight::kRemark,
          Format("{}{} was being replaced when that was cut short; the next writer ends it", folder, Printable(name)));
    } else if (!present.contains(name)) {
      say(Weight::kRemark, Format("{}{} is missing", folder, Printable(name)));
    } else if (const auto bytes = ReadFile(folder_ / name, kMostFileBytes); !bytes) {
      say(Weight::kRemark, Format("{}{} was not looked at: {}", folder, Printable(name), bytes.error().message));
    } else if (!digests.contains(DigestOf(*bytes))) {
      say(Weight::kDamage,
          Format("{}{} is not what was written, by its line in {}SHA256SUMS", folder, Printable(name), folder));
    }
  }
  for (const std::string& name : present) {
    const auto replaces = [&](const auto& line) { return IsNextOf(name, line.first); };
    if (!allowed.contains(name) && std::ranges::none_of(allowed, replaces)) {
      say(Weight::kRemark, Format("{}{} has no line in {}SHA256SUMS", folder, Printable(name), folder));
    }
  }
  return faults;
}

}  // namespace exhibit::store
