// The check of what a bundle or a proof tells of its log: the entries one by one and by the rules, their fields, and the
// tree that they make with the hashes of the rest, up to the checkpoint that the log signed.
//
// One entry that was changed is a finding, and leaves the others. Who brings this to an end knows which entries are told,
// and of each whatever the files beside the log are compared with.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/hidden_subtrees.h"
#include "vault/bundle/rules_check.h"
#include "vault/bundle/told_log.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/labels.h"
#include "vault/custody/log_keys.h"
#include "vault/tlog/policy.h"
#include "vault/verify/holders.h"
#include "vault/verify/label_check.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

// What the verifier brought.
struct Believed {
  std::optional<custody::Fingerprint> fingerprint = {};
  const tlog::Policy* policy = nullptr;
  const crypto::TimestampRoots* timestamp_roots = nullptr;
  const std::vector<custody::GivenCaseKey>* case_keys = nullptr;
};

// What is kept of an entry that is told.
struct ToldEntry {
  std::string_view type;  // its word
  custody::Actor actor;
  tlog::LeafHash leaf;
  std::optional<custody::SealedFile> sealed = {};  // of an item or omission
  std::optional<ByteRange> fields = {};            // its block in log/fields, if it has one that is the entry's

  bool HasOriginal() const { return sealed.has_value(); }
};

// The fields that are told of it. kTampered where there are none; errors of reading.
Result<custody::FieldList> ReadFields(const LogPart& fields, const ToldEntry& entry);

class ToldLogCheck {
 public:
  // Findings and remarks go to `report`. The arguments outlive this.
  ToldLogCheck(const Believed& believed, const std::atomic<bool>* interrupted, Pool& pool, verify::Report& report)
      : believed_(believed), interrupted_(interrupted), pool_(pool), report_(report) {}

  // log/entries and log/fields, of which the second outlives this. Nothing after it makes sense where has_begun() is false.
  // kInterrupted.
  Result<void> CheckEntries(const LogPart& entries, const LogPart& fields);
  bool has_begun() const { return rules_.has_begun(); }
  // log/checkpoint and log/hashes.
  void CheckTree(std::string_view checkpoint, std::string_view hashes);
  // log/timestamps. REQUIRES: CheckTree.
  void CheckTimestamps(std::string_view timestamps);
  // What is said of the whole: keys that others had too, recoveries, labels of `here` (the items that have a file), cases
  // that fields name and labels do not, and what is not told.
  void Finish(const std::vector<tlog::Sequence>& here);

  const std::map<tlog::Sequence, ToldEntry>& entries() const { return entries_; }
  const ToldEntry* Find(tlog::Sequence at) const;
  // The fields that are told of the entry and are its own; nothing where there are none.
  std::optional<custody::FieldList> FieldsOf(tlog::Sequence at) const;
  // True from the entry on that asks for a newer version: it is not judged.
  bool IsNewer(tlog::Sequence at) const { return report_.newer_from && at >= report_.newer_from->entry; }
  // The checkpoint as it is signed, or as it claims to be.
  const std::optional<tlog::Checkpoint>& checkpoint() const { return checkpoint_; }
  ByteView checkpoint_note() const { return note_; }
  const custody::State& state() const { return rules_.state(); }
  ToldLeaves leaves() const;

 private:
  struct Parsed;
  bool CheckBatch(const std::vector<std::string>& batch);
  void Parse(std::string_view piece, Parsed& parsed) const;
  void TakeFields(Parsed& parsed) const;
  // In order. False if nothing more can be read.
  bool Take(std::string_view piece, Parsed& parsed);
  bool TakeGenesis(Parsed& parsed);
  void TakeUnread(std::string_view piece, const Error& error);
  void TakeNewer(std::string_view piece);
  void NoteUnread() {
    whole_ = false;
    ++unread_;
  }
  void Keep(const Parsed& parsed);
  void RemarkStamps();
  void RemarkHolder(const custody::Entry& entry, const custody::FieldList* fields);
  void CheckBlocksHaveEntries();
  Result<void> OpenCheckpoint(std::string_view text);
  void AddFinding(verify::Property property, std::optional<tlog::Sequence> entry, const Error& error);

  const Believed& believed_;
  const std::atomic<bool>* interrupted_;
  Pool& pool_;
  verify::Report& report_;
  RulesCheck rules_;
  const LogPart* fields_ = nullptr;
  std::vector<ToldBlock> blocks_;  // of it
  std::map<tlog::Sequence, ToldEntry> entries_;
  ToldLeaves newer_;                    // of entries that are not judged
  std::optional<tlog::Sequence> last_;  // told
  bool whole_ = true;                   // every entry could be read
  std::size_t unread_ = 0;
  std::optional<verify::LabelSearch> labels_;
  std::map<tlog::Sequence, custody::Person> taken_in_by_;
  std::optional<verify::Holders> holders_;
  std::optional<tlog::Checkpoint> checkpoint_;
  Bytes note_;
};

}  // namespace exhibit::bundle
