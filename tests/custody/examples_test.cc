// The examples of docs/FORMAT.md's formats (tests/second_opinion/format_examples/), made by another program: of each bundle
// and proof the entries are read, written again to the same bytes, and judged. Where an example is wrong by the law, we say
// so; where it is wrong elsewhere or holds, we accept its entries.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/custody/custody_log.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/vectors.h"
#include "vault/custody/field_blocks.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/state.h"
#include "vault/custody/statements/bundle_note.h"

using namespace exhibit;
using namespace exhibit::custody;
using exhibit::testing::ReadVector;

namespace {

struct Case {
  std::string name;
  int status = 0;
  std::string finding;
  std::string arguments;
};

std::vector<Case> CasesIn(const std::filesystem::path& folder) {
  std::ifstream manifest(folder / "manifest");
  std::vector<Case> cases;
  for (std::string line; std::getline(manifest, line);) {
    std::istringstream cells(line);
    Case one;
    std::string status;
    std::getline(cells, one.name, '\t');
    std::getline(cells, status, '\t');
    std::getline(cells, one.finding, '\t');
    std::getline(cells, one.arguments, '\t');
    one.status = std::stoi(status);
    cases.push_back(std::move(one));
  }
  return cases;
}

// A section of a proof, or a file of a bundle's log/.
std::string Section(const std::filesystem::path& folder, const Case& one, const std::string& name) {
  const auto text_of = [](const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) ? ToText(ReadVector(path)) : std::string();
  };
  if (!one.arguments.starts_with("--proof")) return text_of(folder / one.name / "bundle" / "log" / name);
  std::istringstream words(one.arguments);
  std::string option, file;
  words >> option >> file;
  const std::string proof = text_of(folder / one.name / file);
  const std::size_t begin = proof.find("\n== " + name + "\n");
  if (begin == std::string::npos) return {};
  const std::size_t from = begin + name.size() + 5;
  return proof.substr(from, proof.find("\n== ", from - 1) - from + 1);
}

std::vector<std::string> SplitEntries(const std::string& text) {
  std::vector<std::string> entries;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    do {
      end = std::min(text.find('\n', end), text.size() - 1) + 1;
    } while (end < text.size() && text[end] != '{');
    entries.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return entries;
}

// Replays what is told as a bundle's verifier does. Empty if all holds; "newer" after what a newer program must read.
std::string Judge(const std::string& entries, const std::string& fields, const std::optional<Actor>& maker,
                  bool hides_parts) {
  std::map<std::uint64_t, FieldList> blocks;
  std::map<std::uint64_t, tlog::LeafHash> told;
  std::optional<State> state;
  std::string wrong;
  const auto note = [&](const Error& error) {
    if (wrong.empty() && error.code != ErrorCode::kUnsupported) wrong = error.message;
    if (error.code == ErrorCode::kUnsupported) wrong = wrong.empty() ? "newer" : wrong;
  };
  auto parsed_blocks = ParseFieldBlocks(fields);
  if (!parsed_blocks) {
    note(parsed_blocks.error());
  } else {
    for (FieldBlock& block : *parsed_blocks) blocks.emplace(block.entry.value, std::move(block.fields));
  }
  for (const std::string& bytes : SplitEntries(entries)) {
    if (state && state->newer()) {
      const auto sequence = ReadNewerSequence(ViewOf(bytes));
      if (!sequence) note(sequence.error());
      continue;
    }
    auto entry = SignedEntry::Parse(ToBytes(ViewOf(bytes)));
    if (!entry) {
      note(entry.error());
      continue;
    }
    if (EncodeEntryText(entry->parsed()) + "\n" != bytes.substr(0, bytes.find("\n\n") + 2))
      wrong = "other bytes when written again";
    const tlog::Sequence at = entry->parsed().sequence;
    const FieldList* list = nullptr;
    if (const auto block = blocks.find(at.value); block != blocks.end()) {
      auto fits = CheckBlock(entry->parsed(), block->second);
      if (fits) list = &block->second;
      if (!fits) note(fits.error());
    }
    if (!state) {
      auto begun = State::Begin(*entry, {.leaf = [&](tlog::Sequence asked) -> Result<std::optional<tlog::LeafHash>> {
        const auto found = told.find(asked.value);
        return found == told.end() ? std::nullopt : std::optional(found->second);
      }});
      if (!begun) {
        note(begun.error());
        return wrong;
      }
      const Signers signers = exhibit::testing::Unwrap(Signers::Of(begun->facts(), entry->parsed()));
      if (auto fits = CheckSignatures(*entry, signers); !fits) note(fits.error());
      state.emplace(std::move(*begun));
      told[0] = entry->leaf();
      continue;
    }
    State next = *state;
    auto accepted = next.AcceptTold(*entry, list);
    if (accepted) {
      if (auto fits = CheckSignatures(*entry, accepted->signers); !fits) {
        note(fits.error());
        accepted = Fail(fits.error());
      }
    } else {
      note(accepted.error());
    }
    told[at.value] = entry->leaf();
    if (accepted) {
      state = std::move(next);
    } else if (at >= state->next_sequence()) {
      state->PassOver(*entry);
    }
  }
  if (!state && wrong.empty()) wrong = "no genesis";
  if (state && !state->newer() && maker && wrong.empty()) {
    const Membership* const member = state->facts().FindPresent(*maker);
    if (member == nullptr || !member->roles.Has(Role::kCustodian)) wrong = "its maker is no custodian";
  }
  if (hides_parts) {
    for (const auto& [number, told_of] : blocks) {
      if (auto fits = CheckHiddenWithParts(told_of); !fits) note(fits.error());
    }
  }
  if (wrong.empty() && state->newer()) wrong = "newer";
  return wrong;
}

// What the law alone finds.
bool IsOfTheLaw(const std::string& finding) {
  static const std::set<std::string> others = {"entry-last"};
  for (const char* const begin :
       {"entry-", "custody-", "collected-", "statement-", "receipt-", "genesis-", "fields-", "field-told"}) {
    if (finding.starts_with(begin))
      return !others.contains(finding) && finding != "fields-entry" && finding != "receipt-file";
  }
  return false;
}

}  // namespace

TEST_CASE("each example of the formats is judged as it must be, where the law decides", "[examples]") {
  exhibit::testing::TemporaryFolder folder;
  const std::string make = "python3 " EXHIBIT_SOURCE_DIR "/tests/second_opinion/format_examples/make.py " +
                           folder.path().string() + " >/dev/null 2>&1";
  if (std::system(make.c_str()) != 0) {
    WARN("skipped: python3 cannot make the examples (python3-cryptography with ML-DSA is needed)");
    ++exhibit::testing::SkippedTests();
    return;
  }
  std::size_t count = 0;
  for (const Case& one : CasesIn(folder.path())) {
    const std::string entries = Section(folder.path(), one, "entries");
    if (entries.empty()) continue;
    ++count;
    std::optional<Actor> maker;
    const auto note_path = folder.path() / one.name / "bundle" / "bundle.note";
    if (!one.arguments.starts_with("--proof") && std::filesystem::is_regular_file(note_path)) {
      if (const auto note = SignedBundleNote::Parse(ReadVector(note_path))) maker = note->said().made_by;
    }
    const bool hides_parts =
        one.arguments.starts_with("--proof") && !Section(folder.path(), one, "part-hashes").empty();
    const std::string wrong = Judge(entries, Section(folder.path(), one, "fields"), maker, hides_parts);
    CAPTURE(one.name, one.status, one.finding, wrong);
    // What is wrong inside a sealed file shows to who opens it.
    const bool is_opened = one.arguments.find(" -i ") != std::string::npos;
    if (IsOfTheLaw(one.finding) && !is_opened) {
      CHECK((!wrong.empty() && wrong != "newer"));
    } else if (one.status == 8) {
      CHECK(wrong == "newer");
    } else {
      CHECK((wrong.empty() || wrong == "newer"));
    }
  }
  CHECK(count > 300);
}

TEST_CASE("the examples' bundle notes are of their form", "[examples]") {
  // Where a note is wrong by itself, the examples call it note-malformed.
  exhibit::testing::TemporaryFolder folder;
  const std::string make = "python3 " EXHIBIT_SOURCE_DIR "/tests/second_opinion/format_examples/make.py " +
                           folder.path().string() + " note plain >/dev/null 2>&1";
  if (std::system(make.c_str()) != 0) return;
  for (const Case& one : CasesIn(folder.path())) {
    const auto path = folder.path() / one.name / "bundle" / "bundle.note";
    if (!std::filesystem::is_regular_file(path)) continue;
    CAPTURE(one.name, one.finding);
    if (one.finding == "note-malformed") {
      CHECK_FALSE(SignedBundleNote::Parse(ReadVector(path)));
    } else if (one.finding == "-") {
      const auto note = SignedBundleNote::Parse(ReadVector(path));
      if (!note) FAIL(note.error().message);
      CHECK(EncodeStatement(note->said()) + "\n" ==
            ToText(note->bytes()).substr(0, EncodeStatement(note->said()).size() + 1));
    }
  }
}
