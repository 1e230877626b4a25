#include "cli/filter.h"

#include <algorithm>

#include "cli/interrupt.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/parallel.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

constexpr std::string_view kHintSelection =
    "write 'kind=log tag=x case=IR-1 since=2025-01-31 until=2025-02-28', and quotes around what has spaces";

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
  if (name == "since") return &options.since;
  if (name == "until") return &options.until;
  return nullptr;
}

Result<bool> IsAccepted(const VaultReader& vault, const Filter& filter, seal::Identities reader,
                        const custody::Facts& facts, tlog::Sequence at) {
  TRY(const custody::SignedEntry entry, vault.Entry(at));
  if (!IsListed(entry.parsed().body) || !filter.Accepts(entry.parsed().time)) return false;
  if (!filter.NeedsKey()) return true;
  if (facts.shredded.contains(at.value)) return false;  // nobody can tell
  TRY(const seal::Metadata metadata, vault.ReadMetadata(entry, reader));
  return filter.Accepts(metadata);
}

}  // namespace

void FilterOptions::AddTo(const Command& command) {
  command.AddOption("--kind", kind, "only of this kind");
  command.AddOption("--tag", tag, "only with this tag");
  command.AddOption("--case", case_number, "only of this case");
  command.AddOption("--since", since, "only added at or after this time").TypeName("TIME");
  command.AddOption("--until", until, "only added at or before this time").TypeName("TIME");
}

Result<FilterOptions> ParseSelection(const std::vector<std::string>& selections) {
  FilterOptions options;
  for (const std::string& selection : selections) {
    std::string_view text = selection;
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

bool Filter::Accepts(const seal::Metadata& metadata) const {
  return (!kind || metadata.kind == *kind) && (case_number.empty() || metadata.case_number == case_number) &&
         (tag.empty() || std::ranges::find(metadata.tags, tag) != metadata.tags.end());
}

Result<Filter> MakeFilter(const FilterOptions& options) {
  Filter filter{{}, {}, {}, options.tag, options.case_number};
  if (!options.kind.empty()) {
    TRY(filter.kind, seal::KindFromText(options.kind));
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
  return custody::SealedFileOf(body) != nullptr && !std::holds_alternative<custody::Note>(body);
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

}  // namespace exhibit::cli
