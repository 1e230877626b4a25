// No byte of content leaves the library without the entry that says so (vault/custody/access_grant.h). Program 0 reads
// and exports as it should be done; each of the others tries to do without, and is refused by the compiler.
#include "vault/bundle/writer.h"
#include "vault/session/vault.h"

namespace exhibit {

Result<void> Take(VaultReader& reader, VaultWriter& writer, seal::Identities keys, bundle::ExportRequest request,
                  const custody::FieldList& fields, Pool& pool, const seal::ItemReader::Sink& sink) {
  TRY(const custody::SignedEntry entry, reader.Entry({1}));
  using custody::AccessWay;
  const store::Fields purpose = {{"purpose", "triage"}};
#if PROGRAM == 0
  TRY(const custody::AccessGrant grant, writer.CommitAccess(AccessWay::kRead, {{1}}, purpose));
  TRY_VOID(reader.ReadContent(grant, entry, keys, sink));
  TRY_VOID(reader.ReadContentRange(grant, entry, keys, {0, 1}, sink));
  TRY_VOID(bundle::BundleWriter::Begin(grant, reader, keys, request, pool));
#elif PROGRAM == 1  // reads with the keys alone
  TRY_VOID(reader.ReadContent(entry, keys, sink));
#elif PROGRAM == 2  // exports with the keys alone
  TRY_VOID(bundle::BundleWriter::Begin(reader, keys, request, pool));
#elif PROGRAM == 3  // makes the right for itself
  TRY(const custody::AccessGrant grant, custody::AccessGrant::Of(reader.fingerprint(), {7}, fields));
#elif PROGRAM == 4  // makes an empty one
  const custody::AccessGrant grant{};
#elif PROGRAM == 5  // keeps one for later
  TRY(const custody::AccessGrant grant, writer.CommitAccess(AccessWay::kRead, {{1}}, purpose));
  const custody::AccessGrant copy = grant;
#elif PROGRAM == 6  // commits an act that gives none
  TRY(const custody::AccessGrant grant, writer.CommitAct({custody::Access(), purpose}));
#elif PROGRAM == 7  // goes past the writer to what it writes into
  writer.store();
#elif PROGRAM == 8  // reads a stretch with the keys alone
  TRY_VOID(reader.ReadContentRange(entry, keys, {0, 1}, sink));
#endif
  return {};
}

}  // namespace exhibit
