// Shared by `add` and `collect`: what the command line says about evidence, and how it is walked, sealed and
// printed. The caller chooses its destination, a vault or a drop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "vault/intake/adder.h"

namespace exhibit::cli {

struct AddingArguments {
  std::vector<std::string> paths;
  std::string name;
  bool allow_empty = false;
  std::string kind;
  std::string description;
  std::vector<std::string> tags;
  std::string case_number;
  std::string source;
  std::string acquired_at;
  std::string acquired_by;
  std::string clock_offset;
  std::string tool;
  std::string method;
  std::string retain_until;
  std::string retain;
  std::vector<std::string> digests;
  std::string hashes;
  bool keep_mismatched = false;
  bool raw_device = false;
  int level = 1;
  bool json = false;

  void AddTo(const Command& command);
};

struct Adding {
  // Called after the arguments were checked.
  std::function<Result<std::unique_ptr<intake::Destination>>(Pool&)> open;
  // Folders that are not evidence, even if they are below an added path.
  std::vector<std::filesystem::path> excluded;
  enum class Into : std::uint8_t { kVault, kDrop };
  Into into = Into::kVault;
};

// Takes all of it in and prints it. Exit status 1 if something was refused.
Result<ExitCode> AddEvidence(const AddingArguments& arguments, const Globals& globals, const Adding& adding);

}  // namespace exhibit::cli
