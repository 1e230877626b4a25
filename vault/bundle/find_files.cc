#include "vault/bundle/find_files.h"

#include <utility>

#include "vault/custody/item_facts.h"

namespace exhibit::bundle {
namespace {

bool IsOriginalOf(const custody::ItemFacts& facts, const FileHashes& hashes, std::uint64_t size) {
  if (facts.size && *facts.size != size) return false;
  if (facts.sha256) return *facts.sha256 == hashes.sha256;
  return facts.sha512 && facts.sha512 == hashes.sha512;
}

std::optional<std::string> AcquiredAt(const custody::FieldList& fields) {
  const custody::FieldValue* const acquired = fields.Find("acquired");
  const custody::FieldValue* const at = acquired == nullptr ? nullptr : acquired->Find("at");
  return at == nullptr || at->Text() == nullptr ? std::nullopt : std::optional(*at->Text());
}

}  // namespace

Result<FileFinder> FileFinder::Read(const std::vector<std::filesystem::path>& files,
                                    const std::atomic<bool>* interrupted) {
  FileFinder finder;
  for (const std::filesystem::path& file : files) {
    FoundFile found{file};
    FileHashes hashes{};
    auto hashed = HashFile(file, Digests::kSha256And512, nullptr, interrupted);
    if (!hashed && hashed.error().code == ErrorCode::kInterrupted) return Fail(std::move(hashed).error());
    if (hashed) {
      hashes = hashed->hashes;
      found.sha256 = hashes.sha256;
      found.size = hashed->bytes;
    } else {
      found.error = std::move(hashed).error();
    }
    finder.found_.push_back(std::move(found));
    finder.hashes_.push_back(hashes);
  }
  return finder;
}

void FileFinder::Compare(tlog::Sequence item, const custody::FieldList& fields) {
  const custody::ItemFacts facts = custody::ItemFactsIn(fields);
  for (std::size_t i = 0; i < found_.size(); ++i) {
    FoundFile& found = found_[i];
    if (found.error || !IsOriginalOf(facts, hashes_[i], found.size)) continue;
    TakenIn taken{item, facts.source, facts.path};
    if (!taken.path) taken.path = facts.name;
    taken.added = AcquiredAt(fields);
    taken.derived = facts.state && facts.state->derived;
    found.entries.push_back(std::move(taken));
  }
}

}  // namespace exhibit::bundle
