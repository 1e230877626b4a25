// The end of a verification: what is now proven, by whom, what is not, and the command that would prove it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vault/verify/report.h"

namespace exhibit::tell {

// What a verifier brought.
struct TrustedInput {
  std::string policy_file = {};  // empty for none
  bool fingerprint = false;      // given on the command line
  // A file of this user's that names the vault: a checkpoint or a fingerprint that was kept before, with which the log
  // was found to agree. Empty for none.
  std::string kept = {};
  std::vector<std::string> identity_files = {};  // given to open sealed files
  bool opens_nothing = false;                    // they do not open the vault's own key
  // A user who has only exhibit-verify hears of no other command.
  enum class Program : std::uint8_t { kExhibit, kExhibitVerify } program = Program::kExhibit;
};

// Whether the verifier brought something that says whose vault this is. Nothing that came with the evidence does.
inline bool IsAnchored(const TrustedInput& brought) {
  return brought.fingerprint || !brought.policy_file.empty() || !brought.kept.empty();
}

enum class Verified : std::uint8_t { kVault, kPublishedLog, kBundle };

struct ProofRow {
  enum class State : std::uint8_t { kProven, kPartly, kNotProven };
  std::string question;
  State state = State::kNotProven;
  std::string by;       // what is proven, and by what or whom; or why not
  std::string command;  // what would prove more; may be empty
};
std::string_view ToText(ProofRow::State state);

// Integrity, completeness, order, not earlier, not later, who: always these six. Each fails only with the findings about
// it. After them, if all holds, a row for each key that others had too and for each case whose key was brought; and, always,
// one for each recovery. Where a newer version is needed, the six say only that.
std::vector<ProofRow> ProofTable(const verify::Report& report, const TrustedInput& brought, Verified what);

}  // namespace exhibit::tell
