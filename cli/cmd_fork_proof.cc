// exhibit fork-proof: evidence that a log was shown in two histories, made and checked.
#include <memory>

#include "cli/ca_file.h"
#include "cli/checkpoint_output.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/log_keys.h"
#include "cli/published_files.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tlog/fork_proof.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/verifier.h"

namespace exhibit::cli {
namespace {

using Kind = tlog::Fork::Kind;

struct Arguments {
  std::vector<std::string> against;
  std::string out;
  std::string check;
  std::vector<std::string> log_keys;
  std::string log;
  std::string ca_file;
  TrustArguments trust;
  bool json = false;
};

// Which key signs the log at which size, by a log that was verified up to a size.
struct Windows {
  custody::LogKeys keys;
  tlog::TreeSize size;
};

// Whether the log itself contradicts: anybody may have a key that was replaced.
struct Judgement {
  bool proven = false;
  std::string words;
};

std::string KeyName(const tlog::VerifierKey& key) { return "key " + Printable(custody::ActorOf(key).text()); }

// The entry that put another key in the place of the one that signs at this size; nothing if that still signs.
std::optional<tlog::Sequence> ReplacedIn(const custody::LogKeys& keys, tlog::TreeSize size) {
  for (const custody::LogKeys::Row& row : keys.rows()) {
    if (row.since.value >= size.value) return row.since;
  }
  return std::nullopt;
}

Judgement Judge(const tlog::Fork& fork, const std::optional<Windows>& windows) {
  if (fork.kind == Kind::kTwoSizes) {
    return {false,
            "nothing contradicts: both were signed, and the log may have grown from one to the other. Whoever was "
            "shown the smaller one later knows that its end was lost"};
  }
  const std::string what = fork.kind == Kind::kTwoRoots ? "two trees of one size are signed"
                                                        : "a larger tree is signed that began otherwise";
  if (!windows) {
    return {false, what +
                       ". Not checked: whether the log still had this key at these sizes. Anybody who got a key that "
                       "was replaced can sign with it. Name the log, which says so: --log PLACE"};
  }
  if (windows->size < fork.larger.size) {
    return {false,
            Format("{}. The given log has {} entries, and does not say whose key signs at size {}: bring one that does",
                   what, windows->size, fork.larger.size)};
  }
  for (const tlog::TreeSize size : {fork.smaller.size, fork.larger.size}) {
    const auto replaced = ReplacedIn(windows->keys, size);
    if (!replaced) continue;
    return {false, Format("{}. But {} was replaced in entry {}, and nobody can tell when it signed: anybody who got "
                          "that key can have made one of the two since",
                          what, KeyName(windows->keys.For(size).ed25519), replaced->value)};
  }
  return {true, what + ", by the log's own key: it was shown in two histories"};
}

std::string_view WordOf(Kind kind) {
  switch (kind) {
    case Kind::kTwoRoots: return "two-roots";
    case Kind::kTwoPasts: return "two-pasts";
    case Kind::kTwoSizes: return "two-sizes";
  }
  InternalError("a fork has no word", __FILE__, __LINE__);
}

std::string TextOf(const tlog::Fork& fork, const Judgement& judgement) {
  return Format(
      "origin      {}\n"
      "checkpoint  {}\n"
      "checkpoint  {}\n"
      "{}\n",
      Printable(fork.smaller.origin.text()), tlog::Describe(fork.smaller), tlog::Describe(fork.larger),
      judgement.words);
}

Json JsonOf(const tlog::Fork& fork, const Judgement& judgement) {
  return {{"contradiction", fork.kind != Kind::kTwoSizes},
          {"proven", judgement.proven},
          {"kind", std::string(WordOf(fork.kind))},
          {"meaning", judgement.words},
          {"origin", std::string(fork.smaller.origin.text())},
          {"smaller", cli::JsonOf(fork.smaller)},
          {"larger", cli::JsonOf(fork.larger)}};
}

// From a published copy, which is verified first: only a verified log says when a key was replaced.
Result<Windows> ReadWindows(const Arguments& arguments, const std::vector<tlog::VerifierKey>& known) {
  TRY(const auto files, FilesOf(arguments.log, arguments.ca_file));
  auto log = publish::PublishedLog::Open(*files);
  if (!log) return Fail(std::move(log).error().In(Printable(arguments.log)));
  verify::Options options;
  options.depth = verify::Depth::kLog;
  options.interrupted = &Interrupted();
  TRY(const Trusted trusted, arguments.trust.Read());
  options.fingerprint = trusted.fingerprint;
  options.policy = trusted.policy ? &*trusted.policy : nullptr;
  Pool pool;
  TRY(const verify::Report report, verify::Verify(**log, options, pool));
  if (!report.ok() || !report.log_keys) {
    return Fail(ErrorCode::kTampered,
                Format("{} cannot say whose key it was: {}", Printable(arguments.log),
                       verify::Describe(report.findings.front())),
                "`exhibit verify-log` says all that is wrong with it");
  }
  for (const tlog::VerifierKey& key : known) {
    if (report.log_keys->Knows(key.public_key().view())) continue;
    return Fail(ErrorCode::kTampered,
                Format("{} is another log: it never had {}", Printable(arguments.log), KeyName(key)));
  }
  return Windows{*report.log_keys, report.head->size};
}

Result<ExitCode> Check(const Arguments& arguments) {
  const bool believes = !arguments.trust.fingerprint.empty() || !arguments.trust.policy.empty();
  if (arguments.log_keys.empty() && (arguments.log.empty() || !believes)) {
    return Fail(
        ErrorCode::kInvalid, "whose log is it? what comes with the file proves nothing",
        "name the log's key, from the genesis or from where the vault was made: --log-key VKEY; or bring the log "
        "and the vault's fingerprint: --log PLACE --fingerprint HEX");
  }
  TRY(const std::vector<tlog::VerifierKey> known, ReadLogKeys(arguments.log_keys));
  std::optional<Windows> windows;
  if (!arguments.log.empty()) {
    TRY(windows, ReadWindows(arguments, known));
  }
  const tlog::KeysAt keys_at = [&](tlog::TreeSize size) {
    return windows ? std::vector{windows->keys.For(size).ed25519} : known;
  };
  TRY(const Bytes bytes, ReadFile(arguments.check, tlog::kMaxForkProofBytes));
  const auto fork = [&]() -> Result<tlog::Fork> {
    TRY(const tlog::ForkProof proof, tlog::DecodeForkProof(bytes));
    return tlog::CheckForkProof(proof, keys_at);
  }();
  if (!fork) {
    if (arguments.json) {
      PrintJson({{"contradiction", false}, {"proven", false}, {"meaning", fork.error().message}});
    } else {
      PrintError(fork.error());
    }
    return ExitCode::kVerificationFailed;
  }
  const Judgement judgement = Judge(*fork, windows);
  if (arguments.json) {
    PrintJson(JsonOf(*fork, judgement));
  } else {
    Print(TextOf(*fork, judgement));
  }
  if (fork->kind == Kind::kTwoSizes) return ExitCode::kVerificationFailed;
  return judgement.proven ? ExitCode::kOk : ExitCode::kNotAnchored;
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
  TRY(custody::LogKeys log_keys, found.vault->ReadLogKeys());
  const Windows windows{std::move(log_keys), found.vault->head().size};
  for (const LostHead& lost : found.lost) {
    const bool ours_is_larger = lost.checkpoint.size < found.vault->head().size;
    TRY(tlog::ForkProof proof, tlog::MakeForkProof(lost.note, head, ours_is_larger ? found.vault.get() : nullptr));
    TRY(tlog::Fork fork,
        tlog::CheckForkProof(proof, [&](tlog::TreeSize size) { return std::vector{windows.keys.For(size).ed25519}; }));
    if (!best || best->second.kind == Kind::kTwoSizes) best.emplace(std::move(proof), std::move(fork));
    if (!globals.quiet) Say(Printable(lost.where) + ": " + lost.why);
  }
  const Bytes file = tlog::EncodeForkProof(best->first);
  if (!arguments.out.empty()) TRY_VOID(WriteNewFile(arguments.out, file, 0644));
  const Judgement judgement = Judge(best->second, windows);
  if (arguments.json) {
    Json json = JsonOf(best->second, judgement);
    json["proof"] = std::string(exhibit::TextOf(file));
    PrintJson(json);
  } else if (arguments.out.empty()) {
    Print(exhibit::TextOf(file));
  } else {
    Print(TextOf(best->second, judgement));
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterForkProof(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "fork-proof", "show, in one file, that the log was shown in two histories; or check such a file");
  const Option against = command.AddOption("--against", arguments->against,
                                           "a signed checkpoint from elsewhere, beside the head that this "
                                           "user's state directory keeps; repeat for several");
  against.TypeName("FILE").OneEachTime();
  const Option out = command.AddOption("-o,--out", arguments->out, "write the proof to this file, which must not exist")
                         .TypeName("FILE");
  const Option check =
      command.AddOption("--check", arguments->check, "check this file instead; needs no vault").TypeName("FILE");
  check.Excludes(against).Excludes(out);
  command
      .AddOption("--log-key", arguments->log_keys,
                 "with --check: a key of the log's, as text or in a file; repeat if it was replaced")
      .TypeName("VKEY")
      .OneEachTime()
      .Needs(check);
  command
      .AddOption("--log", arguments->log,
                 "with --check: the published log, a folder or a URL, which says whose key signed at which size")
      .TypeName("PLACE")
      .Needs(check);
  arguments->trust.AddTo(command);
  AddCaFileTo(command, arguments->ca_file);
  command.AddJson(arguments->json);
  command.Footer(
      "A log's key can be replaced, and a thief of the old one can still sign with it. Only the log says which key\n"
      "signs at which size, so without --log a contradiction is shown and nobody is accused.\n"
      "Exit status of --check: 0 it proves two histories, 3 it does not, 5 there is a contradiction, and it is not\n"
      "known whether the log's own key made it.\n\n"
      "Examples:\n  exhibit fork-proof --out fork\n  exhibit fork-proof --against head-of-last-week\n"
      "  exhibit fork-proof --check fork --log-key log.vkey --log https://example.org/case-1");
  command.Runs([arguments, &globals = commands.globals] {
    if (!arguments->check.empty()) return Check(*arguments);
    return WithVault(globals, [&] { return Make(*arguments, globals); });
  });
}

}  // namespace exhibit::cli
