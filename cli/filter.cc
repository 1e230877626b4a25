#include "cli/filter.h"

#include <fnmatch.h>

#include <algorithm>

#include "cli/evidence_options.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/parallel.h"
#include "vault/base/text.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::cli {
namespace {

constexpr std::string_view kHintSelection =
    "write 'kind=log tag=x case=IR-1 source=fs01 name=*.log since=2025-01-31', and quotes around what has spaces";

Failure Wrong(std::string_view what) {
  return Fail(ErrorCode::kInvalid, "--select: " + std::string(what), std::string(kHintSelection));
}

// Takes the next word's name and value off `text`.
Result<std::pair<std::string, std::string>> TakeWord(std::string_view& text) {
  const std::size_t equals = text.find('=');
  const std::string shown = Printable(text.substr(0, std::min<std::size_t>(text.find(' '), 64)));
  if (equals == std::string_view::npos || text.substr(0, equals).find(' ') != std::string_view::npos) {
    return Wrong(Format("\"{}\" is no name=value", shown));
  }
  const std::string name(text.substr(0, equals));
  text.remove_prefix(equals + 1);
  const bool is_quoted = text.starts_with('"');
  if (is_quoted) text.remove_prefix(1);
  const std::size_t end = std::min(text.find(is_quoted ? '"' : ' '), text.size());
  if (is_quoted && end == text.size()) return Wrong(Format("a quote of \"{}\" does not end", shown));
  std::string value(text.substr(0, end));
  text.remove_prefix(std::min(end + (is_quoted ? 1 : 0), text.size()));
  if (is_quoted && !text.empty() && text.front() != ' ') {
    return Wrong(Format("characters follow the closing quote of \"{}\"", shown));
  }
  if (value.empty()) return Wrong(Format("\"{}\" has no value", shown));
  return std::pair(name, std::move(value));
}

std::string* FindOption(FilterOptions& options, std::string_view name) {
  if (name == "kind") return &options.kind;
  if (name == "tag") return &options.tag;
  if (name == "case") return &options.case_number;
  if (name == "source") return &options.source;
  if (name == "name") return &options.name;
  if (name == "sha256") return &options.sha256;
  if (name == "since") return &options.since;
  if (name == "until") return &options.until;
  return nullptr;
}

bool HasName(const custody::ItemFacts& facts, const std::string& pattern) {
  const bool is_path = pattern.find('/') != std::string::npos;
  const std::optional<std::string>& told = is_path ? facts.path : facts.name;
  return told && ::fnmatch(pattern.c_str(), told->c_str(), 0) == 0;
}

Result<bool> IsAccepted(const VaultReader& vault, const Filter& filter, seal::Identities reader,
                        const custody::Facts& facts, tlog::Sequence at) {
  TRY(const auto entry, vault.EntryIfHere(at));
  if (!entry || !IsListed(entry->parsed().body)) return false;
  if (!filter.Accepts(custody::MomentOf(entry->parsed().time))) return false;
  if (!filter.NeedsKey()) return true;
  if (facts.shredded->Has(at.value)) return false;  // nobody can tell
  TRY(const custody::FieldList fields, vault.ReadFields(*entry, reader));
  return filter.Accepts(custody::ItemFactsIn(fields));
}

}  // namespace

void FilterOptions::AddTo(const Command& command) {
  command.AddOption("--kind", kind, "only of this kind");
  command.AddOption("--tag", tag, "only with this tag");
  command.AddOption("--case", case_number, "only of this case");
  command.AddOption("--source", source, "only from this host or place");
  command.AddOption("--name", name, "only of this name; * stands for any letters, and with a / it is the path")
      .TypeName("PATTERN");
  command.AddOption("--sha256", sha256, "only what has this digest").TypeName("HEX");
  command.AddOption("--since", since, "only added at or after this time").TypeName("TIME");
  command.AddOption("--until", until, "only added at or before this time").TypeName("TIME");
}

Result<FilterOptions> ParseSelection(const std::vector<std::string>& selections) {
  FilterOptions options;
  for (const std::string& selection : selections) {
    std::string_view text = selection;
    // Of no words, every item would be one.
    if (text.find_first_not_of(' ') == std::string_view::npos) return Wrong("it names nothing to select by");
    while (true) {
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      if (text.empty()) break;
      TRY(auto word, TakeWord(text));
      std::string* const option = FindOption(options, word.first);
      if (option == nullptr) return Wrong(Format("there is no \"{}\" to select by", Printable(word.first)));
      if (!option->empty()) return Wrong(Format("\"{}\" is given twice", word.first));
      *option = std::move(word.second);
    }
  }
  return options;
}

bool Filter::Accepts(const custody::ItemFacts& facts) const {
  const auto has = [](const std::vector<std::string>& words, const std::string& wanted) {
    return wanted.empty() || std::ranges::find(words, wanted) != words.end();
  };
  return (!kind || facts.kind == *kind) && has(facts.cases, case_number) && has(facts.tags, tag) &&
         (source.empty() || facts.source == source) && (!sha256 || facts.sha256 == *sha256) &&
         (name.empty() || HasName(facts, name));
}

Result<Filter> MakeFilter(const FilterOptions& options) {
  Filter filter{{}, {}, {}, options.tag, options.case_number, options.source, options.name};
  if (!options.sha256.empty()) {
    TRY(filter.sha256, FixedFromHex<crypto::Sha256Digest>(DigitsOf(options.sha256), "sha256"));
  }
  if (!options.kind.empty()) {
    TRY(filter.kind, ParseKind(options.kind));
  }
  if (!options.since.empty()) {
    TRY(filter.since, ParseTime(options.since));
  }
  if (!options.until.empty()) {
    TRY(filter.until, ParseTime(options.until));
  }
  return filter;
}

bool IsListed(const custody::EntryBody& body) {
  return std::holds_alternative<custody::Item>(body) || std::holds_alternative<custody::Omission>(body);
}

Result<std::vector<tlog::Sequence>> Select(const VaultReader& vault, const Filter& filter, seal::Identities reader) {
  TRY(const custody::State state, vault.State());
  Pool pool;
  constexpr std::uint64_t kBatch = 1024;
  std::vector<tlog::Sequence> selected;
  const auto ask = [&](std::uint64_t at) { return IsAccepted(vault, filter, reader, state.facts(), {at}); };
  const auto take = [&](std::uint64_t at, Result<bool> accepted) -> Result<void> {
    TRY_VOID(StopIfAsked(&Interrupted()));
    TRY(const bool is_meant, std::move(accepted));
    if (is_meant) selected.push_back({at});
    return {};
  };
  TRY_VOID(MakeAndTake<Result<bool>>(pool, vault.head().size.value, kBatch, ask, take));
  return selected;
}

void ItemChoice::AddTo(const Command& command) {
  command.AddOption("N", positions, "the entries' numbers; 3-9 for a range");
  command
      .AddOption("--select", selections,
                 "the items that match: kind=, tag=, case=, source=, name=, sha256=, since=, until=")
      .TypeName("WORDS");
  command.AddFlag("--all", all, "all items");
}

Result<std::vector<tlog::Sequence>> ItemsAt(const std::vector<std::string>& positions, const VaultReader& vault,
                                            const Globals& globals) {
  std::vector<tlog::Sequence> items;
  std::vector<tlog::Sequence> acts;
  for (const std::string& word : positions) {
    TRY(const std::vector<tlog::Sequence> named, ParsePositions({word}));
    for (const tlog::Sequence at : named) {
      if (named.size() > 1) {
        TRY(const auto entry, vault.EntryIfHere(at));
        if (!entry) continue;
        if (!IsListed(entry->parsed().body)) {
          acts.push_back(at);
          continue;
        }
      }
      items.push_back(at);
    }
  }
  if (!acts.empty() && !globals.quiet) {
    constexpr std::size_t kMost = 20;
    Say(Format("{} {}: left out of the range", tlog::ListOf(tlog::RangesOf(acts), kMost),
               acts.size() == 1 ? "is an act, and no evidence" : "are acts, and no evidence"));
  }
  if (items.empty() && !positions.empty())
    return Fail(ErrorCode::kInvalid, "nothing that is named is an item", "exhibit list shows the items");
  return items;
}

namespace {

// Who asks for all asks for what there is.
Result<void> LeaveOutShredded(const VaultReader& vault, std::vector<tlog::Sequence>& items, const Globals& globals) {
  TRY(const custody::State state, vault.State());
  std::vector<tlog::Sequence> shredded;
  std::erase_if(items, [&](tlog::Sequence item) {
    if (!state.facts().shredded->Has(item.value)) return false;
    shredded.push_back(item);
    return true;
  });
  if (!shredded.empty() && !globals.quiet) {
    constexpr std::size_t kMost = 20;
    Say(Format("{} {} shredded: left out", tlog::ListOf(tlog::RangesOf(shredded), kMost),
               shredded.size() == 1 ? "was" : "were"));
  }
  return {};
}

}  // namespace

Result<std::vector<tlog::Sequence>> ItemChoice::Choose(const VaultReader& vault, seal::Identities reader,
                                                       const Globals& globals) const {
  TRY(std::vector<tlog::Sequence> items, ItemsAt(positions, vault, globals));
  if (!selections.empty() || all) {
    TRY(const FilterOptions options, ParseSelection(selections));
    TRY(const Filter filter, MakeFilter(options));
    TRY(const std::vector<tlog::Sequence> selected, Select(vault, filter, reader));
    if (selected.empty()) {
      std::string shown;
      for (const std::string& selection : selections) shown += " " + Printable(selection);
      return Fail(ErrorCode::kNotFound, all ? "there are no items" : "no item matches" + shown,
                  "exhibit list takes the same filters, and shows what there is");
    }
    items.insert(items.end(), selected.begin(), selected.end());
  }
  if (all) TRY_VOID(LeaveOutShredded(vault, items, globals));
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

}  // namespace exhibit::cli
