// exhibit timestamp add: an authority's token enters the log, so that whoever has the log has the proof.
#include <memory>

#include "cli/act.h"
#include "cli/ca_file.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "cli/timestamp.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/net/http_client.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string answer;
  std::string checkpoint;
  std::string request;
  std::string authority;
  std::string ca_file;
  std::uint64_t renew = 0;
  std::vector<std::string> roots;
  SignerOptions signer;
};

// What is stamped, and which bytes the token must cover.
struct Subject {
  custody::Timestamped body;
  crypto::Sha256Digest imprint;
  std::string what;
};

Result<Subject> SubjectOf(const Arguments& arguments, const VaultReader& vault) {
  if (arguments.renew > 0) {
    TRY(const custody::Stamp stamp, FindStamp(vault, arguments.renew));
    return Subject{
        {{}, tlog::Sequence{arguments.renew}, {}}, stamp.token, Format("the timestamp in entry {}", arguments.renew)};
  }
  Bytes note;
  if (arguments.checkpoint.empty()) {
    TRY(note, vault.ReadHead());
  } else {
    TRY(note, ReadCheckpointFile(arguments.checkpoint));
  }
  TRY(const custody::LogKeys keys, vault.ReadLogKeys());
  TRY(custody::NotedCheckpoint noted, keys.Noted(note));
  const crypto::Sha256Digest imprint = crypto::Sha256(noted.note());
  const std::string what = Format("size {}", noted.checkpoint().size);
  return Subject{{std::move(noted), {}, {}}, imprint, what};
}

struct Answered {
  Bytes bytes;
  std::optional<crypto::TimestampNonce> nonce;
};

Result<Answered> AskAuthority(const Arguments& arguments, const crypto::Sha256Digest& imprint) {
  TRY(const net::Url url, net::Url::Parse(arguments.authority));
  const auto request = crypto::TimestampRequest::Make(imprint);
  TRY(net::HttpAnswer answer, net::HttpPost(url, {"application/timestamp-query", request.der()},
                                            {crypto::kMaxTimestampBytes, &Interrupted(), arguments.ca_file}));
  if (answer.status != 200) {
    return Fail(ErrorCode::kIo, Printable(url.text()) + ": " + net::DescribeStatus(answer));
  }
  return Answered{std::move(answer.body), request.nonce()};
}

Result<Answered> ReadAnswer(const Arguments& arguments, const crypto::Sha256Digest& imprint) {
  if (!arguments.authority.empty()) return AskAuthority(arguments, imprint);
  if (arguments.answer.empty()) {
    return Fail(ErrorCode::kInvalid, "no answer to add", "name the authority's answer, or the authority: --tsa URL");
  }
  Answered answered;
  TRY(answered.bytes, ReadFile(arguments.answer, tlog::kMaxNoteBytes));
  if (!arguments.request.empty()) {
    TRY(const Bytes bytes, ReadFile(arguments.request, crypto::kMaxTimestampBytes));
    TRY(const auto request, crypto::TimestampRequest::Parse(bytes));
    answered.nonce = request.nonce();
  }
  return answered;
}

Result<ExitCode> Add(const Arguments& arguments, const Globals& globals) {
  std::optional<Subject> subject;
  {
    TRY(const auto vault, OpenVault(globals));
    TRY(subject, SubjectOf(arguments, *vault));
  }
  TRY(const Answered answered, ReadAnswer(arguments, subject->imprint));
  auto token = crypto::TimestampToken::Parse(answered.bytes);
  if (!token) {
    return Fail(
        std::move(token).error().In(Printable(arguments.authority.empty() ? arguments.answer : arguments.authority)));
  }
  const crypto::TimestampDemands demands{subject->imprint, answered.nonce, {}};
  auto claimed = crypto::ReadClaimedTime(*token, demands);
  if (!claimed) {
    return Fail(
        Error(std::move(claimed).error())
            .Hint("name what was stamped: --checkpoint FILE, which `exhibit timestamp request` wrote; or --renew N"));
  }
  if (!arguments.roots.empty()) {
    TRY(const crypto::TimestampRoots roots, ReadRoots(arguments.roots));
    TRY_VOID(crypto::VerifyTimestamp(*token, demands, roots));
  } else if (!globals.quiet) {
    Say("taken on trust: who made the timestamp (name the authority's root: --roots FILE)");
  }
  subject->body.token = ToBytes(token->der());
  const std::string done = Format("stamped: {}, {}", subject->what, FormatTime(*claimed));
  return CommitAct(globals, arguments.signer, {std::move(subject->body)}, done);
}

}  // namespace

Result<custody::Stamp> FindStamp(const VaultReader& vault, std::uint64_t number) {
  TRY(const custody::State state, vault.State());
  const auto found = state.facts().stamps->find({number});
  if (found != state.facts().stamps->end()) return found->second;
  return Fail(ErrorCode::kNotFound, Format("entry {} is no timestamp", number));
}

void RegisterTimestampAdd(const Command& timestamp, Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = timestamp.AddCommand("add", "put an authority's answer into the log");
  const Option answer = command.AddOption("ANSWER", arguments->answer, "the answer (.tsr), or a token alone");
  const Option checkpoint =
      command.AddOption("--checkpoint", arguments->checkpoint, "what was stamped (default: the head of the vault)")
          .TypeName("FILE");
  const Option request =
      command.AddOption("--request", arguments->request, "the request: the answer must repeat its nonce")
          .TypeName("FILE");
  command.AddOption("--tsa", arguments->authority, "ask this authority now, instead of taking an answer")
      .TypeName("URL")
      .Excludes(answer)
      .Excludes(request)
      .Setting("tsa");
  command.AddOption("--renew", arguments->renew, "stamp the token in entry N again, before its certificates end")
      .TypeName("N")
      .Excludes(checkpoint);
  command
      .AddOption("--roots", arguments->roots,
                 "certificates that you trust to end a chain, as PEM; the token is then verified first")
      .TypeName("FILE")
      .Setting("tsa-roots");
  AddCaFileTo(command, arguments->ca_file);
  arguments->signer.AddTo(command);
  command.Footer(
      "`exhibit verify --roots FILE` says which entries are proven to be no later than which time.\n\n"
      "Examples:\n  exhibit timestamp add --tsa https://tsa.example/ --roots root.pem\n"
      "  exhibit timestamp add head.tsr --checkpoint head.checkpoint --request head.tsq\n"
      "  exhibit timestamp add --renew 12 --tsa https://tsa.example/");
  commands.Run(command, arguments, Add);
}

}  // namespace exhibit::cli
