// exhibit show: all that is known of an item.
#include <memory>

#include "cli/command.h"
#include "cli/notes.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  ReaderOptions reader;
  std::vector<std::string> positions;
  bool json = false;
};

Json PublicJson(const custody::SignedEntry& signed_entry) {
  const custody::Entry& entry = signed_entry.parsed();
  Json json = {{"entry", entry.sequence.value},
               {"type", std::string(ToText(custody::TypeOf(entry.body)))},
               {"added", FormatTime(entry.time)},
               {"actor", entry.actor},
               {"leaf_hash", ToHex(signed_entry.leaf().view())}};
  if (const custody::SealedFile* const file = custody::SealedFileOf(entry.body)) {
    json["header_sha256"] = ToHex(file->header.view());
    json["payload_bytes"] = file->payload_bytes;
    json["payload_root"] = ToHex(file->payload_root.view());
  }
  return json;
}

Json JsonOf(const std::vector<ItemNote>& notes) {
  Json json = Json::List();
  for (const ItemNote& note : notes) {
    const custody::Entry& entry = note.entry.parsed();
    json.push_back({{"entry", entry.sequence.value},
                    {"time", FormatTime(entry.time)},
                    {"actor", entry.actor},
                    {"text", note.text}});
  }
  return json;
}

// A value of JSON on one line, safe to show.
std::string Shown(const Json& value) { return Printable(value.IsText() ? *value.Text() : value.Dump()); }

std::string HumanText(const Json& json) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += std::string(name) + std::string(name.size() < 18 ? 18 - name.size() : 1, ' ') + value + "\n";
  };
  const auto of = [](const Json& one, std::string_view name) {
    const Json* const value = one.Find(name);
    return value == nullptr ? std::string() : Shown(*value);
  };
  for (const auto& [name, value] : json.Members()) {
    if (name == "digests") {
      for (const auto& [algorithm, digest] : value.Members()) line(algorithm, Shown(digest));
    } else if (name == "metadata") {
      text += HumanText(value);
    } else if (name == "notes") {
      for (const Json& note : value.Elements()) {
        line("note " + of(note, "entry"), of(note, "text") + "  (" + of(note, "actor") + ", " + of(note, "time") + ")");
      }
    } else if (name == "claimed") {
      for (const Json& claim : value.Elements()) {
        const Json* const matched = claim.Find("matched");
        line("claimed " + of(claim, "algorithm"),
             of(claim, "value") + (matched != nullptr && matched->IsTrue() ? "  matched" : "  DIFFERS"));
      }
    } else if (name != "v") {
      line(name, Shown(value));
    }
  }
  return text;
}

Result<ExitCode> Show(const Arguments& arguments, const Globals& globals) {
  TRY(const auto positions, ParsePositions(arguments.positions));
  TRY(const auto vault, OpenVault(globals));
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  TRY(const custody::State state, vault->State());
  const auto& shredded = state.facts().shredded;
  Json all = Json::List();
  for (const tlog::Sequence position : positions) {
    TRY(const custody::SignedEntry entry, vault->Entry(position));
    Json json = PublicJson(entry);
    const auto under = shredded.find(position.value);
    if (under != shredded.end()) json["shredded_under"] = under->second.value;
    const bool sealed = under == shredded.end() && custody::SealedFileOf(entry.parsed().body) != nullptr;
    if (reader && sealed) {
      TRY(const seal::Metadata metadata, vault->ReadMetadata(entry, *reader));
      json["metadata"] = seal::JsonOf(metadata);
      TRY(const std::vector<ItemNote> notes, ReadNotes(*vault, position, *reader));
      if (!notes.empty()) json["notes"] = JsonOf(notes);
    }
    if (arguments.json) {
      all.push_back(std::move(json));
      continue;
    }
    Print(HumanText(json) + (positions.size() > 1 ? "\n" : ""));
    if (!reader && sealed && !globals.quiet) {
      Say("name, kind, digests and origin are sealed: a reader's key shows them (-i FILE, or the vault's passphrase)");
    }
  }
  if (arguments.json) PrintJson(all);
  return ExitCode::kOk;
}

}  // namespace

void RegisterShow(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("show", "show all that is known of an item");
  command.AddOption("N", arguments->positions, "the entry's number; 3-9 for a range").Required();
  arguments->reader.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer("Example:\n  exhibit show 3 -i reader.txt");
  commands.Run(command, arguments, Show);
}

}  // namespace exhibit::cli
