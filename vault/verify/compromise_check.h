// Keys that others had too: what of that which they signed can be shown to be older than that.
//
// An entry that retires a key, or puts another in the place of the log's, can say since when it was in other
// hands. From then on its signature may be anybody's. So each entry that it signed has one of three answers:
//
//   valid                  a witness or an authority whom the verifier believes saw the log with the entry in it
//                          before that time
//   valid only if before   nobody shows when it was made. No failure; the report names and counts it
//   invalid                it stands behind a timestamp of that time or later: a finding
//
// A log's key signs no entries but where they stand. Whatever it signed, the head under the new key signs
// again; so its answer is up to where the order was seen by others before that time, and nothing is invalid.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "vault/custody/state.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

// Who signed what, of the entries that were replayed. 8 bytes for each signature.
class SignerNotes {
 public:
  void Note(const custody::Entry& entry);
  // Ascending.
  const std::vector<tlog::Sequence>& By(const std::string& actor) const;

 private:
  void Add(const std::string& actor, tlog::Sequence at);
  std::map<std::string, std::vector<tlog::Sequence>> by_;
};

// Adds an answer to report.compromised for each of `facts.compromises`, from what the report has by then:
// timestamps that hold, and when witnesses saw the log (report.seen). `first` is where the replay began; what
// stands before it was not looked at.
void JudgeCompromises(const custody::Facts& facts, const SignerNotes& signers, tlog::Sequence first, Report& report);

}  // namespace exhibit::verify
