// Another key of the vault from here on, and headers of earlier items made anew for it; or more of those; or another key
// file. With `destroy` the headers that these items had before are destroyed.
#pragma once

#include <cstdint>

#include "vault/custody/act.h"
#include "vault/custody/digests.h"

namespace exhibit::custody {

struct Reseal {
  static constexpr std::uint64_t kMaxItems = 1'000;

  std::optional<VaultRecipient> recipient;
  std::optional<KeyFileDigest> key_file;
  std::optional<ItemSet> items;
  std::optional<Bytes> headers;  // SHA-256 of each new header, in the order of the items
  std::optional<Yes> destroy;

  static constexpr ActForm kForm = {
      .type = "reseal",
      .law = LawRule::kIfRecipient,
      .cosigner = CosignerRule::kMay,
      .signers = "custodian; may, must by rule `reseal`; with `destroy` where there are two persons"};
  static constexpr auto kMembers = std::tuple(Member{"recipient", &Reseal::recipient},
                                              Member{"key_file", &Reseal::key_file}, Member{"items", &Reseal::items},
                                              Member{"headers", &Reseal::headers}, Member{"destroy", &Reseal::destroy});
  Result<void> CheckForm() const;
  const ItemSet* named_items() const { return items ? &*items : nullptr; }
  // The digest of the header of the item at this place of `items`. REQUIRES: there is one.
  HeaderDigest HeaderAt(std::size_t place) const;
  void SetHeaders(const std::vector<HeaderDigest>& digests);
  bool IsLaw() const { return recipient.has_value(); }
  bool RefusesStopped() const { return recipient.has_value() || destroy.has_value(); }
  bool NeedsTwo(const Judging& at) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody
