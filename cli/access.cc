#include "cli/access.h"

#include <algorithm>
#include <set>

#include "cli/prompt.h"
#include "cli/terminal.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/custody/json_fields.h"

namespace exhibit::cli {

void AccessOptions::AddTo(CLI::App& command) {
  command.add_option("--purpose", purpose, "why it is read, for the record (or EXHIBIT_PURPOSE; else asked for)")
      ->type_name("TEXT")
      ->envname("EXHIBIT_PURPOSE");
  signer.AddKeyTo(command);
}

namespace {

Result<std::string> PurposeFromTerminal(const Globals& globals, const AccessOptions& options) {
  TRY_VOID(UnlockKeys(globals, options.signer));
  auto answer = AskLine("Purpose of reading this (it stays in the log): ");
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
  TRY_VOID(custody::CheckLine("purpose", options.purpose, custody::kMaxLineBytes));
  const std::string shown = "Purpose, for ever in the log: \"" + Printable(options.purpose) + "\"";
  if (asked) {
    TellTerminal(shown);
  } else if (IsTerminal(Stream::kError) && !globals.quiet) {
    Say(shown);
  }
  return {};
}

Result<Recorded> RecordAccess(const Globals& globals, const AccessOptions& options, custody::Access::Way way,
                              const std::vector<tlog::Sequence>& items, const std::vector<std::string>& recipients) {
  Pool pool;
  TRY(const auto vault, OpenToAct(globals, options.signer, custody::Act::kAccess, pool));
  tlog::Sequence last{0};
  const std::set<tlog::Sequence> each(items.begin(), items.end());
  for (auto next = each.begin(); next != each.end();) {
    std::vector<tlog::Sequence> part;
    while (next != each.end() && part.size() < custody::ItemSet::kMaxItems) part.push_back(*next++);
    TRY(custody::ItemSet set, custody::ItemSet::Of(std::move(part)));
    TRY(const store::Committed done,
        vault->CommitAct(custody::Access{way, std::move(set), options.purpose, recipients}));
    last = done.first;
  }
  return Recorded{last, vault->custodian_key().Copy()};
}

Result<tlog::SigningKey> FindSigner(const Globals& globals, const AccessOptions& options) {
  Pool pool;
  TRY(const auto vault, OpenToAct(globals, options.signer, custody::Act::kAccess, pool));
  return vault->custodian_key().Copy();
}

}  // namespace exhibit::cli
