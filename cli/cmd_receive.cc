// exhibit receive: signs for what was handed over (exhibit transfer), or puts a receipt of a bundle into the log.
#include <memory>

#include "cli/act.h"
#include "cli/handed_items.h"
#include "cli/identities.h"
#include "cli/interrupt.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/bundle/verifier.h"

namespace exhibit::cli {
namespace {

using custody::Transfer;
using custody::TransferOutcome;
using custody::TransferStatement;
using ReceiptFile = StatementFile<custody::Receipt>;

struct Arguments {
  std::string file;
  bool refuse = false;
  std::string bundle;
  std::string fingerprint;
  std::vector<std::string> identities;
  std::string out;
  SignerOptions signer;
};

// --- receipts ---

// Puts a receipt into the log, byte for byte.
Result<ExitCode> TakeReceipt(const Arguments& arguments, const Globals& globals, ReceiptFile receipt) {
  if (arguments.refuse || !arguments.bundle.empty() || !arguments.out.empty()) {
    return Fail(ErrorCode::kInvalid, Printable(arguments.file) + " is a receipt, which is put into the log and no more",
                "exhibit receive " + Printable(arguments.file));
  }
  const bool holds = receipt.note.said().outcome == custody::ReceiptOutcome::kHolds;
  const std::string done = Format("{} by {}", holds ? "receipt" : "receipt of a bundle that did not hold",
                                  custody::ActorOf(receipt.note.said().received_by).text());
  store::Appender::Act act{custody::Received{std::move(receipt.note)}};
  act.lines = std::move(receipt.fields);
  return CommitAct(globals, arguments.signer, std::move(act), done);
}

// Each kind of statement is parsed strictly as the kind that it says it is.
bool SaysReceipt(ByteView note) { return TextOf(note).starts_with("{\"v\":1,\"statement\":\"receipt\","); }

// --- hand-overs ---

std::string Parties(const TransferStatement& said) {
  return Format("from {} to {}", Printable(said.released_by.text()), Printable(said.received_by.text()));
}

Result<ExitCode> Commit(const Arguments& arguments, const Globals& globals, TransferFile statement,
                        TransferOutcome outcome, const std::string& what) {
  const std::string done = Format("{}: {}", what, Parties(statement.note.said()));
  store::Appender::Act act{Transfer{outcome, std::move(statement.note)}};
  act.lines = std::move(statement.fields);
  return CommitAct(globals, arguments.signer, std::move(act), done);
}

bool IsCountersigned(const custody::State& state, const TransferFile& statement) {
  const custody::Membership* const releaser = state.facts().Find(statement.note.said().released_by);
  const custody::Membership* const receiver = state.facts().Find(statement.note.said().received_by);
  if (releaser == nullptr || receiver == nullptr) return false;
  return statement.note.CheckSignatures(std::vector{releaser->key, receiver->key}).has_value();
}

Result<TransferFile> Countersign(const TransferFile& statement, const tlog::SigningKey& key) {
  const custody::Actor actor = custody::ActorOf(key.verifier());
  if (actor != statement.note.said().received_by) {
    return Fail(ErrorCode::kDenied,
                Format("the statement is to be received by {}, and this key is {}",
                       Printable(statement.note.said().received_by.text()), Printable(actor.text())),
                "name the receiver's key with --key FILE");
  }
  TRY(auto note, statement.note.Countersign(key));
  return TransferFile{statement.fields, std::move(note)};
}

// In the vault: the receiver's signature, if it is not there yet, and the entry.
Result<ExitCode> ReceiveIntoLog(const Arguments& arguments, const Globals& globals, TransferFile statement) {
  {
    TRY(const auto vault, OpenVault(globals));
    TRY(const custody::State state, vault->State());
    if (statement.note.said().fingerprint != state.fingerprint()) {
      return Fail(ErrorCode::kInvalid,
                  "the statement is of another vault: origin " + Printable(statement.note.said().origin.text()));
    }
    if (!IsCountersigned(state, statement)) {
      TRY(const tlog::SigningKey key, LoadCustodianKey(arguments.signer.key, state.origin(), PassphrasesOf(globals)));
      TRY(const std::vector<tlog::Sequence> items, ItemsOf(statement));
      TRY(const tlog::RootHash leaves, LeavesOf(*vault, items));
      TRY_VOID(CompareLeaves(statement, leaves));
      TRY_VOID(RehashItems(*vault, items));
      TRY(TransferFile countersigned, Countersign(statement, key));
      statement = std::move(countersigned);
    }
  }
  return Commit(arguments, globals, std::move(statement), TransferOutcome::kAccepted, "handed over");
}

// kTampered and the like unless the bundle holds and has these items, those of the statement.
Result<void> CheckBundleFor(const Arguments& arguments, const TransferFile& statement) {
  bundle::VerifyRequest request;
  request.interrupted = &Interrupted();
  if (!arguments.fingerprint.empty()) {
    TRY(request.fingerprint, ParseFingerprint(arguments.fingerprint));
  }
  TRY(const std::vector<seal::Identity> identities, LoadAllIdentities(arguments.identities));
  request.identities = identities;
  Pool pool;
  TRY(const bundle::CheckedBundle checked, bundle::CheckBundle(arguments.bundle, request, pool));
  const verify::Report& report = checked.report;
  if (!report.ok()) {
    return Fail(report.findings.empty() ? ErrorCode::kPermission : ErrorCode::kTampered,
                "not signed: " + verify::FirstProblem(report), "exhibit verify-bundle names everything that is wrong");
  }
  if (!report.unopened.empty()) {
    return Fail(ErrorCode::kWrongKey, Format("not signed: the identity does not open {} of {} sealed files",
                                             report.unopened.size(), report.items));
  }
  if (!report.fingerprint || *report.fingerprint != statement.note.said().fingerprint)
    return Fail(ErrorCode::kInvalid, "the statement and the bundle are of two vaults");
  TRY(const std::vector<tlog::Sequence> items, ItemsOf(statement));
  std::vector<tlog::LeafHash> leaves;
  for (const tlog::Sequence item : items) {
    const auto leaf = checked.leaves.find(item);
    if (leaf == checked.leaves.end())
      return Fail(ErrorCode::kNotFound, Format("not signed: the bundle does not hold item {}", item));
    leaves.push_back(leaf->second);
  }
  return CompareLeaves(statement, custody::RootOfLeaves(leaves));
}

// Elsewhere, over a bundle: the receiver's signature goes back to the releaser in a file.
Result<ExitCode> ReceiveBundle(const Arguments& arguments, const Globals& globals, const TransferFile& statement) {
  if (arguments.out.empty())
    return Fail(ErrorCode::kInvalid, "--bundle needs --out", "the file to send back to the releaser");
  TRY_VOID(CheckBundleFor(arguments, statement));
  const TransferStatement& said = statement.note.said();
  TRY(const tlog::SigningKey key, LoadCustodianKey(arguments.signer.key, said.origin, PassphrasesByName));
  TRY(const TransferFile countersigned, Countersign(statement, key));
  TRY_VOID(countersigned.WriteTo(arguments.out));
  if (arguments.signer.json) {
    PrintJson({{"statement", arguments.out},
               {"released_by", said.released_by.text()},
               {"received_by", said.received_by.text()}});
    return ExitCode::kOk;
  }
  Print(Format("{}  signed: {}\n", Printable(arguments.out), Parties(said)));
  if (!globals.quiet) Say("send it back: with `exhibit receive` the releaser puts it into the log");
  return ExitCode::kOk;
}

Result<ExitCode> RunReceive(const Arguments& arguments, const Globals& globals) {
  TRY(const Bytes bytes, ReadFile(arguments.file, kMaxStatementFileBytes));
  const auto parts = SplitStatement(bytes);
  if (parts && SaysReceipt(parts->note)) {
    TRY(ReceiptFile receipt, ReadStatement<custody::Receipt>(arguments.file));
    return TakeReceipt(arguments, globals, std::move(receipt));
  }
  TRY(TransferFile statement, ReadStatement<TransferStatement>(arguments.file));
  if (arguments.refuse) return Commit(arguments, globals, std::move(statement), TransferOutcome::kRefused, "refused");
  return arguments.bundle.empty() ? ReceiveIntoLog(arguments, globals, std::move(statement))
                                  : ReceiveBundle(arguments, globals, statement);
}

}  // namespace

void RegisterReceive(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("receive", "sign for what was handed over, or put a receipt into the log");
  command.AddOption("FILE", arguments->file, "the statement of transfer, or the receipt of a bundle").Required();
  command.AddFlag("--refuse", arguments->refuse, "record that the items were not taken");
  command.AddOption("--bundle", arguments->bundle, "without the vault: the bundle that came with it").TypeName("PATH");
  command.AddOption("--fingerprint", arguments->fingerprint, "with --bundle: the vault's fingerprint").TypeName("HEX");
  command.AddOption("-i,--identity", arguments->identities, "with --bundle: your age identity, to check contents")
      .TypeName("FILE");
  command.AddOption("-o,--out", arguments->out, "with --bundle: the signed statement to send back").TypeName("FILE");
  arguments->signer.AddTo(command);
  arguments->signer.AddCasesTo(command);
  command.Footer(
      "The items are read and hashed again before you sign. A statement that carries both signatures already\n"
      "enters the log as it is.\n\nExamples:\n  exhibit receive bob.transfer --key bob.key\n"
      "  exhibit receive bob.transfer --bundle handover --fingerprint 77.. --key bob.key --out signed.transfer\n"
      "  exhibit receive bob.transfer --refuse\n"
      "  exhibit receive receipt.txt         (of `exhibit verify-bundle --receipt`)");
  commands.Run(command, arguments, RunReceive);
}

}  // namespace exhibit::cli
