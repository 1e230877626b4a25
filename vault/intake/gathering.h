// From what a user names to inputs: folders are walked, patterns leave out, the collector's list of hashes is asked in both
// directions, and each file is looked at as the journal wants to know it again. What other programs made is taken in with
// what their own reports say of it (foreign_folder.h).
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vault/intake/adder.h"
#include "vault/intake/claimed_digests.h"
#include "vault/intake/foreign_folder.h"
#include "vault/intake/image_folder.h"
#include "vault/intake/walk.h"

namespace exhibit::intake {

// What all items of one command share.
struct EvidenceTemplate {
  custody::ItemFacts facts = {};
  SealingChoices sealing = {};
  std::optional<ClaimedDigests> claims = {};
  std::filesystem::path claims_file = {};
  std::optional<intake::Import> import = {};
  // Of all that the user said of them: with other words a file is added again.
  crypto::Sha256Digest said = {};
};

// Gets what is gathered. An error ends the gathering.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual Result<void> Take(Input input) = 0;
  virtual void Refuse(Refused refused) = 0;
  virtual void LeaveOut(const std::filesystem::path& path, const std::string& why) = 0;
  virtual void Remark(const std::string& remark) = 0;
  // What the program that made the evidence could not have, as it says itself.
  virtual void Miss(Refused missed) = 0;
  // Something that was said of what is taken in is not so.
  virtual void Contradict(Refused what) = 0;
};

class Gatherer {
 public:
  // `receiver` must outlive it. The two callbacks of `walk` are the gatherer's own.
  Gatherer(EvidenceTemplate evidence, WalkOptions walk, Receiver& receiver);
  Gatherer(const Gatherer&) = delete;
  Gatherer& operator=(const Gatherer&) = delete;

  // Of what is imported: all paths that will be taken, before the first one is.
  Result<void> Import(const std::vector<Start>& starts);

  // A path that the user named, and all below it.
  Result<void> TakeFrom(const Start& start);

  // A stream: how it is opened, its kind if that is known, and whether it is wanted by name; the rest is filled in.
  Result<void> TakeStream(const std::string& name, Input stream);

  // When all was gathered: what the list names and what was not there, and patterns that fitted nothing. Who adds single
  // files of a list says nothing of the others.
  void End();

 private:
  Input NewInput() const;
  Result<void> TakeFound(Found found);
  // Fills in what lists and reports claim. False if the list is ambiguous, which is a refusal.
  bool TakeClaims(Input& input, const std::string& path);
  Result<bool> TakeImported(Input& input, const Found& found);
  void TellFindings();
  Result<std::vector<custody::ClaimedDigest>> FindClaims(const std::string& path);
  void LeaveOut(const std::filesystem::path& path, const std::string& pattern);

  EvidenceTemplate evidence_;
  WalkOptions walk_;
  Receiver& receiver_;
  Start start_;                             // of the present walk
  std::unique_ptr<ForeignFolder> foreign_;  // of the present walk
  bool walked_folder_ = false;
};

}  // namespace exhibit::intake
