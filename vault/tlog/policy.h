// Whom a verifier believes (C2SP tlog-policy): the logs that it knows, the witnesses, and how
// many of them must have cosigned. The verifier brings this file; one that comes with the evidence
// is a hint and no more.
//
//   policy  = *( line LF )
//   line    = "log" vkey [url]
//           / "witness" name vkey [url]
//           / "group" name ("all" / "any" / k) 1*member     1 <= k <= number of members
//           / "quorum" (name / "none")                      exactly once
//           / "" / "#" anything
//
// Spaces and tabs separate items. Octets are 09, 0A, 20-7E and 80-FF; names and URLs are
// opaque. Members and the quorum are defined on earlier lines; a name is a member once at most, so
// that each witness counts in one way. One public key may not be there twice among the logs or among
// the witnesses, whatever names it is given: one witness would count as two.
//
// Some programs accept more than the specification says. We follow its text: a comment after a line's items, a line that ends in CR
// LF, a last line without its LF, one key under two names, a member of two groups, a second quorum, and a threshold of
// 0 are refused, with a hint where an honest person may have written it. A name may be any word, "any" or "log" too.
//
// Log keys are of type 0x01, witness keys of type 0x04 or 0x06. A key of another type, and one of type 0x06 where this program
// has no ML-DSA-44, is refused by its number or name rather than left out, because a policy without it is another policy.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/cosignature.h"
#include "vault/tlog/note.h"
#include "vault/tlog/note_key.h"

namespace exhibit::tlog {

inline constexpr std::size_t kMaxPolicyBytes = 1 << 18;
// Of each kind: logs, witnesses, groups. The specification asks for at least 32.
inline constexpr std::size_t kMaxPolicyComponents = 256;

// A witness of the policy that cosigned a checkpoint, and when, by its own clock.
struct Witnessed {
  std::string name;  // the policy's name for it; opaque octets
  CosignatureTime time;
  bool operator==(const Witnessed&) const = default;
};

// A checkpoint that a policy accepts.
struct AcceptedCheckpoint {
  Checkpoint checkpoint;
  VerifierKey log;                   // the listed log that signed it
  std::vector<Witnessed> witnesses;  // all listed witnesses that cosigned, in the policy's order
};

class Policy {
 public:
  struct Log {
    VerifierKey key;
    std::string url;  // may be empty
  };
  struct Witness {
    std::string name;
    CosignerKey key;
    std::string url;  // may be empty
  };

  // kInvalid with the number of the line and the rule; kUnsupported for a key of another type.
  static Result<Policy> Parse(std::string_view file);

  // The policy in one spelling: no comments, single spaces, logs before witnesses before groups.
  // Parsed again it means the same and is written to the same text.
  std::string ToText() const;

  const std::vector<Log>& logs() const { return logs_; }
  const std::vector<Witness>& witnesses() const { return witnesses_; }

  // Checks that a listed log signed the checkpoint under its own origin, and that the quorum
  // cosigned.
  //   kInvalid   the note is no checkpoint
  //   kTampered  a line of a listed key does not fit, or the log signed for another origin
  //   kDenied    no listed log signed (a policy may list none), or the quorum is not met
  Result<AcceptedCheckpoint> Accept(const SignedNote& note) const;

  // The half of Accept that is about witnesses, for callers who know the log by other means.
  Result<std::vector<Witnessed>> CheckQuorum(const SignedNote& note) const;

  // The time at which the quorum was complete, by its members' clocks.
  // Nothing if it is not met, or is "none". `cosigned` is what CheckQuorum gave.
  std::optional<CosignatureTime> QuorumTime(const std::vector<Witnessed>& cosigned) const;

 private:
  class Parser;

  // A witness, or a group of components that come before it in the list.
  struct Component {
    std::string name;
    std::optional<std::size_t> witness;  // its place in witnesses_; a group has none
    std::size_t threshold = 0;
    std::vector<std::size_t> members;
  };

  Policy() = default;

  std::vector<Log> logs_;
  std::vector<Witness> witnesses_;
  std::vector<Component> components_;
  std::optional<std::size_t> quorum_;  // a component; none for "quorum none"
};

}  // namespace exhibit::tlog
