// exhibit checkpoint: the signed head, to be kept where nobody who owns this machine can change it.
#include <memory>

#include "cli/checkpoint_output.h"
#include "cli/cosign.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string out;
  CosignArguments cosign;
  bool json = false;
};

Result<ExitCode> Checkpoint(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY_VOID(WriteRequest(arguments.cosign, *vault));
  TRY_VOID(Collect(arguments.cosign, *vault));
  TRY(const Bytes note, vault->ReadHead());
  if (!arguments.out.empty()) TRY_VOID(WriteNewFile(arguments.out, note, 0644));
  const tlog::Checkpoint& head = vault->head();
  if (arguments.json) {
    Json json = {{"checkpoint", JsonOf(head)}, {"note", TextOf(note)}};
    if (!arguments.out.empty()) json["file"] = arguments.out;
    PrintJson(json);
    return ExitCode::kOk;
  }
  if (arguments.out.empty()) {
    Print(TextOf(note));
  } else if (!globals.quiet) {
    Say(Format("kept: {}, size {}, in {}", Printable(head.origin.text()), head.size, Printable(arguments.out)));
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterCheckpoint(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("checkpoint", "print the signed head of the log, to be kept elsewhere");
  command.AddOption("-o,--out", arguments->out, "write it to this file, which must not exist").TypeName("FILE");
  arguments->cosign.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "Whoever keeps these few hundred bytes sees when the log is cut, rolled back or replaced:\n"
      "`exhibit verify --since FILE`, or `exhibit --pin FILE` before any command.\n\n"
      "Cosignatures are kept beside the head and go where it goes: into bundles and what is published.\n\n"
      "Examples:\n  exhibit checkpoint --out head-2026-11-25\n"
      "  exhibit checkpoint --witness https://w1.example --witness-key w1.vkey\n"
      "  exhibit checkpoint --witness-request request    (then, elsewhere: exhibit witness sign)\n"
      "  exhibit checkpoint --witness answer --witness-key w1.vkey");
  commands.Run(command, arguments, Checkpoint);
}

}  // namespace exhibit::cli
