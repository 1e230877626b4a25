#include "vault/verify/signed_head.h"

#include "vault/base/text.h"
#include "vault/verify/policy_check.h"

namespace exhibit::verify {

bool SignedHead::Open(const custody::SignedEntry& genesis) {
  Result<Bytes> bytes = source_.ReadHead();
  if (!bytes) {
    Find(Property::kHead, bytes.error().message);
    return false;
  }
  note_ = std::move(*bytes);
  keys_ = LearnLogKeys(source_, genesis, options_.kept);
  auto head = keys_->Open(note_);
  if (!head && head.error().code == ErrorCode::kDenied) {
    head = Claimed();
    is_claim_ = true;
  }
  if (!head) {
    Find(Property::kHead, "the head is not signed by this vault's log key: " + head.error().message);
    return false;
  }
  if (head->origin != genesis.entry().origin) {
    Find(Property::kHead, "the head is of another origin: " + Printable(head->origin.text()));
  }
  if (head->size.value == 0) {
    Find(Property::kHead, "the head is of size 0");
    return false;
  }
  report_.head = std::move(*head);
  return true;
}

Result<tlog::Checkpoint> SignedHead::Claimed() const {
  TRY(const tlog::Note note, tlog::Note::Parse(note_));
  return tlog::DecodeCheckpoint(note.text());
}

bool SignedHead::Compare(const KeptCheckpoint& kept) {
  auto extended = CheckKept(source_, *report_.head, *keys_, kept);
  if (extended) {
    report_.extends.push_back({kept.where, std::move(*extended)});
  } else {
    Find(Property::kConsistency, extended.error().message);
  }
  return extended.has_value();
}

const KeptCheckpoint* SignedHead::CompareKept() {
  const KeptCheckpoint* base = nullptr;
  if (is_claim_) return base;  // by which key it would have to be signed is not known yet
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
    Find(Property::kHead, "the head is not signed by this vault's log key: " + head.error().message);
    return;
  }
  report_.log_key = replayed.For(report_.head->size);
  if (options_.policy != nullptr) CheckPolicy(*options_.policy, note_, *report_.log_key, report_);
  if (learned_right) return;
  // What was compared before was compared by other keys.
  keys_ = replayed;
  report_.extends.clear();
  for (const KeptCheckpoint& kept : options_.kept) Compare(kept);
}

}  // namespace exhibit::verify
