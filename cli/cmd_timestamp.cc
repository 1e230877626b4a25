// exhibit timestamp: what to send to a timestamp authority, and whether its answer holds.
#include <memory>

#include "cli/checkpoint_output.h"
#include "cli/command.h"
#include "cli/log_keys.h"
#include "cli/terminal.h"
#include "cli/timestamp.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/timestamp.h"
#include "vault/tlog/stamped_checkpoint.h"

namespace exhibit::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRequestEnding = ".tsq";
constexpr const char* kCheckpointEnding = ".checkpoint";
constexpr const char* kTokenEnding = ".token";

struct RequestArguments {
  std::string checkpoint;
  std::uint64_t renew = 0;
  std::string out;
  bool json = false;
};

struct VerifyArguments {
  std::string answer;
  std::string checkpoint;
  std::vector<std::string> roots;
  std::string request;
  std::string policy;
  std::string log_key;
  bool json = false;
};

Result<Bytes> SignedHead(const RequestArguments& arguments, const Globals& globals) {
  if (!arguments.checkpoint.empty()) return ReadCheckpointFile(arguments.checkpoint);
  TRY(const auto vault, OpenVault(globals));
  return vault->ReadHead();
}

// "head.tsq" is beside "head.checkpoint".
fs::path BesideOf(const fs::path& request) {
  return request.extension() == kRequestEnding ? fs::path(request).replace_extension(kCheckpointEnding)
                                               : fs::path(request.native() + kCheckpointEnding);
}

// The token of an earlier entry, to be stamped again.
Result<ExitCode> RequestRenewal(const RequestArguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::Stamp stamp, FindStamp(*vault, arguments.renew));
  TRY(const custody::SignedEntry entry, vault->Entry({arguments.renew}));
  const Bytes& token = std::get<custody::Timestamped>(entry.parsed().body).token;
  const auto request = crypto::TimestampRequest::Make(stamp.token);
  const fs::path out = arguments.out;
  const fs::path beside = out.extension() == kRequestEnding ? fs::path(out).replace_extension(kTokenEnding)
                                                            : fs::path(out.native() + kTokenEnding);
  TRY_VOID(WriteNewFile(beside, token, 0644));
  if (auto written = WriteNewFile(out, request.der(), 0644); !written) {
    std::error_code ignored;
    fs::remove(beside, ignored);
    return Fail(std::move(written).error());
  }
  if (arguments.json) {
    PrintJson({{"request", out.native()},
               {"token", beside.native()},
               {"renews", arguments.renew},
               {"sha256", ToHex(stamp.token.view())}});
  } else {
    Print(
        Format("request     {}\n"
               "token       {}\n"
               "renews      entry {}\n"
               "sha256      {}\n",
               Printable(out.native()), Printable(beside.native()), arguments.renew, ToHex(stamp.token.view())));
  }
  return ExitCode::kOk;
}

Result<ExitCode> Request(const RequestArguments& arguments, const Globals& globals) {
  if (arguments.renew > 0) return RequestRenewal(arguments, globals);
  const fs::path out = arguments.out;
  const fs::path beside = BesideOf(out);
  TRY(const Bytes head, SignedHead(arguments, globals));
  TRY(const tlog::StampedCheckpoint stamped, tlog::FindStamped(head));
  const crypto::Sha256Digest imprint = crypto::Sha256(stamped.bytes);
  const auto request = crypto::TimestampRequest::Make(imprint);
  // In this order: nobody could check the answer to a request without its checkpoint.
  TRY_VOID(WriteNewFile(beside, stamped.bytes, 0644));
  if (auto written = WriteNewFile(out, request.der(), 0644); !written) {
    std::error_code ignored;
    fs::remove(beside, ignored);
    return Fail(std::move(written).error());
  }
  if (arguments.json) {
    PrintJson({{"request", out.native()},
               {"checkpoint_file", beside.native()},
               {"checkpoint", cli::JsonOf(stamped.checkpoint)},
               {"sha256", ToHex(imprint.view())}});
    return ExitCode::kOk;
  }
  Print(
      Format("request     {}\n"
             "checkpoint  {}\n"
             "stamps      {}, {} entries\n"
             "sha256      {}\n",
             Printable(out.native()), Printable(beside.native()), Printable(stamped.checkpoint.origin.text()),
             stamped.checkpoint.size, ToHex(imprint.view())));
  if (!globals.quiet) Say("send the request to a timestamp authority, and keep its answer with the checkpoint");
  return ExitCode::kOk;
}

Result<tlog::StampedCheckpoint> ReadStamped(const VerifyArguments& arguments) {
  TRY(const Bytes checkpoint, ReadCheckpointFile(arguments.checkpoint));
  if (arguments.log_key.empty()) return tlog::FindStamped(checkpoint);
  TRY(const std::vector<tlog::VerifierKey> keys, ReadLogKeys({arguments.log_key}));
  return tlog::FindStamped(checkpoint, keys.front());
}

Result<crypto::TimestampDemands> ReadDemands(const VerifyArguments& arguments, const crypto::Sha256Digest& imprint) {
  crypto::TimestampDemands demands{imprint, {}, {}};
  if (!arguments.request.empty()) {
    TRY(const Bytes bytes, ReadFile(arguments.request, crypto::kMaxTimestampBytes));
    auto request = crypto::TimestampRequest::Parse(bytes);
    if (!request) return Fail(std::move(request).error().In(Printable(arguments.request)));
    if (request->imprint() != imprint) {
      return Fail(ErrorCode::kInvalid,
                  Printable(arguments.request) + ": asks for a stamp of other bytes than this checkpoint");
    }
    demands.nonce = request->nonce();
    demands.policy = request->policy();
  }
  if (!arguments.policy.empty()) {
    TRY(crypto::TimestampPolicy policy, crypto::TimestampPolicy::Parse(arguments.policy));
    demands.policy = std::move(policy);
  }
  return demands;
}

std::string AccuracyText(std::uint64_t accuracy_us) {
  std::string fraction = std::to_string(accuracy_us % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return Format("{}{} s", accuracy_us / 1'000'000, fraction.empty() ? "" : "." + fraction);
}

Json JsonOf(const crypto::VerifiedTimestamp& stamp) {
  Json json{{"time", FormatTime(stamp.time)}};
  if (stamp.accuracy_us) json["accuracy_us"] = *stamp.accuracy_us;
  json["authority"] = stamp.authority;
  json["policy"] = std::string(stamp.policy.text());
  json["serial"] = ToHex(stamp.serial);
  json["certificates_end"] = FormatTime(stamp.chain_end);
  json["certificates"] = Json::List();
  for (const auto& certificate : stamp.chain) json["certificates"].push_back(ToHex(certificate.view()));
  return json;
}

void PrintStamp(const tlog::StampedCheckpoint& stamped, const crypto::VerifiedTimestamp& stamp) {
  std::string text = Styled(Stream::kOutput, Style::kGreen, "the timestamp holds") + "\n";
  text += Format("log          {}\n", Printable(stamped.checkpoint.origin.text()));
  text += Format("entries      {}, none of them later than\n", stamped.checkpoint.size);
  text += "time         " + FormatTime(stamp.time);
  if (stamp.accuracy_us) text += ", give or take " + AccuracyText(*stamp.accuracy_us);
  text += Format("\nsays         {}\n", Printable(stamp.authority));
  text += Format("policy       {}\n", stamp.policy.text());
  text += Format("serial       {}\n", ToHex(stamp.serial));
  text += "certificates ";
  for (std::size_t i = 0; i < stamp.chain.size(); ++i) {
    if (i > 0) text += "             ";
    text += ToHex(stamp.chain[i].view()) + "\n";
  }
  text += Format("             the first of them ends {}\n", FormatTime(stamp.chain_end));
  Print(text);
}

Result<crypto::VerifiedTimestamp> CheckAnswer(ByteView answer, const crypto::TimestampDemands& demands,
                                              const crypto::TimestampRoots& roots) {
  TRY(const auto token, crypto::TimestampToken::Parse(answer));
  return crypto::VerifyTimestamp(token, demands, roots);
}

Result<ExitCode> Verify(const VerifyArguments& arguments, const Globals& globals) {
  TRY(const tlog::StampedCheckpoint stamped, ReadStamped(arguments));
  TRY(const crypto::TimestampDemands demands, ReadDemands(arguments, crypto::Sha256(stamped.bytes)));
  TRY(const crypto::TimestampRoots roots, ReadRoots(arguments.roots));
  // More than an answer may have, so that a longer one is refused as an answer, not as a file.
  TRY(const Bytes answer, ReadFile(arguments.answer, tlog::kMaxNoteBytes));
  const auto stamp = CheckAnswer(answer, demands, roots);
  if (arguments.json) {
    Json json{{"holds", stamp.has_value()}};
    if (!stamp) json["why"] = stamp.error().message;
    json["checkpoint"] = cli::JsonOf(stamped.checkpoint);
    json["sha256"] = ToHex(demands.imprint.view());
    json["nonce"] = demands.nonce ? "checked" : "not checked";
    json["log_signature"] = arguments.log_key.empty() ? "not checked" : "good";
    if (stamp) json.Update(JsonOf(*stamp));
    PrintJson(json);
    return stamp ? ExitCode::kOk : ExitCode::kVerificationFailed;
  }
  if (!stamp) {
    PrintError(stamp.error());
    return ExitCode::kVerificationFailed;
  }
  PrintStamp(stamped, *stamp);
  if (!globals.quiet && arguments.log_key.empty()) {
    Say("taken on trust: that the checkpoint is the log's (name the log's key: --log-key)");
  }
  return ExitCode::kOk;
}

void RegisterRequest(const Command& timestamp, Commands commands) {
  auto arguments = std::make_shared<RequestArguments>();
  const Command command =
      timestamp.AddCommand("request", "write what a timestamp authority wants to see, and what it stamps");
  const Option checkpoint =
      command.AddOption("--checkpoint", arguments->checkpoint, "a signed checkpoint (default: the head of the vault)")
          .TypeName("FILE");
  command
      .AddOption("--renew", arguments->renew,
                 "the token in entry N instead, to be stamped again; FILE.token is written beside")
      .TypeName("N")
      .Excludes(checkpoint);
  command.AddOption("-o,--out", arguments->out, "the request to write, FILE.tsq; FILE.checkpoint is written beside it")
      .Required()
      .TypeName("FILE");
  command.AddJson(arguments->json);
  command.Footer(
      "Neither file may exist. Keep the request and the checkpoint with the answer.\n\n"
      "Example:\n  exhibit timestamp request --out head.tsq\n"
      "  curl -H 'Content-Type: application/timestamp-query' --data-binary @head.tsq \\\n"
      "    https://tsa.example/ -o head.tsr");
  commands.Run(command, arguments, Request);
}

void RegisterVerifyAnswer(const Command& timestamp, Commands commands) {
  auto arguments = std::make_shared<VerifyArguments>();
  const Command command = timestamp.AddCommand("verify", "check an authority's answer, without any vault");
  command.AddOption("ANSWER", arguments->answer, "the answer (.tsr), or a token alone").Required();
  command
      .AddOption("--checkpoint", arguments->checkpoint,
                 "the checkpoint that was stamped; cosignatures on it do not matter")
      .Required()
      .TypeName("FILE");
  command.AddOption("--roots", arguments->roots, "certificates that you trust to end a chain, as PEM")
      .Required()
      .TypeName("FILE");
  command.AddOption("--request", arguments->request, "the request: the answer must repeat its nonce").TypeName("FILE");
  command.AddOption("--tsa-policy", arguments->policy, "the policy that the token must name").TypeName("OID");
  command
      .AddOption("--log-key", arguments->log_key, "the log's key, as text or in a file; its signature is checked too")
      .TypeName("VKEY");
  command.AddJson(arguments->json);
  command.Footer(
      "The certificates are judged at the token's own time. Revocation is not looked at.\n"
      "Exit status: 0 it holds, 3 it does not.\n\n"
      "Example:\n  exhibit timestamp verify head.tsr --checkpoint head.checkpoint --request head.tsq --roots "
      "root.pem");
  commands.Run(command, arguments, Verify);
}

}  // namespace

void RegisterTimestamp(Commands commands) {
  const Command timestamp =
      commands.program.AddCommand("timestamp", "prove, with a trusted authority, that the log existed at a time");
  timestamp.NeedsCommand();
  RegisterRequest(timestamp, commands);
  RegisterTimestampAdd(timestamp, commands);
  RegisterVerifyAnswer(timestamp, commands);
}

}  // namespace exhibit::cli
