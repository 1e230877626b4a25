// What keeps a vault from being used well, or will soon: looked for in the vault, on this machine and around this user. It
// writes nothing, opens no secret, and proves nothing: `verify` does.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "vault/session/vault_reader.h"

namespace exhibit::work {

// From good to bad.
enum class Grade : std::uint8_t {
  kFine,
  kRemark,   // works, and could be better
  kTrouble,  // something does not work, or will not soon
  kDamage,   // something is not what it was: changed, or missing
};

struct Symptom {
  std::string area;  // "clock", "space"
  Grade grade = Grade::kFine;
  std::string what;
  std::string hint = {};  // what to do about it
};

struct Patient {
  std::filesystem::path folder;
  std::filesystem::path key = {};  // the signing key's file; empty for this user's own
  OpenOptions opening = {};
};

// In the order in which one would look. What cannot be found out is a symptom too.
std::vector<Symptom> Examine(const Patient& patient);

}  // namespace exhibit::work
