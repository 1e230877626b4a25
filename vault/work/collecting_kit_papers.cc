#include "vault/work/collecting_kit_papers.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::work {
namespace {

bool IsLinux(System system) { return system != System::kWindowsX8664; }

// One word of a POSIX shell, whatever is in it.
std::string ShellWord(std::string_view text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string Replaced(std::string text, std::string_view before, std::string_view after) {
  for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos; at += after.size())
    text.replace(at, before.size(), after);
  return text;
}

std::string SystemsOf(const CollectingKitWords& words) {
  std::string text;
  for (const System system : words.systems) text += (text.empty() ? "" : ", ") + std::string(ToText(system));
  return text.empty() ? "none yet: put one into programs/ (exhibit collector new --help)" : text;
}

constexpr std::string_view kReadme = R"(A COLLECTING KIT

It seals evidence on a machine that may belong to an intruder. Nobody can read there
what was sealed, nor can who finds this stick. It opens nothing.

vault        @ORIGIN@
fingerprint  @FINGERPRINT@
collector    @COLLECTOR@
made         @MADE@, by @MAKER@
             with @PROGRAM@
programs     @SYSTEMS@
profile      @PROFILE@

BEFORE YOU GO, on a machine that you trust, with a program that did not come with
this kit (a program that vouches for itself proves nothing):

  exhibit-verify --kit KIT --fingerprint @FINGERPRINT@

That finds every changed or additional file, and who signed the list. Without it:
`sha256sum -c SHA256SUMS` compares the files; its one warning is about the line of
the signature, which it does not check.

ON THE MACHINE
1. Note the time on your own watch, and the machine's (date). Change nothing else.
2. Mount the stick. Run from it; copy nothing to the machine's own disk.
3. As root:
     sh collect.sh@SHOWN_PROFILE@
     sh collect.sh /var/log /srv/app      these files and folders@AS_WELL@
   On Windows, as administrator: collect.cmd, if it is here.
4. Read its last lines: what was sealed, and what could not be taken and why.
   Exit status 0: all of it. 1: something was refused, and the rest was taken.
5. If it was interrupted, the stick was full, or pulled: type the same again. What
   was sealed is good and is passed over; the file that was being sealed is sealed
   again from its beginning.
6. Unmount the stick before you pull it.

BACK AT THE VAULT
  exhibit take-in KIT/drop
  exhibit collector list                  is its series whole, with no number missing?
  exhibit collector retire @HANDLE@ --reason "the kit came back"

WHO HAS A COPY OF THIS KIT@PASSPHRASE@ can seal false items in its
collector's name, and sees which entries of a log belong to its cases, until
`exhibit collector retire`. What is taken in afterwards is refused. So retire it
as soon as it has done its work, or once you do not know where it is. Items that
it sealed before stay valid.
)";

constexpr std::string_view kShell = R"(#!/bin/sh
# Collects from this machine into drop/ beside this script. README.txt says what to do before and after.
#   sh collect.sh [PATH...]
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(cd "$here" && pwd) || exit 1
@SYSTEM@program=${EXHIBIT_COLLECT:-$here/programs/$system/exhibit-collect}
if [ ! -f "$program" ]; then
  echo "collect.sh: there is no program for this machine: $program" >&2
  echo "collect.sh: bring one, and name it: EXHIBIT_COLLECT=FILE sh collect.sh" >&2
  exit 1
fi
[ -x "$program" ] || chmod u+x "$program" 2>/dev/null
if [ ! -x "$program" ]; then
  echo "collect.sh: $program cannot be started: the stick is mounted without exec, or keeps no modes" >&2
  echo "collect.sh: mount -o remount,exec STICK, or copy it into memory and name that:" >&2
  echo "collect.sh:   cp $program /dev/shm/ && chmod u+x /dev/shm/exhibit-collect &&" >&2
  echo "collect.sh:     EXHIBIT_COLLECT=/dev/shm/exhibit-collect sh collect.sh" >&2
  exit 1
fi
host=unknown
[ -r /proc/sys/kernel/hostname ] && read -r host </proc/sys/kernel/hostname
# What --resume remembers is kept on the stick: nothing is read from or written to the homes of this machine.
XDG_STATE_HOME=$here/journal XDG_CONFIG_HOME=$here/journal HOME=$here/journal TMPDIR=$here/journal
export XDG_STATE_HOME XDG_CONFIG_HOME HOME TMPDIR
umask 077
exec "$program" --collector "$here/collector" --drop "$here/drop"@OPTIONS@ --resume --source "$host" "$@"
)";

constexpr std::string_view kSystemByMachine = R"(case $(uname -m) in
  x86_64) system=linux-x86-64 ;;
  aarch64) system=linux-arm64 ;;
  *) system=$(uname -m) ;;
esac
)";

constexpr std::string_view kWindows = R"(@echo off
rem Collects from this machine into drop\ beside this script. README.txt says what to do before and after.
rem   collect.cmd [PATH...]
setlocal
chcp 65001 >nul
set "here=%~dp0"
set "XDG_STATE_HOME=%here%journal"
set "XDG_CONFIG_HOME=%here%journal"
"%here%programs\windows-x86-64\exhibit-collect.exe" --collector "%here%collector" --drop "%here%drop"@OPTIONS@ --resume --source "%COMPUTERNAME%" %*
exit /b %ERRORLEVEL%
)";

}  // namespace

std::string CollectingReadme(const CollectingKitWords& words) {
  const bool has_profile = !words.profile.empty();
  const std::pair<std::string_view, std::string> kWords[] = {
      {"@ORIGIN@", std::string(words.origin.text())},
      {"@FINGERPRINT@", ToHex(words.fingerprint.view())},
      {"@COLLECTOR@", words.collector.text()},
      {"@HANDLE@", std::string(words.collector.name())},
      {"@MADE@", custody::FormatEntryTime(words.made)},
      {"@MAKER@", words.made_by.text()},
      {"@PROGRAM@", words.program},
      {"@SYSTEMS@", SystemsOf(words)},
      {"@PROFILE@", has_profile ? words.profile + " (profile.toml)" : "none: you name what is collected"},
      {"@SHOWN_PROFILE@", has_profile ? "                        what profile.toml lists" : " PATH..."},
      {"@AS_WELL@", has_profile ? " as well" : ""},
      {"@PASSPHRASE@", words.is_key_open ? "" : " AND ITS PASSPHRASE"}};
  std::string text(kReadme);
  for (const auto& [before, after] : kWords) text = Replaced(std::move(text), before, after);
  return text;
}

std::string ShellScript(const CollectingKitWords& words) {
  std::vector<System> linux_systems;
  std::ranges::copy_if(words.systems, std::back_inserter(linux_systems), IsLinux);
  std::string options;  // before one of a single value: --case takes the words that follow it
  for (const std::string& name : words.cases) options += " --case " + ShellWord(name);
  if (!words.profile.empty()) options += R"( --profile "$here/profile.toml")";
  // Where there is one program, nothing of the machine is asked which it is.
  std::string script = Replaced(
      std::string(kShell), "@SYSTEM@",
      linux_systems.size() == 1 ? Format("system={}\n", ToText(linux_systems.front())) : std::string(kSystemByMachine));
  return Replaced(std::move(script), "@OPTIONS@", options);
}

Result<std::string> WindowsScript(const CollectingKitWords& words) {
  std::string options;
  for (const std::string& name : words.cases) {
    if (name.find('"') != std::string::npos) {
      return Fail(ErrorCode::kInvalid,
                  Format("the name of case {} has a quotation mark, which collect.cmd cannot have", Printable(name)),
                  "leave the program for Windows out, or name the case otherwise");
    }
    options += " --case \"" + Replaced(name, "%", "%%") + "\"";
  }
  if (!words.profile.empty()) options += R"( --profile "%here%profile.toml")";
  return Replaced(Replaced(std::string(kWindows), "@OPTIONS@", options), "\n", "\r\n");
}

}  // namespace exhibit::work
