#include "vault/base/bytes.h"
#include "vault/base/file.h"
#include "vault/base/machine.h"

namespace exhibit {
namespace {

constexpr std::uint64_t kMaxFileBytes = 16 << 20;

std::optional<std::string> NameInFile(const char* path, std::uint32_t number) {
  const auto file = ReadFile(path, kMaxFileBytes);
  return file ? NameIn(TextOf(*file), number) : std::nullopt;
}

}  // namespace

std::optional<std::string> NameOfUser(std::uint32_t uid) { return NameInFile("/etc/passwd", uid); }
std::optional<std::string> NameOfGroup(std::uint32_t gid) { return NameInFile("/etc/group", gid); }

std::optional<long> ZoneAt(std::time_t) { return std::nullopt; }

// A locale is files of the machine, and code of it where its characters are not UTF-8. Without one a table's columns may be
// ragged.
void TakeLocale() {}

}  // namespace exhibit
