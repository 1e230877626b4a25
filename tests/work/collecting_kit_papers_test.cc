// Goal: a case with any name is one word of the start script, and nothing that a shell would do; the page says what is true of
// this kit.
// Method: a real sh runs the script, with a program that prints what it was given.
#include "vault/work/collecting_kit_papers.h"

#include <cstdlib>
#include <fstream>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/base/file.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using work::System;

work::CollectingKitWords Words() {
  return {.origin = Unwrap(tlog::Origin::Parse("a.example/b")),
          .fingerprint = {},
          .collector = Unwrap(custody::Actor::Parse("a.example/b/k2+1a2b3c4d")),
          .made_by = Unwrap(custody::Actor::Parse("a.example/b/k1+1a2b3c4d")),
          .made = {0},
          .program = "exhibit test",
          .systems = {System::kLinuxX8664}};
}

bool Has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("a case of any name is one word of the start script", "[collecting-kit]") {
  const TemporaryFolder folder;
  work::CollectingKitWords words = Words();
  words.cases = {"it's $(touch planted) `touch planted` \"x\" \\ ; touch planted", "IR-2025-014"};
  words.profile = "linux-triage";
  const fs::path programs = folder.path() / "a kit" / "programs" / "linux-x86-64";
  fs::create_directories(programs);
  std::ofstream(programs / "exhibit-collect") << "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done\n"
                                                 "printf '%s\\n' \"$XDG_STATE_HOME\"\n";
  fs::permissions(programs / "exhibit-collect", fs::perms::owner_all);
  std::ofstream(folder.path() / "a kit" / "collect.sh") << work::ShellScript(words);
  const std::string command = "cd '" + folder.path().native() + "' && sh 'a kit/collect.sh' '/var/a b' > said 2>&1";
  REQUIRE(std::system(command.c_str()) == 0);
  const std::string said = ReadText(folder.path() / "said");
  const std::string kit = (fs::canonical(folder.path()) / "a kit").native();
  CHECK(Has(said, "--case\n" + words.cases[0] + "\n--case\nIR-2025-014\n"));
  CHECK(Has(said, "--collector\n" + kit + "/collector\n--drop\n" + kit + "/drop\n--case\n"));
  CHECK(Has(said, "--profile\n" + kit + "/profile.toml\n--resume\n--source\n"));
  CHECK(Has(said, "\n/var/a b\n" + kit + "/journal\n"));
  CHECK(IsAbsent(folder.path() / "planted"));
}

TEST_CASE("the start script says what is missing", "[collecting-kit]") {
  const TemporaryFolder folder;
  work::CollectingKitWords words = Words();
  words.systems = {};
  std::ofstream(folder.path() / "collect.sh") << work::ShellScript(words);
  const std::string command = "cd '" + folder.path().native() + "' && sh collect.sh > said 2>&1";
  REQUIRE(std::system(command.c_str()) != 0);
  CHECK(Has(ReadText(folder.path() / "said"), "there is no program for this machine"));
  CHECK(Has(ReadText(folder.path() / "said"), "EXHIBIT_COLLECT=FILE sh collect.sh"));
}

TEST_CASE("the script for Windows has its lines' ends, and refuses what it cannot write", "[collecting-kit]") {
  work::CollectingKitWords words = Words();
  words.cases = {"100%"};
  const std::string script = Unwrap(work::WindowsScript(words));
  CHECK(Has(script, "--case \"100%%\" --resume --source \"%COMPUTERNAME%\" %*\r\n"));
  CHECK_FALSE(Has(script, "profile.toml"));
  words.cases = {"a \"b\""};
  CHECK_FAILS(work::WindowsScript(words), ErrorCode::kInvalid, "quotation mark");
}

TEST_CASE("the page of a kit is plain text that says what is true of it", "[collecting-kit]") {
  work::CollectingKitWords words = Words();
  words.is_key_open = true;
  const std::string open = work::CollectingReadme(words);
  CHECK(Has(open, "programs     linux-x86-64\n"));
  CHECK(Has(open, "exhibit collector retire a.example/b/k2 "));
  CHECK(Has(open, "WHO HAS A COPY OF THIS KIT can seal false items"));
  CHECK(std::ranges::all_of(open, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  CHECK(std::ranges::count(open, '\n') <= 60);
  CHECK_FALSE(Has(open, "@"));
  words.is_key_open = false;
  words.systems = {};
  words.profile = "linux-triage";
  const std::string sealed = work::CollectingReadme(words);
  CHECK(Has(sealed, "WHO HAS A COPY OF THIS KIT AND ITS PASSPHRASE can seal"));
  CHECK(Has(sealed, "none yet: put one into programs/"));
  CHECK(Has(sealed, "profile      linux-triage (profile.toml)"));
}

}  // namespace exhibit::testing
