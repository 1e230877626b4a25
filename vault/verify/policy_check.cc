#include "vault/verify/policy_check.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/actor.h"

namespace exhibit::verify {

void CheckPolicy(const tlog::Policy& policy, ByteView signed_checkpoint, const tlog::VerifierKey& log_key,
                 Report& report) {
  const auto check = [&]() -> Result<std::vector<tlog::Witnessed>> {
    TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(signed_checkpoint));
    TRY(tlog::AcceptedCheckpoint accepted, policy.Accept(note));
    if (accepted.log.public_key() != log_key.public_key()) {
      return Fail(ErrorCode::kTampered, Format("the policy's log key {} is not the one that signs here, {}",
                                               Printable(custody::ActorOf(accepted.log).text()),
                                               Printable(custody::ActorOf(log_key).text())));
    }
    return std::move(accepted.witnesses);
  };
  auto witnesses = check();
  if (witnesses) {
    report.witnesses = std::move(*witnesses);
    NoteSeen(policy, signed_checkpoint, report);
    return;
  }
  std::string message = "the policy does not accept the head: " + witnesses.error().message;
  if (!witnesses.error().hint.empty()) message += " (" + witnesses.error().hint + ")";
  report.findings.push_back({Property::kPolicy, {}, {}, {}, std::move(message)});
}

void NoteSeen(const tlog::Policy& policy, ByteView signed_checkpoint, Report& report) {
  const auto note = tlog::SignedNote::Parse(signed_checkpoint);
  const auto checkpoint = note ? tlog::DecodeCheckpoint(note->text()) : Result<tlog::Checkpoint>(Fail(note.error()));
  if (!checkpoint) return;
  const auto cosigned = policy.CheckQuorum(*note);
  const auto time = cosigned ? policy.QuorumTime(*cosigned) : std::nullopt;
  // To the end of its second. A time beyond the calendar proves nothing.
  constexpr std::uint64_t kLastSecond = 253'402'300'799;  // of the year 9999
  if (!time || time->seconds == 0 || time->seconds > kLastSecond) return;
  report.seen.push_back({checkpoint->size, {static_cast<std::int64_t>(time->seconds) * 1000 + 999}});
}

}  // namespace exhibit::verify
