// Goal: a profile takes what is there, says what is not, and calls nothing absent that it may not look at. Method: a small tree
// of files, and a receiver that writes down what it gets.
#include "vault/intake/profile.h"

#include <sys/stat.h>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "tests/support/without_rights.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using intake::FindMatches;
using intake::Profile;

struct Listening final : intake::Receiver {
  std::vector<std::string> taken;
  std::vector<std::string> refused;
  std::vector<std::string> left_out;
  Result<void> Take(intake::Input input) override {
    taken.push_back(input.facts.path ? fs::path(*input.facts.path).filename().native() : *input.facts.name);
    return {};
  }
  void Refuse(intake::Refused one) override { refused.push_back(one.path.native()); }
  void LeaveOut(const fs::path& path, const std::string& why) override {
    left_out.push_back(path.native() + ": " + why);
  }
  void Remark(const std::string&) override {}
  void Miss(intake::Refused) override {}
  void Contradict(intake::Refused) override {}
};

struct ProfileFixture {
  ProfileFixture() {
    fs::permissions(root, static_cast<fs::perms>(0755));  // for whoever has no rights
    for (const char* const name : {"home/alice/.bash_history", "home/bob/.bash_history", "home/bob/notes",
                                   "var/log/a.log", "var/log/b.log", "var/log/.hidden"}) {
      fs::create_directories((root / name).parent_path());
      WriteText(root / name, name);
    }
  }
  std::vector<std::string> Names(const std::string& pattern) const {
    std::vector<std::string> names;
    for (const fs::path& path : FindMatches(root.native() + pattern).paths)
      names.push_back(path.lexically_relative(root).native());
    return names;
  }
  TemporaryFolder folder;
  fs::path root = folder.path();
};

TEST_CASE_METHOD(ProfileFixture, "a pattern finds what is there, in the order of its bytes", "[profile]") {
  using List = std::vector<std::string>;
  CHECK(Names("/home/*/.bash_history") == List{"home/alice/.bash_history", "home/bob/.bash_history"});
  CHECK(Names("/var/log/*.log") == List{"var/log/a.log", "var/log/b.log"});
  CHECK(Names("/var/log/[b-z].log") == List{"var/log/b.log"});
  CHECK(Names("/var/log") == List{"var/log"});
  CHECK(Names("/var/log/.h*") == List{"var/log/.hidden"});
  CHECK(Names("/*/nothing").empty());
  CHECK(Names("/home/bob/notes/*").empty());  // no folder
}

TEST_CASE_METHOD(ProfileFixture, "what may not be looked at is not called absent", "[profile]") {
  fs::permissions(root / "home/alice", fs::perms::none);
  {
    const WithoutRights nobody;
    const intake::PatternMatches matches = FindMatches((root / "home/*/.bash_history").native());
    CHECK(matches.paths == std::vector<fs::path>{root / "home/bob/.bash_history"});
    REQUIRE(matches.unreadable.size() == 1);
    CHECK(matches.unreadable[0].path == root / "home/alice/.bash_history");
    CHECK(matches.unreadable[0].reason.code == ErrorCode::kPermission);
  }
  fs::permissions(root / "home/alice", fs::perms::owner_all);
}

TEST_CASE_METHOD(ProfileFixture, "a profile goes step by step, and says what is not there", "[profile]") {
  Listening receiver;
  intake::Gatherer gatherer({}, {}, receiver);
  Profile profile{"small", "a small one"};
  profile.steps.emplace_back(Profile::Command{"uptime.txt", {"uptime", std::chrono::seconds(5)}});
  profile.steps.emplace_back(Profile::Files{{root.native() + "/var/log", root.native() + "/var/spool/cron"}});
  REQUIRE_OK(TakeProfile(profile, gatherer, receiver, nullptr, nullptr));
  CHECK(receiver.taken == std::vector<std::string>{"uptime.txt", ".hidden", "a.log", "b.log"});
  CHECK(receiver.refused.empty());
  CHECK(receiver.left_out ==
        std::vector<std::string>{root.native() + "/var/spool/cron: nothing is there, and profile small looks for it"});
}

}  // namespace
}  // namespace exhibit::testing
