#include "vault/intake/drop_reader.h"

#include <algorithm>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/seal/age_header.h"
#include "vault/seal/stanza_rules.h"
#include "vault/tlog/merkle.h"

namespace exhibit::intake {
namespace {

constexpr std::uint64_t kMaxLayoutBytes = 256;

bool IsHex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// "1a2b3c4d-17", or "0123456789abcdef/1a2b3c4d-17".
std::optional<DropPlace> PlaceOf(std::string_view stem) {
  constexpr std::size_t kRunBytes = 17;
  std::string run;
  if (stem.find('/') != std::string_view::npos) {
    run = stem.substr(0, kRunBytes);
    if (run.size() != kRunBytes || run.back() != '/' || !IsHex(run.substr(0, kRunBytes - 1))) return std::nullopt;
    stem.remove_prefix(kRunBytes);
  }
  if (stem.size() < 10 || stem[8] != '-') return std::nullopt;
  const std::string_view id = stem.substr(0, 8);
  const auto number = FromDecimal(stem.substr(9));
  if (!IsHex(id) || !number) return std::nullopt;
  return DropPlace{std::string(id), *number, std::move(run)};
}

// The place of a file whose name ends so.
std::optional<DropPlace> PlaceOf(std::string_view name, std::string_view ending) {
  if (!name.ends_with(ending)) return std::nullopt;
  return PlaceOf(name.substr(0, name.size() - ending.size()));
}

// A sealed file, or a piece of one: "1a2b3c4d-17.age", "1a2b3c4d-17.age.2".
struct SealedName {
  DropPlace place;
  std::uint64_t piece = 0;  // 0 for all of it
};
std::optional<SealedName> SealedNameOf(std::string_view name) {
  std::uint64_t piece = 0;
  if (const auto last = name.rfind('.'); last != std::string_view::npos) {
    piece = FromDecimal(name.substr(last + 1)).value_or(0);
    if (piece > 0) name = name.substr(0, last);
  }
  auto place = PlaceOf(name, ".age");
  if (!place || place->number == 0) return std::nullopt;
  return SealedName{std::move(*place), piece};
}

bool NeverFinished(std::string_view name) { return name.ends_with(".part") || name.ends_with(".new"); }

bool NamesThis(const custody::Actor& collector, const DropPlace& place) {
  return collector.text().ends_with("+" + place.id);
}

Failure NameSaysOther(const custody::Actor& collector, std::string_view what, std::uint64_t number) {
  return Fail(ErrorCode::kInvalid,
              Format("it is {} {} of {}, which its name does not say", what, number, Printable(collector.text())));
}

// A collecting run signs its items in the order of their numbers: what has no statement, and a lower number than one that
// has, lost it. One with the last number was never finished, or is being written.
void SortUnsigned(const std::set<DropPlace>& sealed, DropListing& listing) {
  std::map<std::string, std::uint64_t> signed_up_to;
  for (const std::set<DropPlace>* const places : {&listing.items, &listing.ends}) {
    for (const DropPlace& place : *places) {
      std::uint64_t& number = signed_up_to[place.run + place.id];
      number = std::max(number, place.number);
    }
  }
  for (const DropPlace& place : sealed) {
    if (listing.items.contains(place)) continue;
    const auto known = signed_up_to.find(place.run + place.id);
    if (known != signed_up_to.end() && place.number <= known->second) {
      listing.unsigned_files.insert(place);
    } else {
      listing.remarks.push_back(StemOf(place) + ".age was never finished: its collector's statement is missing");
    }
  }
}

}  // namespace

std::string StemOf(const DropPlace& place) { return Format("{}{}-{}", place.run, place.id, place.number); }

Result<DropListing> ListDrop(DropFiles& drop) {
  TRY(DropFiles::Listing files, drop.List());
  DropListing listing;
  listing.remarks = std::move(files.remarks);
  std::set<DropPlace> sealed;
  bool is_drop = false;  // something in it is a collector's
  for (const std::string& name : files.names) {
    const auto item = PlaceOf(name, ".collected");
    if (item && item->number > 0) {
      listing.items.insert(*item);
    } else if (const auto run = PlaceOf(name, ".closed")) {
      listing.ends.insert(*run);
    } else if (const auto of = SealedNameOf(name)) {
      sealed.insert(of->place);
      if (of->piece > 0) listing.pieces[of->place].insert(of->piece);
    } else if (NeverFinished(name)) {
      is_drop = true;
      listing.remarks.push_back(Printable(name) + " was never finished, and is not taken in");
    } else {
      listing.remarks.push_back(Printable(name) + " has no place in a drop, and is not taken in");
    }
  }
  is_drop = is_drop || !(listing.items.empty() && listing.ends.empty() && sealed.empty());
  if (!files.names.empty() && !is_drop) return Fail(drop.NoDrop());
  SortUnsigned(sealed, listing);
  return listing;
}

Result<DroppedItem> ReadItem(const DropFiles& drop, const DropPlace& place) {
  TRY(const Bytes file, drop.Read(StemOf(place) + ".collected", kMaxLayoutBytes + custody::Collected::kMaxBytes));
  const std::string_view text = TextOf(file);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return Fail(ErrorCode::kInvalid, "it has no layout line");
  TRY(const seal::PayloadLayout layout, seal::PayloadLayout::Parse(text.substr(0, end + 1)));
  TRY(custody::SignedCollected statement, custody::SignedCollected::Parse(ToBytes(ViewOf(text.substr(end + 1)))));
  const custody::Collected& said = statement.said();
  if (said.number != place.number || !NamesThis(said.collector, place)) {
    return NameSaysOther(said.collector, "number", said.number);
  }
  if (!Equal(layout.Digest().view(), said.sealed.payload.view())) {
    return Fail(ErrorCode::kTampered, "its layout line is not the one that the collector signed");
  }
  return DroppedItem{layout, std::move(statement)};
}

Result<custody::SignedClosedRun> ReadEnd(const DropFiles& drop, const DropPlace& place) {
  TRY(Bytes file, drop.Read(StemOf(place) + ".closed", custody::ClosedRun::kMaxBytes));
  TRY(custody::SignedClosedRun statement, custody::SignedClosedRun::Parse(std::move(file)));
  const custody::ClosedRun& said = statement.said();
  if (said.up_to == place.number && NamesThis(said.collector, place)) return statement;
  return NameSaysOther(said.collector, "the end of a run up to number", said.up_to);
}

Result<SealedReader::Pieces> SealedReader::Pieces::Open(const DropFiles& drop, const DropPlace& place,
                                                        std::uint64_t most_bytes) {
  Pieces pieces(drop);
  const std::string whole = StemOf(place) + ".age";
  const auto is_absent = [](const Result<std::uint64_t>& size) {
    return !size && size.error().code == ErrorCode::kNotFound;
  };
  auto size = drop.SizeOf(whole);
  const bool is_whole = !is_absent(size);
  for (std::uint64_t number = 1; pieces.size_ < most_bytes; ++number) {
    const std::string name = is_whole ? whole : Format("{}.{}", whole, number);
    if (!is_whole) size = drop.SizeOf(name);
    if (is_absent(size) && number == 1) return Fail(ErrorCode::kNotFound, whole + " is missing");
    if (is_absent(size)) break;  // what is there is too short, which the caller says
    TRY(const std::uint64_t bytes, size);
    if (bytes == 0) return Fail(ErrorCode::kInvalid, name + " is an empty file");
    pieces.size_ += bytes;
    pieces.names_.push_back(name);
    pieces.ends_.push_back(pieces.size_);
    if (is_whole) break;
  }
  pieces.is_cut_ = !is_whole;
  return pieces;
}

Result<void> SealedReader::Pieces::EndAt(std::uint64_t bytes) {
  const auto last = std::ranges::lower_bound(ends_, bytes);
  if (last == ends_.end()) return Fail(Incomplete());
  if (*last != bytes) {
    return Fail(ErrorCode::kInvalid,
                Format("its pieces do not fit together: .age.1 to .age.{} have {} bytes, and the collector signed {}",
                       last - ends_.begin() + 1, *last, bytes),
                "bring the pieces of one cut into the drop, and none of another; then take it in again");
  }
  size_ = bytes;
  ends_.erase(last + 1, ends_.end());
  names_.resize(ends_.size());
  return {};
}

Error SealedReader::Pieces::Incomplete() const {
  return {ErrorCode::kNotFound,
          Format("its pieces .age.1 to .age.{} are not all of it: the next one is missing, or one is cut short",
                 names_.size()),
          "bring all pieces into the drop, and take it in again"};
}

Result<std::size_t> SealedReader::Pieces::Read(MutableByteView buffer) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    if (file_ == nullptr) {
      if (next_ == names_.size()) break;
      TRY(file_, drop_->Open(names_[next_]));
    }
    TRY(const std::size_t got, file_->Read(buffer.subspan(done)));
    done += got;
    if (done == buffer.size()) break;
    file_ = nullptr;
    ++next_;
  }
  return done;
}

Result<SealedReader> SealedReader::Open(const DropFiles& drop, const DropPlace& place, const DroppedItem& wanted) {
  const custody::Collected& said = wanted.statement.said();
  TRY(Pieces pieces, Pieces::Open(drop, place, seal::kMaxHeaderBytes + wanted.layout.payload_bytes()));
  Bytes beginning(static_cast<std::size_t>(std::min<std::uint64_t>(pieces.size(), seal::kMaxHeaderBytes)));
  TRY(const std::size_t got, pieces.Read(beginning));
  beginning.resize(got);
  const auto header = seal::ParseHeader(beginning);
  if (!header && pieces.is_cut()) return Fail(pieces.Incomplete());
  TRY(const seal::ParsedHeader parsed, header);
  Bytes payload(beginning.begin() + static_cast<std::ptrdiff_t>(parsed.size_bytes), beginning.end());
  beginning.resize(parsed.size_bytes);
  if (custody::DigestOf<custody::HeaderDigest>(beginning) != said.sealed.header) {
    return Fail(ErrorCode::kTampered, "its age header is not the one that the collector signed");
  }
  const bool is_hybrid = said.recipient.suite() == custody::Suite::kHybrid;
  TRY_VOID(seal::CheckVaultHeader(parsed.header, is_hybrid ? seal::StanzaKind::kHybrid : seal::StanzaKind::kX25519));
  const std::uint64_t signed_bytes = parsed.size_bytes + wanted.layout.payload_bytes();
  if (pieces.is_cut()) TRY_VOID(pieces.EndAt(signed_bytes));
  if (pieces.size() != signed_bytes) {
    return Fail(ErrorCode::kTampered,
                Format("it has {} bytes, and the collector signed {}", pieces.size(), signed_bytes));
  }
  return SealedReader(std::move(pieces), said.sealed, wanted.layout, std::move(beginning), std::move(payload));
}

Result<std::size_t> SealedReader::Fill(MutableByteView buffer) {
  const ByteView ahead = ByteView(read_ahead_).subspan(used_);
  const std::size_t taken = std::min(ahead.size(), buffer.size());
  std::ranges::copy(ahead.first(taken), buffer.begin());
  used_ += taken;
  TRY(const std::size_t got, pieces_.Read(buffer.subspan(taken)));
  return taken + got;
}

Result<store::SealedEntry> SealedReader::Read(const std::function<Result<void>(ByteView)>& sink,
                                              const std::atomic<bool>* interrupted) {
  std::vector<tlog::LeafHash> hashes;
  tlog::CompactRange range;
  Bytes bytes;
  for (std::uint64_t block = 0; block < layout_.block_count(); ++block) {
    TRY_VOID(StopIfAsked(interrupted));
    bytes.resize(static_cast<std::size_t>(layout_.block(block).bytes));
    TRY(const std::size_t got, Fill(bytes));
    if (got != bytes.size()) return Fail(ErrorCode::kTampered, "it ends early");
    hashes.push_back(tlog::HashLeaf(bytes));
    range.Append(hashes.back());
    TRY_VOID(sink(bytes));
  }
  if (range.Root() != layout_.root()) {
    return Fail(ErrorCode::kTampered, "its payload is not the one that the collector signed");
  }
  return store::SealedEntry{std::move(header_), wanted_, layout_, std::move(hashes), std::nullopt};
}

}  // namespace exhibit::intake
