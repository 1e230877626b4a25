// What a verification found: what was checked, how much of it, and each thing that is not so.
//
// "Not checked" is never shown as checked: a report says its depth, and counts only what was compared.
#pragma once

#include <cstdint>
#include <optional>
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
  kSealed,   // also each header and payload block against its entry
  kContent,  // also, with a key: header MAC, every chunk, every frame, the digests
};
std::string_view ToText(Depth depth);

// What is not as it should be. The words stand in JSON reports.
enum class Property : std::uint8_t {
  kHead,         // the signed checkpoint
  kGenesis,      // entry 0, and the keys it names
  kEntry,        // an entry is there and of the one form
  kChain,        // origin, position, predecessor, the signer's role
  kSignature,    // the signer signed these bytes
  kTree,         // the entries make the root that was signed
  kTile,         // a stored tile is what the entries make it
  kIndex,        // the index of acts has the rows that the entries make, and no others
  kHeader,       // the age header is the one that the entry names
  kPayload,      // the payload blocks make the root that the entry names
  kSealed,       // the header opens, every chunk is authentic
  kContent,      // the frames, the size and the digests
  kMetadata,     // the sealed metadata
  kBundle,       // a file of a bundle is missing, additional or not as listed
  kCompanion,    // so is a file that was made for people, and proves nothing
  kConsistency,  // the log extends a checkpoint that the verifier kept
  kTimestamp,    // a timestamp in the log is over what its entry says
  kPolicy,       // the head is what the verifier's policy accepts
  kMedium,       // a file of the store is damaged, beside what entries and sealed files show
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

// "entry 7: block 2: bytes 1048848-2097679 of the payload: …", one line.
std::string Describe(const Finding& finding);

// A kept checkpoint that the log was proven to extend.
struct Extended {
  std::string where;
  tlog::Checkpoint checkpoint;
};

// A timestamp in the log: entries below `covers` are no later than its time, if it holds.
struct Stamped {
  tlog::Sequence entry;
  tlog::TreeSize covers;
  Timestamp claimed;                               // what the token says, whoever made it
  std::optional<crypto::VerifiedTimestamp> holds;  // by a root that the verifier named
};

// When the quorum of the verifier's policy had seen a state of the log, by its members' clocks.
struct Seen {
  tlog::TreeSize size;
  Timestamp latest;
};

// A key that others had too, and what of that which it signed is proven to be older (compromise_check.h).
struct Compromised {
  custody::Compromise what;
  tlog::Sequence said_in;   // the entry that says so
  tlog::Sequence first;     // entries before were not looked at
  std::uint64_t valid = 0;  // entries proven to be from before
  std::string valid_by;     // by what
  std::vector<tlog::Sequence> only_if_before;
  std::vector<tlog::Sequence> invalid;  // proven to be later; each is a finding too
};

struct Report {
  Depth depth = Depth::kLog;
  std::optional<tlog::Checkpoint> head;
  std::optional<custody::Fingerprint> fingerprint;
  std::optional<tlog::VerifierKey> log_key;  // that signed the head
  std::optional<custody::LogKeys> log_keys;  // who signs at which size, by what the log says
  std::vector<Extended> extends;             // in the order in which they were given
  std::optional<Extended> resumed;           // entries before its size were proven to be those it covers, not replayed
  // With a policy that accepts the head: the witnesses it lists that cosigned, each at a time of its clock.
  std::optional<std::vector<tlog::Witnessed>> witnesses;
  std::vector<Seen> seen;       // by witnesses of the policy: of the head, and of checkpoints before it
  std::vector<Stamped> stamps;  // in the order of the log
  std::vector<Compromised> compromised;
  std::vector<tlog::Sequence> acts;           // entries that change the state: a note for who resumes from here
  std::uint64_t entries = 0;                  // whose form, chain and signature were checked
  std::uint64_t items = 0;                    // sealed files whose header and blocks were checked
  std::uint64_t payload_bytes = 0;            // hashed
  std::uint64_t contents = 0;                 // decrypted and compared with their digests
  std::uint64_t content_bytes = 0;            // of originals
  std::vector<tlog::Sequence> unopened;       // sealed files that are not for the keys at hand; ascending
  std::uint64_t evidence = 0;                 // entries of type item among those to check
  std::vector<tlog::Sequence> failed_items;   // those of them of which something was found; ascending
  std::vector<tlog::SequenceRange> not_here;  // of a bundle: positions of the log of which it has nothing
  std::vector<std::string> foreign;           // of a bundle: what an operating system left in it, or an empty folder
  std::vector<Finding> findings;              // in the order of the log
  std::vector<std::string> remarks;           // what is odd but no failure, such as a clock that stepped back
  // What could not be read or compared, each once: whether it is as it should be is not known, and what hangs on it
  // was not checked.
  std::vector<std::string> undecided;
  // The newest of the kept checkpoints that are newer than the head: the head was proven to be the beginning of each.
  std::optional<Extended> newer;

  bool ok() const { return findings.empty() && undecided.empty(); }
  // If it says that something is not as it should be; otherwise it is only not known.
  void Add(Property property, std::optional<tlog::Sequence> entry, const Error& error);
};

// Whether the keys at hand open none of what they were to open.
inline bool OpensNothing(const Report& report) { return !report.unopened.empty() && report.contents == 0; }

// The entries of which something was found that bears on evidence or proofs; ascending.
std::vector<tlog::Sequence> FailedEntries(const Report& report);

// What to tell of a report that is not ok, where one thing must do. REQUIRES: !report.ok().
std::string FirstProblem(const Report& report);

// Puts aside, into `undecided`, the findings that say only that the system did not let us read.
void SetUnreadAside(Report& report);

}  // namespace exhibit::verify
