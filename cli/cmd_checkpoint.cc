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
  bool log_key = false;
  bool json = false;
};

// The key that signs it, for who writes a policy or looks after a witness.
Result<ExitCode> ShowLogKey(const Arguments& arguments, const VaultReader& vault) {
  TRY(const custody::LogKeys keys, vault.ReadLogKeys());
  const std::string key = keys.For(vault.head().size).ed25519.ToText();
  if (!arguments.out.empty()) TRY_VOID(WriteNewFile(arguments.out, ViewOf(key + "\n"), 0644));
  if (arguments.json) {
    Json json = {{"log_key", key}};
    if (!arguments.out.empty()) json["file"] = arguments.out;
    PrintJson(json);
  } else if (arguments.out.empty()) {
    Print(key + "\n");
  }
  return ExitCode::kOk;
}

Result<ExitCode> Checkpoint(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  if (arguments.log_key) return ShowLogKey(arguments, *vault);
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
  command.AddFlag("--log-key", arguments->log_key, "print the key that signs it instead, for witnesses and policies");
  arguments->cosign.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "Whoever keeps these few hundred bytes sees when the log is cut, rolled back or replaced:\n"
      "`exhibit verify --after FILE`, or `exhibit --pin FILE` before any command.\n\n"
      "Cosignatures are kept beside the head and go where it goes: into bundles and what is published.\n\n"
      "Examples:\n  exhibit checkpoint --out head-2026-11-25\n"
      "  exhibit checkpoint --witness https://w1.example --witness-key w1.vkey\n"
      "  exhibit checkpoint --log-key -o log.vkey\n"
      "  exhibit checkpoint --witness-request request\n"
      "Then, elsewhere, exhibit witness sign; and here again:\n"
      "  exhibit checkpoint --witness answer --witness-key w1.vkey");
  commands.Run(command, arguments, Checkpoint);
}

}  // namespace exhibit::cli
