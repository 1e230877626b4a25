#include "vault/intake/profile.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

bool IsPattern(const std::string& part) { return part.find_first_of("*?[") != std::string::npos; }

// glob(3) passes over what it may not look at as if it were not there.
class Matching {
 public:
  explicit Matching(const fs::path& pattern) : parts_(pattern.begin(), pattern.end()) {}

  PatternMatches Run() {
    Follow({}, 0);
    return std::move(matches_);
  }

 private:
  void Follow(const fs::path& path, std::size_t part) {
    if (part == parts_.size()) {
      matches_.paths.push_back(path);
    } else if (IsPattern(parts_[part].native())) {
      FollowNames(path, part);
    } else if (IsThere(path / parts_[part])) {
      Follow(path / parts_[part], part + 1);
    }
  }

  void FollowNames(const fs::path& folder, std::size_t part) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
      names.push_back(entry->path().filename().native());
    if (error) NoteError(folder, error.value());
    std::ranges::sort(names);
    for (const std::string& name : names) {
      // FNM_PERIOD: a name that begins with a dot is meant only by a pattern that does.
      if (::fnmatch(parts_[part].c_str(), name.c_str(), FNM_PERIOD) == 0 && IsThere(folder / name))
        Follow(folder / name, part + 1);
    }
  }

  bool IsThere(const fs::path& path) {
    struct ::stat status {};
    if (::lstat(path.c_str(), &status) == 0) return true;
    NoteError(path, errno);
    return false;
  }

  void NoteError(const fs::path& path, int error) {
    if (error != ENOENT && error != ENOTDIR) matches_.unreadable.push_back({path, SystemError("look at", path, error)});
  }

  std::vector<fs::path> parts_;
  PatternMatches matches_;
};

class Taking {
 public:
  Taking(const Profile& profile, Gatherer& gatherer, Receiver& receiver, const std::atomic<bool>* interrupted,
         const std::function<void(const std::string&)>& say)
      : profile_(profile), gatherer_(gatherer), receiver_(receiver), interrupted_(interrupted), say_(say) {}

  Result<void> Take(const Profile::Command& command) {
    Input stream;
    stream.facts.kind = command.kind;
    stream.wanted = Wanted::kIfThere;
    RunProducer(stream, command.run, interrupted_, say_);
    return gatherer_.TakeStream(command.name, std::move(stream));
  }

  Result<void> Take(const Profile::Files& files) {
    for (const std::string& pattern : files.patterns) {
      TRY_VOID(StopIfAsked(interrupted_));
      PatternMatches matches = FindMatches(pattern);
      if (matches.paths.empty() && matches.unreadable.empty())
        receiver_.LeaveOut(pattern, Format("nothing is there, and profile {} looks for it", profile_.name));
      for (Refused& refused : matches.unreadable) receiver_.Refuse(std::move(refused));
      for (const fs::path& path : matches.paths) TRY_VOID(TakePath(path));
    }
    return {};
  }

 private:
  Result<void> TakePath(const fs::path& path) {
    auto start = FindStart(path);
    if (start) return gatherer_.TakeFrom(*start);
    receiver_.Refuse({path, std::move(start).error()});
    return {};
  }

  const Profile& profile_;
  Gatherer& gatherer_;
  Receiver& receiver_;
  const std::atomic<bool>* interrupted_;
  const std::function<void(const std::string&)>& say_;
};

}  // namespace

PatternMatches FindMatches(const std::string& pattern) { return Matching(pattern).Run(); }

Result<void> TakeProfile(const Profile& profile, Gatherer& gatherer, Receiver& receiver,
                         const std::atomic<bool>* interrupted, const std::function<void(const std::string&)>& say) {
  Taking taking(profile, gatherer, receiver, interrupted, say);
  for (const Profile::Step& step : profile.steps) {
    if (IsSet(interrupted)) return {};
    TRY_VOID(std::visit([&](const auto& one) { return taking.Take(one); }, step));
  }
  return {};
}

}  // namespace exhibit::intake
