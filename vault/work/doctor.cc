#include "vault/work/doctor.h"

#include <algorithm>
#include <optional>

#include "vault/base/clock.h"
#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/session/cut_files.h"
#include "vault/session/sealed_key_file.h"
#include "vault/store/folder_sums.h"
#include "vault/store/kept_heads.h"
#include "vault/work/machine.h"
#include "vault/work/status.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

class Examination {
 public:
  explicit Examination(const Patient& patient) : patient_(patient), paths_(patient.folder) {}

  std::vector<Symptom> Run() {
    LookAtVault();
    if (vault_) {
      LookAtKeptHead();
      LookAtLastEntry();
      LookAtKeys();
      LookAtSigningKey();
    }
    if (IsThere()) LookAtPermissions();
    LookAtMachine();
    return std::move(symptoms_);
  }

 private:
  void Note(std::string area, Grade grade, std::string what, std::string hint = {}) {
    symptoms_.push_back({std::move(area), grade, std::move(what), std::move(hint)});
  }

  bool IsThere() const { return !IsAbsent(paths_.head) || !IsAbsent(paths_.store); }

  void LookAtVault() {
    auto opened = VaultReader::Open(patient_.folder, patient_.opening);
    if (!opened) {
      const bool is_damage = opened.error().code == ErrorCode::kTampered;
      const bool is_none = opened.error().code == ErrorCode::kNotFound && !IsThere();
      Note("vault",
           is_damage ? Grade::kDamage
           : is_none ? Grade::kRemark
                     : Grade::kTrouble,
           opened.error().message, opened.error().hint);
      return;
    }
    vault_ = std::move(*opened);
    Note("vault", Grade::kFine,
         Format("{}: {}, {}", Printable(patient_.folder.native()), Printable(vault_->head().origin.text()),
                Counted(vault_->head().size.value, "entry", "entries")));
    if (const auto waiting = vault_->CountUnacknowledged(); waiting && *waiting > 0) {
      Note("vault", Grade::kRemark,
           Format("{} not acknowledged: an add was cut short", Counted(*waiting, "entry is", "entries are")),
           "the next command that adds checks and signs over them");
    }
    if (LookAtLock(paths_.lock).is_held) Note("vault", Grade::kFine, "another process is writing to it");
    if (const auto cut = cut_files::RemarksOn(paths_.cut)) {
      for (const std::string& one : *cut) Note("vault", Grade::kRemark, one);
    }
  }

  void LookAtKeptHead() {
    if (vault_->kept_before()) {
      Note("kept head", Grade::kFine, Printable(vault_->kept_before()->native()));
      return;
    }
    const auto place = store::UserHeadPath(vault_->head().origin);
    if (!place) {
      Note("kept head", Grade::kTrouble, place.error().message, place.error().hint);
      return;
    }
    Note("kept head", Grade::kRemark,
         "this user sees the vault for the first time: what was rolled back before is not noticed",
         "exhibit verify --fingerprint HEX, with the fingerprint from elsewhere");
  }

  void LookAtLastEntry() {
    const auto last = vault_->Entry({vault_->head().size.value - 1});
    if (!last) return;
    const Moment said = custody::MomentOf(last->parsed().time);
    constexpr std::int64_t kAllowedMs = 5000;
    if (said.milliseconds <= Now().milliseconds + kAllowedMs) return;
    Note("clock", Grade::kTrouble,
         Format("the last entry is of {}, and this machine says that it is {}", FormatTime(said), FormatTime(Now())),
         "set the clock: times of entries and of evidence are taken from it");
  }

  void LookAtKeys() {
    const auto faults = store::FolderSums(paths_.keys).Check();
    if (!faults) {
      Note("keys", Grade::kTrouble, faults.error().message, faults.error().hint);
      return;
    }
    for (const verify::MediumFault& fault : *faults) {
      const bool is_damage = fault.weight == verify::MediumFault::Weight::kDamage;
      Note("keys", is_damage ? Grade::kDamage : Grade::kRemark, fault.message,
           is_damage ? "put back a copy of it" : "");
    }
    // No file fits a list of digests that has a line of it, if it is empty.
    const auto never_had = store::FolderSums(paths_.keys).Fits("log.key", {});
    const bool is_copy = IsAbsent(paths_.log_key) && never_had && *never_had;
    if (is_copy) {
      Note("keys", Grade::kRemark,
           "there is no key that signs: this is a copy, which is read and verified and not added to (exhibit "
           "replicate)");
    }
    for (const fs::path& key : {paths_.reader_key, paths_.log_key, paths_.label_key}) {
      if (!IsAbsent(key) || (is_copy && key != paths_.reader_key)) continue;
      Note("keys", Grade::kTrouble, Format("{} is missing", Printable(key.native())),
           "put back a copy of it, from a kit or a backup");
    }
    const auto state = vault_->State();
    const auto look = LookAtKeyFile(paths_.reader_key);
    if (state && look && state->facts().key_file && *state->facts().key_file != look->digest)
      Note("keys", Grade::kDamage, "keys/reader.age is not the file that the log names", "put back a copy of it");
    if (faults->empty()) Note("keys", Grade::kFine, "those of the vault are whole");
  }

  // Without its passphrase nobody can tell whose a sealed key is.
  void LookAtSigningKey() {
    const auto state = vault_->State();
    if (!state) return Note("signing key", Grade::kTrouble, state.error().message, state.error().hint);
    const auto own = LookAtOwnKey(patient_.key, *state);
    if (!own)
      return Note("signing key", Grade::kRemark, "there is no place for one: neither XDG_CONFIG_HOME nor HOME is set");
    const std::string file = Printable(own->file.native());
    if (!own->is_there)
      return Note("signing key", Grade::kRemark,
                  Format("there is none at {}: this user can look and verify, and not add", file),
                  "--key FILE or EXHIBIT_KEY, if it is elsewhere");
    if (!own->actor) return Note("signing key", Grade::kFine, file + ", under a passphrase");
    if (own->is_admitted)
      return Note("signing key", Grade::kFine, Format("{}, of {}", file, Printable(own->actor->text())));
    Note("signing key", Grade::kTrouble, file + " is not admitted, or not any longer",
         "exhibit custodian list shows who may act");
  }

  void LookAtPermissions() {
    for (const fs::path& place : {patient_.folder, paths_.keys}) {
      if (const auto told = OthersMay(place))
        Note("permissions", Grade::kTrouble, *told, "chmod -R go-rwx " + Printable(place.native()));
    }
    const auto writable = CheckWritable(patient_.folder);
    if (!writable) {
      Note("permissions", Grade::kRemark, writable.error().message, "looking and verifying work");
    } else if (std::ranges::none_of(symptoms_, [](const Symptom& one) { return one.area == "permissions"; })) {
      Note("permissions", Grade::kFine, "only you can read and write the vault");
    }
  }

  void LookAtMachine() {
    for (Symptom& one : LookAtSpace(patient_.folder)) symptoms_.push_back(std::move(one));
    for (Symptom& one : LookAtClock()) symptoms_.push_back(std::move(one));
    for (Symptom& one : LookAtLimits()) symptoms_.push_back(std::move(one));
  }

  const Patient& patient_;
  VaultPaths paths_;
  std::unique_ptr<VaultReader> vault_;
  std::vector<Symptom> symptoms_;
};

}  // namespace

std::vector<Symptom> Examine(const Patient& patient) { return Examination(patient).Run(); }

}  // namespace exhibit::work
