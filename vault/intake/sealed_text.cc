#include "vault/intake/sealed_text.h"

namespace exhibit::intake {

Result<store::Pending> SealText(const seal::X25519Recipient& recipient, custody::EntryBody body, const TextLabel& label,
                                std::string_view text) {
  seal::Metadata metadata;
  metadata.name = label.name;
  metadata.kind = seal::Kind::kOther;
  metadata.description = label.description;
  metadata.file_type = seal::FileType::kStream;
  metadata.acquired_at = Now();
  TRY(store::SealedSmallItem sealed, store::SealSmall(ViewOf(text), {recipient,
                                                                     seal::CompressionLevel{1},
                                                                     {},
                                                                     std::move(metadata),
                                                                     store::OnMismatch::kRefuse,
                                                                     nullptr,
                                                                     nullptr}));
  return store::Pending{std::move(body), std::move(sealed.item), std::move(sealed.blocks), {}};
}

}  // namespace exhibit::intake
