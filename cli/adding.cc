#include "cli/adding.h"

#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "cli/checkpoint_output.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/custody/retention.h"
#include "vault/intake/claimed_digests.h"
#include "vault/intake/digest_list.h"

namespace exhibit::cli {
namespace {

// "+90", "-0.5", "+00:01:30": what to add to the source's clock, in milliseconds.
Result<std::int64_t> ParseClockOffset(const std::string& text) {
  const auto wrong = [&] {
    return Fail(ErrorCode::kInvalid, Format("clock offset \"{}\" is not of a known form", Printable(text)),
                "write seconds (+90, -0.5) or hours, minutes and seconds (+00:01:30)");
  };
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (rest.starts_with('+') || negative) rest.remove_prefix(1);
  std::int64_t total = 0;
  for (int fields = 0; fields < 3; ++fields) {
    std::size_t digits = 0;
    std::int64_t value = 0;
    while (digits < rest.size() && digits < 9 && rest[digits] >= '0' && rest[digits] <= '9') {
      value = value * 10 + (rest[digits++] - '0');
    }
    if (digits == 0) return wrong();
    total = total * 60 + value;
    rest.remove_prefix(digits);
    if (!rest.starts_with(':')) break;
    rest.remove_prefix(1);
  }
  total *= 1000;
  if (rest.starts_with('.')) {
    std::int64_t unit = 100;
    for (rest.remove_prefix(1); !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; rest.remove_prefix(1)) {
      total += (rest[0] - '0') * unit;
      unit /= 10;
    }
  }
  if (!rest.empty()) return wrong();
  return negative ? -total : total;
}

// The metadata that all items of this command share.
struct Template {
  seal::Metadata metadata;
  bool kind_is_given = false;
  store::DigestChoice digests;
  std::optional<intake::ClaimedDigests> claims;
};

Result<Template> MakeTemplate(const AddingArguments& arguments) {
  Template made;
  seal::Metadata& metadata = made.metadata;
  if (!arguments.kind.empty()) {
    TRY(metadata.kind, seal::KindFromText(arguments.kind));
    made.kind_is_given = true;
  }
  metadata.description = Given(arguments.description);
  metadata.tags = arguments.tags;
  metadata.case_number = Given(arguments.case_number);
  metadata.source = Given(arguments.source);
  metadata.acquired_by = Given(arguments.acquired_by);
  metadata.tool = Given(arguments.tool);
  metadata.method = Given(arguments.method);
  metadata.acquired_at = Now();
  if (!arguments.acquired_at.empty()) {
    TRY(metadata.acquired_at, ParseTime(arguments.acquired_at));
  }
  if (!arguments.retain_until.empty()) {
    TRY(metadata.retain_until, ParseTime(arguments.retain_until));
  }
  if (!arguments.retain.empty()) {
    TRY(const custody::RetentionRule rule, custody::FindRetentionRule(arguments.retain));
    metadata.retain_until = custody::EndOfRetention(rule, Now());
  }
  if (!arguments.clock_offset.empty()) {
    TRY(metadata.clock_offset_ms, ParseClockOffset(arguments.clock_offset));
  }
  for (const std::string& digest : arguments.digests) {
    if (digest == "sha1") {
      made.digests.sha1 = true;
    } else if (digest == "md5") {
      made.digests.md5 = true;
    } else if (digest != "sha256") {
      return Fail(ErrorCode::kInvalid, Format("unknown digest \"{}\"", Printable(digest)),
                  "sha256 is always made; sha1 and md5 on request");
    }
  }
  if (!arguments.hashes.empty()) {
    TRY(const Bytes list, ReadFile(arguments.hashes, intake::kMaxDigestListBytes));
    TRY(made.claims, intake::ClaimedDigests::Parse(TextOf(list)));
  }
  return made;
}

class AddCommand {
 public:
  AddCommand(const AddingArguments& arguments, const Globals& globals, const Adding& adding)
      : arguments_(arguments), globals_(globals), adding_(adding) {}

  Result<ExitCode> Run() {
    // Before the vault is opened and anything is asked: a mistyped path is a mistake, and no omission.
    for (const std::string& path : arguments_.paths) {
      if (path == "-") continue;
      auto start = intake::FindStart(path);
      if (!start && start.error().code == ErrorCode::kNotFound) {
        PrintError(start.error());
        return ExitCode::kUsage;
      }
      TRY_VOID(start);
      starts_.push_back(std::move(*start));
    }
    TRY(template_, MakeTemplate(arguments_));
    Pool pool;
    TRY(auto destination, adding_.open(pool));
    // When the keys are open, all secrets are known.
    TRY_VOID(custody::CheckFreeTexts(Written()));
    TRY(walk_.excluded, Excluded());
    walk_.devices = arguments_.raw_device ? intake::Devices::kTakeBlockDevices : intake::Devices::kRefuse;
    TRY_VOID(CountBytes());

    // Evidence is not left out because nobody reads the list of it any more.
    GoOnWithoutReader();
    intake::Adder adder(
        std::move(destination), pool, {{arguments_.level}, &done_, &Interrupted()},
        [this](const intake::Added& added) { Show(added); },
        [this](const intake::Refused& refused) { ShowRefused(refused); });
    auto outcome = [&] {
      const ProgressLine progress("added", ProgressLine::Unit::kBytes, done_, total_);
      return AddAll(adder);
    }();
    if (!outcome) {
      FinishOutput(std::nullopt);
      return Fail(std::move(outcome).error());
    }
    FinishOutput(std::move(*outcome));
    return refused_ > 0 || OutputFailed() ? ExitCode::kFailed : ExitCode::kOk;
  }

 private:
  Result<intake::Adder::Outcome> AddAll(intake::Adder& adder) {
    auto start = starts_.begin();
    for (const std::string& path : arguments_.paths) {
      if (Interrupted()) break;
      if (path == "-") {
        TRY_VOID(AddStandardInput(adder));
        continue;
      }
      if (!start->followed.empty() && !globals_.quiet) {
        Say(Printable(path) + " is a link to " + Printable(start->followed) + ", and what it leads to is taken in");
      }
      TRY_VOID(intake::Walk((start++)->path, walk_,
                            [&](intake::Found found) { return AddFound(adder, std::move(found)); },
                            [&](intake::Refused refused) { adder.Refuse(std::move(refused)); }));
    }
    if (!Interrupted()) Audit(adder);
    return adder.Finish();
  }

  // The other direction of the list of hashes: what it names and what was not there. Only where folders were looked through:
  // who adds some files of a list says nothing of the others.
  void Audit(intake::Adder& adder) {
    if (!template_.claims) return;
    const auto is_folder = [](const intake::Start& start) { return start.is_folder; };
    const std::vector<std::string> unused = template_.claims->Unused();
    if (unused.size() == template_.claims->size()) {
      adder.Refuse({arguments_.hashes, {ErrorCode::kNotFound, "the list of hashes names none of the files", {}}});
    } else if (std::ranges::any_of(starts_, is_folder)) {
      for (const std::string& path : unused) {
        adder.Refuse({path, {ErrorCode::kNotFound, "the list of hashes names it, and it was not there", {}}});
      }
    }
  }

  // Fills in the claims of the list of hashes. False if the list is ambiguous, which is a refusal.
  bool TakeClaims(intake::Adder& adder, intake::Input& input, const std::string& path) {
    input.on_mismatch = arguments_.keep_mismatched ? store::OnMismatch::kRecord : store::OnMismatch::kRefuse;
    if (!template_.claims) return true;
    auto claimed = template_.claims->Find(path);
    if (!claimed) {
      adder.Refuse({path, claimed.error()});
      return false;
    }
    if (claimed->empty() && !globals_.quiet) Say("the list of hashes says nothing of " + Printable(path));
    input.metadata.claimed = std::move(*claimed);
    return true;
  }

  Result<void> AddFound(intake::Adder& adder, intake::Found found) {
    intake::Input input = NewInput();
    input.metadata.name = found.path.filename().native();
    input.metadata.path = found.path.native();
    input.metadata.file_type = found.type;
    input.metadata.modified =
        Moment{std::int64_t{found.status.st_mtim.tv_sec} * 1000 + found.status.st_mtim.tv_nsec / 1'000'000};
    if (found.type == seal::FileType::kSymbolicLink) {
      input.metadata.link_target = std::move(found.link_target);
      input.size_hint = input.metadata.link_target->size();
      return adder.Add(std::move(input));
    }
    if (!TakeClaims(adder, input, found.path.native())) return {};
    // The status of a device does not have its size, and it is never small.
    input.size_hint =
        found.type == seal::FileType::kDevice ? ~std::uint64_t{0} : static_cast<std::uint64_t>(found.status.st_size);
    input.open = [path = found.path, status = found.status] { return intake::FileSource::Open(path, status); };
    return adder.Add(std::move(input));
  }

  Result<void> AddStandardInput(intake::Adder& adder) {
    intake::Input input = NewInput();
    if (arguments_.name.empty()) {
      return Fail(ErrorCode::kInvalid, "the standard input has no name", "give it one: exhibit add - --name auth.log");
    }
    input.metadata.name = arguments_.name;
    input.metadata.file_type = seal::FileType::kStream;
    input.can_retry = false;
    if (!TakeClaims(adder, input, arguments_.name)) return {};
    input.open = []() -> Result<intake::FileSource> {
      FileDescriptor copy(::dup(STDIN_FILENO));
      if (!copy) return Fail(SystemError("open", "standard input", errno));
      return intake::FileSource::FromDescriptor(std::move(copy), "standard input", &Interrupted());
    };
    input.may_be_empty = arguments_.allow_empty;
    return adder.Add(std::move(input));
  }

  intake::Input NewInput() const {
    intake::Input input;
    input.metadata = template_.metadata;
    input.kind_is_given = template_.kind_is_given;
    input.digests = template_.digests;
    return input;
  }

  // Checks only what somebody typed. A name below an added path is evidence, whatever it is.
  std::vector<custody::FreeText> Written() const {
    std::vector<custody::FreeText> written = {
        {"name", arguments_.name},     {"description", arguments_.description}, {"case", arguments_.case_number},
        {"source", arguments_.source}, {"acquired-by", arguments_.acquired_by}, {"tool", arguments_.tool},
        {"method", arguments_.method}};
    for (const std::string& tag : arguments_.tags) written.push_back({"tag", tag});
    for (const std::string& path : arguments_.paths) written.push_back({"path", path});
    return written;
  }

  // The vault's own folder is not evidence, even if it is below an added path; nor is a drop.
  Result<std::set<std::pair<dev_t, ino_t>>> Excluded() const {
    std::set<std::pair<dev_t, ino_t>> folders;
    for (const std::filesystem::path& folder : adding_.excluded) {
      struct ::stat status {};
      if (::stat(folder.c_str(), &status) != 0) return Fail(SystemError("look at", folder, errno));
      folders.emplace(status.st_dev, status.st_ino);
    }
    return folders;
  }

  // To estimate the time that is left, only if a terminal shows it.
  Result<void> CountBytes() {
    if (!IsTerminal(Stream::kError)) return {};
    for (const intake::Start& start : starts_) {
      TRY_VOID(intake::Walk(
          start.path, walk_,
          [&](const intake::Found& found) {
            total_ += static_cast<std::uint64_t>(found.status.st_size);
            return Interrupted() ? Fail(ErrorCode::kInterrupted, "interrupted") : Result<void>();
          },
          [](const intake::Refused&) {}));
    }
    return {};
  }

  void Show(const intake::Added& added) {
    if (arguments_.json) {
      Json item = {{is_drop() ? "number" : "entry", added.sequence.value}};
      item.Update(seal::JsonOf(added.metadata));
      items_.push_back(std::move(item));
      return;
    }
    std::string line = Format("{}  {}  {}  {}  {}", added.sequence, ToHex(added.metadata.sha256.view()),
                              HumanSize(added.metadata.size_bytes), ToText(added.metadata.kind),
                              Printable(added.metadata.path.value_or(added.metadata.name)));
    if (added.metadata.changed_while_read) line += "  (changed while it was read)";
    for (const auto& claim : added.metadata.claimed) {
      line += claim.matched ? "  (hash matched)" : "  (HASH DIFFERS from the list)";
    }
    Print(line + "\n");
  }

  void ShowRefused(const intake::Refused& refused) {
    ++refused_;
    const std::string path = Printable(refused.path.native());
    Error error = refused.reason;
    if (error.message.find(path) == std::string::npos) error.message = path + ": " + error.message;
    error.message = "not added: " + error.message;
    PrintError(error);
    if (arguments_.json) omissions_.push_back({{"path", path}, {"reason", refused.reason.message}});
  }

  void FinishOutput(const std::optional<intake::Adder::Outcome>& outcome) {
    if (arguments_.json) {
      Json json = {{"items", items_}, {"refused", omissions_}};
      if (outcome && !is_drop()) {
        json["checkpoint"] = JsonOf(outcome->checkpoint);
      }
      if (outcome && outcome->omission)
        json[is_drop() ? "omission_number" : "omission_entry"] = outcome->omission->value;
      PrintJson(json);
      return;
    }
    if (!outcome || globals_.quiet) return;
    std::string text = Format("\n{} {}", Counted(outcome->added, "item", "items"), is_drop() ? "collected" : "added");
    if (outcome->omission) {
      text += Format(", {} not: {} {} records what and why", refused_, is_drop() ? "number" : "entry",
                     outcome->omission->value);
    }
    if (is_drop()) return Print(text + "\n");
    Print(text + "\n" + CheckpointLine(outcome->checkpoint));
  }

  bool is_drop() const { return adding_.into == Adding::Into::kDrop; }

  const AddingArguments& arguments_;
  const Globals& globals_;
  const Adding& adding_;
  Template template_;
  std::vector<intake::Start> starts_;  // of the paths but "-", in their order
  intake::WalkOptions walk_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> total_{0};
  std::uint64_t refused_ = 0;
  Json items_ = Json::List();
  Json omissions_ = Json::List();
};

}  // namespace

void AddingArguments::AddTo(const Command& command) {
  command.AddOption("PATH", paths, "what to add").Required();
  command.AddOption("--name", name, "with -: the item's name");
  command.AddFlag("--allow-empty", allow_empty, "with -: take it in even if nothing comes");
  command.AddOption("--kind", kind, "log, ransom-message, notice, email, capture, image or other (default: a guess)");
  command.AddOption("--description", description, "what it is");
  command.AddOption("--tag", tags, "a word to find it by; repeat for several");
  command.AddOption("--case", case_number, "the case it belongs to");
  command.AddOption("--source", source, "the host or place it comes from");
  command.AddOption("--acquired-at", acquired_at, "when it was collected (default: now)").TypeName("TIME");
  command.AddOption("--acquired-by", acquired_by, "who collected it");
  command.AddOption("--clock-offset", clock_offset, "what to add to the source's clock: +90, -0.5 or +00:01:30");
  command.AddOption("--tool", tool, "what it was collected with");
  command.AddOption("--method", method, "how it was collected");
  const Option until = command.AddOption("--retain-until", retain_until, "how long it is to be kept").TypeName("TIME");
  command.AddOption("--retain", retain, "the same by a rule: hipaa (six years)").TypeName("RULE").Excludes(until);
  command.AddOption("--digest", digests, "more digests for hash sets: md5, sha1").Separator(',');
  command.AddOption("--hashes", hashes, "the collector's own list (sha256sum or hashdeep): a mismatch is refused")
      .TypeName("FILE");
  command.AddFlag("--keep-mismatched", keep_mismatched, "take mismatches in and record both values");
  command.AddFlag("--raw-device", raw_device, "read block devices as evidence");
  command.AddOption("--level", level, "zstd's level, 1 to 19").TypeName("LEVEL").Between(1, 19).ShowDefault();
  command.AddJson(json);
}

Result<ExitCode> AddEvidence(const AddingArguments& arguments, const Globals& globals, const Adding& adding) {
  return AddCommand(arguments, globals, adding).Run();
}

}  // namespace exhibit::cli
