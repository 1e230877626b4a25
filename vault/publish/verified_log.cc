#include "vault/publish/verified_log.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/tlog/note.h"
#include "vault/tlog/take_line.h"

namespace exhibit::publish {
namespace {

constexpr std::string_view kFirstLine = "exhibit-verified-log@v1";
constexpr std::string_view kFingerprint = "fingerprint ";
constexpr std::string_view kAct = "act ";

Result<VerifiedLog> Decode(std::string_view rest) {
  if (rest.size() > kMaxVerifiedLogBytes) return Fail(ErrorCode::kInvalid, "longer than 64 MiB");
  TRY(std::string_view line, tlog::TakeLine(rest));
  if (line != kFirstLine) return Fail(ErrorCode::kInvalid, "does not begin with " + std::string(kFirstLine));
  TRY(line, tlog::TakeLine(rest));
  if (!line.starts_with(kFingerprint)) return Fail(ErrorCode::kInvalid, "has no fingerprint line where one must be");
  VerifiedLog log;
  TRY(log.fingerprint, FixedFromHex<custody::Fingerprint>(line.substr(kFingerprint.size()), "the fingerprint"));
  for (;;) {
    TRY(line, tlog::TakeLine(rest));
    if (line.empty()) break;
    if (!line.starts_with(kAct)) return Fail(ErrorCode::kInvalid, "has no act line where one must be");
    TRY(const std::uint64_t act, FromDecimal(line.substr(kAct.size())));
    if (!log.acts.empty() && act <= log.acts.back().value)
      return Fail(ErrorCode::kInvalid, "its acts are not ascending");
    log.acts.push_back({act});
  }
  log.checkpoint = ToBytes(ViewOf(rest));
  TRY_VOID(tlog::SignedNote::Parse(rest));
  return log;
}

}  // namespace

Bytes EncodeVerifiedLog(const VerifiedLog& log) {
  std::string text = std::string(kFirstLine) + "\n" + std::string(kFingerprint) + ToHex(log.fingerprint.view()) + "\n";
  for (const tlog::Sequence act : log.acts) text += Format("{}{}\n", kAct, act);
  text += "\n";
  Append(text, log.checkpoint);
  return ToBytes(ViewOf(text));
}

Result<VerifiedLog> DecodeVerifiedLog(ByteView bytes) {
  auto log = Decode(TextOf(bytes));
  if (!log) return Fail(std::move(log).error().In("verified log"));
  return log;
}

Result<Bytes> WithLogSignaturesAlone(ByteView signed_checkpoint, const custody::LogKeyList& keys) {
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(signed_checkpoint));
  std::string text = std::string(note.text()) + "\n";
  const auto add = [&](const tlog::KeyName& name, const tlog::KeyId& id) -> Result<void> {
    const auto line =
        std::ranges::find_if(note.signatures(), [&](const auto& one) { return one.name == name && one.id == id; });
    if (line == note.signatures().end())
      return Fail(ErrorCode::kInvalid, "checkpoint: a log key's signature is missing");
    text += tlog::SignatureLine(line->name, line->id, line->bytes);
    return {};
  };
  TRY_VOID(add(keys.ed25519.name(), keys.ed25519.id()));
  if (keys.ml_dsa) TRY_VOID(add(keys.ml_dsa->name(), keys.ml_dsa->id()));
  return ToBytes(ViewOf(text));
}

}  // namespace exhibit::publish
