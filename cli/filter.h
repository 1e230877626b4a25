// Which items: the filters of `list`, which `export --select` takes as well.
//
//   selection  = word *( " " word )            'kind=ransom-message case=IR-2025-014 since=2025-02-01'
//   word       = ("kind" / "tag" / "case" / "since" / "until") "=" value
//   value      = text without white space, or in double quotes
//
// All words must hold. Kind, tag and case are sealed, so a filter by them needs a reader's key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"

namespace exhibit::cli {

struct FilterOptions {
  std::string kind;
  std::string tag;
  std::string case_number;
  std::string since;
  std::string until;
  void AddTo(const Command& command);
};

// kInvalid naming the word.
Result<FilterOptions> ParseSelection(const std::vector<std::string>& selections);

struct Filter {
  std::optional<seal::Kind> kind;
  std::optional<Moment> since;
  std::optional<Moment> until;
  std::string tag;
  std::string case_number;

  bool NeedsKey() const { return kind || !tag.empty() || !case_number.empty(); }
  bool Accepts(Moment added) const { return (!since || added >= *since) && (!until || added <= *until); }
  bool Accepts(const seal::Metadata& metadata) const;
};

Result<Filter> MakeFilter(const FilterOptions& options);

// Items and omissions. Notes are shown with their items (exhibit show).
bool IsListed(const custody::EntryBody& body);

// The entries that the filter accepts, in order; shredded ones only if it filters by time alone. An error of one entry is
// an error of all: nobody can tell whether it is meant.
Result<std::vector<tlog::Sequence>> Select(const VaultReader& vault, const Filter& filter, seal::Identities reader);

}  // namespace exhibit::cli
