#include "vault/work/kit_check.h"

#include <algorithm>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/foreign_files.h"
#include "vault/bundle/manifest.h"
#include "vault/bundle/proof_file.h"
#include "vault/bundle/told_log_check.h"
#include "vault/custody/vault_recipient.h"
#include "vault/session/label_key.h"
#include "vault/session/log_secrets.h"
#include "vault/session/reader_keys.h"
#include "vault/session/recovery_key.h"
#include "vault/session/vault_paths.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFileBytes = bundle::kMaxProofFileBytes;
constexpr std::string_view kSums = "SHA256SUMS";

class Drill {
 public:
  Drill(const KitCheckRequest& request, Pool& pool)
      : request_(request), paths_(request.kit), pool_(pool), believed_{request.fingerprint, request.policy} {}

  Result<KitCheck> Run() {
    TRY_VOID(CheckFolder(request_.kit));
    TRY_VOID(CheckFiles());
    TRY(const bool is_proof, ReadProof());
    if (!is_proof) return std::move(check_);
    bundle::ToldLogCheck told(believed_, request_.interrupted, pool_, check_.log);
    const bundle::LogPart entries(proof_.log.entries);
    const bundle::LogPart fields(proof_.log.fields);
    TRY_VOID(told.CheckEntries(entries, fields));
    if (told.has_begun()) {
      told.CheckTree(proof_.log.checkpoint, proof_.log.hashes);
      told.Finish({});
      SayLog(told);
      if (!check_.log.newer_from) TRY_VOID(CheckSecrets(told.state().facts()));
    }
    verify::CloseFindings(check_.log, {});
    SayWhatIsNotShown();
    return std::move(check_);
  }

 private:
  fs::path At(std::string_view name) const { return request_.kit / name; }
  void Fault(std::string text) { check_.faults.push_back(std::move(text)); }
  void Show(std::string text) { check_.shown.push_back(std::move(text)); }

  Failure NoKit(const Error& reason) const {
    return Fail(ErrorCode::kInvalid, Format("{} is no kit: {}", Printable(request_.kit.native()), reason.message),
                "exhibit kit --out DIR makes one");
  }

  // Each file is what its line says, and each that should have a line has one.
  Result<void> CheckFiles() {
    const auto text = ReadFile(At(kSums), kMostFileBytes);
    if (!text) return NoKit(text.error());
    const auto sums = bundle::DecodeManifest(TextOf(*text), bundle::Lists::kTags);
    if (!sums) return NoKit(sums.error());
    std::size_t good = 0;
    for (const auto& [name, digest] : *sums) {
      const auto bytes = ReadFile(At(name), kMostFileBytes);
      if (!bytes) {
        Fault(Format("{}: {}", Printable(name), bytes.error().message));
      } else if (ToHex(crypto::Sha256(*bytes).view()) != digest) {
        Fault(Format("{} is not what was written, by its line in {}", Printable(name), kSums));
      } else {
        ++good;
      }
    }
    if (good == sums->size()) Show(Format("files: {} are what {} says", good, kSums));
    for (const char* const name : {"checkpoint", "fingerprint", "law.proof", "keys/reader.age"}) {
      if (!sums->contains(name)) Fault(Format("{} has no line in {}", name, kSums));
    }
    return NameOthers(*sums);
  }
  Result<void> NameOthers(const bundle::Manifest& sums) {
    std::error_code error;
    for (fs::recursive_directory_iterator file(request_.kit, error), end; !error && file != end;
         file.increment(error)) {
      const std::string name = file->path().lexically_relative(request_.kit).generic_string();
      if (file->is_directory(error) || sums.contains(name) || name == kSums) continue;
      if (!bundle::IsForeignFile(name))
        check_.not_shown.push_back(Format("{} is no part of the kit, and was not looked at", Printable(name)));
    }
    if (error) return Fail(SystemError("list", request_.kit, error.value()));
    return {};
  }

  // False if it cannot be read, which is said.
  Result<bool> ReadProof() {
    const auto bytes = ReadFile(At("law.proof"), kMostFileBytes);
    if (!bytes) return NoKit(bytes.error());
    auto proof = bundle::ParseProofFile(TextOf(*bytes));
    if (proof) {
      proof_ = std::move(*proof);
      return true;
    }
    Fault("law.proof: " + proof.error().message);
    return false;
  }

  // What was signed, and that the small files beside it say the same.
  void SayLog(const bundle::ToldLogCheck& told) {
    if (check_.log.findings.empty() && told.checkpoint()) {
      Show(Format("log: {} of {} are told, follow the rules, and are under the signed checkpoint",
                  Counted(told.entries().size(), "entry", "entries"), told.checkpoint()->size));
    }
    const std::string fingerprint = ToHex(told.state().fingerprint().view());
    const auto named = ReadFile(At("fingerprint"), kMostFileBytes);
    if (named && TextOf(*named) != fingerprint + "\n") Fault("fingerprint is another than that of law.proof");
    const auto checkpoint = ReadFile(At("checkpoint"), kMostFileBytes);
    if (checkpoint && TextOf(*checkpoint) != proof_.log.checkpoint)
      Fault("checkpoint is another than that of law.proof");
  }

  Result<void> CheckSecrets(const custody::Facts& facts) {
    TRY_VOID(CheckReaderKey(facts));
    TRY_VOID(CheckRecoveryKey(facts));
    return CheckSigningKeys(facts);
  }

  // What opening a secret came to: true if it opened. kInterrupted.
  template <typename Opened>
  Result<bool> IsOpen(std::string_view name, const Result<Opened>& opened) {
    if (opened) return true;
    const Error& error = opened.error();
    if (error.code == ErrorCode::kInterrupted) return Fail(error);
    if (error.code == ErrorCode::kDenied) {
      check_.not_shown.push_back(Format("that {} opens: {}", name, error.message));
    } else if (error.code == ErrorCode::kWrongKey) {
      check_.wrong_keys.push_back(error.message);
    } else {
      Fault(error.message);
    }
    return false;
  }

  Result<void> CheckReaderKey(const custody::Facts& facts) {
    const auto look = LookAtKeyFile(paths_.reader_key);
    if (!look) {
      Fault(look.error().message);
      return {};
    }
    if (facts.key_file && *facts.key_file != look->digest) Fault("keys/reader.age is another file than the log names");
    if (!look->passphrase && request_.identities.empty()) {
      check_.not_shown.emplace_back("that keys/reader.age opens: no identity was brought (-i FILE)");
      return {};
    }
    const auto keys = OpenReaderKeyFile(paths_.reader_key, request_.identities, request_.passphrase);
    TRY(const bool is_open, IsOpen("keys/reader.age", keys));
    if (is_open) CheckVaultKeys(*keys, facts);
    return {};
  }

  // The newest is the present recipient's, and each other one of before.
  void CheckVaultKeys(const VaultKeys& keys, const custody::Facts& facts) {
    std::set<std::string> held;
    for (const seal::Identity& key : keys) {
      const auto recipient = seal::RecipientOf(key);
      if (!recipient) return Fault("keys/reader.age: " + recipient.error().message);
      held.insert(seal::RecipientText(*recipient));
    }
    if (!held.contains(facts.recipient().text())) {
      return Fault("keys/reader.age holds another key than that of the recipient which the log names: " +
                   facts.recipient().text());
    }
    for (const std::string& one : held) {
      const bool is_known = std::ranges::any_of(
          facts.vault_keys, [&](const custody::VaultKey& key) { return key.recipient.text() == one; });
      if (!is_known) Fault("keys/reader.age holds a key that was never the vault's: " + one);
    }
    check_.opens = true;
    Show("keys/reader.age opens, and holds the key of the recipient that the log names");
    if (keys.size() < facts.vault_keys.size()) {
      check_.not_shown.push_back(
          Format("that items which were sealed to earlier keys alone open: it holds {} of {} keys", keys.size(),
                 facts.vault_keys.size()));
    }
  }

  Result<void> CheckRecoveryKey(const custody::Facts& facts) {
    const tlog::VerifierKey* const named = facts.recovery();
    const bool is_here = !IsAbsent(paths_.recovery_key);
    if (named == nullptr) {
      if (is_here) Fault("keys/recovery.age is here, and the log names no recovery key");
      if (!is_here)
        check_.not_shown.emplace_back(
            "that a loss of all custodians' keys can be mended: the vault has no recovery key");
      return {};
    }
    if (!is_here) {
      Fault("keys/recovery.age is missing, and the log names a recovery key");
      return {};
    }
    const auto look = LookAtKeyFile(paths_.recovery_key);
    if (look && !look->passphrase && request_.identities.empty()) {
      check_.not_shown.emplace_back("that keys/recovery.age opens: no identity was brought (-i FILE)");
      return {};
    }
    const auto key = OpenRecoveryKeyFile(paths_.recovery_key, request_.identities, request_.passphrase);
    TRY(const bool is_open, IsOpen("keys/recovery.age", key));
    if (!is_open) return {};
    if (key->verifier() == *named) {
      Show("keys/recovery.age opens, and holds the recovery key that the log names: it could sign");
    } else {
      Fault("keys/recovery.age holds another key than the log names: " + Printable(key->verifier().ToText()));
    }
    return {};
  }

  Result<void> CheckSigningKeys(const custody::Facts& facts) {
    if (IsAbsent(paths_.log_key)) {
      check_.not_shown.emplace_back("that the log's key is kept: it is not in the kit, and a recovery needs it");
    } else {
      const auto key = custody::LoadKey(paths_.log_key, request_.passphrase);
      TRY(const bool is_open, IsOpen("keys/log.key", key));
      if (is_open && key->verifier() == facts.log_keys->present().ed25519) {
        Show("keys/log.key opens, and is the log's key");
      } else if (is_open) {
        Fault("keys/log.key is not the log's key");
      }
    }
    TRY_VOID(CheckPostQuantumKey(facts));
    if (IsAbsent(paths_.label_key)) return {};
    const auto secret = LoadLabelSecret(paths_, request_.passphrase);
    TRY(const bool is_open, IsOpen("keys/label.key", secret));
    if (is_open) Show("keys/label.key opens");
    return {};
  }

  Result<void> CheckPostQuantumKey(const custody::Facts& facts) {
    const auto& named = facts.log_keys->present().ml_dsa;
    if (!named) return {};
    if (IsAbsent(paths_.log_pq_key)) {
      check_.not_shown.emplace_back(
          "that the log's ML-DSA-44 key is kept: it is not in the kit, and a recovery needs it");
      return {};
    }
    const auto key = LoadMlDsaKey(paths_.log_pq_key, request_.passphrase);
    if (!key && key.error().code == ErrorCode::kUnsupported) {
      check_.not_shown.push_back("that keys/log-pq.key opens: " + key.error().message);
      return {};
    }
    TRY(const bool is_open, IsOpen("keys/log-pq.key", key));
    if (is_open && key->verifier() == *named) {
      Show("keys/log-pq.key opens, and is the log's ML-DSA-44 key");
    } else if (is_open) {
      Fault("keys/log-pq.key is not the log's ML-DSA-44 key");
    }
    return {};
  }

  void SayWhatIsNotShown() {
    if (!request_.fingerprint && request_.policy == nullptr)
      check_.not_shown.emplace_back("whose vault it is: no fingerprint was brought");
    check_.not_shown.emplace_back(
        "that the evidence is whole: it is not in a kit (exhibit verify, on a copy of the vault)");
    if (check_.log.head) {
      check_.not_shown.push_back(
          Format("what changed after entry {}, such as readers and keys", check_.log.head->size.value - 1));
    }
  }

  const KitCheckRequest& request_;
  VaultPaths paths_;
  Pool& pool_;
  bundle::Believed believed_;
  KitCheck check_;
  bundle::ProofFile proof_;
};

}  // namespace

Result<KitCheck> CheckKit(const KitCheckRequest& request, Pool& pool) { return Drill(request, pool).Run(); }

}  // namespace exhibit::work
