// What the command line says about evidence that is taken in, by `add` and by `collect`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "vault/custody/free_text.h"
#include "vault/intake/gathering.h"

namespace exhibit::cli {

struct EvidenceOptions {
  std::vector<std::string> paths;
  std::string exec;
  std::string profile;
  std::string from;
  std::vector<std::string> exclude;
  bool resume = false;
  bool dry_run = false;
  std::string name;
  bool allow_empty = false;
  bool keep_cut = false;
  std::string kind;
  std::string description;
  std::vector<std::string> tags;
  std::vector<std::string> cases;
  std::string source;
  std::string acquired_at;
  std::string acquired_by;
  std::string clock_offset;
  std::string tool;
  std::string tool_sha256;
  std::string method;
  std::string retain_until;
  std::string retain;
  std::vector<std::string> digests;
  std::string parts;
  std::string partial;
  std::string hashes;
  bool keep_mismatched = false;
  bool raw_device = false;
  int level = 1;
  bool json = false;

  void AddTo(const Command& command);
  // What somebody typed, and no name below an added path: that is evidence, whatever it is.
  std::vector<custody::FreeText> Written() const;
  // Of all that is said of the items, and the machine: with other words, or elsewhere, a file is not the same to the journal.
  crypto::Sha256Digest Said() const;
};

// kInvalid with the words that there are.
Result<custody::Kind> ParseKind(const std::string& word);

// kInvalid naming the option that says what nobody understands.
Result<intake::EvidenceTemplate> MakeTemplate(const EvidenceOptions& options);

}  // namespace exhibit::cli
