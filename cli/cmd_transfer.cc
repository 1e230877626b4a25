// exhibit transfer, exhibit receive: items change hands. Each side signs what it found, the releaser first;
// the statement travels as a file, and enters the log with both signatures, or with one and its end.
#include <memory>

#include "cli/act.h"
#include "cli/identities.h"
#include "cli/interrupt.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/verifier.h"
#include "vault/verify/verifier.h"

namespace exhibit::cli {
namespace {

using custody::SignedStatement;
using custody::Statement;
using custody::Transfer;

struct TransferArguments {
  std::vector<std::string> positions;
  std::string to;
  std::string purpose;
  std::string authority;
  std::string condition;
  std::string location;
  std::string transport;
  std::string out;
  std::string abandon;
  SignerOptions signer;
};

struct ReceiveArguments {
  std::string file;
  bool refuse = false;
  std::string bundle;
  std::string fingerprint;
  std::vector<std::string> identities;
  std::string out;
  SignerOptions signer;
};

// --- what both sides do with the items ---

// Reads and hashes the items again, and compares each with its entry.
Result<void> RehashItems(const VaultReader& vault, const custody::ItemSet& items) {
  verify::Options options;
  const std::vector<tlog::Sequence> selected = items.Items();
  options.selected.insert(selected.begin(), selected.end());
  options.interrupted = &Interrupted();
  Pool pool;
  TRY(const verify::Report report, verify::Verify(vault, options, pool));
  if (report.ok()) return {};
  return Fail(ErrorCode::kTampered, "not signed: " + verify::Describe(report.findings.front()),
              "exhibit verify names everything that is wrong");
}

Result<tlog::RootHash> LeavesOf(const VaultReader& vault, const custody::ItemSet& items) {
  std::vector<tlog::LeafHash> leaves;
  for (const tlog::Sequence item : items.Items()) {
    TRY(const custody::SignedEntry entry, vault.Entry(item));
    leaves.push_back(entry.leaf());
  }
  return custody::RootOfLeaves(leaves);
}

Result<void> CompareLeaves(const Statement& statement, const tlog::RootHash& leaves) {
  if (statement.leaves == leaves) return {};
  return Fail(ErrorCode::kTampered,
              "not signed: the statement is not of these items, but of others with the same numbers");
}

Result<SignedStatement> ReadStatement(const std::string& file) {
  TRY(Bytes bytes, ReadFile(file, custody::kMaxStatementBytes));
  auto statement = SignedStatement::Parse(std::move(bytes));
  if (!statement) return Fail(std::move(statement).error().In(Printable(file)));
  return statement;
}

// --- transfer ---

// A custodian by key, by "name+id", or by a name that only one has.
Result<std::string> FindReceiver(const custody::State& state, const std::string& to) {
  const auto key = tlog::VerifierKey::Parse(to);
  const std::string actor = key ? custody::ActorOf(*key) : to;
  if (state.FindCustodian(actor) != nullptr) return actor;
  std::vector<std::string> found;
  for (const auto& [known, member] : state.facts().custodians) {
    if (member.custodian.name == to && !member.until) found.push_back(known);
  }
  if (found.size() == 1) return found.front();
  return Fail(ErrorCode::kNotFound,
              found.empty() ? Format("nobody is admitted here as \"{}\"", Printable(to))
                            : Format("{} keys are admitted as \"{}\"", found.size(), Printable(to)),
              "exhibit custodian list shows names and keys");
}

Result<ExitCode> Release(const TransferArguments& arguments, const Globals& globals) {
  TRY(custody::ItemSet items, ParseItems(arguments.positions));
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  TRY(const tlog::SigningKey key, LoadCustodianKey(arguments.signer.key, state.origin(), PassphrasesOf(globals)));
  const std::string actor = custody::ActorOf(key.verifier());
  TRY_VOID(state.MayAct(actor, custody::Act::kTransfer));
  TRY(const std::string receiver, FindReceiver(state, arguments.to));
  TRY_VOID(state.MayAct(receiver, custody::Act::kTransfer));
  TRY(const tlog::RootHash leaves, LeavesOf(*vault, items));
  TRY_VOID(RehashItems(*vault, items));
  const std::string numbers = items.ToText();
  TRY(const SignedStatement statement,
      SignedStatement::Sign({state.origin(), std::move(items), leaves, actor, receiver, Now(), arguments.purpose,
                             Given(arguments.authority), Given(arguments.condition), Given(arguments.location),
                             Given(arguments.transport)},
                            key));
  TRY_VOID(WriteNewFile(arguments.out, statement.bytes(), 0644));
  if (arguments.signer.json) {
    PrintJson({{"statement", arguments.out},
               {"items", numbers},
               {"released_by", actor},
               {"received_by", receiver},
               {"leaves", ToHex(leaves.view())}});
    return ExitCode::kOk;
  }
  Print(Format("statement    {}\nitems        {}\nreleased by  {}\nreceived by  {}\n", Printable(arguments.out),
               numbers, Printable(actor), Printable(receiver)));
  if (!globals.quiet) {
    Say(Format("nothing is in the log yet: the receiver signs with `exhibit receive {}`", Printable(arguments.out)));
  }
  return ExitCode::kOk;
}

Result<ExitCode> RunTransfer(const TransferArguments& arguments, const Globals& globals) {
  if (!arguments.abandon.empty()) {
    TRY(SignedStatement statement, ReadStatement(arguments.abandon));
    const std::string done = "abandoned: hand-over of " + statement.statement().items.ToText();
    return CommitAct(globals, arguments.signer, Transfer{Transfer::Outcome::kAbandoned, std::move(statement)}, done);
  }
  if (arguments.positions.empty() || arguments.to.empty() || arguments.purpose.empty() || arguments.out.empty()) {
    return Fail(ErrorCode::kInvalid, "a transfer needs items, --to, --purpose and --out",
                "or --abandon FILE, for one that did not take place");
  }
  return Release(arguments, globals);
}

// --- receive ---

// Puts a receipt into the log, byte for byte.
Result<ExitCode> TakeReceipt(const ReceiveArguments& arguments, const Globals& globals, Bytes bytes) {
  if (arguments.refuse || !arguments.bundle.empty() || !arguments.out.empty()) {
    return Fail(ErrorCode::kInvalid, Printable(arguments.file) + " is a receipt, which is put into the log and no more",
                "exhibit receive " + Printable(arguments.file));
  }
  auto receipt = custody::SignedReceipt::Parse(std::move(bytes));
  if (!receipt) return Fail(std::move(receipt).error().In(Printable(arguments.file)));
  const custody::Receipt& said = receipt->receipt();
  const std::string done =
      Format("{}: {} received by {}", said.finding ? "receipt of a bundle that did not hold" : "receipt",
             said.items.ToText(), Printable(custody::ActorOf(said.received_by)));
  return CommitAct(globals, arguments.signer, custody::Received{std::move(*receipt)}, done);
}

// Both kinds of statement are signed notes; each is parsed strictly as the kind that it says it is.
bool SaysReceipt(ByteView bytes) { return TextOf(bytes).find("\"statement\":\"receipt\"") != std::string_view::npos; }

std::string Parties(const Statement& statement) {
  return Format("{} from {} to {}", statement.items.ToText(), Printable(statement.released_by),
                Printable(statement.received_by));
}

bool IsCountersigned(const custody::State& state, const SignedStatement& statement) {
  const custody::Custodian* const releaser = state.FindCustodian(statement.statement().released_by);
  const custody::Custodian* const receiver = state.FindCustodian(statement.statement().received_by);
  if (releaser == nullptr || receiver == nullptr) return false;
  return statement.CheckSignatures(std::vector{releaser->key, receiver->key}).has_value();
}

Result<SignedStatement> Countersign(const SignedStatement& statement, const tlog::SigningKey& key) {
  const std::string actor = custody::ActorOf(key.verifier());
  if (actor == statement.statement().received_by) return statement.Countersign(key);
  return Fail(ErrorCode::kDenied,
              Format("the statement is to be received by {}, and this key is {}",
                     Printable(statement.statement().received_by), Printable(actor)),
              "name the receiver's key with --key FILE");
}

// In the vault: the receiver's signature, if it is not there yet, and the entry.
Result<ExitCode> ReceiveIntoLog(const ReceiveArguments& arguments, const Globals& globals) {
  TRY(SignedStatement statement, ReadStatement(arguments.file));
  const Statement& said = statement.statement();
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  if (said.origin != state.origin()) {
    return Fail(ErrorCode::kInvalid, "the statement is of another vault: origin " + Printable(said.origin.text()));
  }
  if (!IsCountersigned(state, statement)) {
    TRY(const tlog::SigningKey key, LoadCustodianKey(arguments.signer.key, state.origin(), PassphrasesOf(globals)));
    TRY(const tlog::RootHash leaves, LeavesOf(*vault, said.items));
    TRY_VOID(CompareLeaves(said, leaves));
    TRY_VOID(RehashItems(*vault, said.items));
    TRY(SignedStatement countersigned, Countersign(statement, key));
    statement = std::move(countersigned);
  }
  const std::string done = "handed over: " + Parties(statement.statement());
  return CommitAct(globals, arguments.signer, Transfer{Transfer::Outcome::kAccepted, std::move(statement)}, done);
}

// Elsewhere, over a bundle: the receiver's signature goes back to the releaser in a file.
Result<ExitCode> ReceiveBundle(const ReceiveArguments& arguments, const Globals& globals) {
  if (arguments.out.empty()) {
    return Fail(ErrorCode::kInvalid, "--bundle needs --out", "the file to send back to the releaser");
  }
  TRY(const SignedStatement statement, ReadStatement(arguments.file));
  const Statement& said = statement.statement();
  bundle::VerifyRequest request;
  request.interrupted = &Interrupted();
  if (!arguments.fingerprint.empty()) {
    TRY(request.fingerprint, FixedFromHex<custody::Fingerprint>(arguments.fingerprint, "the fingerprint"));
  }
  std::vector<seal::X25519Identity> identities;
  for (const std::string& file : arguments.identities) {
    TRY(std::vector<seal::X25519Identity> loaded, LoadIdentities(file));
    std::ranges::move(loaded, std::back_inserter(identities));
  }
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
  if (!report.head || report.head->origin != said.origin) {
    return Fail(ErrorCode::kInvalid, "the statement and the bundle are of two vaults");
  }
  std::vector<tlog::LeafHash> leaves;
  for (const tlog::Sequence item : said.items.Items()) {
    const auto leaf = checked.leaves.find(item);
    if (leaf == checked.leaves.end()) {
      return Fail(ErrorCode::kNotFound, Format("not signed: the bundle does not hold item {}", item));
    }
    leaves.push_back(leaf->second);
  }
  TRY_VOID(CompareLeaves(said, custody::RootOfLeaves(leaves)));
  TRY(const tlog::SigningKey key, LoadCustodianKey(arguments.signer.key, said.origin, PassphrasesByName));
  TRY(const SignedStatement countersigned, Countersign(statement, key));
  TRY_VOID(WriteNewFile(arguments.out, countersigned.bytes(), 0644));
  if (arguments.signer.json) {
    PrintJson({{"statement", arguments.out},
               {"items", said.items.ToText()},
               {"released_by", said.released_by},
               {"received_by", said.received_by}});
    return ExitCode::kOk;
  }
  Print(Format("{}  signed: {}\n", Printable(arguments.out), Parties(said)));
  if (!globals.quiet) Say("send it back: with `exhibit receive` the releaser puts it into the log");
  return ExitCode::kOk;
}

Result<ExitCode> RunReceive(const ReceiveArguments& arguments, const Globals& globals) {
  TRY(Bytes bytes, ReadFile(arguments.file, custody::kMaxStatementBytes));
  if (SaysReceipt(bytes)) return TakeReceipt(arguments, globals, std::move(bytes));
  if (arguments.refuse) {
    TRY(SignedStatement statement, ReadStatement(arguments.file));
    const std::string done = "refused: hand-over of " + Parties(statement.statement());
    return CommitAct(globals, arguments.signer, Transfer{Transfer::Outcome::kRefused, std::move(statement)}, done);
  }
  return arguments.bundle.empty() ? ReceiveIntoLog(arguments, globals) : ReceiveBundle(arguments, globals);
}

}  // namespace

void RegisterTransfer(Commands commands) {
  auto arguments = std::make_shared<TransferArguments>();
  const Command command =
      commands.program.AddCommand("transfer", "sign that items are handed over; the receiver signs next");
  command.AddOption("N", arguments->positions, "the items' numbers; 3-9 for a range");
  command.AddOption("--to", arguments->to, "the custodian who receives: name, key, or name+id");
  command.AddOption("--purpose", arguments->purpose, "what for");
  command.AddOption("--authority", arguments->authority, "who demands it");
  command.AddOption("--condition", arguments->condition, "in what state the items are");
  command.AddOption("--location", arguments->location, "where they are handed over");
  command.AddOption("--transport", arguments->transport, "how they travel");
  command.AddOption("--out", arguments->out, "the statement to write, for the receiver").TypeName("FILE");
  command.AddOption("--abandon", arguments->abandon, "record that this statement's hand-over did not take place")
      .TypeName("FILE");
  arguments->signer.AddTo(command);
  command.Footer(
      "The items are read and hashed again before the statement is signed.\n\nExamples:\n"
      "  exhibit transfer 3-7 --to \"Bob Analyst\" --purpose analysis --transport \"encrypted disk\" --out "
      "bob.transfer\n"
      "  exhibit transfer --abandon bob.transfer");
  commands.Run(command, arguments, RunTransfer);
}

void RegisterReceive(Commands commands) {
  auto arguments = std::make_shared<ReceiveArguments>();
  const Command command =
      commands.program.AddCommand("receive", "sign for what was handed over, or put a receipt into the log");
  command.AddOption("FILE", arguments->file, "the statement of transfer, or the receipt of a bundle").Required();
  command.AddFlag("--refuse", arguments->refuse, "record that the items were not taken");
  command.AddOption("--bundle", arguments->bundle, "without the vault: the bundle that came with it").TypeName("PATH");
  command.AddOption("--fingerprint", arguments->fingerprint, "with --bundle: the vault's fingerprint").TypeName("HEX");
  command.AddOption("-i,--identity", arguments->identities, "with --bundle: your age identity, to check contents")
      .TypeName("FILE");
  command.AddOption("--out", arguments->out, "with --bundle: the signed statement to send back").TypeName("FILE");
  arguments->signer.AddTo(command);
  command.Footer(
      "The items are read and hashed again before you sign. A statement that carries both signatures already\n"
      "enters the log as it is.\n\nExamples:\n  exhibit receive bob.transfer --key bob.key\n"
      "  exhibit receive bob.transfer --bundle handover --fingerprint 77.. --key bob.key --out signed.transfer\n"
      "  exhibit receive bob.transfer --refuse\n"
      "  exhibit receive receipt.txt         (of `exhibit verify-bundle --receipt`)");
  commands.Run(command, arguments, RunReceive);
}

}  // namespace exhibit::cli
