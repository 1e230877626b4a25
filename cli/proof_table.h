// The end of a verification: what is now proven, by whom, and what is not, with the command that would.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vault/verify/report.h"

namespace exhibit::cli {

// What a verifier brought: a policy's file, and where a fingerprint came from.
struct Brought {
  std::string policy_file;       // empty for none
  std::string fingerprint_from;  // "" for none; else "--fingerprint", or the file that kept it
};

enum class Verified : std::uint8_t { kVault, kPublishedLog, kBundle };

struct ProofRow {
  enum class State : std::uint8_t { kProven, kPartly, kNotProven };
  std::string question;
  State state = State::kNotProven;
  std::string by;       // what is proven, and by what or whom; or why not
  std::string command;  // what would prove more; may be empty
};
std::string_view ToText(ProofRow::State state);

// Integrity, completeness, order, not earlier, not later, who; always these six. Behind them, if all holds, a row
// for each key that others had too.
std::vector<ProofRow> ProofTable(const verify::Report& report, const Brought& brought, Verified what);

}  // namespace exhibit::cli
