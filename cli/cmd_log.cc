// exhibit log: the entries as they stand, with their signatures checked.
#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  bool json = false;
};

// The key that `actor` names, if it had its place in the vault at that position.
Result<tlog::VerifierKey> KeyAt(const custody::Facts& facts, const std::string& actor, tlog::Sequence at) {
  const custody::Membership* const member = facts.Find(actor);
  if (member == nullptr || (member->until && *member->until < at) || member->since > at) {
    return Fail(ErrorCode::kTampered, "signed by a key that is not admitted");
  }
  return member->custodian.key;
}

// The entry's own signatures and, of a transfer, its statement's.
Result<void> CheckSigned(const custody::Facts& facts, const custody::SignedEntry& signed_entry) {
  const custody::Entry& entry = signed_entry.entry();
  custody::Signers signers;
  TRY(tlog::VerifierKey actor, KeyAt(facts, entry.actor, entry.sequence));
  signers.entry.push_back(std::move(actor));
  if (entry.cosigner) {
    TRY(tlog::VerifierKey cosigner, KeyAt(facts, *entry.cosigner, entry.sequence));
    signers.entry.push_back(std::move(cosigner));
  }
  if (const auto* const transfer = std::get_if<custody::Transfer>(&entry.body)) {
    const custody::Statement& statement = transfer->statement.statement();
    TRY(tlog::VerifierKey releaser, KeyAt(facts, statement.released_by, entry.sequence));
    signers.statement.push_back(std::move(releaser));
    if (transfer->outcome == custody::Transfer::Outcome::kAccepted) {
      TRY(tlog::VerifierKey receiver, KeyAt(facts, statement.received_by, entry.sequence));
      signers.statement.push_back(std::move(receiver));
    }
  }
  return custody::CheckSignatures(signed_entry, signers);
}

Result<ExitCode> Log(const Arguments& arguments, const Globals& globals) {
  TRY(std::vector<tlog::Sequence> positions, ParsePositions(arguments.positions));
  TRY(const auto vault, OpenVault(globals));
  if (positions.empty()) {
    for (std::uint64_t at = 0; at < vault->head().size.value; ++at) positions.push_back({at});
  }
  TRY(const custody::State state, vault->State());
  bool good = true;
  JsonListPrinter all;
  for (const tlog::Sequence position : positions) {
    TRY(const custody::SignedEntry entry, vault->Entry(position));
    const auto signature = CheckSigned(state.facts(), entry);
    good = good && signature.has_value();
    if (arguments.json) {
      all.Add({{"entry", position.value},
               {"note", std::string(TextOf(entry.bytes()))},
               {"leaf_hash", ToHex(entry.leaf().view())},
               {"signature", signature ? "good" : "bad"}});
      continue;
    }
    const std::string verdict = signature ? Styled(Stream::kOutput, Style::kGreen, "signature good")
                                          : Styled(Stream::kOutput, Style::kRed, "signature BAD: " + signature.error().message);
    std::string note(TextOf(entry.bytes()));
    std::string shown;
    for (std::size_t begin = 0; begin < note.size();) {
      const std::size_t end = note.find('\n', begin);
      shown += Printable(std::string_view(note).substr(begin, end - begin)) + "\n";
      begin = end + 1;
    }
    Print(shown + Styled(Stream::kOutput, Style::kDim, "# leaf " + ToHex(entry.leaf().view())) + ", " + verdict + "\n\n");
  }
  if (arguments.json) all.Finish();
  return good ? ExitCode::kOk : ExitCode::kVerificationFailed;
}

}  // namespace

void RegisterLog(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("log", "print entries as they stand, with their signatures checked");
  command->add_option("N", arguments->positions, "the entries' numbers; 3-9 for a range (default: all)");
  command->add_flag("--json", arguments->json, "print JSON");
  command->footer("Example:\n  exhibit log 0");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Log(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
