#include "vault/verify/open_sealed.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/verify/read_entry.h"

namespace exhibit::verify {
namespace {

// The rows of a subject; none where the source keeps no index.
Result<std::vector<custody::ActRow>> ReadRows(const LogSource& source, std::uint64_t subject) {
  auto rows = source.ReadActs({subject, subject});
  if (!rows && rows.error().code == ErrorCode::kNotFound) return std::vector<custody::ActRow>();
  return rows;
}

// A header that is nothing else, and that a vault may have.
Result<seal::AgeHeader> ParseVaultHeader(ByteView bytes) {
  TRY(seal::ParsedHeader parsed, seal::ParseHeader(bytes));
  if (parsed.size_bytes != bytes.size()) return Fail(ErrorCode::kTampered, "something follows it");
  const seal::StanzaKind first = seal::KindOf(parsed.header.stanzas.front());
  const bool is_hybrid = first == seal::StanzaKind::kHybrid;
  TRY_VOID(seal::CheckVaultHeader(parsed.header, is_hybrid ? first : seal::StanzaKind::kX25519));
  return std::move(parsed.header);
}

bool OpensNot(const Result<seal::FileKey>& key) {
  return !key && (key.error().code == ErrorCode::kDenied || key.error().code == ErrorCode::kUnsupported);
}

}  // namespace

std::vector<std::pair<tlog::Sequence, Rewrapped>> RewrappedBy(const custody::Reseal& reseal, tlog::Sequence under) {
  std::vector<std::pair<tlog::Sequence, Rewrapped>> all;
  if (!reseal.items) return all;
  const std::vector<tlog::Sequence> items = reseal.items->Items();
  for (std::size_t i = 0; i < items.size(); ++i) all.push_back({items[i], {under, reseal.HeaderAt(i)}});
  return all;
}

Result<std::vector<Rewrapped>> FindRewrapped(const LogSource& source, tlog::Sequence item) {
  std::vector<Rewrapped> found;
  TRY(const std::vector<custody::ActRow> rows, ReadRows(source, item.value));
  for (const custody::ActRow& row : rows) {
    if (row.type != custody::Reseal::kForm.type) continue;
    TRY(const custody::SignedEntry entry, ReadEntryAt(source, row.sequence));
    const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
    if (reseal == nullptr) continue;  // the index is wrong, which `verify` says
    for (const auto& [of, rewrapped] : RewrappedBy(*reseal, row.sequence)) {
      if (of != item) continue;
      if (reseal->destroy) found.clear();  // those before are destroyed
      found.push_back(rewrapped);
    }
  }
  return found;
}

Result<std::optional<tlog::Sequence>> FindCollected(const LogSource& source, const custody::CollectedNumber& number) {
  TRY(const std::vector<custody::ActRow> rows, ReadRows(source, custody::CollectedSubject(number)));
  for (const custody::ActRow& row : rows) {
    TRY(const custody::SignedEntry entry, ReadEntryAt(source, row.sequence));
    const auto* const item = std::get_if<custody::Item>(&entry.parsed().body);
    if (item != nullptr && item->collected && custody::NumberOf(item->collected->said()) == number) {
      return std::optional(row.sequence);
    }
  }
  return std::optional<tlog::Sequence>();
}

seal::KeyCommitment CommitmentOf(const custody::SealedFile& file) {
  return *seal::KeyCommitment::From(file.key.view());
}

Result<seal::AgeHeader> ReadOwnHeader(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file) {
  constexpr std::string_view kName = "the age header";
  auto header = source.ReadHeader(item);
  if (!header && header.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound, std::string(kName) + " is missing: " + header.error().message);
  }
  if (!header) return Fail(std::move(header).error());
  const auto digest = custody::DigestOf<custody::HeaderDigest>(*header);
  if (digest != file.header) {
    return Fail(ErrorCode::kTampered,
                Format("{} is not the one that the entry names: its SHA-256 is {}", kName, ToHex(digest.view())));
  }
  auto parsed = ParseVaultHeader(*header);
  if (!parsed) return Fail(std::move(parsed).error().In(std::string(kName)));
  return parsed;
}

Result<seal::AgeHeader> ReadRewrappedHeader(const LogSource& source, tlog::Sequence item, const Rewrapped& rewrapped) {
  const std::string name = Format("the header made anew under entry {}", rewrapped.under);
  auto header = source.ReadRewrapped(item, rewrapped.under);
  if (!header && header.error().code == ErrorCode::kNotFound) return Fail(ErrorCode::kNotFound, name + " is missing");
  if (!header) return Fail(std::move(header).error().In(name));
  if (custody::DigestOf<custody::HeaderDigest>(*header) != rewrapped.digest) {
    return Fail(ErrorCode::kTampered, name + " is not the one that this entry names");
  }
  auto parsed = ParseVaultHeader(*header);
  if (!parsed) return Fail(std::move(parsed).error().In(name));
  return parsed;
}

Result<seal::FileKey> OpenFileKey(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file,
                                  seal::Identities identities) {
  const auto open_own = [&]() -> Result<seal::FileKey> {
    TRY(const seal::AgeHeader header, ReadOwnHeader(source, item, file));
    return seal::OpenHeader(header, identities);
  };
  const auto checked = [&](seal::FileKey key) -> Result<seal::FileKey> {
    TRY_VOID(seal::CheckCommitment(CommitmentOf(file), key));
    return key;
  };
  auto own = open_own();
  if (own) return checked(std::move(*own));
  if (!OpensNot(own) && own.error().code != ErrorCode::kNotFound) return own;
  TRY(const std::vector<Rewrapped> rewrapped, FindRewrapped(source, item));
  std::optional<Error> last;
  for (auto one = rewrapped.rbegin(); one != rewrapped.rend(); ++one) {  // the newest is the likeliest
    TRY(const seal::AgeHeader header, ReadRewrappedHeader(source, item, *one));
    auto opened = seal::OpenHeader(header, identities);
    if (opened) return checked(std::move(*opened));
    if (!OpensNot(opened)) return opened;
    if (!last) last = std::move(opened).error();
  }
  // Where the own header was destroyed, what is left says why it stays closed.
  if (own.error().code == ErrorCode::kNotFound && last) return Fail(std::move(*last));
  return own;
}

Result<seal::PayloadLayout> ReadLayoutOf(const LogSource& source, tlog::Sequence item,
                                         const custody::SealedFile& file) {
  auto line = source.ReadLayout(item);
  if (!line && line.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound, "the layout line is missing: " + line.error().message);
  }
  if (!line) return Fail(std::move(line).error());
  if (custody::DigestOf<custody::PayloadDigest>(*line) != file.payload) {
    return Fail(ErrorCode::kTampered, "the layout line is not the one that the entry names");
  }
  return seal::PayloadLayout::Parse(TextOf(*line));
}

Result<seal::ItemReader> OpenSealed(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file,
                                    seal::Identities identities) {
  TRY(const seal::FileKey key, OpenFileKey(source, item, file, identities));
  TRY(const seal::PayloadLayout layout, ReadLayoutOf(source, item, file));
  const seal::KeyCommitment commitment = CommitmentOf(file);
  return seal::ItemReader::Open(
      key, {commitment, layout, [&source, item](ByteRange range) { return source.ReadPayload(item, range); }});
}

Result<custody::FieldList> FieldsOf(const seal::ItemReader& opened, tlog::Sequence item,
                                    const custody::SealedFile& file) {
  auto fields = custody::FieldList::ParseWhole(opened.field_lines());
  if (!fields) return Fail(std::move(fields).error().In(NameOf(item)));
  if (fields->digest() == file.fields) return fields;
  return Fail(ErrorCode::kTampered, Format("{}: its sealed file holds other fields than it names", NameOf(item)));
}

Result<custody::FieldList> ReadFields(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file,
                                      seal::Identities identities) {
  TRY(const seal::ItemReader opened, OpenSealed(source, item, file, identities));
  return FieldsOf(opened, item, file);
}

}  // namespace exhibit::verify
