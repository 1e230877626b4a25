// What `add` and `collect` print: a line for each item, what was refused, left out or passed over, and the end of it. As JSON
// all of it is one object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/adding.h"
#include "cli/json_output.h"
#include "vault/intake/dry_run.h"

namespace exhibit::cli {

class AddingOutput {
 public:
  enum class Form : std::uint8_t { kText, kTextWithoutEnd, kJson };
  // Whether it is a failure if something is taken in that is not what was said of it.
  enum class Differences : std::uint8_t { kAreExpected, kAreFailures };
  AddingOutput(Form form, Adding::Into into, Differences differences)
      : form_(form), is_drop_(into == Adding::Into::kDrop), differences_(differences) {}

  void ShowAdded(const intake::Added& added);
  void ShowRefused(const intake::Refused& refused);
  // A reader of the list is not told of each, but for JSON.
  void NoteLeftOut(const std::filesystem::path& path, const std::string& why);
  void ShowMissed(const intake::Refused& missed);
  void ShowContradicted(const intake::Refused& what);
  void ShowWould(const intake::DryRun::Would& would);

  // Nothing: the work did not come to its end.
  void Finish(const std::optional<intake::Adder::Outcome>& outcome);
  void FinishDryRun();

  // Whether something was refused, could be read in part only, or is not what was said of it.
  bool had_failures() const { return failures_ > 0; }

 private:
  void AddImported(Json& json) const;

  Form form_;
  bool is_drop_;
  Differences differences_;
  std::uint64_t failures_ = 0;
  std::uint64_t would_ = 0;
  std::uint64_t would_bytes_ = 0;
  std::uint64_t left_out_count_ = 0;
  Json items_ = Json::List();
  Json omissions_ = Json::List();
  Json left_out_ = Json::List();
  Json missed_ = Json::List();
  Json contradicted_ = Json::List();
};

}  // namespace exhibit::cli
