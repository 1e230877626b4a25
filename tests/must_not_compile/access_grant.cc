// No byte of content leaves the library without the entry that says so (vault/custody/access_grant.h). Program 0 reads
// as it should be done; each of the others tries to do without, and is refused by the compiler.
#include "vault/bundle/writer.h"
#include "vault/session/vault.h"

namespace exhibit {

Result<void> Take(VaultReader& reader, VaultWriter& writer, seal::Identities keys, bundle::ExportRequest request,
                  bundle::Companion& papers, Pool& pool, const seal::ContentDecoder::Sink& sink) {
  TRY(const custody::SignedEntry entry, reader.Entry({1}));
  TRY(custody::ItemSet items, custody::ItemSet::Parse("1"));
  custody::Access access{custody::Access::Way::kRead, std::move(items), "triage", {}};
#if PROGRAM == 0
  TRY(const custody::AccessGrant grant, writer.CommitAccess(access));
  TRY_VOID(reader.ReadContent(grant, entry, keys, sink));
  return bundle::WriteBundle(grant, reader, keys, request, papers, pool);
#elif PROGRAM == 1  // reads with the keys alone
  TRY_VOID(reader.ReadContent(entry, keys, sink));
#elif PROGRAM == 2  // exports with the keys alone
  return bundle::WriteBundle(reader, keys, request, papers, pool);
#elif PROGRAM == 3  // makes the right for itself
  const custody::AccessGrant grant(reader.fingerprint(), {7}, access);
#elif PROGRAM == 4  // makes an empty one
  const custody::AccessGrant grant{};
#elif PROGRAM == 5  // keeps one for later
  TRY(const custody::AccessGrant grant, writer.CommitAccess(access));
  const custody::AccessGrant copy = grant;
#elif PROGRAM == 6  // commits an act that is none of access
  TRY(const custody::AccessGrant grant, writer.CommitAct(access));
#elif PROGRAM == 7  // goes past the writer to what it writes into
  writer.store();
#elif PROGRAM == 8  // goes past the reader's door
  TRY_VOID(reader.OpenContent(entry, keys, sink));
#endif
  return {};
}

}  // namespace exhibit
