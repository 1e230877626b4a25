// exhibit shred: destroys an item's content, under an authority and in the open.
#include <memory>

#include "cli/act.h"
#include "cli/locked_remains.h"
#include "cli/prompt.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/shred.h"

namespace exhibit::cli {
namespace {

constexpr const char* kWhatIsGone =
    "headers and payload are gone from the store's files; the entry and every proof stay valid";
constexpr const char* kWhatIsGoneFromReaders =
    "nobody reads it through this vault any more; the entry and every proof stay valid";
constexpr const char* kWhatIsLeft =
    "what may still hold them: freed blocks of the disk, its snapshots and backups, copies of this folder, and bundles "
    "that were handed over";

struct Arguments {
  std::string position;
  std::string authority;
  std::string reason;
  std::string confirm;
  SignerOptions signer;
};

// The number once more, by hand: a slip of one digit destroys another item.
Result<void> Confirm(const Arguments& arguments, tlog::Sequence item) {
  const std::string number = std::to_string(item.value);
  std::string typed = arguments.confirm;
  if (typed.empty()) {
    auto answer = AskLine(Format("Item {} will be destroyed for good. Type its number again: ", number));
    if (!answer && answer.error().code == ErrorCode::kDenied) {
      return Fail(ErrorCode::kInvalid, "nothing was destroyed: it must be confirmed", "--confirm " + number);
    }
    if (!answer) return Fail(std::move(answer).error());
    typed = std::move(*answer);
  }
  if (typed == number) return {};
  return Fail(ErrorCode::kInvalid, Format("nothing was destroyed: \"{}\" is not {}", Printable(typed), number));
}

Result<ExitCode> RunShred(const Arguments& arguments, const Globals& globals) {
  TRY(const auto positions, ParsePositions({arguments.position}));
  if (positions.size() != 1) return Fail(ErrorCode::kInvalid, "shred takes one item", "shred them one by one");
  const tlog::Sequence item = positions.front();
  if (arguments.confirm.empty()) TRY_VOID(UnlockKeys(globals, arguments.signer));
  TRY_VOID(Confirm(arguments, item));
  Pool pool;
  TRY(const auto cosigner, LoadCosigner(globals, arguments.signer));
  TRY(const auto vault, OpenToAct(globals, arguments.signer, custody::Shred::kForm, pool));
  store::Fields fields;
  Put(fields, "authority", arguments.authority);
  Put(fields, "reason", arguments.reason);
  ShowFreeTexts(globals, fields);
  TRY(custody::ItemSet items, custody::ItemSet::Of({item}));
  TRY(const store::Committed committed, work::Shred(*vault, {custody::Shred{std::move(items)}, std::move(fields),
                                                             arguments.signer.cases, cosigner ? &*cosigner : nullptr}));
  PrintCommitted(globals, arguments.signer, committed, custody::Shred::kForm, Format("shredded: item {}", item));
  if (globals.remote == nullptr) {
    if (!globals.quiet) Say(kWhatIsGone);
  } else {
    if (!globals.quiet) Say(kWhatIsGoneFromReaders);
    SayUntilWhenItStays(*globals.remote);
  }
  if (!globals.quiet) Say(kWhatIsLeft);
  return ExitCode::kOk;
}

}  // namespace

void RegisterShred(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("shred", "destroy an item's content, under an authority");
  command.AddOption("N", arguments->position, "the item's number").Required();
  command.AddOption("--authority", arguments->authority, "who demands it: a court, a law, a policy").Required();
  AddReasonTo(command, arguments->reason);
  command.AddOption("--confirm", arguments->confirm, "the item's number again (default: asked for)").TypeName("N");
  arguments->signer.AddTo(command);
  arguments->signer.AddCasesTo(command);
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "An item that is held is not shredded (see `exhibit release`). The entry stays and says who destroyed the\n"
      "item, when and why; every proof of the log stays valid.\n\nExample:\n"
      "  exhibit shred 12 --authority \"retention policy 4.2\" --reason \"six years have passed\" --confirm 12");
  commands.Run(command, arguments, RunShred);
}

}  // namespace exhibit::cli
