#include "cli/act.h"

#include "cli/checkpoint_output.h"
#include "cli/filter.h"
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
  command.AddOption("--key", key, "your signing key's file").TypeName("FILE").Environment("EXHIBIT_KEY").Setting("key");
  command.AddSeconds("--wait", patience, std::chrono::days(1),
                     "seconds to wait for another writer (without a number: a day)");
}

void SignerOptions::AddCosignerTo(const Command& command) {
  command
      .AddOption("--cosigner-key", cosigner_key,
                 "a second custodian's signing key, where the vault's rule asks for two")
      .TypeName("FILE");
}

void SignerOptions::AddCasesTo(const Command& command) {
  command.AddOption("--case", cases, "a case that this belongs to: who has its key finds the entry; repeat for several")
      .OneEachTime();
}

void AddReasonTo(const Command& command, std::string& reason) {
  command.AddOption("--reason", reason, "why; sealed, like every word for people").Required();
}

void Put(store::Fields& fields, std::string_view key, const std::string& text) {
  if (!text.empty()) fields.emplace_back(std::string(key), custody::FieldValue(text));
}

Result<std::unique_ptr<VaultWriter>> OpenToAct(const Globals& globals, const SignerOptions& signer,
                                               const custody::ActForm& form, Pool& pool) {
  TRY(auto vault, VaultWriter::Open({globals.VaultFolder(), signer.key, signer.patience, form, globals.Opening()},
                                    PassphrasesOf(globals), pool));
  if (!globals.quiet) {
    for (const std::string& remark : vault->remarks()) Say(remark);
  }
  return vault;
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

namespace {

void ShowText(std::string_view what, const custody::FieldValue& value) {
  if (const std::string* const text = value.Text())
    Say(Format("for ever in the log, and sealed: {} \"{}\"", what, Printable(*text)));
}

}  // namespace

void ShowFreeTexts(const Globals& globals, const store::Fields& fields) {
  if (!IsTerminal(Stream::kError) || globals.quiet) return;
  for (const auto& [key, value] : fields) {
    if (key.starts_with("items")) continue;  // numbers, which nobody mistypes as a secret
    ShowText(key, value);
    if (value.AsObject() == nullptr) continue;
    for (const auto& [member, one] : *value.AsObject()) ShowText(Format("{}'s {}", key, member), one);
  }
}

Result<std::optional<tlog::SigningKey>> LoadCosigner(const Globals& globals, const SignerOptions& signer) {
  if (signer.cosigner_key.empty()) return std::optional<tlog::SigningKey>();
  TRY_VOID(UnlockKeys(globals, signer));
  TRY(tlog::SigningKey key, custody::LoadKey(signer.cosigner_key, PassphrasesByName));
  return std::optional(std::move(key));
}

void PrintCommitted(const Globals& globals, const SignerOptions& signer, const store::Committed& committed,
                    const custody::ActForm& form, const std::string& done) {
  if (signer.json) {
    Json json = {{"entry", committed.first.value}, {"type", std::string(form.type)}};
    if (!form.act.empty()) json["act"] = std::string(form.act);
    json["checkpoint"] = JsonOf(committed.checkpoint);
    PrintJson(json);
    return;
  }
  std::string text = Format("{}  {}\n", committed.first, Printable(done));
  if (!globals.quiet) text += "\n" + CheckpointLine(committed.checkpoint);
  Print(text);
}

Result<ExitCode> CommitAct(const Globals& globals, const SignerOptions& signer, store::Appender::Act act,
                           const std::string& done) {
  Pool pool;
  const custody::ActForm& form = custody::FormOf(act.body);
  TRY(const auto cosigner, LoadCosigner(globals, signer));
  TRY(const auto vault, OpenToAct(globals, signer, form, pool));
  ShowFreeTexts(globals, act.fields);
  act.cosigner = cosigner ? &*cosigner : nullptr;
  act.cases.insert(act.cases.end(), signer.cases.begin(), signer.cases.end());
  TRY(const store::Committed committed, vault->CommitAct(std::move(act)));
  PrintCommitted(globals, signer, committed, form, done);
  return ExitCode::kOk;
}

void AddSinceTo(const Command& command, std::string& since) {
  command.AddOption("--compromised-since", since, "from when on somebody else may have signed with the old key")
      .TypeName("TIME");
}

Result<std::optional<custody::EntryTime>> ReadSince(const std::string& since) {
  if (since.empty()) return std::optional<custody::EntryTime>();
  auto time = ParseTime(since);
  if (!time) return Fail(std::move(time).error().In("--compromised-since"));
  return std::optional(custody::EntryTimeOf(*time));
}

Result<custody::ItemSet> ParseItems(const std::vector<std::string>& words, const Globals& globals) {
  TRY(std::vector<tlog::Sequence> items, ParsePositions(words));
  const bool has_range = items.size() > words.size();
  if (has_range) {
    TRY(const auto vault, VaultReader::Open(globals.VaultFolder(), globals.Opening()));
    TRY(items, ItemsAt(words, *vault, globals));
  }
  return custody::ItemSet::Of(std::move(items));
}

}  // namespace exhibit::cli
