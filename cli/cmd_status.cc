// exhibit status: the state of a vault on one screen, and what should be done about it.
#include <algorithm>
#include <memory>

#include "cli/case_dates.h"
#include "cli/checkpoint_output.h"
#include "cli/collector_output.h"
#include "cli/command.h"
#include "cli/item_acts.h"
#include "cli/people.h"
#include "cli/status_output.h"
#include "cli/terminal.h"
#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/status.h"

namespace exhibit::cli {
namespace {

using Weight = verify::MediumFault::Weight;

struct Arguments {
  ReaderOptions reader;
  std::string key;
  bool json = false;
};

std::string ListOfNames(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + Printable(name);
  return list;
}

// "9f2c8a11 00dd…", 32 digits a line.
std::vector<std::string> Grouped(std::string_view hex) {
  constexpr std::size_t kGroup = 8;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < hex.size(); at += kGroup) {
    if (at % (4 * kGroup) == 0) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + std::string(hex.substr(at, kGroup));
  }
  return lines;
}

// The newest of the access entries that says that something was exported. Its way is sealed, so each is opened.
Result<std::optional<Exported>> FindExported(const VaultReader& vault, const custody::State& state,
                                             const work::StatusOfVault& status, const std::optional<VaultKeys>& keys) {
  constexpr std::size_t kMost = 200;
  std::size_t looked = 0;
  for (auto at = status.accesses.rbegin(); at != status.accesses.rend() && looked < kMost; ++at, ++looked) {
    TRY(const custody::SignedEntry entry, vault.Entry(at->entry));
    TRY(const auto fields, ReadFieldsIf(vault, state, entry, keys));
    const custody::FieldValue* const way = fields ? fields->Find("act") : nullptr;
    if (way != nullptr && way->Text() != nullptr && *way->Text() == custody::ToText(custody::AccessWay::kExported))
      return std::optional(Exported{at->entry, at->time});
  }
  return std::optional<Exported>();
}

// Lines under a name, of which the first has it.
class Screen {
 public:
  void Row(std::string_view name, const std::string& text) {
    std::string shown(name == last_ ? "" : name);
    last_ = name;
    shown.resize(14, ' ');
    Print(shown + text + "\n");
  }

 private:
  std::string last_;
};
std::string Warning(std::string_view text) { return Styled(Stream::kOutput, Style::kYellow, text); }

void ShowVault(Screen& screen, const Globals& globals, const work::StatusOfVault& status) {
  screen.Row("vault", Printable(globals.VaultName()));
  screen.Row("origin", std::string(status.head.origin.text()));
  for (const std::string& line : Grouped(ToHex(status.fingerprint.view()))) screen.Row("fingerprint", line);
  screen.Row("log", Format("{}, the last of {}", Counted(status.head.size.value, "entry", "entries"),
                           custody::FormatEntryTime(status.last_time)));
  if (status.is_being_written) screen.Row("log", "another process is writing to it");
  if (status.unacknowledged > 0) {
    screen.Row("log", Warning(Counted(status.unacknowledged, "entry is", "entries are")) +
                          " not acknowledged: the next command that adds checks and signs over them");
  }
}

void ShowWork(Screen& screen, const Seen& seen) {
  const work::StatusOfVault& status = seen.status;
  screen.Row("items", Format("{}{}", status.items,
                             status.is_all_counted ? "" : Format(" in the last {} entries", work::kRecentEntries)));
  const auto& verified = status.deeds.verified;
  screen.Row("verified",
             verified ? Format("{}, {} entries ({})", Ago(verified->at), verified->size, Printable(verified->how))
                      : Warning("never by this user") + ": exhibit verify");
  if (seen.exported) {
    screen.Row("left",
               Format("exported {}, by entry {}", Ago(custody::MomentOf(seen.exported->time)), seen.exported->entry));
  } else if (!status.accesses.empty()) {
    screen.Row(
        "left",
        Format("read, proved or exported {} in {}; the last {}", Counted(status.accesses.size(), "time", "times"),
               status.is_all_counted ? std::string("all") : Format("the last {} entries", work::kRecentEntries),
               Ago(custody::MomentOf(status.accesses.back().time))));
  } else {
    screen.Row("left", "nothing was read or exported");
  }
  if (status.deeds.published)
    screen.Row("left", Format("published {}, {} entries, to {}", Ago(status.deeds.published->at),
                              status.deeds.published->size, Printable(status.deeds.published->how)));
  if (status.deeds.copied)
    screen.Row("copied", Format("{}, {} entries, to {}", Ago(status.deeds.copied->at), status.deeds.copied->size,
                                Printable(status.deeds.copied->how)));
}

void ShowNext(Screen& screen, const Seen& seen) {
  const std::vector<std::string> steps = NextSteps(seen);
  for (const std::string& step : steps) screen.Row("next", step);
  if (steps.empty()) screen.Row("next", "nothing needs to be done");
}

void ShowWhatWaits(Screen& screen, const work::StatusOfVault& status) {
  for (const std::string& one : status.cut) screen.Row("waits", Warning(one));
}

void ShowKeys(Screen& screen, const work::StatusOfVault& status) {
  for (const verify::MediumFault& fault : status.key_files) {
    const bool is_damage = fault.weight == Weight::kDamage;
    screen.Row("keys", is_damage ? Styled(Stream::kOutput, Style::kRed, fault.message) + ": put back a copy of it"
                                 : Warning(fault.message));
  }
  if (!status.is_key_file_named) screen.Row("keys", Warning("keys/reader.age is not the file that the log names"));
  if (status.key_files.empty() && status.is_key_file_named)
    screen.Row("keys", Format("whole; the vault's key opens by {}",
                              status.is_under_passphrase ? "a passphrase" : "a reader's identity"));
  if (!status.kit) return;
  if (!status.kit->made_at) {
    screen.Row("kit", Warning("none was made by this user") + ": exhibit kit --out DIR");
  } else if (status.kit->newer_law) {
    screen.Row("kit", Format("{} entry {} ({}): exhibit kit --out DIR makes a new one", Warning("older than"),
                             *status.kit->newer_law, status.kit->newer_type));
  } else {
    screen.Row("kit", Format("made as of entry {}", status.kit->made_at->value - 1));
  }
}

void ShowOwnKey(Screen& screen, const Seen& seen) {
  if (!seen.status.own_key) return;
  const work::OwnKey& own = *seen.status.own_key;
  std::string text = Printable(own.file.native());
  if (!own.is_there) text += Warning(" is not there") + ": you can look and verify, and not add";
  if (own.is_there && !own.actor) text += ", under a passphrase";
  if (own.actor) text += ", of " + seen.people.NameOf(*own.actor);
  if (own.actor && !own.is_admitted) text += Warning("; it is not admitted, or not any longer");
  screen.Row("your key", text);
}

void ShowProofs(Screen& screen, const work::StatusOfVault& status) {
  screen.Row("cosigned", status.cosigned ? Format("up to entry {}, by {}", status.cosigned->size.value - 1,
                                                  ListOfNames(status.cosigned->by))
                                         : std::string("by nobody"));
  screen.Row("timestamp", status.last_stamp ? Format("entry {}, of the entries up to {}", *status.last_stamp,
                                                     static_cast<std::int64_t>(status.stamp_covers->value) - 1)
                                            : std::string("none"));
}

void ShowLocks(Screen& screen, const work::StatusOfVault& status) {
  if (!status.locks) return;
  if (!*status.locks) {
    screen.Row("locks", Warning("not seen: ") + Printable(status.locks->error().message));
    return;
  }
  const store::SomeLocks& some = **status.locks;
  const std::string end = some.seen.first_end ? FormatTime(*some.seen.first_end).substr(0, 10) : std::string();
  const std::string looked = Format(" of {} that were looked at, of {}", some.seen.looked, some.of);
  const auto count = [](std::uint64_t number, std::string_view what) {
    return number == 0 ? std::string() : Format("; {} {}", number, what);
  };
  if (!LocksNeedCare(some.seen)) {
    screen.Row("locks", Format("until {} or later{}", end, looked));
    return;
  }
  const std::string wrong = count(some.seen.near, "end within a third of their time") +
                            count(some.seen.lapsed, "ended") + count(some.seen.none, "are missing or short");
  screen.Row("locks", Warning(wrong.substr(2)) + looked + (end.empty() ? "" : ", the first on " + end));
}

// What the buckets still hold of what was shredded.
void ShowSpent(Screen& screen, const work::StatusOfVault& status) {
  if (!status.spent || !*status.spent || (*status.spent)->objects == 0) return;
  const store::SpentSeen& spent = **status.spent;
  const std::string looked = Format(" of {} that were looked at, of {}", spent.looked, spent.objects);
  if (spent.ended > 0) {
    screen.Row("destroyed", Warning(Format("{} can be deleted", spent.ended)) + looked + ": exhibit retain");
  } else if (spent.there > 0) {
    screen.Row("destroyed", Format("{} stay until {}{}", spent.there, FormatTime(*spent.until), looked));
  } else {
    screen.Row("destroyed", Format("gone{}", looked));
  }
}

void ShowLaw(Screen& screen, const Seen& seen) {
  const custody::Facts& facts = seen.facts;
  std::vector<std::string> two;
  for (const custody::Ruled act : facts.two.List()) two.emplace_back(custody::ToText(act));
  screen.Row("rule", two.empty() ? "no act needs two custodians" : "two must sign: " + ListOfNames(two));
  screen.Row("recovery", facts.recovery() != nullptr ? "the readers can name a new custodian"
                                                     : Warning("no recovery key") + ": exhibit reader recovery-key");
  for (const tlog::Sequence entry : facts.recoveries)
    screen.Row("recovery", Warning(Format("entry {}", entry)) + ": the readers took the vault back");
  for (const auto& [entry, suspension] : facts.suspensions) {
    std::vector<std::string> stopped;
    for (const custody::Person person : suspension.stopped) stopped.push_back(seen.people.NameOf(person));
    if (stopped.empty()) continue;
    screen.Row("suspended", Warning(ListOfNames(stopped)) + Format(", by entry {}", entry) +
                                (suspension.by ? " of " + seen.people.NameOf(*suspension.by) : ""));
  }
  for (const auto& [entry, items] : facts.holds->held) {
    if (!items.empty()) screen.Row("hold", Format("entry {}: {}", entry, Counted(CountOf(items), "item", "items")));
  }
  if (facts.closed) screen.Row("closed", Format("by entry {}", *facts.closed));
}

void ShowCollectors(Screen& screen, const Seen& seen) {
  for (const work::CollectorStatus& one : seen.status.collectors) {
    std::string text = Printable(one.handle);
    if (one.person) text += ", " + seen.people.NameOf(*one.person);
    if (!one.is_admitted) text += ", retired";
    text += Format(": the next number is {}", one.chain.last + 1);
    if (one.last_item) text += Format("; its last item came {}", Ago(custody::MomentOf(*one.last_item)));
    if (!one.chain.missing_numbers.empty()) text += Warning("; missing: " + MissingOf(one));
    if (one.chain.is_open) text += Warning("; its last run is not closed");
    if (one.chain.is_broken) text += Warning("; a statement of its chain is missing");
    screen.Row("collector", text);
  }
}

void ShowNotices(Screen& screen, const Seen& seen) {
  if (!seen.cases) {
    if (!seen.facts.cases.empty()) screen.Row("notice", "sealed: a reader's key shows when it is due (-i FILE)");
    return;
  }
  for (const auto& [number, facts] : *seen.cases) {
    const auto due = facts.NoticeDue();
    if (!due) continue;
    const std::string of = number.empty() ? "" : "case " + Printable(number) + ": ";
    const std::string day = FormatTime(*due).substr(0, 10);
    const std::int64_t days = DaysUntil(*due);
    if (facts.dates.contains(custody::CaseDate::kNotified)) {
      screen.Row("notice", of + "given; it was due " + day);
    } else if (days < 0) {
      screen.Row("notice", of + Warning(Format("was due {}, {} days ago", day, -days)));
    } else {
      screen.Row("notice", of + Format("due {}, in {} days", day, days));
    }
  }
}

Result<ExitCode> RunStatus(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  Pool pool;
  std::shared_ptr<const store::ObjectLog> remote;
  if (globals.remote != nullptr) {
    TRY(remote, globals.remote->Log());
  }
  TRY(work::StatusOfVault status,
      work::LookAtStatus(*vault, state, {globals.VaultFolder(), arguments.key, &Interrupted(), remote.get()}, pool));
  TRY(People people, People::Read(*vault, state, keys));
  std::optional<Cases> cases;
  if (keys) {
    TRY(cases, ReadCases(*vault, state, keys));
  }
  std::optional<Exported> exported;
  if (keys) {
    TRY(exported, FindExported(*vault, state, status, keys));
  }
  TRY(const custody::LogKeys log_keys, vault->ReadLogKeys());
  const Seen seen{state.facts(),    std::move(status),   std::move(people),
                  std::move(cases), std::move(exported), log_keys.For(vault->head().size).ed25519.ToText()};
  const ExitCode code = HasDamage(seen.status) ? ExitCode::kVerificationFailed : ExitCode::kOk;
  if (arguments.json) {
    PrintJson(JsonOf(globals, seen));
    return code;
  }
  Screen screen;
  ShowVault(screen, globals, seen.status);
  screen.Row("log key", seen.log_key);
  ShowWork(screen, seen);
  ShowWhatWaits(screen, seen.status);
  ShowOwnKey(screen, seen);
  ShowKeys(screen, seen.status);
  ShowProofs(screen, seen.status);
  ShowLocks(screen, seen.status);
  ShowSpent(screen, seen.status);
  ShowLaw(screen, seen);
  ShowCollectors(screen, seen);
  ShowNotices(screen, seen);
  ShowNext(screen, seen);
  return code;
}

}  // namespace

void RegisterStatus(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "status", "show the vault at a glance: its log, its keys, what is missing, what waits, what should be done");
  arguments->reader.AddTo(command);
  command.AddOption("--key", arguments->key, "your signing key's file")
      .TypeName("FILE")
      .Environment("EXHIBIT_KEY")
      .Setting("key");
  command.AddJson(arguments->json);
  command.Footer(
      "It proves nothing; `exhibit verify` does. With -i it also names people, and the days until notice is due. Of a\n"
      "collector it shows which number comes next, what is missing until there, and whether its last run was closed.\n"
      "What was verified, and published, is what this user did on this machine. What was exported is sealed: -i shows\n"
      "it.\n"
      "Exit status: 3 if a file in keys/ is damaged.\n\n"
      "Examples:\n  exhibit status\n  exhibit status -i reader.txt");
  commands.Run(command, arguments, RunStatus);
}

}  // namespace exhibit::cli
