#include "vault/work/read.h"

#include <optional>

#include "vault/base/format.h"

namespace exhibit::work {

Result<custody::SignedEntry> FindSealed(const VaultReader& vault, tlog::Sequence entry) {
  TRY(custody::SignedEntry found, vault.Entry(entry));
  if (custody::SealedFileOf(found.parsed().body) != nullptr) return found;
  return Fail(ErrorCode::kInvalid, Format("entry {} holds no sealed file", entry));
}

Result<seal::Metadata> Read(const VaultReader& vault, const OpenWriter& open_writer, seal::Identities keys,
                            const ReadRequest& request, const seal::ContentDecoder::Sink& sink) {
  TRY(const custody::SignedEntry entry, FindSealed(vault, request.entry));
  std::optional<custody::AccessGrant> grant;
  {
    Pool pool;
    TRY(const auto writer, open_writer(custody::Act::kAccess, pool));
    TRY(grant, RecordAccess(*writer, custody::Access::Way::kRead, {request.entry}, request.purpose));
  }
  return vault.ReadContent(*grant, entry, keys, sink);
}

}  // namespace exhibit::work
