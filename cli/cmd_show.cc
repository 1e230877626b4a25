// exhibit show: all that is known of an item.
#include <memory>

#include "cli/fields_output.h"
#include "cli/filter.h"
#include "cli/item_acts.h"
#include "cli/people.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  ReaderOptions reader;
  std::vector<std::string> positions;
  bool json = false;
};

Json PublicJson(const custody::SignedEntry& signed_entry, const tell::People& people, bool is_named) {
  const custody::Entry& entry = signed_entry.parsed();
  Json json = {{"entry", entry.sequence.value},
               {"type", std::string(custody::WordFor(entry.body))},
               {"added", custody::FormatEntryTime(entry.time)},
               {"actor", entry.actor.text()}};
  if (is_named) json["actor_name"] = people.NameOf(entry.actor);
  if (entry.cosigner) json["cosigner"] = entry.cosigner->text();
  json["leaf_hash"] = ToHex(signed_entry.leaf().view());
  if (entry.sealed) {
    json["header_sha256"] = ToHex(entry.sealed->header.view());
    json["payload"] = ToHex(entry.sealed->payload.view());
    json["fields_sha256"] = ToHex(entry.sealed->fields.view());
  }
  return json;
}

// The notes that people added later, in the order of the log.
std::vector<const ItemAct*> NotesAmong(const std::vector<ItemAct>& acts) {
  std::vector<const ItemAct*> notes;
  for (const ItemAct& act : acts) {
    const bool is_note = std::holds_alternative<custody::Note>(act.entry.parsed().body);
    if (is_note && act.fields) notes.push_back(&act);
  }
  return notes;
}

Json JsonOf(const std::vector<const ItemAct*>& notes) {
  Json json = Json::List();
  for (const ItemAct* const note : notes) {
    const custody::Entry& entry = note->entry.parsed();
    json.push_back({{"entry", entry.sequence.value},
                    {"time", custody::FormatEntryTime(entry.time)},
                    {"actor", entry.actor.text()},
                    {"fields", cli::JsonOf(*note->fields)}});
  }
  return json;
}

std::string ShownNote(const ItemAct& note, const People& people) {
  const custody::Entry& entry = note.entry.parsed();
  return ShownLine(Format("note {}", entry.sequence),
                   Format("by {}, {}", people.NameOf(entry.actor), custody::FormatEntryTime(entry.time))) +
         ShownFields(*note.fields);
}

std::string PublicText(const Json& json) {
  std::string text;
  for (const auto& [name, value] : json.Members()) {
    if (name == "entry") continue;  // is its number, and on top
    text += ShownLine(name, Printable(value.IsText() ? *value.Text() : value.Dump()));
  }
  return text;
}

class ShowCommand {
 public:
  ShowCommand(const Arguments& arguments, const Globals& globals) : arguments_(arguments), globals_(globals) {}

  Result<ExitCode> Run() {
    TRY(const auto positions, ParsePositions(arguments_.positions));
    TRY(vault_, OpenVault(globals_));
    TRY(keys_, FindVaultKeys(globals_, arguments_.reader, Ask::kNever));
    TRY(state_, vault_->State());
    TRY(people_, People::Read(*vault_, *state_, keys_));
    Json all = Json::List();
    for (const tlog::Sequence position : positions) {
      if (arguments_.json) {
        TRY(Json one, JsonAt(position));
        all.push_back(std::move(one));
      } else {
        TRY_VOID(ShowAt(position));
        if (positions.size() > 1) Print("\n");
      }
    }
    if (arguments_.json) PrintJson(all);
    return ExitCode::kOk;
  }

 private:
  bool IsShredded(tlog::Sequence at) const { return state_->facts().shredded->Has(at.value); }

  Result<std::vector<ItemAct>> ActsAt(const custody::SignedEntry& entry) const {
    if (!IsListed(entry.parsed().body)) return std::vector<ItemAct>();
    return ReadItemActs(*vault_, *state_, entry.parsed().sequence, keys_);
  }

  Result<Json> JsonAt(tlog::Sequence position) const {
    TRY(const custody::SignedEntry entry, vault_->Entry(position));
    Json json = PublicJson(entry, people_->told(), keys_.has_value());
    if (IsShredded(position)) json["shredded"] = true;
    TRY(const auto fields, ReadFieldsIf(*vault_, *state_, entry, keys_));
    if (!fields) return json;
    json["fields"] = cli::JsonOf(*fields);
    TRY(const std::vector<ItemAct> acts, ActsAt(entry));
    if (const auto notes = NotesAmong(acts); !notes.empty()) json["notes"] = JsonOf(notes);
    return json;
  }

  Result<void> ShowAt(tlog::Sequence position) const {
    TRY(const custody::SignedEntry entry, vault_->Entry(position));
    TRY(const auto fields, ReadFieldsIf(*vault_, *state_, entry, keys_));
    // What people know it by comes before hashes.
    std::string text = ShownLine("number", Format("{}", position));
    if (fields) text += ShownFields(*fields);
    if (IsShredded(position)) text += ShownLine("shredded", "yes: `exhibit history` tells under which authority");
    text += PublicText(PublicJson(entry, people_->told(), keys_.has_value()));
    TRY(const std::vector<ItemAct> acts, fields ? ActsAt(entry) : std::vector<ItemAct>());
    for (const ItemAct* const note : NotesAmong(acts)) text += ShownNote(*note, *people_);
    Print(text);
    if (!keys_ && entry.parsed().sealed && !IsShredded(position) && !globals_.quiet)
      Say("all words for people are sealed: a reader's key shows them (-i FILE; of a vault under a passphrase -i -)");
    return {};
  }

  const Arguments& arguments_;
  const Globals& globals_;
  std::unique_ptr<VaultReader> vault_;
  std::optional<VaultKeys> keys_;
  std::optional<custody::State> state_;
  std::optional<People> people_;
};

}  // namespace

void RegisterShow(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("show", "show all that is known of an item, or of any entry");
  command.AddOption("N", arguments->positions, "the entry's number; 3-9 for a range").Required();
  arguments->reader.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer("Example:\n  exhibit show 3 -i reader.txt");
  command.Runs([arguments, &globals = commands.globals] {
    return WithVault(globals, [&] { return ShowCommand(*arguments, globals).Run(); });
  });
}

}  // namespace exhibit::cli
