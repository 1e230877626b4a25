// What a verification found: what was checked, how much of it, and each thing that is wrong.
//
// "Not checked" is never shown as checked: a report says its depth, and counts only what was compared.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/state.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/policy.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::verify {

enum class Depth : std::uint8_t {
  kLog,      // entries, chain, signatures, tree, tiles, checkpoint
  kSealed,   // also each header, layout line and payload block against its entry
  kContent,  // also, with a key: the commitment to it, every chunk, every frame, the fields, the digests
};
std::string_view ToText(Depth depth);

// What is wrong. Frozen: JSON reports have these words.
enum class Property : std::uint8_t {
  kHead,         // the signed checkpoint
  kGenesis,      // entry 0, and the keys it names
  kEntry,        // an entry exists and has the one form
  kChain,        // origin, position, predecessor, the signer's role
  kSignature,    // the signer signed these bytes
  kTree,         // the entries make the root that was signed
  kTile,         // a stored tile is the one that the entries make
  kIndex,        // the index of acts has the rows that the entries make, and no others
  kHeader,       // the age header is the one that the entry names
  kLayout,       // the layout line is the one that the entry names
  kPayload,      // the payload blocks make the root of the layout
  kSealed,       // the header opens, every chunk is authentic
  kContent,      // the frames, the size and the digests
  kFields,       // the fields are those that the entry names, each of its form
  kBundle,       // a file of a bundle is missing, additional or not as listed
  kCompanion,    // the same for a file that was made for people and proves nothing
  kConsistency,  // the log extends a checkpoint that the verifier kept
  kTimestamp,    // a timestamp in the log covers what its entry says
  kPolicy,       // the verifier's policy accepts the head
  kMedium,       // a file of the store is damaged, in bytes that are in no entry or sealed file
};
std::string_view ToText(Property property);

struct Finding {
  Property property = Property::kHead;
  std::optional<tlog::Sequence> entry;
  std::optional<std::uint64_t> block;
  std::optional<ByteRange> range;  // of the payload
  std::string message;
  std::string file = {};                     // of a bundle, if it is of one
  ErrorCode because = ErrorCode::kTampered;  // kNotFound: something is missing; kPermission, kIo: it could not be read
};

// The entry itself is lost (lost_entries.h). That is a finding, and says nothing about any other entry.
inline bool IsLoss(const Finding& finding) {
  return finding.property == Property::kEntry && finding.because == ErrorCode::kNotFound;
}

// "entry 7: block 2: bytes 1048848-2097679 of the payload: …", one line.
std::string Describe(const Finding& finding);

// A kept checkpoint that the log was proven to extend.
struct Extended {
  std::string where;
  tlog::Checkpoint checkpoint;
};

// A timestamp in the log: entries below `covers` are no later than its time, if it holds. One that renews covers no
// entries; it keeps the earlier one provable.
struct Stamped {
  tlog::Sequence entry;
  std::optional<tlog::TreeSize> covers;
  std::optional<tlog::Sequence> renews;
  Moment claimed;                                  // what the token says, whoever made it
  std::optional<crypto::VerifiedTimestamp> holds;  // by a root that the verifier named
};

// A timestamp over the head that lies beside it, as in a bundle.
struct HeadStamp {
  Moment claimed;
  std::optional<crypto::VerifiedTimestamp> holds;
};

// When the quorum of the verifier's policy had seen a state of the log, by its members' clocks.
struct Seen {
  tlog::TreeSize size;
  Moment latest;
};

// A key that others had too, and which of its entries are proven to be older than that (compromise_check.h).
struct Compromised {
  custody::Compromise what;
  tlog::Sequence said_in;   // the entry that says so
  tlog::Sequence first;     // entries before were not looked at
  std::uint64_t valid = 0;  // entries proven to be older
  std::string valid_by;     // by what
  std::vector<tlog::Sequence> only_if_before;
  std::vector<tlog::Sequence> invalid;  // proven to be later; each is a finding too
};

// What a case key that the verifier brought recognises.
struct Labelled {
  std::string case_name;
  std::vector<tlog::Sequence> items;             // ascending: entries with an original
  std::vector<tlog::Sequence> acts;              // the other entries
  std::vector<tlog::Sequence> missing;           // of a bundle: those of the items that have no file here
  std::optional<tlog::TreeSize> whole_log = {};  // of a bundle: a whole log of this size was looked through, too
};

struct Report {
  Depth depth = Depth::kLog;
  std::optional<tlog::Checkpoint> head;
  std::optional<custody::Fingerprint> fingerprint;
  std::optional<tlog::VerifierKey> log_key;  // the Ed25519 key that signed the head
  std::optional<custody::LogKeys> log_keys;  // which keys sign at which size, as the log says
  std::vector<std::string> unchecked_keys;   // of the log: they signed the head by an algorithm that is not here
  std::vector<Extended> extends;             // in the order in which they were given
  std::optional<Extended> resumed;           // entries before its size were proven to be those it covers, not replayed
  bool resumed_by_index = false;             // and which of those change the state, the source's index said
  // With a policy that accepts the head: the witnesses it lists that cosigned, each at a time of its clock.
  std::optional<std::vector<tlog::Witnessed>> witnesses;
  std::vector<Seen> seen;       // by witnesses of the policy: of the head, and of checkpoints before it
  std::vector<Stamped> stamps;  // in the order of the log
  std::vector<HeadStamp> head_stamps;
  std::vector<Compromised> compromised;
  std::vector<tlog::Sequence> acts;           // entries that change the state, for a verifier that resumes from here
  std::uint64_t entries = 0;                  // form, chain and signature were checked
  std::uint64_t items = 0;                    // sealed files; header and blocks were checked
  std::uint64_t payload_bytes = 0;            // hashed
  std::uint64_t contents = 0;                 // decrypted and compared with their digests
  std::uint64_t content_bytes = 0;            // of originals
  std::vector<tlog::Sequence> unopened;       // sealed files that the given keys do not open; ascending
  std::uint64_t evidence = 0;                 // entries with an original among those to check
  std::vector<tlog::Sequence> failed_items;   // those of them that have a finding; ascending
  std::vector<tlog::Sequence> unread_items;   // and those of which something could not be read; ascending
  std::vector<tlog::SequenceRange> not_here;  // of a bundle: entries of the log that are not in it
  std::vector<std::string> foreign;           // of a bundle: what an operating system left in it, or an empty folder
  std::vector<Finding> findings;              // in the order of the log
  std::vector<std::string> remarks;           // odd, but no failure, such as a clock that went backwards
  // Things that could not be read or compared, each once: nobody knows whether they are right, and nothing that depends
  // on them was checked.
  std::vector<std::string> undecided;
  // The newest of the kept checkpoints that are newer than the head: the head was proven to be the beginning of each.
  std::optional<Extended> newer;
  // From this entry on a newer version is needed, and nothing was read: status 8. Of entry 0 nothing was verified, and
  // the version is 0.
  std::optional<custody::NewerFrom> newer_from;
  // The entries by which readers took the vault back with the recovery key: the one way round a rule, so every verdict
  // names them.
  std::vector<tlog::Sequence> recoveries;
  std::vector<Labelled> labelled;  // by each case key that was brought

  std::uint64_t items_that_hold() const { return evidence - failed_items.size() - unread_items.size(); }
  bool ok() const { return findings.empty() && undecided.empty() && !newer_from; }
  // True if the report says that something is wrong; otherwise that is only unknown.
  void Add(Property property, std::optional<tlog::Sequence> entry, const Error& error);
};

// True if the given keys open none of the sealed files that they should open.
inline bool OpensNothing(const Report& report) { return !report.unopened.empty() && report.contents == 0; }

// The message without "entry N: " in front, for a finding that names the entry by itself.
std::string WithoutNoun(tlog::Sequence entry, std::string message);

// The entries that have a finding about evidence or proofs; ascending.
std::vector<tlog::Sequence> FailedEntries(const Report& report);

// The one thing to say about a report that is not ok. REQUIRES: !report.ok().
std::string FirstProblem(const Report& report);

// Whether an error of this code says only that the system did not let us read.
bool IsUnread(ErrorCode code);

// The items to check, which are entries with an original: how many there are, and whether an entry is one.
struct ItemsToCheck {
  std::uint64_t count = 0;
  std::function<bool(tlog::Sequence)> contains = [](tlog::Sequence) { return false; };
};

// Ends a report: counts `items` by what was found of each, and moves the findings that say only that the system did not let
// us read to `undecided`.
void CloseFindings(Report& report, const ItemsToCheck& items);

}  // namespace exhibit::verify
