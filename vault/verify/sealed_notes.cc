#include "vault/verify/sealed_notes.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/verify/read_entry.h"

namespace exhibit::verify {
namespace {

// What the index, a hint, says of an item that is not among the replayed entries.
Result<ResealNotes::Headers> FindHeaders(const LogSource& source, tlog::Sequence item) {
  ResealNotes::Headers headers;
  TRY(headers.rewrapped, FindRewrapped(source, item));
  for (const Rewrapped& one : headers.rewrapped) {
    TRY(const custody::SignedEntry entry, ReadEntryAt(source, one.under));
    if (std::get<custody::Reseal>(entry.parsed().body).destroy) headers.own_destroyed_under = one.under;
  }
  return headers;
}

}  // namespace

void SealedNotes::Reserve(std::size_t count) { positions_.reserve(positions_.size() + count); }

bool SealedNotes::IsWanted(tlog::Sequence sequence, const custody::Entry& entry) const {
  return entry.sealed && (options_.selected.empty() || options_.selected.contains(sequence));
}

void SealedNotes::Note(tlog::Sequence sequence, const custody::Entry& entry) {
  if (IsWanted(sequence, entry)) positions_.push_back(sequence);
}

void SealedNotes::NoteProven(tlog::Sequence sequence, const custody::Entry& entry) {
  if (!IsWanted(sequence, entry)) return;
  proven_.emplace(sequence, SealedEntry{sequence, *entry.sealed, {}, custody::FormOf(entry.body).type});
}

SealedFiles SealedNotes::Finish(const custody::Facts& facts, LeafNotes leaves, Report& report) && {
  std::erase_if(proven_, [&](const auto& entry) { return IsShredded(entry.first, facts, report); });
  std::erase_if(positions_, [&](tlog::Sequence at) { return IsShredded(at, facts, report); });
  for (auto& [at, entry] : proven_) FillHeaders(entry, report);
  for (const auto& [at, under] : reseals_.OwnDestroyed()) {
    if (std::ranges::binary_search(positions_, at)) RemarkOnHeader(at, under, report);
  }
  return SealedFiles(source_, std::move(positions_), std::move(proven_), std::move(leaves), std::move(reseals_));
}

// An item that was shredded under a signed entry is not missing.
bool SealedNotes::IsShredded(tlog::Sequence at, const custody::Facts& facts, Report& report) const {
  if (!facts.shredded->Has(at.value)) return false;
  const bool still_there = source_.ReadHeader(at).has_value();
  report.remarks.push_back(
      Format("entry {}: its sealed file was shredded{}", at,
             still_there ? "; it is still there, and goes when somebody next writes" : " under a signed entry"));
  return true;
}

void SealedNotes::FillHeaders(SealedEntry& entry, Report& report) const {
  auto headers = FindHeaders(source_, entry.sequence);
  if (!headers) return report.Add(Property::kHeader, entry.sequence, headers.error());
  entry.rewrapped = std::move(headers->rewrapped);
  if (!headers->own_destroyed_under) return;
  entry.own_header = SealedEntry::OwnHeader::kMayBeMissing;
  RemarkOnHeader(entry.sequence, *headers->own_destroyed_under, report);
}

void SealedNotes::RemarkOnHeader(tlog::Sequence at, tlog::Sequence destroyed_under, Report& report) const {
  if (!source_.ReadHeader(at)) return;
  report.remarks.push_back(
      Format("entry {}: the header that entry {} destroyed is still there, and goes when somebody next writes", at,
             destroyed_under));
}

}  // namespace exhibit::verify
