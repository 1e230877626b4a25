// exhibit fork-proof: evidence that a log was shown in two histories, made and checked.
#include <memory>

#include "cli/command.h"
#include "cli/log_keys.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/tlog/fork_proof.h"
#include "vault/verify/kept_check.h"

namespace exhibit::cli {
namespace {

using Kind = tlog::Fork::Kind;

struct Arguments {
  std::vector<std::string> against;
  std::string out;
  std::string check;
  std::vector<std::string> log_keys;
  bool json = false;
};

std::string_view WordOf(Kind kind) {
  switch (kind) {
    case Kind::kTwoRoots: return "two-roots";
    case Kind::kTwoPasts: return "two-pasts";
    case Kind::kTwoSizes: return "two-sizes";
  }
  InternalError("a fork has no word", __FILE__, __LINE__);
}

std::string MeaningOf(Kind kind) {
  switch (kind) {
    case Kind::kTwoRoots: return "the log's key signed two trees of one size: it was shown in two histories";
    case Kind::kTwoPasts:
      return "the log's key signed a larger tree that began otherwise: it was shown in two histories";
    case Kind::kTwoSizes:
      return "nothing contradicts: both were signed, and the log may have grown from one to the other. Whoever was "
             "shown the smaller one later knows that its end was lost";
  }
  InternalError("a fork has no meaning", __FILE__, __LINE__);
}

Json JsonOf(const tlog::Checkpoint& checkpoint) {
  return {{"size", checkpoint.size.value}, {"root", ToBase64(checkpoint.root.view(), Base64::kPadded)}};
}

std::string TextOf(const tlog::Fork& fork) {
  return "origin      " + Printable(fork.smaller.origin.text()) + "\n" +
         "checkpoint  " + verify::Describe(fork.smaller) + "\n" +
         "checkpoint  " + verify::Describe(fork.larger) + "\n" + MeaningOf(fork.kind) + "\n";
}

Json JsonOf(const tlog::Fork& fork) {
  return {{"contradiction", fork.kind != Kind::kTwoSizes},
          {"kind", std::string(WordOf(fork.kind))},
          {"origin", std::string(fork.smaller.origin.text())},
          {"smaller", JsonOf(fork.smaller)},
          {"larger", JsonOf(fork.larger)}};
}

Result<ExitCode> Check(const Arguments& arguments) {
  if (arguments.log_keys.empty()) {
    return Fail(ErrorCode::kInvalid, "whose log is it? a key that comes with the file proves nothing",
                "name the log's key, from the genesis or from where the vault was made: --log-key VKEY");
  }
  TRY(const std::vector<tlog::VerifierKey> keys, ReadLogKeys(arguments.log_keys));
  TRY(const Bytes bytes, ReadFile(arguments.check, tlog::kMaxForkProofBytes));
  const auto fork = [&]() -> Result<tlog::Fork> {
    TRY(const tlog::ForkProof proof, tlog::DecodeForkProof(bytes));
    return tlog::CheckForkProof(proof, keys);
  }();
  const bool proven = fork && fork->kind != Kind::kTwoSizes;
  if (arguments.json) {
    PrintJson(fork ? JsonOf(*fork) : Json{{"contradiction", false}, {"why", fork.error().message}});
  } else if (fork) {
    Print(TextOf(*fork));
  } else {
    PrintError(fork.error());
  }
  return proven ? ExitCode::kOk : ExitCode::kVerificationFailed;
}

Result<ExitCode> Make(const Arguments& arguments, const Globals& globals) {
  OpenOptions opening = globals.Opening();
  opening.pins.insert(opening.pins.end(), arguments.against.begin(), arguments.against.end());
  TRY(const ContradictedVault found, VaultReader::OpenContradicted(globals.VaultFolder(), opening));
  if (found.lost.empty()) {
    return Fail(ErrorCode::kNotFound, "nothing contradicts: the log extends every head that was kept",
                "name a checkpoint that you have from elsewhere: --against FILE");
  }
  // The one that proves most.
  std::optional<std::pair<tlog::ForkProof, tlog::Fork>> best;
  TRY(const Bytes head, found.vault->ReadHead());
  TRY(const custody::LogKeys log_keys, found.vault->ReadLogKeys());
  for (const LostHead& lost : found.lost) {
    const bool ours_is_larger = lost.checkpoint.size < found.vault->head().size;
    TRY(tlog::ForkProof proof, tlog::MakeForkProof(lost.note, head, ours_is_larger ? found.vault.get() : nullptr));
    std::vector keys = {log_keys.For(lost.checkpoint.size)};
    const tlog::VerifierKey& head_key = log_keys.For(found.vault->head().size);
    if (head_key != keys.front()) keys.push_back(head_key);
    TRY(tlog::Fork fork, tlog::CheckForkProof(proof, keys));
    if (!best || best->second.kind == Kind::kTwoSizes) best.emplace(std::move(proof), std::move(fork));
    if (!globals.quiet) Say(Printable(lost.where) + ": " + lost.why);
  }
  const Bytes file = tlog::EncodeForkProof(best->first);
  if (!arguments.out.empty()) TRY_VOID(WriteNewFile(arguments.out, file, 0644));
  if (arguments.json) {
    Json json = JsonOf(best->second);
    json["proof"] = std::string(exhibit::TextOf(file));
    PrintJson(json);
  } else if (arguments.out.empty()) {
    Print(exhibit::TextOf(file));
  } else {
    Print(TextOf(best->second));
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterForkProof(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand(
      "fork-proof", "show, in one file, that the log was shown in two histories; or check such a file");
  CLI::Option* const against = command->add_option("--against", arguments->against,
                                                   "a signed checkpoint from elsewhere, beside the head that this "
                                                   "user's state directory keeps; repeat for several");
  against->type_name("FILE")->expected(1)->take_all();
  CLI::Option* const out =
      command->add_option("-o,--out", arguments->out, "write the proof to this file, which must not exist")
          ->type_name("FILE");
  CLI::Option* const check =
      command->add_option("--check", arguments->check, "check this file instead; needs no vault")->type_name("FILE");
  check->excludes(against)->excludes(out);
  command
      ->add_option("--log-key", arguments->log_keys,
                   "with --check: the log's key, as text or in a file; repeat if it was replaced")
      ->type_name("VKEY")
      ->expected(1)
      ->take_all()
      ->needs(check);
  command->add_flag("--json", arguments->json, "print JSON");
  command->footer("Exit status of --check: 0 it proves two histories, 3 it does not.\n\n"
                  "Examples:\n  exhibit fork-proof --out fork\n  exhibit fork-proof --against head-of-last-week\n"
                  "  exhibit fork-proof --check fork --log-key log.vkey");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] {
      return arguments->check.empty() ? Make(*arguments, globals) : Check(*arguments);
    };
  });
}

}  // namespace exhibit::cli
