#include "cli/adding.h"

#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "cli/adding_output.h"
#include "cli/interrupt.h"
#include "cli/json_output.h"
#include "cli/profile.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/intake/dry_run.h"
#include "vault/intake/gathering.h"
#include "vault/intake/producer.h"

namespace exhibit::cli {
namespace {

// An adder that gets what is gathered.
class IntoAdder final : public intake::Receiver {
 public:
  IntoAdder(intake::Adder& adder, AddingOutput& output, const Adding& adding)
      : adder_(adder), output_(output), adding_(adding) {}
  Result<void> Take(intake::Input input) override { return adder_.Add(std::move(input)); }
  void Refuse(intake::Refused refused) override { adder_.Refuse(std::move(refused)); }
  void LeaveOut(const std::filesystem::path& path, const std::string& why) override { adder_.LeaveOut(path, why); }
  void Remark(const std::string& remark) override {
    if (!adding_.quiet) Say(remark);
  }
  void Miss(intake::Refused missed) override {
    output_.ShowMissed(missed);
    adder_.Miss(missed);
  }
  void Contradict(intake::Refused what) override { output_.ShowContradicted(what); }

 private:
  intake::Adder& adder_;
  AddingOutput& output_;
  const Adding& adding_;
};

class AddCommand {
 public:
  AddCommand(const EvidenceOptions& options, const Adding& adding)
      : options_(options), adding_(adding), output_(FormOf(options, adding), adding.into, DifferencesOf(options)) {}

  Result<ExitCode> Run() {
    // Before the vault is opened and anything is asked: a mistyped path is a mistake, and no omission.
    if (auto there = FindPaths(); !there) {
      if (there.error().code != ErrorCode::kNotFound) return Fail(std::move(there).error());
      if (options_.json) PrintJson(JsonOf(there.error(), ExitCode::kUsage));
      PrintError(there.error());
      return ExitCode::kUsage;
    }
    TRY(intake::EvidenceTemplate evidence, MakeTemplate(options_));
    if (evidence.import) evidence.import->interrupted = &Interrupted();
    std::vector<std::string> exclude = options_.exclude;
    if (profile_) {
      exclude.insert(exclude.end(), profile_->exclude.begin(), profile_->exclude.end());
      if (!evidence.facts.acquired.method) evidence.facts.acquired.method = "profile " + profile_->name;
    }
    TRY(walk_.exclusion, intake::Exclusion::Parse(exclude));
    if (adding_.into == Adding::Into::kDrop) walk_.excluded_name = "the drop or the collector's folder";
    walk_.devices = options_.raw_device ? intake::Devices::kTakeBlockDevices : intake::Devices::kRefuse;
    return options_.dry_run ? TryOut(std::move(evidence)) : AddAll(std::move(evidence));
  }

 private:
  static AddingOutput::Form FormOf(const EvidenceOptions& options, const Adding& adding) {
    if (options.json) return AddingOutput::Form::kJson;
    return adding.quiet ? AddingOutput::Form::kTextWithoutEnd : AddingOutput::Form::kText;
  }

  // What is imported is taken in even if it is not what was said of it; that is a failure if nobody expected it.
  static AddingOutput::Differences DifferencesOf(const EvidenceOptions& options) {
    return options.from.empty() || options.keep_mismatched ? AddingOutput::Differences::kAreExpected
                                                           : AddingOutput::Differences::kAreFailures;
  }

  // kNotFound for a path where nothing is, where no path is given, and where a stream has no name.
  Result<void> FindPaths() {
    if (options_.paths.empty() && options_.exec.empty() && options_.profile.empty()) {
      return Fail(ErrorCode::kNotFound, "nothing is named that could be taken in",
                  "name files or folders, or - for the standard input, --exec with a command, or --profile");
    }
    if (!options_.profile.empty()) {
      TRY(profile_, FindProfile(options_.profile));
    }
    if (!options_.exec.empty()) {
      TRY_VOID(CheckName("what comes of --exec", "--exec 'journalctl -o export' --name fs01.journal"));
    }
    for (const std::string& path : options_.paths) {
      if (path == "-") {
        TRY_VOID(CheckName("the standard input", "- --name auth.log"));
        continue;
      }
      TRY(intake::Start start, intake::FindStart(path));
      starts_.push_back(std::move(start));
    }
    return {};
  }

  Result<ExitCode> TryOut(intake::EvidenceTemplate evidence) {
    // A drop that is not there yet is in no path.
    TRY(walk_.excluded, OwnFolders());
    intake::DryRun receiver({[this](const auto& would) { output_.ShowWould(would); },
                             [this](const auto& refused) { output_.ShowRefused(refused); },
                             [this](const auto& path, const auto& why) { output_.NoteLeftOut(path, why); },
                             [this](const auto& remark) {
                               if (!adding_.quiet) Say(remark);
                             },
                             [this](const auto& missed) { output_.ShowMissed(missed); },
                             [this](const auto& what) { output_.ShowContradicted(what); }},
                            &Interrupted());
    TRY_VOID(Gather(std::move(evidence), receiver));
    output_.FinishDryRun();
    return output_.had_failures() ? ExitCode::kFailed : ExitCode::kOk;
  }

  Result<ExitCode> AddAll(intake::EvidenceTemplate evidence) {
    Pool pool;
    TRY(auto destination, adding_.open(pool));
    // When the keys are open, all secrets are known.
    for (const custody::FreeText& written : options_.Written()) TRY_VOID(custody::CheckFreeText(written));
    TRY(walk_.excluded, OwnFolders());
    TRY(auto journal, OpenJournal(*destination));
    TRY_VOID(CountBytes());

    // Evidence is not left out because nobody reads the list of it any more.
    GoOnWithoutReader();
    intake::Adder::Options adder_options{{options_.level}, &done_, &Interrupted()};
    adder_options.journal = journal ? &*journal : nullptr;
    adder_options.known = options_.resume ? intake::Known::kPassOver : intake::Known::kAddAgain;
    adder_options.on_left_out = [this](const auto& path, const auto& why) { output_.NoteLeftOut(path, why); };
    adder_options.on_remark = [](const std::string& remark) { Say("warning: " + remark); };
    intake::Adder adder(
        std::move(destination), pool, std::move(adder_options),
        [this](const intake::Added& added) { output_.ShowAdded(added); },
        [this](const intake::Refused& refused) { output_.ShowRefused(refused); });
    auto outcome = [&]() -> Result<intake::Adder::Outcome> {
      const ProgressLine progress("added", ProgressLine::Unit::kBytes, done_, total_);
      IntoAdder receiver(adder, output_, adding_);
      TRY_VOID(Gather(std::move(evidence), receiver));
      return adder.Finish();
    }();
    if (!outcome) {
      output_.Finish(std::nullopt);
      return Fail(std::move(outcome).error());
    }
    output_.Finish(std::move(*outcome));
    return output_.had_failures() || OutputFailed() ? ExitCode::kFailed : ExitCode::kOk;
  }

  // What this user added before. Without --resume it is missed, and nothing more.
  Result<std::optional<intake::Journal>> OpenJournal(const intake::Destination& destination) const {
    const auto open = [&]() -> Result<intake::Journal> {
      TRY(const std::filesystem::path path, adding_.journal(destination));
      return intake::Journal::Open(path, destination.key(), destination.sealer().vault().fingerprint);
    };
    auto journal = open();
    if (journal) return std::optional(std::move(*journal));
    if (options_.resume) return Fail(std::move(journal).error().In("what was added before"));
    if (!adding_.quiet) Say("what is added is not remembered for --resume: " + journal.error().message);
    return std::optional<intake::Journal>();
  }

  Result<void> Gather(intake::EvidenceTemplate evidence, intake::Receiver& receiver) {
    intake::Gatherer gatherer(std::move(evidence), std::move(walk_), receiver);
    if (profile_) {
      TRY_VOID(intake::TakeProfile(*profile_, gatherer, receiver, &Interrupted(), SayOfProgram));
    }
    TRY_VOID(gatherer.Import(starts_));
    auto start = starts_.begin();
    for (const std::string& path : options_.paths) {
      if (Interrupted()) return {};
      if (path == "-") {
        TRY_VOID(TakeStandardInput(gatherer));
      } else {
        TRY_VOID(gatherer.TakeFrom(*start++));
      }
    }
    if (!options_.exec.empty() && !Interrupted()) TRY_VOID(TakeProducer(gatherer));
    if (!Interrupted()) gatherer.End();
    return {};
  }

  static void SayOfProgram(const std::string& line) { Say("| " + Printable(line)); }

  Result<void> CheckName(std::string_view what, std::string_view example) const {
    if (!options_.name.empty()) return {};
    return Fail(ErrorCode::kNotFound, Format("{} has no name", what),
                Format("give it one: {} {}", adding_.typed, example));
  }

  intake::Input NewStream() const {
    intake::Input stream;
    stream.on_cut = options_.keep_cut ? intake::OnCut::kKeep : intake::OnCut::kRefuse;
    stream.may_be_empty = options_.allow_empty;
    return stream;
  }

  Result<void> TakeStandardInput(intake::Gatherer& gatherer) const {
    intake::Input stream = NewStream();
    stream.open = []() -> Result<intake::FileSource> {
      FileDescriptor copy(::dup(STDIN_FILENO));
      if (!copy) return Fail(SystemError("open", "standard input", errno));
      return intake::FileSource::FromDescriptor(std::move(copy), "standard input", &Interrupted());
    };
    return gatherer.TakeStream(options_.name, std::move(stream));
  }

  Result<void> TakeProducer(intake::Gatherer& gatherer) const {
    intake::Input stream = NewStream();
    intake::RunProducer(stream, {options_.exec}, &Interrupted(), SayOfProgram);
    return gatherer.TakeStream(options_.name, std::move(stream));
  }

  // The vault's own folder is not evidence, even if it is below an added path; nor is a drop.
  Result<std::set<std::pair<dev_t, ino_t>>> OwnFolders() const {
    std::set<std::pair<dev_t, ino_t>> folders;
    for (const std::filesystem::path& folder : adding_.excluded) {
      struct ::stat status {};
      if (::stat(folder.c_str(), &status) == 0) {
        folders.emplace(status.st_dev, status.st_ino);
      } else if (!options_.dry_run) {
        return Fail(SystemError("look at", folder, errno));
      }
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

  const EvidenceOptions& options_;
  const Adding& adding_;
  AddingOutput output_;
  std::optional<intake::Profile> profile_;
  std::vector<intake::Start> starts_;  // of the paths but "-", in their order
  intake::WalkOptions walk_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> total_{0};
};

}  // namespace

Result<ExitCode> AddEvidence(const EvidenceOptions& options, const Adding& adding) {
  return AddCommand(options, adding).Run();
}

}  // namespace exhibit::cli
