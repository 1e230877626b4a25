#include "cli/act.h"

#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::cli {

void SignerOptions::AddTo(CLI::App& command) {
  command.add_option("--key", key, "your signing key's file")->type_name("FILE")->envname("EXHIBIT_KEY");
  command.add_option("--wait", wait_seconds, "seconds to wait for another writer (without a number: a day)")
      ->expected(0, 1)->default_str("86400")->type_name("SECONDS");
  command.add_flag("--json", json, "print JSON");
}

void SignerOptions::AddCosignerTo(CLI::App& command) {
  command.add_option("--cosigner-key", cosigner_key,
                     "a second custodian's signing key, where the vault's rule asks for two")->type_name("FILE");
}

Result<ExitCode> CommitAct(const Globals& globals, const SignerOptions& signer, custody::EntryBody body,
                           const std::string& done) {
  std::optional<tlog::SigningKey> cosigner;
  if (!signer.cosigner_key.empty()) {
    TRY(cosigner, custody::LoadKey(signer.cosigner_key, AskPassphrase));
  }
  Pool pool;
  const std::string type(custody::ToText(custody::TypeOf(body)));
  TRY(const auto vault,
      VaultWriter::Open({globals.VaultFolder(), signer.key,
                         std::chrono::milliseconds(static_cast<std::int64_t>(signer.wait_seconds * 1000)),
                         custody::ActOf(body)},
                        AskPassphrase, pool));
  TRY(const store::Committed committed,
      vault->appender().CommitAct(std::move(body), cosigner ? &*cosigner : nullptr));
  const tlog::Checkpoint& checkpoint = committed.checkpoint;
  const std::string root = ToBase64(checkpoint.root.view(), Base64::kPadded);
  const std::string origin(checkpoint.origin.text());
  if (signer.json) {
    PrintJson({{"entry", committed.first.value},
               {"type", type},
               {"checkpoint", {{"origin", origin}, {"size", checkpoint.size.value}, {"root", root}}}});
    return ExitCode::kOk;
  }
  std::string text = std::to_string(committed.first.value) + "  " + Printable(done) + "\n";
  if (!globals.quiet) {
    text += "\ncheckpoint   " + origin + ", size " + std::to_string(checkpoint.size.value) + ", root " + root + "\n";
  }
  Print(text);
  return ExitCode::kOk;
}

Result<custody::ItemSet> ParseItems(const std::vector<std::string>& words) {
  TRY(std::vector<tlog::Sequence> items, ParsePositions(words));
  return custody::ItemSet::Of(std::move(items));
}

}  // namespace exhibit::cli
