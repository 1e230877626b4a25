#include "vault/work/machine.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "vault/base/clock.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kLittleRoom = 1024 * kMiB;
constexpr std::uint64_t kNoRoom = 64 * kMiB;
constexpr std::uint64_t kFewFiles = 1000;

// The nearest folder that there is: a vault that is not yet made will be on its disk.
fs::path Nearest(fs::path place) {
  std::error_code none;
  while (!place.empty() && !fs::exists(place, none) && place != place.parent_path()) place = place.parent_path();
  return place.empty() ? fs::path(".") : place;
}

Symptom RoomAt(const fs::path& place) {
  struct ::statvfs room {};
  const fs::path there = Nearest(place);
  if (::statvfs(there.c_str(), &room) != 0)
    return {"space", Grade::kTrouble, SystemError("look at", there, errno).message};
  const std::uint64_t free = std::uint64_t{room.f_bavail} * room.f_frsize;
  const std::string told = Format("{} MiB are free for {}", free / kMiB, Printable(place.native()));
  // Some file systems count no files and say 0 of 0.
  const bool lacks_files = room.f_files > 0 && room.f_favail < kFewFiles;
  if (free < kNoRoom || lacks_files)
    return {"space", Grade::kTrouble,
            lacks_files
                ? Format("{} more files can be made at {}", std::uint64_t{room.f_favail}, Printable(place.native()))
                : told,
            std::string(kHintDiskFull)};
  if (free < kLittleRoom) return {"space", Grade::kRemark, told, "an add needs about the size of what is added"};
  return {"space", Grade::kFine, told};
}

std::optional<Symptom> FileSystemOf(const fs::path& vault) {
  struct Known {
    std::uint32_t magic;
    Grade grade;
    std::string_view what;
  };
  constexpr std::array<Known, 6> kKnown = {
      {{0x01021994, Grade::kTrouble, "is in memory (tmpfs) and gone at the next start of the machine"},
       {0x858458f6, Grade::kTrouble, "is in memory (ramfs) and gone at the next start of the machine"},
       {0x6969, Grade::kRemark, "is on another machine (NFS): what a sync promises is up to that machine"},
       {0xff534d42, Grade::kRemark, "is on another machine (SMB): what a sync promises is up to that machine"},
       {0xfe534d42, Grade::kRemark, "is on another machine (SMB): what a sync promises is up to that machine"},
       {0x794c7630, Grade::kRemark, "is in a container's layer (overlayfs), which often goes with the container"}}};
  struct ::statfs found {};
  if (::statfs(Nearest(vault).c_str(), &found) != 0) return std::nullopt;
  const auto magic = static_cast<std::uint32_t>(found.f_type);
  const auto* const known = std::ranges::find(kKnown, magic, &Known::magic);
  if (known == kKnown.end()) return std::nullopt;
  return Symptom{"file system", known->grade, Format("{} {}", Printable(vault.native()), known->what)};
}

std::uint64_t LimitOf(decltype(RLIMIT_NOFILE) which) {
  struct ::rlimit limit {};
  return ::getrlimit(which, &limit) == 0 ? std::uint64_t{limit.rlim_cur} : 0;
}

}  // namespace

std::vector<Symptom> LookAtSpace(const fs::path& vault) {
  std::vector<Symptom> found = {RoomAt(vault)};
  const char* const temporary = std::getenv("TMPDIR");
  found.push_back(RoomAt(temporary != nullptr && *temporary != '\0' ? temporary : "/var/tmp"));
  if (auto told = FileSystemOf(vault)) found.push_back(std::move(*told));
  return found;
}

std::vector<Symptom> LookAtClock() {
  constexpr Moment kBefore = {1'764'000'000'000};  // November 2025: no honest clock is before this program
  if (Now() < kBefore)
    return {{"clock", Grade::kTrouble, "this machine says that it is " + FormatTime(Now()),
             "set the clock: times of entries are taken from it"}};
  struct ::timex clock {};
  const int state = ::adjtimex(&clock);
  if (state == -1 || (clock.status & STA_UNSYNC) != 0) {
    return {{"clock", Grade::kRemark, FormatTime(Now()) + ", and nothing keeps it right",
             "run a client of NTP; a witness and a timestamp authority prove times without this clock"}};
  }
  return {{"clock", Grade::kFine, FormatTime(Now()) + ", kept right by a client of NTP"}};
}

std::vector<Symptom> LookAtLimits() {
  constexpr std::uint64_t kFewOpen = 1024;
  constexpr std::uint64_t kLittleLocked = 8 * kMiB;
  constexpr std::uint64_t kAll = RLIM_INFINITY;
  std::vector<Symptom> found;
  const auto shown = [](std::uint64_t limit) { return limit == kAll ? std::string("no limit") : Format("{}", limit); };
  const std::uint64_t open = LimitOf(RLIMIT_NOFILE);
  const std::uint64_t locked = LimitOf(RLIMIT_MEMLOCK);
  const std::uint64_t largest = LimitOf(RLIMIT_FSIZE);
  if (open < kFewOpen)
    found.push_back(
        {"limits", Grade::kRemark, Format("{} files can be open at once", open), std::string(kHintTooManyFiles)});
  if (locked < kLittleLocked) {
    found.push_back({"limits", Grade::kRemark,
                     Format("{} KiB of memory can be locked: secrets may reach the swap", locked / 1024),
                     "raise it (ulimit -l), or encrypt the swap"});
  }
  if (largest != kAll) {
    found.push_back(
        {"limits", Grade::kTrouble, Format("no file can be larger than {} bytes", largest), "ulimit -f unlimited"});
  }
  if (found.empty())
    found.push_back(
        {"limits", Grade::kFine,
         Format("open files: {}, locked memory: {}, size of a file: {}", shown(open), shown(locked), shown(largest))});
  return found;
}

std::optional<std::string> OthersMay(const fs::path& place) {
  struct ::stat status {};
  if (::stat(place.c_str(), &status) != 0) return std::nullopt;
  const unsigned mode = status.st_mode & 07777;
  if ((mode & 077) == 0) return std::nullopt;
  return Format("{} can be {} by others (mode {:04o})", Printable(place.native()),
                (mode & 022) != 0 ? "changed" : "looked into", mode);
}

}  // namespace exhibit::work
