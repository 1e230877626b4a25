#include "cli/cosign.h"

#include <chrono>
#include <thread>

#include "cli/ca_file.h"
#include "cli/interrupt.h"
#include "cli/log_keys.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/net/http_client.h"
#include "vault/tlog/stamped_checkpoint.h"
#include "vault/witness/add_checkpoint.h"

namespace exhibit::cli {
namespace {

// The head with only the log's signature: a witness does not need other witnesses' lines.
Result<Bytes> RequestFrom(const VaultReader& vault, tlog::TreeSize old_size) {
  TRY(const Bytes head, vault.ReadHead());
  TRY(const custody::LogKeys keys, vault.ReadLogKeys());
  TRY(tlog::StampedCheckpoint own, tlog::FindStamped(head, keys.For(vault.head().size).ed25519));
  witness::AddCheckpoint request{old_size, {}, std::move(own.bytes)};
  if (old_size > vault.head().size) {
    return Fail(ErrorCode::kTampered,
                Format("the witness has cosigned a checkpoint of size {}, and this log has {} entries", old_size,
                       vault.head().size),
                "the log lost its end, or was shown in another history: ask the witness for that checkpoint");
  }
  if (old_size.value > 0) {
    TRY(request.proof, tlog::ProveConsistency(vault, old_size, vault.head().size));
  }
  return witness::EncodeAddCheckpoint(request);
}

net::Asking AskingWith(const std::string& ca_file) { return {witness::kMaxAnswerBytes, &Interrupted(), ca_file}; }

Result<std::string> AskOnce(const net::Url& url, const net::Asking& asking, const VaultReader& vault,
                            tlog::TreeSize old_size, tlog::TreeSize* last) {
  TRY(const Bytes request, RequestFrom(vault, old_size));
  TRY(const net::HttpAnswer answer, net::HttpPost(url.Below("add-checkpoint"), {"text/plain", request}, asking));
  const std::string body(TextOf(answer.body));
  if (answer.status == 200) return body;
  if (answer.status == 409 && answer.content_type == "text/x.tlog.size") {
    TRY(last->value, FromDecimal(std::string_view(body).substr(0, body.find('\n'))));
    return std::string();
  }
  const bool contradicts = answer.status == 403 || answer.status == 409 || answer.status == 422;
  return Fail(contradicts ? ErrorCode::kTampered : ErrorCode::kIo, "it refuses with " + net::DescribeStatus(answer));
}

// From the size that the witness has; it tells us if we do not know it.
Result<std::string> Ask(const net::Url& url, const net::Asking& asking, const VaultReader& vault) {
  tlog::TreeSize last{0};
  TRY(std::string answer, AskOnce(url, asking, vault, {0}, &last));
  if (answer.empty()) {
    TRY(answer, AskOnce(url, asking, vault, last, &last));
  }
  if (answer.empty()) return Fail(ErrorCode::kBusy, "its last checkpoint changed while it was asked", "run it again");
  return answer;
}

Result<void> CollectFrom(const std::string& witness, const net::Asking& asking, const VaultReader& vault,
                         std::span<const tlog::CosignerKey> keys) {
  std::string answer;
  if (net::Url::LooksLikeOne(witness)) {
    TRY(const net::Url url, net::Url::Parse(witness));
    TRY(answer, Ask(url, asking, vault));
  } else {
    TRY(const Bytes file, ReadFile(witness, exhibit::witness::kMaxAnswerBytes));
    answer = std::string(TextOf(file));
  }
  TRY_VOID(vault.KeepCosignatures(answer, keys));
  return {};
}

bool IsMet(const tlog::Policy& policy, const VaultReader& vault) {
  const auto head = vault.ReadHead();
  const auto note = head ? tlog::SignedNote::Parse(*head) : Result<tlog::SignedNote>(Fail(head.error()));
  return note && policy.Accept(*note).has_value();
}

}  // namespace

void CosignArguments::AddWitnessesTo(const Command& command) {
  command
      .AddOption("--witness", witnesses,
                 "the URL of a witness to ask, or the file with its answer; repeat for several (with --policy alone: "
                 "all that have a URL there)")
      .TypeName("URL|FILE")
      .OneEachTime()
      .Setting("witnesses");
  command.AddOption("--witness-key", keys, "a witness's key, as text or in a file; repeat for several")
      .TypeName("VKEY")
      .OneEachTime()
      .Setting("witness-keys");
  command.AddOption("--policy", policy, "a tlog-policy file that lists witnesses").TypeName("FILE").Setting("policy");
  AddCaFileTo(command, ca_file);
}

void CosignArguments::AddAwaitTo(const Command& command) {
  command
      .AddOption("--await", await_seconds,
                 "wait up to so many seconds until witnesses who are reached by file have cosigned as --policy asks")
      .TypeName("SECONDS");
}

void CosignArguments::AddTo(const Command& command) {
  AddWitnessesTo(command);
  command.AddOption("--witness-request", request, "write the request for a witness to this file, which must not exist")
      .TypeName("FILE");
  command.AddOption("--old", old_size, "with --witness-request: the size that the witness cosigned last")
      .TypeName("SIZE");
}

Result<void> WriteRequest(const CosignArguments& arguments, const VaultReader& vault) {
  if (arguments.request.empty()) return {};
  TRY(const Bytes request, RequestFrom(vault, {arguments.old_size}));
  return WriteNewFile(arguments.request, request, 0644);
}

namespace {

// Whoever carries requests and answers runs `exhibit checkpoint` meanwhile, which keeps cosignatures beside the head.
Result<void> Await(const CosignArguments& arguments, const tlog::Policy& policy, const VaultReader& vault) {
  if (arguments.await_seconds == 0 || IsMet(policy, vault)) return {};
  Say(Format(
      "waiting up to {} s for cosignatures of size {}: exhibit checkpoint --witness-request FILE, then, with each "
      "witness's answer, exhibit checkpoint --witness ANSWER --policy {}",
      arguments.await_seconds, vault.head().size, Printable(arguments.policy)));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(arguments.await_seconds);
  while (!IsMet(policy, vault) && std::chrono::steady_clock::now() < end) {
    TRY_VOID(StopIfAsked(&Interrupted()));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return {};
}

}  // namespace

Result<void> Collect(const CosignArguments& arguments, const VaultReader& vault) {
  std::vector<tlog::CosignerKey> keys;
  for (const std::string& name : arguments.keys) {
    TRY(tlog::CosignerKey key, ReadCosignerKey(name));
    keys.push_back(std::move(key));
  }
  std::vector<std::string> witnesses = arguments.witnesses;
  std::optional<tlog::Policy> policy;
  if (!arguments.policy.empty()) {
    TRY(policy, ReadPolicy(arguments.policy));
    for (const tlog::Policy::Witness& witness : policy->witnesses()) {
      keys.push_back(witness.key);
      if (arguments.witnesses.empty() && !witness.url.empty()) witnesses.push_back(witness.url);
    }
  }
  const net::Asking asking = AskingWith(arguments.ca_file);
  std::optional<Error> first;
  for (const std::string& witness : witnesses) {
    auto collected = CollectFrom(witness, asking, vault, keys);
    if (!collected && !first) first = std::move(collected).error().In("witness " + Printable(witness));
  }
  if (policy) TRY_VOID(Await(arguments, *policy, vault));
  if (!first) return {};
  if (!policy || !IsMet(*policy, vault)) return Fail(std::move(*first));
  Say("a witness that the policy's quorum can do without was left out: " + first->message);
  return {};
}

}  // namespace exhibit::cli
