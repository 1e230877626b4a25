#include "vault/work/prove.h"

#include "vault/base/format.h"

namespace exhibit::work {
namespace {

Result<custody::AccessGrant> Record(const ProveJob& job, const std::vector<std::string>& cases, Pool& pool) {
  TRY(const auto writer, job.open_writer(custody::Access::kForm, pool));
  return RecordAccess(
      *writer, {.way = custody::AccessWay::kProve, .items = {job.proof.entry}, .purpose = job.purpose, .cases = cases});
}

}  // namespace

Result<std::string> Prove(const ProveJob& job, seal::Identities keys, Pool& pool) {
  std::vector<std::string> cases;
  {
    TRY(const auto before, job.open_reader());
    TRY(const custody::SignedEntry entry, before->Entry(job.proof.entry));
    if (!entry.parsed().sealed)
      return Fail(ErrorCode::kInvalid, Format("{} has no fields that could be proven", NameOf(job.proof.entry)));
    // What cannot be opened is not recorded as proven.
    TRY_VOID(before->ReadFields(entry, keys));
    cases = CasesOf(*before, keys, {job.proof.entry}, pool);
  }
  TRY(const custody::AccessGrant grant, Record(job, cases, pool));
  TRY(const auto reader, job.open_reader());
  return bundle::MakeProof(grant, *reader, keys, job.proof, pool);
}

}  // namespace exhibit::work
