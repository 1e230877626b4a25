#include "vault/intake/collector.h"

#include <map>

#include "vault/base/canonical_form.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/custody/forms.h"
#include "vault/custody/free_text.h"
#include "vault/seal/key_text.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMaxFileBytes = 16 * 1024;
constexpr std::uint64_t kMaxCasesBytes = 1 << 20;

// Files of one line of JSON: {"v":1, … members …}.
template <HasMembers T>
std::string WriteLine(const T& value) {
  CanonicalWriter out;
  out.Raw("{");
  out.Member("v");
  out.Number(kVersion);
  WriteMembers(out, value);
  out.Raw("}\n");
  return std::move(out).Take();
}

template <HasMembers T>
Result<T> ParseLine(std::string_view line) {
  CanonicalReader in(line);
  TRY_VOID(in.Expect("{"));
  TRY_VOID(in.ExpectMember("v"));
  TRY(const std::uint64_t version, in.Number());
  if (version != kVersion) {
    return Fail(ErrorCode::kUnsupported, Format("version {} is not known", version),
                "a newer version of exhibit may know it");
  }
  TRY(T value, ReadMembers<T>(in));
  TRY_VOID(in.Expect("}\n"));
  TRY_VOID(in.End());
  return value;
}

template <HasMembers T>
Result<T> ReadLineFile(const fs::path& path) {
  TRY(const Bytes file, ReadFile(path, kMaxFileBytes));
  auto value = ParseLine<T>(TextOf(file));
  if (!value) return Fail(std::move(value).error().In(Printable(path.native())));
  return value;
}

Result<CollectorSetup> ReadSetup(const fs::path& folder) {
  auto setup = ReadLineFile<CollectorSetup>(folder / "vault");
  std::error_code error;
  if (setup || (setup.error().code != ErrorCode::kNotFound && !fs::is_regular_file(folder, error))) return setup;
  return Fail(ErrorCode::kNotFound, Printable(folder.native()) + " is no collector's folder",
              "make one on the vault's machine: exhibit collector new NAME --out FOLDER");
}

// The keys of this vault's cases, by their names.
Result<std::map<std::string, custody::CaseKey>> ReadCases(const fs::path& path, const CollectorSetup& setup) {
  TRY(Bytes file, ReadFile(path, kMaxCasesBytes));
  std::map<std::string, custody::CaseKey> cases;
  const auto take = [&](std::string_view line) -> Result<void> {
    TRY(custody::GivenCaseKey given, custody::GivenCaseKey::Parse(line));
    if (given.vault != setup.fingerprint) {
      return Fail(ErrorCode::kInvalid, Format("the key of case {} is of another vault", Printable(given.name)));
    }
    if (cases.emplace(given.name, std::move(given.key)).second) return {};
    return Fail(ErrorCode::kInvalid, Format("case {} is there twice", Printable(given.name)));
  };
  auto read = seal::ForEachKeyLine(TextOf(file), "case key", take);
  crypto::Wipe(file);
  if (!read) return Fail(std::move(read).error().In(Printable(path.native())));
  return cases;
}

Result<void> WriteCases(const fs::path& path, const NewCollector& made) {
  TRY(const FileDescriptor file, CreateNew(path, 0600));
  for (const custody::GivenCaseKey& given : made.cases) {
    const crypto::SecretText line = given.key.ToLine(made.setup.fingerprint, given.name);
    TRY_VOID(WriteFull(file, ViewOf(line.ExposeSecret()), path));
  }
  return SyncFile(file, path);
}

}  // namespace

std::string LineOf(const CollectorSetup& setup) { return WriteLine(setup); }
std::string LineOf(const CollectorState& state) { return WriteLine(state); }
Result<CollectorSetup> ParseCollectorSetup(std::string_view line) { return ParseLine<CollectorSetup>(line); }
Result<CollectorState> ParseCollectorState(std::string_view line) { return ParseLine<CollectorState>(line); }

Result<tlog::VerifierKey> MakeCollectorFolder(const NewCollector& made) {
  for (const custody::GivenCaseKey& given : made.cases) TRY_VOID(custody::CheckFreeText({"case", given.name}));
  TRY(NewFolder making, NewFolder::Make(made.folder, {.prefix = ".", .suffix = ".making"}));
  const auto key = tlog::SigningKey::Generate(made.handle);
  TRY_VOID(WriteNewFile(making.path() / "vault", ViewOf(LineOf(made.setup)), 0644));
  TRY_VOID(WriteNewFile(making.path() / "state", ViewOf(LineOf(CollectorState{})), 0644));
  TRY_VOID(WriteCases(making.path() / "cases", made));
  if (made.passphrase == nullptr) {
    TRY_VOID(custody::SavePlainKey(making.path() / "collector.key", key));
  } else {
    TRY_VOID(custody::SaveSealedKey(making.path() / "collector.key", key, *made.passphrase, made.work));
  }
  TRY_VOID(making.Finish());
  return key.verifier();
}

fs::path JournalIn(const fs::path& collector_folder) { return collector_folder / "journal"; }

Collector::Collector(fs::path folder, FileLock lock, CollectorSetup setup, tlog::SigningKey key,
                     store::EntrySealer sealer, const CollectorState& state)
    : folder_(std::move(folder)),
      lock_(std::move(lock)),
      setup_(std::move(setup)),
      key_(std::move(key)),
      sealer_(std::move(sealer)),
      state_(state) {}

Result<Collector> Collector::Open(const fs::path& folder, const custody::PassphraseProvider& passphrase) {
  TRY(CollectorSetup setup, ReadSetup(folder));
  constexpr LockPurpose kCollecting{"is collecting with this folder", "wait until it has finished, then run it again"};
  TRY(FileLock lock, FileLock::Acquire(folder / "LOCK", kCollecting, std::chrono::milliseconds(0)));
  TRY(auto cases, ReadCases(folder / "cases", setup));
  TRY(tlog::SigningKey key, custody::LoadKey(folder / "collector.key", passphrase));
  TRY(const CollectorState state, ReadLineFile<CollectorState>(folder / "state"));
  store::EntrySealer sealer({setup.recipient, setup.fingerprint, setup.label_count}, store::CaseKeys(std::move(cases)));
  return Collector(folder, std::move(lock), std::move(setup), std::move(key), std::move(sealer), state);
}

Result<void> Collector::Take(const CollectorState& next) {
  TRY_VOID(ReplaceFile(folder_ / "state", ViewOf(LineOf(next)), 0644));
  state_ = next;
  return {};
}

Result<std::vector<custody::SignedCollected>> Collector::Sign(std::span<const custody::SealedFile> files) {
  const custody::EntryTime now = custody::EntryTimeOf(Now());
  std::vector<custody::SignedCollected> statements;
  CollectorState next = state_;
  for (const custody::SealedFile& file : files) {
    ++next.number;
    const custody::Collected said{
        setup_.origin, setup_.fingerprint, actor(), next.number, next.prev, {}, setup_.recipient, now, file};
    TRY(custody::SignedCollected made, custody::SignedCollected::Sign(said, key_));
    next.prev = made.digest();
    statements.push_back(std::move(made));
  }
  TRY_VOID(Take(next));
  return statements;
}

Result<custody::SignedClosedRun> Collector::SignEnd() {
  const custody::ClosedRun said{
      setup_.origin, setup_.fingerprint, actor(), state_.number, state_.prev, {}, custody::EntryTimeOf(Now())};
  TRY(custody::SignedClosedRun made, custody::SignedClosedRun::Sign(said, key_));
  TRY_VOID(Take({state_.number, made.digest()}));
  return made;
}

}  // namespace exhibit::intake
