#include "vault/verify/file_key.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/verify/read_entry.h"

namespace exhibit::verify {

std::vector<std::pair<tlog::Sequence, Rewrapped>> RewrappedBy(const custody::Reseal& reseal, tlog::Sequence under) {
  std::vector<std::pair<tlog::Sequence, Rewrapped>> all;
  if (!reseal.items) return all;
  const std::vector<tlog::Sequence> items = reseal.items->Items();
  for (std::size_t i = 0; i < items.size(); ++i) all.push_back({items[i], {under, reseal.headers[i]}});
  return all;
}

Result<std::vector<Rewrapped>> FindRewrapped(const LogSource& source, tlog::Sequence item) {
  std::vector<Rewrapped> found;
  auto rows = source.ReadActs({item.value, item.value});
  if (!rows && rows.error().code == ErrorCode::kNotFound) return found;
  if (!rows) return Fail(std::move(rows).error());
  for (const custody::ActRow& row : *rows) {
    if (row.type != custody::ToText(custody::EntryType::kReseal)) continue;
    TRY(const custody::SignedEntry entry, ReadEntryAt(source, row.sequence));
    const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
    if (reseal == nullptr) continue;  // the index is wrong, which `verify` says
    for (const auto& [of, rewrapped] : RewrappedBy(*reseal, row.sequence)) {
      if (of == item) found.push_back(rewrapped);
    }
  }
  return found;
}

Result<std::optional<tlog::Sequence>> FindCollected(const LogSource& source, const custody::CollectedNumber& number) {
  const std::uint64_t subject = custody::CollectedSubject(number);
  std::optional<tlog::Sequence> found;
  auto rows = source.ReadActs({subject, subject});
  if (!rows && rows.error().code == ErrorCode::kNotFound) return found;
  if (!rows) return Fail(std::move(rows).error());
  for (const custody::ActRow& row : *rows) {
    TRY(const custody::SignedEntry entry, ReadEntryAt(source, row.sequence));
    const custody::CollectedNumber* const of = custody::CollectedNumberOf(entry.parsed().body);
    if (of != nullptr && *of == number) return std::optional(row.sequence);
  }
  return found;
}

Result<seal::AgeHeader> ReadRewrappedHeader(const LogSource& source, tlog::Sequence item, const Rewrapped& rewrapped) {
  const std::string name = Format("the header made anew under entry {}", rewrapped.under);
  auto header = source.ReadRewrapped(item, rewrapped.under);
  if (!header && header.error().code == ErrorCode::kNotFound) return Fail(ErrorCode::kNotFound, name + " is missing");
  if (!header) return Fail(std::move(header).error().In(name));
  if (custody::DigestOfHeader(*header) != rewrapped.digest) {
    return Fail(ErrorCode::kTampered, name + " is not the one that this entry names");
  }
  auto parsed = seal::ParseHeader(*header);
  if (!parsed) return Fail(std::move(parsed).error().In(name));
  if (parsed->size_bytes != header->size()) return Fail(ErrorCode::kTampered, name + ": something follows it");
  return std::move(parsed->header);
}

Result<seal::FileKey> OpenFileKey(const LogSource& source, tlog::Sequence item, const seal::AgeHeader& original,
                                  seal::Identities identities) {
  auto key = seal::OpenHeader(original, identities);
  if (key || key.error().code != ErrorCode::kDenied) return key;
  TRY(std::vector<Rewrapped> rewrapped, FindRewrapped(source, item));
  std::ranges::reverse(rewrapped);  // the newest is the likeliest
  for (const Rewrapped& one : rewrapped) {
    TRY(const seal::AgeHeader header, ReadRewrappedHeader(source, item, one));
    auto opened = seal::OpenHeader(header, identities);
    if (!opened && opened.error().code == ErrorCode::kDenied) continue;
    if (!opened) return opened;
    TRY_VOID(seal::CheckHeaderMac(original, *opened));
    return opened;
  }
  return key;
}

Result<seal::FileKey> OpenFileKey(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file,
                                  seal::Identities identities) {
  TRY(const Bytes header, source.ReadHeader(item));
  if (custody::DigestOfHeader(header) != file.header) {
    return Fail(ErrorCode::kTampered, "its age header is not the one that was signed");
  }
  TRY(const seal::ParsedHeader parsed, seal::ParseHeader(header));
  return OpenFileKey(source, item, parsed.header, identities);
}

}  // namespace exhibit::verify
