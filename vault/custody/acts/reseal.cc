#include "vault/custody/acts/reseal.h"

#include "vault/base/format.h"
#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Reseal::CheckForm() const {
  const auto bad = [](std::string_view rule) { return Fail(ErrorCode::kInvalid, std::string(rule)); };
  if (items.has_value() != headers.has_value()) return bad("\"items\" without \"headers\", or the reverse");
  if (!items && !key_file && !recipient) return bad("neither \"recipient\" nor \"key_file\" nor \"items\"");
  if (destroy && !items) return bad("\"destroy\" without \"items\"");
  if (!items) return {};
  if (items->count() > kMaxItems) return bad("\"items\": more than 1,000 of them");
  if (headers->size() == items->count() * HeaderDigest::kSize) return {};
  return bad("\"headers\" has not 32 bytes for each item");
}

HeaderDigest Reseal::HeaderAt(std::size_t place) const {
  return *HeaderDigest::From(ByteView(*headers).subspan(place * HeaderDigest::kSize, HeaderDigest::kSize));
}
void Reseal::SetHeaders(const std::vector<HeaderDigest>& digests) {
  headers.emplace();
  for (const HeaderDigest& digest : digests) Append(*headers, digest.view());
}

bool Reseal::NeedsTwo(const Judging& at) const {
  return at.facts.two.Has(Ruled::kReseal) || (destroy && at.facts.Custodians().size() > 1);
}

Result<void> Reseal::Check(const Judging& at) const {
  if (items) TRY_VOID(CheckNotShredded(at.facts, *items));
  const VaultKey& present = at.facts.vault_keys.back();
  if (recipient) {
    if (at.facts.HadRecipient(*recipient)) return Refused("the vault had this key before");
    if (recipient->suite() >= present.recipient.suite()) return {};
    return Refused("the vault's key is hybrid, and does not go back", "name a recipient of the kind age1pq1…");
  }
  if (!items || items->ranges().back().last < present.since.value) return {};
  return Refused(Format("item {} is sealed to this key already", items->ranges().back().last));
}

void Reseal::Apply(Facts& facts, const Entry& entry) const {
  if (recipient) facts.vault_keys.push_back({*recipient, entry.sequence});
  if (key_file) facts.key_file = key_file;
}

}  // namespace exhibit::custody
