// exhibit reseal: the vault moves to a new key pair.
#include <algorithm>
#include <memory>

#include "cli/act.h"
#include "cli/checkpoint_output.h"
#include "cli/interrupt.h"
#include "cli/locked_remains.h"
#include "cli/passphrase.h"
#include "cli/progress.h"
#include "cli/prompt.h"
#include "cli/readers.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/change_readers.h"
#include "vault/work/reseal.h"
#include "vault/work/status.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  bool destroy = false;
  bool destroy_earlier = false;
  bool retire = false;
  bool post_quantum = false;
  bool yes = false;
  std::string reason;
  ReaderOptions reader;
  SignerOptions signer;
};

void Report(const Arguments& arguments, const Globals& globals, const work::Resealed& done) {
  if (arguments.signer.json) {
    Json entries = Json::List();
    for (const tlog::Sequence entry : done.entries) entries.push_back(entry.value);
    PrintJson({{"entries", std::move(entries)},
               {"items", done.items},
               {"recipient", done.recipient.text()},
               {"checkpoint", JsonOf(done.checkpoint)}});
    return;
  }
  const std::string last = done.entries.empty() ? "-" : Format("{}", done.entries.back());
  Print(Format("{}  {} sealed to the vault's key {}\n", last, Counted(done.items, "item", "items"),
               done.recipient.text()));
  if (globals.remote != nullptr && (arguments.destroy || arguments.destroy_earlier))
    SayUntilWhenItStays(*globals.remote);
  if (globals.quiet) return;
  if (arguments.destroy || arguments.destroy_earlier) {
    Say(globals.remote == nullptr
            ? "the headers before are destroyed here; copies of this folder and bundles that were given still have "
              "theirs"
            : "nobody reads the headers before through this vault any more; copies and bundles that were given still "
              "have theirs");
    if (done.late > 0) {
      Say(Format(
          "{} taken in later and sealed to an earlier key, which still opens that: only another key ends it (exhibit "
          "reseal --destroy)",
          Counted(done.late, "item was", "items were")));
    }
  } else {
    Say("the original headers stay: whoever kept the earlier key, and gets this folder, still opens what was sealed to "
        "it (--destroy ends that; two sign it)");
  }
  Say("collectors go on with the key before: make their folders anew (exhibit collector new)");
  if (!arguments.destroy_earlier)
    Say("a kit of before does not open what comes from now on: make a new one (exhibit kit --out DIR)");
  Say("the earlier key stays in keys/reader.age for what they bring, until `exhibit reseal --retire-earlier`");
}

// What the job needs beside the keys, asked for once.
struct Prepared {
  std::vector<custody::ReaderFacts> readers;
  std::optional<crypto::SecretText> passphrase;
  std::optional<tlog::SigningKey> cosigner;
};

bool EverHadCollectors(const custody::Facts& facts) {
  return std::ranges::any_of(*facts.members,
                             [](const auto& one) { return one.second.roles.Has(custody::Role::kCollector); });
}

// What a collector sealed and nobody took in yet is sealed to the present key, or an earlier one.
Result<void> AskAboutCollectors(const Arguments& arguments, const custody::Facts& facts) {
  if (arguments.yes || arguments.destroy_earlier) return {};
  if (arguments.retire) {
    if (!EverHadCollectors(facts)) return {};
    Say("a drop that is on the road and sealed to an earlier key can never be opened after this: take it in first "
        "(exhibit take-in DROP --accept-earlier-key)");
  } else {
    const std::vector<std::string> collectors = work::CollectorsOf(facts);
    if (collectors.empty()) return {};
    std::string handles;
    for (const std::string& one : collectors) handles += (handles.empty() ? "" : ", ") + Printable(one);
    Say(Format("{} to the present key until their folders are made anew (exhibit collector new): {}",
               Counted(collectors.size(), "collector seals", "collectors seal"), handles));
    Say("take in the drops that are on the road first (exhibit take-in DROP): after this they need "
        "--accept-earlier-key "
        "and a reason");
  }
  return AskForYes(
      {"Is every drop here that should be? Type yes to go on: ", "whether collectors' drops are on the road",
       "answer it with --yes", "exhibit status shows what each collector owes"});
}

Result<Prepared> Prepare(const Arguments& arguments, const Globals& globals, const VaultKeys& keys) {
  Prepared prepared;
  {
    TRY(const auto vault, OpenVault(globals));
    TRY(prepared.readers, work::PresentReaders(*vault, keys));
    TRY_VOID(ConfirmReaders(globals, *vault, prepared.readers, arguments.yes ? Answer::kYes : Answer::kAsk));
    TRY(const custody::State state, vault->State());
    TRY_VOID(AskAboutCollectors(arguments, state.facts()));
  }
  TRY(prepared.cosigner, LoadCosigner(globals, arguments.signer));
  if (prepared.readers.empty()) {
    TRY(prepared.passphrase, AskNewPassphrase("the vault's new key"));
  }
  return prepared;
}

Result<work::Resealed> Run(const Arguments& arguments, VaultWriter& vault, work::ResealRequest& request, Pool& pool) {
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> all{0};
  request.on_progress = [&](std::uint64_t now, std::uint64_t total) { done = now, all = total; };
  auto resealed = [&] {
    const ProgressLine progress("sealed anew", ProgressLine::Unit::kCount, done, all);
    return arguments.destroy_earlier ? work::DestroyEarlierHeaders(vault, request, pool)
                                     : work::Reseal(vault, request, pool);
  }();
  if (resealed || resealed.error().code != ErrorCode::kInterrupted) return resealed;
  Error error = std::move(resealed).error();
  error.message += Format(": {} items are sealed to the new key; `exhibit reseal` goes on with the rest", done.load());
  return Fail(std::move(error));
}

Result<ExitCode> RunReseal(const Arguments& arguments, const Globals& globals) {
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY_VOID(UnlockKeys(globals, arguments.signer));
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  TRY(Prepared prepared, Prepare(arguments, globals, *keys));
  Pool pool;
  TRY(const auto vault, OpenToAct(globals, arguments.signer, custody::Reseal::kForm, pool));
  TRY(const bool goes_on, work::IsResealing(*vault));
  if (goes_on && !arguments.retire && !arguments.destroy_earlier && !globals.quiet)
    Say("a reseal was begun and not ended: it goes on");
  using Earlier = work::ResealRequest::Earlier;
  work::ResealRequest request{.keys = *keys,
                              .readers = std::move(prepared.readers),
                              .passphrase = prepared.passphrase ? &*prepared.passphrase : nullptr,
                              .suite = arguments.post_quantum ? std::optional(custody::Suite::kHybrid) : std::nullopt,
                              .earlier = arguments.destroy ? Earlier::kDestroy : Earlier::kKeep,
                              .cosigner = prepared.cosigner ? &*prepared.cosigner : nullptr,
                              .interrupted = &Interrupted()};
  Put(request.fields, "reason", arguments.reason);
  ShowFreeTexts(globals, request.fields);
  if (arguments.retire) {
    TRY(const store::Committed committed, work::RetireEarlierKeys(*vault, request));
    PrintCommitted(globals, arguments.signer, committed, custody::Reseal::kForm,
                   "keys/reader.age holds the present key alone");
    return ExitCode::kOk;
  }
  TRY(const work::Resealed resealed, Run(arguments, *vault, request, pool));
  Report(arguments, globals, resealed);
  return ExitCode::kOk;
}

}  // namespace

void RegisterReseal(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "reseal", "move the vault to a new key, which opens all that is there and all that comes");
  AddReasonTo(command, arguments->reason);
  command.AddFlag("--destroy", arguments->destroy,
                  "destroy the headers that the items had before, so that an earlier key opens nothing; two sign it");
  const Option alone = command.AddFlag("--destroy-earlier", arguments->destroy_earlier,
                                       "no new key: destroy the headers of before the present one; two sign it");
  const Option retire =
      command.AddFlag("--retire-earlier", arguments->retire, "no new key: keys/reader.age forgets the earlier ones")
          .Excludes(alone);
  command
      .AddFlag("--post-quantum", arguments->post_quantum,
               "the new key is one that a quantum computer does not open (age1pq...)")
      .Excludes(alone)
      .Excludes(retire);
  command.AddFlag(
      "--yes", arguments->yes,
      "do not ask: every drop that is on the road was thought of, and the readers that the log names are right");
  arguments->reader.AddTo(command);
  arguments->signer.AddTo(command);
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "Each item gets a header for the new key; content, entries and proofs stay as they are. Signed entries\n"
      "name the new key and each new header. Interrupted, it goes on where it was when it is run again. Where the "
      "vault has\n"
      "collectors, it asks first whether drops are on the road; keys/reader.age keeps the earlier key for them until\n"
      "--retire-earlier. What they bring later is sealed to that key alone: another reseal comes before that.\n\n"
      "Examples:\n  exhibit reseal -i reader.txt --reason \"a reader left\"\n"
      "  exhibit reseal --destroy -i reader.txt --reason \"the key was copied\" --cosigner-key bob.key");
  commands.Run(command, arguments, RunReseal);
}

}  // namespace exhibit::cli
