#include "cli/act.h"

#include "cli/checkpoint_output.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {

void SignerOptions::AddTo(const Command& command) {
  AddKeyTo(command);
  command.AddJson(json);
}

void SignerOptions::AddKeyTo(const Command& command) {
  command.AddOption("--key", key, "your signing key's file").TypeName("FILE").Environment("EXHIBIT_KEY");
  command.AddSeconds("--wait", patience, std::chrono::days(1),
                     "seconds to wait for another writer (without a number: a day)");
}

void SignerOptions::AddCosignerTo(const Command& command) {
  command
      .AddOption("--cosigner-key", cosigner_key,
                 "a second custodian's signing key, where the vault's rule asks for two")
      .TypeName("FILE");
}

Result<std::unique_ptr<VaultWriter>> OpenToAct(const Globals& globals, const SignerOptions& signer, custody::Act act,
                                               Pool& pool) {
  return VaultWriter::Open({globals.VaultFolder(), signer.key, signer.patience, act, globals.Opening()},
                           PassphrasesOf(globals), pool);
}

Result<void> UnlockKeys(const Globals& globals, const SignerOptions& signer) {
  TRY(const tlog::Origin origin, OriginOf(globals));
  const custody::PassphraseProvider passphrase = PassphrasesOf(globals);
  const auto own = LoadCustodianKey(signer.key, origin, passphrase);
  const auto log = custody::LoadKey(VaultPaths(globals.VaultFolder()).log_key, passphrase);
  for (const auto* const key : {&own, &log}) {
    if (*key) continue;
    const ErrorCode code = key->error().code;
    if (code == ErrorCode::kDenied || code == ErrorCode::kInterrupted) return Fail(key->error());
  }
  return {};
}

void ShowFreeTexts(const Globals& globals, const std::vector<custody::FreeText>& written) {
  if (!IsTerminal(Stream::kError) || globals.quiet) return;
  for (const custody::FreeText& one : written) {
    Say(Format("for ever in the log: {} \"{}\"", one.field, Printable(one.text)));
  }
}

Result<std::optional<tlog::SigningKey>> LoadCosigner(const Globals& globals, const SignerOptions& signer) {
  if (signer.cosigner_key.empty()) return std::optional<tlog::SigningKey>();
  TRY_VOID(UnlockKeys(globals, signer));
  TRY(tlog::SigningKey key, custody::LoadKey(signer.cosigner_key, PassphrasesByName));
  return std::optional(std::move(key));
}

void PrintCommitted(const Globals& globals, const SignerOptions& signer, const store::Committed& committed,
                    custody::EntryType type, const std::string& done) {
  if (signer.json) {
    PrintJson({{"entry", committed.first.value},
               {"type", std::string(custody::ToText(type))},
               {"checkpoint", JsonOf(committed.checkpoint)}});
    return;
  }
  std::string text = Format("{}  {}\n", committed.first, Printable(done));
  if (!globals.quiet) text += "\n" + CheckpointLine(committed.checkpoint);
  Print(text);
}

Result<ExitCode> CommitAct(const Globals& globals, const SignerOptions& signer, custody::EntryBody body,
                           const std::string& done) {
  Pool pool;
  const custody::EntryType type = custody::TypeOf(body);
  TRY(const auto cosigner, LoadCosigner(globals, signer));
  TRY(const auto vault, OpenToAct(globals, signer, custody::ActOf(body), pool));
  ShowFreeTexts(globals, custody::FreeTextsOf(body));
  TRY(const store::Committed committed, vault->CommitAct(std::move(body), cosigner ? &*cosigner : nullptr));
  PrintCommitted(globals, signer, committed, type, done);
  return ExitCode::kOk;
}

Result<ExitCode> CommitSealedText(const Globals& globals, const SignerOptions& signer, custody::EntryBody body,
                                  const intake::TextLabel& label, std::string_view text,
                                  const std::vector<custody::FreeText>& written, const std::string& done) {
  Pool pool;
  const custody::EntryType type = custody::TypeOf(body);
  TRY(const auto vault, OpenToAct(globals, signer, custody::ActOf(body), pool));
  TRY_VOID(custody::CheckFreeTexts(written));
  ShowFreeTexts(globals, written);
  TRY(store::Pending pending, intake::SealText(vault->state().recipient(), std::move(body), label, text));
  std::vector<store::Pending> group;
  group.push_back(std::move(pending));
  TRY(const store::Committed committed, vault->Commit(std::move(group), nullptr));
  PrintCommitted(globals, signer, committed, type, done);
  return ExitCode::kOk;
}

void AddSinceTo(const Command& command, std::string& since) {
  command.AddOption("--compromised-since", since, "from when on somebody else may have signed with the old key")
      .TypeName("TIME");
}

Result<std::optional<Moment>> ReadSince(const std::string& since) {
  if (since.empty()) return std::optional<Moment>();
  auto time = ParseTime(since);
  if (!time) return Fail(std::move(time).error().In("--compromised-since"));
  return std::optional(*time);
}

Result<custody::ItemSet> ParseItems(const std::vector<std::string>& words) {
  TRY(std::vector<tlog::Sequence> items, ParsePositions(words));
  return custody::ItemSet::Of(std::move(items));
}

}  // namespace exhibit::cli
