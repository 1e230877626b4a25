#include "vault/intake/recall.h"

#include <utility>

#include "vault/seal/plaintext.h"

namespace exhibit::intake {
namespace {

// As the adder calls a file small.
bool IsOneSmall(std::span<const Ready> group) {
  return group.size() == 1 && group.front().facts.size.value_or(~std::uint64_t{0}) <= seal::kEarlyFrameBytes;
}

}  // namespace

std::optional<tlog::Sequence> Recall::Confirmed(const std::optional<Place>& place) const {
  if (!place) return std::nullopt;
  const auto header = destination_.HeaderOf(place->entry);
  return header && place->IsOf(*header) ? std::optional(place->entry) : std::nullopt;
}

std::optional<tlog::Sequence> Recall::EntryOf(const FileLook& look) const {
  return journal_ == nullptr ? std::nullopt : Confirmed(journal_->Find(look));
}

Result<std::vector<std::optional<tlog::Sequence>>> Recall::NoteGroup(std::span<const Ready> group) {
  std::vector<std::optional<tlog::Sequence>> earlier(group.size());
  if (journal_ == nullptr) return earlier;
  std::vector<Journal::Note> notes;
  std::map<crypto::Sha256Digest, tlog::Sequence> in_group;
  tlog::Sequence entry = destination_.next();
  for (std::size_t i = 0; i < group.size(); ++i, ++entry.value) {
    const Ready& ready = group[i];
    Journal::Note note{entry, ready.pending.sealed->file.header, ready.look};
    // That two files have no bytes says nothing.
    if (ready.facts.sha256 && ready.facts.size.value_or(0) > 0) {
      const auto [same, is_first] = in_group.emplace(*ready.facts.sha256, entry);
      if (is_first) {
        if (const auto known = Confirmed(journal_->Find(*ready.facts.sha256))) {
          same->second = *known;
        } else {
          note.original = ready.facts.sha256;
        }
      }
      if (same->second != entry) earlier[i] = same->second;
    }
    notes.push_back(std::move(note));
  }
  const bool is_first = noted_.empty();
  lasting_ = is_first && IsOneSmall(group) ? Lasting::kWithNext : Lasting::kNow;
  noted_ = std::move(notes);
  TRY_VOID(PutNoted());
  return earlier;
}

Result<void> Recall::PutNoted() {
  auto put = journal_->Put(noted_, lasting_);
  if (!put) journal_ = nullptr;
  return put;
}

Result<void> Recall::NoteCommitted(tlog::Sequence first) {
  if (journal_ == nullptr || noted_.empty() || noted_.front().entry == first) return {};
  for (Journal::Note& note : noted_) {
    note.entry = first;
    ++first.value;
  }
  return PutNoted();
}

void Recall::Settle() {
  if (journal_ != nullptr) (void)journal_->Settle();  // if it fails the next one reads more, and settles it
}

}  // namespace exhibit::intake
