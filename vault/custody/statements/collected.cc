#include "vault/custody/statements/collected.h"

namespace exhibit::custody {

Result<void> CheckNextName(const Actor& collector, const std::optional<tlog::VerifierKey>& next) {
  if (!next || next->name().text() == collector.name()) return {};
  return Fail(ErrorCode::kInvalid,
              "\"next\" has another name than the collector's key: " + Printable(next->name().text()));
}

Result<void> Collected::CheckForm() const {
  if (number == 0) return Fail(ErrorCode::kInvalid, "\"number\": items of a collector count from 1");
  return CheckNextName(collector, next);
}

}  // namespace exhibit::custody

namespace exhibit {

Result<custody::CollectorStatement> Form<custody::CollectorStatement>::Read(CanonicalReader& in) {
  TRY(const std::string_view note, in.Text());
  if (note.starts_with("{\"v\":1,\"statement\":\"closed\",")) {
    TRY(auto closed, custody::SignedClosedRun::Parse(ToBytes(ViewOf(note))));
    return custody::CollectorStatement(std::move(closed));
  }
  TRY(auto collected, custody::SignedCollected::Parse(ToBytes(ViewOf(note))));
  return custody::CollectorStatement(std::move(collected));
}

void Form<custody::CollectorStatement>::Write(CanonicalWriter& out, const custody::CollectorStatement& value) {
  std::visit([&](const auto& one) { out.Text(TextOf(one.bytes())); }, value);
}

}  // namespace exhibit
