#include "vault/work/kit.h"

#include <algorithm>
#include <map>
#include <set>

#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/manifest.h"
#include "vault/bundle/proof_writer.h"
#include "vault/custody/signers.h"
#include "vault/seal/age_file.h"
#include "vault/session/sealed_key_file.h"
#include "vault/store/kept_heads.h"
#include "vault/tlog/note.h"
#include "vault/verify/open_sealed.h"
#include "vault/work/kit_papers.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxKeyFileBytes = 1 << 20;
const NewFolder::Rules kRules = {.prefix = ".", .suffix = ".making"};

// The entries that say who reads, what signs, and how a loss is mended: an older kit does not know of them.
bool ConcernsKit(std::string_view type) {
  constexpr std::array<std::string_view, 6> kTypes = {"custodian", "rule", "reader", "reseal", "log-key", "recovery"};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

class KitMaker {
 public:
  KitMaker(const VaultReader& vault, const KitRequest& request, custody::State state)
      : vault_(vault),
        request_(request),
        state_(std::move(state)),
        paths_(request.folder),
        words_{.checkpoint = vault.head(), .fingerprint = vault.fingerprint()} {}

  Result<MadeKit> Run() {
    TRY(NewFolder making, NewFolder::Make(request_.out, kRules));
    TRY_VOID(TakeSecrets());
    TRY_VOID(TakeWords());
    TRY_VOID(TakeLaw());
    files_["fingerprint"] = ToHex(words_.fingerprint.view()) + "\n";
    files_["checkpoint"] = words_.checkpoint_note;
    files_["README.txt"] = KitReadme(words_);
    TRY(files_["print.html"], KitPage(words_));
    TRY_VOID(Write(making.path()));
    TRY_VOID(making.Finish());
    MadeKit made{vault_.head(), {}, words_.left_out, words_.cosigners, {}};
    for (const auto& [name, text] : files_) made.files.push_back(name);
    const auto remembered = Remember();
    if (!remembered) made.not_remembered = remembered.error().message;
    return made;
  }

 private:
  // The sealed secrets, each the one that the log names.
  Result<void> TakeSecrets() {
    TRY(const KeyFileLook look, LookAtKeyFile(paths_.reader_key));
    const auto& named = state_.facts().key_file;
    if (named && *named != look.digest) {
      return Fail(ErrorCode::kTampered,
                  Format("{} is not the file that the log names", Printable(paths_.reader_key.native())),
                  "if a change of it was cut short, the next command that adds ends that; else restore it from a copy");
    }
    words_.is_under_passphrase = look.passphrase;
    TRY_VOID(TakeSecret(paths_.reader_key));
    if (state_.facts().recovery() != nullptr) {
      if (IsAbsent(paths_.recovery_key)) {
        return Fail(ErrorCode::kNotFound,
                    Format("{} is missing, and the log names a recovery key", Printable(paths_.recovery_key.native())),
                    "restore it from a copy, or make a new one: exhibit reader recovery-key -i FILE");
      }
      TRY_VOID(TakeSecret(paths_.recovery_key));
    }
    TRY_VOID(TakeIfSealed(paths_.log_key, "signs checkpoints"));
    if (state_.log_keys().present().ml_dsa) TRY_VOID(TakeIfSealed(paths_.log_pq_key, "signs checkpoints, too"));
    return TakeIfSealed(paths_.label_key, "labels entries for cases");
  }
  Result<void> TakeSecret(const fs::path& path) {
    TRY(const Bytes bytes, ReadFile(path, kMaxKeyFileBytes));
    if (!seal::LooksSealed(bytes)) {
      return Fail(ErrorCode::kTampered, Printable(path.native()) + " is no sealed file", "restore it from a copy");
    }
    words_.secrets.push_back({"keys/" + path.filename().native(), std::string(TextOf(bytes))});
    return {};
  }
  // A kit that is lost must let nobody sign.
  Result<void> TakeIfSealed(const fs::path& path, std::string_view does) {
    const std::string name = "keys/" + path.filename().native();
    if (IsAbsent(path)) {
      words_.left_out.push_back(Format("{} ({}) is missing in the vault.", name, does));
      return {};
    }
    TRY(Bytes bytes, ReadFile(path, kMaxKeyFileBytes));
    const bool is_sealed = seal::LooksSealed(bytes);
    if (!is_sealed) crypto::Wipe(bytes);
    if (is_sealed) return TakeSecret(path);
    words_.left_out.push_back(Format(
        "{} ({}) has no passphrase, so it is not here: whoever has it can use it. Keep a copy of it by itself, or "
        "put it under a passphrase (exhibit passphrase log) and make the kit again.",
        name, does));
    return {};
  }

  Result<void> TakeWords() {
    TRY(const Bytes note, vault_.ReadHead());
    words_.checkpoint_note = std::string(TextOf(note));
    TRY(const tlog::SignedNote parsed, tlog::SignedNote::Parse(note));
    for (const tlog::NoteSignature& line : parsed.signatures()) {
      const std::string name(line.name.text());
      if (name != vault_.head().origin.text()) words_.cosigners.push_back(name);
    }
    words_.made = FormatTime(Now()).substr(0, 10);
    words_.program = request_.program;
    const custody::Facts& facts = state_.facts();
    words_.recipient = facts.recipient().text();
    words_.log_key = state_.log_keys().present().ed25519.ToText();
    if (const tlog::VerifierKey* const recovery = facts.recovery()) words_.recovery_key = recovery->ToText();
    words_.names_people = !request_.keys.empty();
    for (const auto& [actor, member] : *facts.members) {
      std::string roles;
      for (const custody::Role role : member.roles.List())
        roles += (roles.empty() ? "" : ", ") + std::string(ToText(role));
      words_.people.push_back(
          {std::string(actor.name()), {.person = member.person}, std::move(roles), !member.until.has_value()});
    }
    return {};
  }

  // law.proof, and the words of it.
  Result<void> TakeLaw() {
    const auto tell = [&](const custody::SignedEntry& entry) -> Result<std::optional<custody::FieldList>> {
      const auto& sealed = entry.parsed().sealed;
      if (request_.keys.empty() || !sealed) return std::optional<custody::FieldList>();
      const tlog::Sequence at = entry.parsed().sequence;
      if (state_.facts().shredded->Has(at.value)) return std::optional<custody::FieldList>();
      auto fields = verify::ReadFields(vault_, at, *sealed, request_.keys);
      // Sealed to an earlier key of the vault that was retired.
      if (!fields && fields.error().code == ErrorCode::kDenied) return std::optional<custody::FieldList>();
      if (!fields) return Fail(std::move(fields).error().In(NameOf(at)));
      return TellOf(entry, *fields);
    };
    TRY(files_["law.proof"], bundle::MakeLawProof(vault_, tell, request_.interrupted));
    for (KitPerson& one : words_.people) {
      const auto known = persons_.find(*one.facts.person);
      if (known != persons_.end()) one.facts = known->second;
    }
    return {};
  }

  // Whose a key is, and who reads: of the newest readers alone.
  std::optional<custody::FieldList> TellOf(const custody::SignedEntry& entry, const custody::FieldList& fields) {
    if (auto facts = custody::PersonFactsIn(fields); facts && facts->person)
      persons_.insert_or_assign(*facts->person, std::move(*facts));
    const auto& body = entry.parsed().body;
    const bool has_readers =
        std::holds_alternative<custody::Genesis>(body) || std::holds_alternative<custody::ReaderChange>(body);
    if (has_readers) words_.readers = custody::ReaderFactsIn(fields);
    std::vector<std::string_view> told = {custody::kCustodianField};
    for (const custody::FieldPlace& place : fields.places()) {
      if (has_readers && place.key.text().starts_with("reader-")) told.push_back(place.key.text());
    }
    custody::FieldList some = fields.WithOnly(told);
    const bool tells = std::ranges::any_of(told, [&](std::string_view key) { return some.Tells(key); });
    return tells ? std::optional(std::move(some)) : std::nullopt;
  }

  Result<void> Write(const fs::path& folder) {
    for (const KitWords::File& secret : words_.secrets) files_[secret.name] = secret.text;
    std::map<std::string, std::string> digests;
    for (const auto& [name, text] : files_) digests.emplace(name, ToHex(crypto::Sha256(ViewOf(text)).view()));
    files_["SHA256SUMS"] = bundle::EncodeManifest(digests, bundle::Lists::kTags);
    TRY_VOID(CreateFolders(folder / "keys"));
    for (const auto& [name, text] : files_) TRY_VOID(WriteNewFile(folder / name, ViewOf(text), 0600));
    return {};
  }

  Result<void> Remember() const {
    TRY(const fs::path path, store::UserKitPath(vault_.head().origin));
    return store::HeadFile(path).Replace(vault_.head_note());
  }

  const VaultReader& vault_;
  const KitRequest& request_;
  const custody::State state_;
  VaultPaths paths_;
  KitWords words_;
  std::map<custody::Person, custody::PersonFacts> persons_;
  std::map<std::string, std::string> files_;
};

}  // namespace

Result<MadeKit> MakeKit(const VaultReader& vault, const KitRequest& request) {
  TRY_VOID(NewFolder::MayMake(request.out, kRules));
  TRY(custody::State state, vault.State());
  return KitMaker(vault, request, std::move(state)).Run();
}

Result<KitAge> AgeOfKit(const VaultReader& vault) {
  KitAge age;
  TRY(const fs::path path, store::UserKitPath(vault.head().origin));
  TRY(const auto note, store::HeadFile(path).Read());
  if (!note) return age;
  TRY(const custody::LogKeys keys, vault.ReadLogKeys());
  // This user's own file. One of another log, or that is damaged, says nothing of a kit of this one.
  const auto head = keys.Open(*note);
  if (!head) return age;
  age.made_at = head->checkpoint.size;
  TRY(const auto rows, vault.ReadActs({custody::kStateSubject, custody::kStateSubject}));
  for (const custody::ActRow& row : rows) {
    const bool is_later = row.sequence.value >= age.made_at->value && row.sequence.value < vault.head().size.value;
    if (!is_later || !ConcernsKit(row.type)) continue;
    age.newer_law = row.sequence;
    age.newer_type = row.type;
  }
  return age;
}

}  // namespace exhibit::work
