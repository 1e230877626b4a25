#include "cli/access.h"

#include "cli/prompt.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"

namespace exhibit::cli {

void AccessOptions::AddTo(const Command& command) {
  command.AddOption("--purpose", purpose, "why it is read, for the record (or EXHIBIT_PURPOSE; else asked for)")
      .TypeName("TEXT")
      .Environment("EXHIBIT_PURPOSE");
  signer.AddKeyTo(command);
}

namespace {

Result<std::string> PurposeFromTerminal(const Globals& globals, const AccessOptions& options) {
  TRY_VOID(UnlockKeys(globals, options.signer));
  auto answer = AskLine("Purpose of reading this (it stays in the log, sealed): ");
  if (answer || answer.error().code == ErrorCode::kInterrupted) return answer;
  return Fail(ErrorCode::kInvalid, "reading content is recorded, and the record needs a purpose",
              "say why: --purpose TEXT, or EXHIBIT_PURPOSE");
}

}  // namespace

Result<void> AskPurpose(const Globals& globals, AccessOptions& options) {
  const bool asked = options.purpose.empty();
  if (asked) {
    TRY(options.purpose, PurposeFromTerminal(globals, options));
  }
  TRY_VOID(custody::CheckFreeText({"purpose", options.purpose}));
  const std::string shown = Format("Purpose, for ever in the log, and sealed: \"{}\"", Printable(options.purpose));
  if (asked) {
    TellTerminal(shown);
  } else if (IsTerminal(Stream::kError) && !globals.quiet) {
    Say(shown);
  }
  return {};
}

work::OpenWriter WriterOf(const Globals& globals, const AccessOptions& options) {
  return [&globals, signer = options.signer](const custody::ActForm& form, Pool& pool) {
    return OpenToAct(globals, signer, form, pool);
  };
}

}  // namespace exhibit::cli
