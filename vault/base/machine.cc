#include "vault/base/machine.h"

#include <grp.h>
#include <pwd.h>

#include <clocale>

namespace exhibit {
namespace {

constexpr std::size_t kRoom = 256 * 1024;  // for all members of a group, too

}  // namespace

std::optional<std::string> NameOfUser(std::uint32_t uid) {
  std::string room(kRoom, '\0');
  ::passwd entry{};
  ::passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return std::nullopt;
  return std::string(found->pw_name);
}

std::optional<std::string> NameOfGroup(std::uint32_t gid) {
  std::string room(kRoom, '\0');
  ::group entry{};
  ::group* found = nullptr;
  if (::getgrgid_r(gid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return std::nullopt;
  return std::string(found->gr_name);
}

std::optional<long> ZoneAt(std::time_t time) {
  std::tm local{};
  if (::localtime_r(&time, &local) == nullptr) return std::nullopt;
  return local.tm_gmtoff;
}

void TakeLocale() { std::setlocale(LC_CTYPE, ""); }

}  // namespace exhibit
