#include <algorithm>

#include "vault/bundle/writer.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::bundle {
namespace {

Result<verify::SealedEntry> ReadSealedEntry(const verify::Source& source, tlog::Sequence item) {
  TRY(const custody::SignedEntry entry, verify::ReadEntryAt(source, item));
  const custody::Entry& parsed = entry.parsed();
  const custody::ActForm& form = custody::FormOf(parsed.body);
  if (form.sealed != custody::SealedRule::kContent) return Fail(ErrorCode::kInvalid, "is an act, not an item");
  // Its own header may have been destroyed; then one that was made anew opens it, or nothing does.
  return verify::SealedEntry{item, *parsed.sealed, {}, form.type, verify::SealedEntry::OwnHeader::kMayBeMissing};
}

}  // namespace

Result<std::vector<Missing>> FindFailing(const verify::Source& source, seal::Identities keys,
                                         const std::vector<tlog::Sequence>& items, const std::atomic<bool>* interrupted,
                                         Pool& pool) {
  verify::Options options;
  options.depth = verify::Depth::kContent;
  options.interrupted = interrupted;
  options.open_key = [&](tlog::Sequence item, const custody::SealedFile& file) {
    return verify::OpenFileKey(source, item, file, keys);
  };
  std::vector<Missing> failing;
  std::vector<verify::SealedEntry> sealed;
  for (const tlog::Sequence item : items) {
    auto entry = ReadSealedEntry(source, item);
    if (entry) {
      sealed.push_back(std::move(*entry));
    } else {
      failing.push_back({item, entry.error().message});
    }
  }
  TRY_VOID(verify::CheckSealedFiles(source, options, sealed, pool,
                                    [&](const verify::SealedEntry& entry, verify::SealedOutcome outcome) {
                                      if (!outcome.findings.empty()) {
                                        failing.push_back({entry.sequence, verify::Describe(outcome.findings.front())});
                                      } else if (outcome.unopened) {
                                        failing.push_back({entry.sequence, *outcome.unopened});
                                      }
                                    }));
  std::ranges::sort(failing, {}, &Missing::item);
  return failing;
}

}  // namespace exhibit::bundle
