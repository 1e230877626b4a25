// The sealed files of a log, noted as it is replayed: which of them a verifier checks, what later entries say of their
// headers, and which were destroyed under a signed entry.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "vault/verify/sealed_files.h"
#include "vault/verify/verifier.h"

namespace exhibit::verify {

class SealedNotes {
 public:
  // REQUIRES: both outlive this.
  SealedNotes(const Source& source, const Options& options) : source_(source), options_(options) {}

  // For so many more.
  void Reserve(std::size_t count);
  // The sealed file of a replayed entry, if it has one that is to be checked. In order.
  void Note(tlog::Sequence sequence, const custody::Entry& entry);
  // The same of an entry before the replay, which a kept checkpoint proves.
  void NoteProven(tlog::Sequence sequence, const custody::Entry& entry);
  // What an entry says of the sealed files of others. REQUIRES: the rules accepted it.
  void Accept(const custody::Entry& entry) { reseals_.Add(entry); }

  // Leaves out what was shredded, with a remark, and fills in what is left of headers before the replay, which the index
  // says. Adds findings. `leaves` are those of the replay.
  SealedFiles Finish(const custody::Facts& facts, LeafNotes leaves, Report& report) &&;

  const ResealNotes& reseals() const { return reseals_; }

 private:
  bool IsWanted(tlog::Sequence sequence, const custody::Entry& entry) const;
  bool IsShredded(tlog::Sequence at, const custody::Facts& facts, Report& report) const;
  void FillHeaders(SealedEntry& entry, Report& report) const;
  void RemarkOnHeader(tlog::Sequence at, tlog::Sequence destroyed_under, Report& report) const;

  const Source& source_;
  const Options& options_;
  std::vector<tlog::Sequence> positions_;
  std::map<tlog::Sequence, SealedEntry> proven_;
  ResealNotes reseals_;
};

}  // namespace exhibit::verify
