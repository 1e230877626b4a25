// Which items: the filters of `list`, which --select of `export`, `restore` and `cat` takes as well.
//
//   selection  = word *( " " word )            'kind=ransom-message case=IR-2025-014 since=2025-02-01'
//   word       = name "=" value
//   name       = "kind" / "tag" / "case" / "source" / "name" / "sha256" / "since" / "until"
//   value      = text without white space, or in double quotes
//
// All words must hold. In a name, * stands for any letters and ? for one; a name with a / is compared with the path. All
// but the time is sealed, so a filter by anything else needs a reader's key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "vault/custody/item_facts.h"

namespace exhibit::cli {

struct FilterOptions {
  std::string kind;
  std::string tag;
  std::string case_number;
  std::string source;
  std::string name;
  std::string sha256;
  std::string since;
  std::string until;
  void AddTo(const Command& command);
};

// kInvalid naming the word.
Result<FilterOptions> ParseSelection(const std::vector<std::string>& selections);

struct Filter {
  std::optional<custody::Kind> kind;
  std::optional<Moment> since;
  std::optional<Moment> until;
  std::string tag;
  std::string case_number;
  std::string source;
  std::string name;
  std::optional<crypto::Sha256Digest> sha256 = {};

  bool NeedsKey() const {
    return kind || sha256 || !(tag.empty() && case_number.empty() && source.empty() && name.empty());
  }
  bool Accepts(Moment added) const { return (!since || added >= *since) && (!until || added <= *until); }
  bool Accepts(const custody::ItemFacts& facts) const;
};

Result<Filter> MakeFilter(const FilterOptions& options);

// Items and omissions. Other entries with fields are shown with their items (exhibit show, exhibit history).
bool IsListed(const custody::EntryBody& body);

// The entries that the filter accepts, in order; shredded ones only if it filters by time alone. An error of one entry is
// an error of all: nobody can tell whether it is meant. Lost ones are passed over, and the program says so (cli/lost.h).
Result<std::vector<tlog::Sequence>> Select(const VaultReader& vault, const Filter& filter, seal::Identities reader);

// Which items a command is about: numbers and ranges, selections, or all.
struct ItemChoice {
  std::vector<std::string> positions;
  std::vector<std::string> selections;
  bool all = false;

  // N..., --select and --all.
  void AddTo(const Command& command);
  bool IsEmpty() const { return positions.empty() && selections.empty() && !all; }
  // Each once, in order. Acts within a range are left out, and it is said; an act that is named by its number is taken, so
  // that who uses it can refuse it. kNotFound if there are selections and nothing matches.
  Result<std::vector<tlog::Sequence>> Choose(const VaultReader& vault, seal::Identities reader,
                                             const Globals& globals) const;
};

// The same of numbers and ranges alone.
Result<std::vector<tlog::Sequence>> ItemsAt(const std::vector<std::string>& positions, const VaultReader& vault,
                                            const Globals& globals);

}  // namespace exhibit::cli
