#include "vault/verify/signed_head.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/verify/policy_check.h"

namespace exhibit::verify {

bool SignedHead::Open(const custody::SignedEntry& genesis) {
  Result<Bytes> bytes = source_.ReadHead();
  if (!bytes) {
    report_.Add(Property::kHead, {}, bytes.error());
    return false;
  }
  note_ = std::move(*bytes);
  keys_ = LearnLogKeys(source_, genesis, options_.kept);
  auto opened = keys_->Open(note_);
  is_claim_ = !opened && opened.error().code == ErrorCode::kTampered;
  auto head = is_claim_ ? Claimed() : OnlyCheckpoint(std::move(opened));
  if (!head) {
    AddFinding(Property::kHead, "the head is no signed checkpoint of this vault: " + head.error().message);
    return false;
  }
  if (head->origin != genesis.parsed().origin) {
    AddFinding(Property::kHead, "the head is of another origin: " + Printable(head->origin.text()));
  }
  if (head->size.value == 0) {
    AddFinding(Property::kHead, "the head is of size 0");
    return false;
  }
  report_.head = std::move(*head);
  return true;
}

Result<tlog::Checkpoint> SignedHead::OnlyCheckpoint(Result<custody::LogKeys::Head> opened) {
  if (!opened) return Fail(std::move(opened).error());
  return std::move(opened->checkpoint);
}

Result<tlog::Checkpoint> SignedHead::Claimed() const {
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(note_));
  return tlog::DecodeCheckpoint(note.text());
}

// An entry after the head may name the key that signed it. Somebody who has the same root at this size proves that it
// is the log's.
std::optional<tlog::Checkpoint> SignedHead::NewerThanHead(const KeptCheckpoint& kept) const {
  if (options_.past == nullptr) return std::nullopt;
  const auto note = tlog::SignedNote::Parse(kept.note);
  auto checkpoint = note ? tlog::DecodeCheckpoint(note->text()) : Result<tlog::Checkpoint>(Fail(note.error()));
  if (!checkpoint || checkpoint->origin != report_.head->origin || checkpoint->size <= report_.head->size) {
    return std::nullopt;
  }
  return std::move(*checkpoint);
}

void SignedHead::CompareWithNewer(const tlog::Checkpoint& newer, const KeptCheckpoint& kept) {
  const auto is_beginning = CheckBeginning(*options_.past, *report_.head, newer, kept.where);
  if (!is_beginning) return report_.Add(Property::kConsistency, {}, is_beginning.error());
  if (!report_.newer || report_.newer->checkpoint.size < newer.size) report_.newer = Extended{kept.where, newer};
}

bool SignedHead::Compare(const KeptCheckpoint& kept) {
  if (const auto newer = NewerThanHead(kept)) {
    CompareWithNewer(*newer, kept);
    return false;
  }
  auto extended = CheckKept(source_, *report_.head, *keys_, kept);
  if (extended) {
    report_.extends.push_back({kept.where, std::move(*extended)});
  } else {
    report_.Add(Property::kConsistency, {}, extended.error());
  }
  return extended.has_value();
}

const KeptCheckpoint* SignedHead::CompareKept() {
  const KeptCheckpoint* base = nullptr;
  if (is_claim_) return base;  // the key that must have signed it is not known yet
  for (const KeptCheckpoint& kept : options_.kept) {
    if (!Compare(kept) || kept.use != KeptCheckpoint::Use::kResume) continue;
    const Extended& extended = report_.extends.back();
    if (extended.checkpoint.size.value == 0) continue;
    if (report_.resumed && extended.checkpoint.size <= report_.resumed->checkpoint.size) continue;
    base = &kept;
    report_.resumed = extended;
  }
  return base;
}

void SignedHead::CheckSigner(const custody::LogKeys& replayed) {
  const bool learned_right = *keys_ == replayed;
  const auto head = replayed.Open(note_);
  if (!head) {
    AddFinding(Property::kHead, "the head is not signed by this vault's log key: " + head.error().message);
    return;
  }
  report_.log_key = replayed.For(report_.head->size).ed25519;
  report_.unchecked_keys = head->unchecked;
  for (const std::string& key : head->unchecked) {
    report_.remarks.push_back(
        Format("the head's signature by {} was not checked: this program has no ML-DSA-44", Printable(key)));
  }
  report_.log_keys = replayed;
  if (options_.policy != nullptr) CheckPolicy(*options_.policy, note_, *report_.log_key, report_);
  if (learned_right) return;
  // The earlier comparison used other keys.
  keys_ = replayed;
  report_.extends.clear();
  report_.newer.reset();
  for (const KeptCheckpoint& kept : options_.kept) Compare(kept);
}

void SignedHead::CompareUpTo(tlog::TreeSize known, const custody::LogKeys& replayed) {
  if (!is_claim_) return;  // it was compared already
  keys_ = replayed;
  for (const KeptCheckpoint& kept : options_.kept) {
    const auto note = tlog::SignedNote::Parse(kept.note);
    const auto claimed = note ? tlog::DecodeCheckpoint(note->text()) : Result<tlog::Checkpoint>(Fail(note.error()));
    if (claimed && claimed->size > known) {
      report_.remarks.push_back(
          Format("{} was not compared: who signed it, a newer version knows", Printable(kept.where)));
    } else {
      Compare(kept);
    }
  }
}

}  // namespace exhibit::verify
