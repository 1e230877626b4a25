// exhibit witness: sees one history of each log, and cosigns it.
#include <memory>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/log_keys.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/net/witness_server.h"
#include "vault/witness/add_checkpoint.h"
#include "vault/witness/witness.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string folder;
  std::string name;
  std::vector<std::string> logs;
  bool no_passphrase = false;
  bool post_quantum = false;
  std::string request;
  std::string out;
  std::string listen = "127.0.0.1:7380";
  bool json = false;
};

Result<ExitCode> Init(const Arguments& arguments, const Globals& globals) {
  TRY(tlog::KeyName name, tlog::KeyName::Parse(arguments.name));
  TRY(std::vector<tlog::VerifierKey> logs, ReadLogKeys(arguments.logs));
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase) {
    TRY(passphrase, AskNewPassphrase("the witness's key"));
  }
  using Suite = witness::InitRequest::Suite;
  TRY(const tlog::CosignerKey key,
      witness::InitWitness({arguments.folder, std::move(name), std::move(logs), passphrase ? &*passphrase : nullptr,
                            arguments.post_quantum ? Suite::kMlDsa : Suite::kEd25519}));
  if (arguments.json) {
    PrintJson({{"folder", arguments.folder}, {"key", key.ToText()}});
  } else {
    Print(key.ToText() + "\n");
    if (!globals.quiet) {
      Say(Format("give this key to everybody who shall believe the witness; add logs to {}/logs",
                 Printable(arguments.folder)));
    }
  }
  return ExitCode::kOk;
}

// The exit status of a refusal: a checkpoint that contradicts what was seen is a failed verification.
ExitCode ExitOf(int status) {
  if (status == 200) return ExitCode::kOk;
  return status == 403 || status == 409 || status == 422 ? ExitCode::kVerificationFailed : ExitCode::kFailed;
}

// Called before the witness moves on: an answer that cannot be written would be lost, and the log would have to ask again.
Result<void> RefuseTaken(const std::string& out) {
  if (out.empty() || IsAbsent(out)) return {};
  return Fail(ErrorCode::kExists, Printable(out) + " is there already; nothing was signed",
              "name a file that is not there");
}

Result<ExitCode> Sign(const Arguments& arguments, const Globals& globals) {
  TRY(const witness::Witness witness, witness::Witness::Open(arguments.folder, PassphrasesByName));
  TRY(const Bytes request, ReadFile(arguments.request, witness::kMaxRequestBytes));
  TRY_VOID(RefuseTaken(arguments.out));
  const Moment now = Now();
  const witness::Answer answer =
      witness.Add(request, {static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.milliseconds / 1000))});
  if (answer.status == 200 && !arguments.out.empty()) TRY_VOID(WriteNewFile(arguments.out, ViewOf(answer.body), 0644));
  if (arguments.json) {
    PrintJson({{"status", answer.status}, {"answer", answer.body}});
    return ExitOf(answer.status);
  }
  if (answer.status == 200) {
    if (arguments.out.empty()) {
      Print(answer.body);
    } else if (!globals.quiet) {
      Say("cosigned; the answer is in " + Printable(arguments.out));
    }
    return ExitCode::kOk;
  }
  std::string reason = answer.body;
  if (reason.ends_with('\n')) reason.pop_back();
  const bool conflict = answer.status == 409;
  PrintError({ErrorCode::kDenied,
              Format("not cosigned ({}): {}", answer.status,
                     conflict ? "the last checkpoint that was cosigned has size " + reason : reason),
              conflict               ? "ask again from there: exhibit checkpoint --witness-request FILE --old " + reason
              : answer.status == 500 ? "nothing was signed; see to the witness's folder, and run it again"
                                     : ""});
  return ExitOf(answer.status);
}

Result<net::ListenAt> ParseListen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string::npos ? Result<std::uint64_t>(std::uint64_t{0})
                                               : FromDecimal(std::string_view(text).substr(colon + 1));
  if (colon == std::string::npos || colon == 0 || !port || *port > 65535) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" is not HOST:PORT", Printable(text)));
  }
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);  // [::1]
  return net::ListenAt{std::move(host), static_cast<std::uint16_t>(*port)};
}

Result<ExitCode> Serve(const Arguments& arguments, const Globals& globals) {
  TRY(const net::ListenAt at, ParseListen(arguments.listen));
  TRY(const witness::Witness witness, witness::Witness::Open(arguments.folder, PassphrasesByName));
  TRY_VOID(net::ServeWitness(witness, at, Interrupted(), [&](std::uint16_t port) {
    if (!globals.quiet) {
      Say(Format("{} takes requests at http://{}:{}/add-checkpoint", Printable(witness.key().name().text()),
                 Printable(at.host), port));
    }
  }));
  return ExitCode::kOk;
}

}  // namespace

void RegisterWitness(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command witness =
      commands.program.AddCommand("witness", "see one history of each log, and say so by cosigning its checkpoints");
  witness.NeedsCommand();

  const Command init = witness.AddCommand("init", "make a witness: its key, and the logs that it knows");
  init.AddOption("DIR", arguments->folder, "the witness's folder, which must not exist or be empty").Required();
  init.AddOption("--name", arguments->name, "the witness's name, such as witness.example/w1").Required();
  init.AddOption("--log", arguments->logs, "the key of a log, as text or in a file; repeat for several")
      .TypeName("VKEY")
      .OneEachTime();
  init.AddFlag("--no-passphrase", arguments->no_passphrase, "keep the key in a file that only you can read");
  init.AddFlag("--post-quantum", arguments->post_quantum,
               "make an ML-DSA-44 key (C2SP type 06), which programs without OpenSSL 3.5 cannot check");
  init.AddJson(arguments->json);
  init.Footer("Example:\n  exhibit witness init w1 --name witness.example/w1 --log log.vkey");
  commands.RunWithoutVault(init, arguments, Init);

  const Command sign = witness.AddCommand("sign", "cosign a request that came as a file");
  sign.AddOption("DIR", arguments->folder, "the witness's folder").Required();
  sign.AddOption("--request", arguments->request, "what `exhibit checkpoint --witness-request` wrote")
      .Required()
      .TypeName("FILE");
  sign.AddOption("-o,--out", arguments->out, "write the answer to this file, which must not exist").TypeName("FILE");
  sign.AddJson(arguments->json);
  sign.Footer(
      "The request is the body of add-checkpoint (C2SP tlog-witness), the answer is what the server would send.\n"
      "Exit status: 0 cosigned, 3 it contradicts what was seen or is not the log's, 1 otherwise.\n\n"
      "Example:\n  exhibit witness sign w1 --request request --out answer");
  commands.RunWithoutVault(sign, arguments, Sign);

  const Command serve = witness.AddCommand("serve", "cosign over HTTP (C2SP tlog-witness), until interrupted");
  serve.AddOption("DIR", arguments->folder, "the witness's folder").Required();
  serve.AddOption("--listen", arguments->listen, "where to; port 0 takes one that is free")
      .TypeName("HOST:PORT")
      .ShowDefault();
  serve.Footer(
      "Every request has ten seconds and 64 KiB. When all of 128 connections are in use, the slowest is closed.\n"
      "It speaks plain HTTP: put it behind a server that has a certificate.\n\nExample:\n  exhibit witness serve w1 "
      "--listen 127.0.0.1:7380");
  commands.RunWithoutVault(serve, arguments, Serve);
}

}  // namespace exhibit::cli
