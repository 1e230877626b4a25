#include "vault/work/collecting_kit.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>

#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/collecting_kit.h"
#include "vault/bundle/container_writer.h"
#include "vault/bundle/proof_writer.h"
#include "vault/tlog/note.h"
#include "vault/work/collecting_kit_papers.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;
namespace names = bundle::collecting_kit;

constexpr NewFolder::Rules kRules{.prefix = ".", .suffix = ".making"};
constexpr std::uint64_t kMostProgramBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kMostCollectorFileBytes = 1 << 20;

class KitMaker {
 public:
  KitMaker(const VaultReader& vault, CollectingKitRequest request, custody::State state)
      : vault_(vault),
        request_(std::move(request)),
        state_(std::move(state)),
        form_(bundle::ContainerFormOf(request_.out)) {
    for (const custody::GivenCaseKey& given : request_.cases) case_names_.push_back(given.name);
  }

  Result<MadeCollectingKit> Run() {
    const custody::Actor maker = custody::ActorOf(request_.custodian->verifier());
    TRY_VOID(state_.MayAct(maker, custody::Admit::kForm));
    if (form_) TRY_VOID(bundle::CheckTargetName(request_.out));
    TRY(NewFolder making, NewFolder::Make(request_.out, kRules));
    const std::string top = form_ ? request_.out.stem().native() : std::string();
    const fs::path kit = form_ ? making.path() / top : making.path();
    TRY_VOID(CreateFolders(kit));
    TRY(MadeCollectingKit made, MakeIn(kit, maker));
    if (form_) {
      const fs::path packed = making.path() / request_.out.filename();
      std::vector<std::string> files = made.files;
      for (const std::string_view name : {std::string_view("collector/state"), names::kList}) files.emplace_back(name);
      TRY_VOID(bundle::WriteContainer(kit, files, top, *form_, packed, request_.interrupted));
      TRY_VOID(making.FinishAsFile(packed));
      made.notes.emplace_back(
          "unpack it on the stick, not on the machine: a container keeps no modes, and lets nobody collect into it");
    } else {
      TRY_VOID(making.Finish());
    }
    return made;
  }

 private:
  Result<MadeCollectingKit> MakeIn(const fs::path& kit, const custody::Actor& maker) {
    TRY(tlog::VerifierKey key, intake::MakeCollectorFolder({.folder = kit / names::kCollector,
                                                            .setup = {state_.origin(), state_.fingerprint(),
                                                                      state_.recipient(), state_.genesis().label_count},
                                                            .handle = request_.handle,
                                                            .cases = std::move(request_.cases),
                                                            .passphrase = request_.passphrase}));
    MadeCollectingKit made{std::move(key), {}, {}};
    TRY_VOID(PutPrograms(kit, made));
    TRY_VOID(PutPapers(kit, made.key, maker));
    TRY_VOID(ListCollector(kit));
    bundle::KitList list{state_.origin(), state_.fingerprint(), custody::ActorOf(made.key), custody::EntryTimeOf(Now()),
                         std::move(digests_)};
    TRY(const Bytes note, tlog::SignNote(bundle::EncodeKitList(list), *request_.custodian));
    TRY_VOID(WriteNewFile(kit / names::kList, note, 0644));
    for (const auto& [name, digest] : list.files) made.files.push_back(name);
    for (std::string& one : NotesOnMedium(kit)) made.notes.push_back(std::move(one));
    return made;
  }

  // Writes it, and notes its digest for the list.
  Result<void> Put(const fs::path& kit, std::string_view name, ByteView bytes, mode_t mode) {
    TRY_VOID(WriteNewFile(kit / name, bytes, mode));
    digests_.emplace(std::string(name), ToHex(crypto::Sha256(bytes).view()));
    return {};
  }

  Result<void> PutPrograms(const fs::path& kit, MadeCollectingKit& made) {
    for (const CollectingProgram& program : request_.programs) {
      const std::string name = NameInKit(program.system);
      if (digests_.contains(name)) {
        return Fail(ErrorCode::kInvalid, Format("two programs are named for {}", ToText(program.system)),
                    "name one file for each system");
      }
      TRY(const Bytes bytes, ReadFile(program.file, kMostProgramBytes));
      TRY(const ProgramLook look, CheckProgram(program, bytes));
      if (look.needs_libraries) {
        made.notes.push_back(Format(
            "{} needs libraries of the machine that it runs on, as new as those here; a static one runs anywhere",
            name));
      }
      TRY_VOID(CreateFolders((kit / name).parent_path()));
      TRY_VOID(Put(kit, name, bytes, 0755));
    }
    if (request_.programs.empty()) {
      made.notes.emplace_back(
          "no program is in it: none was named, and no exhibit-collect is beside this program. Make it again with "
          "--program linux-x86-64=FILE, or take one along and name it: EXHIBIT_COLLECT=FILE sh collect.sh");
    }
    return {};
  }

  Result<void> PutPapers(const fs::path& kit, const tlog::VerifierKey& collector, const custody::Actor& maker) {
    CollectingKitWords words{.origin = state_.origin(),
                             .fingerprint = state_.fingerprint(),
                             .collector = custody::ActorOf(collector),
                             .made_by = maker,
                             .made = custody::EntryTimeOf(Now()),
                             .program = request_.program,
                             .cases = case_names_,
                             .is_key_open = request_.passphrase == nullptr};
    for (const CollectingProgram& program : request_.programs) words.systems.push_back(program.system);
    if (request_.profile) {
      words.profile = request_.profile->name;
      TRY_VOID(Put(kit, names::kProfile, ViewOf(request_.profile->text), 0644));
    }
    TRY_VOID(Put(kit, names::kReadme, ViewOf(CollectingReadme(words)), 0644));
    TRY_VOID(Put(kit, names::kShellScript, ViewOf(ShellScript(words)), 0755));
    if (std::ranges::find(words.systems, System::kWindowsX8664) != words.systems.end()) {
      TRY(const std::string script, WindowsScript(words));
      TRY_VOID(Put(kit, names::kWindowsScript, ViewOf(script), 0644));
    }
    TRY_VOID(Put(kit, names::kFingerprint, ViewOf(ToHex(words.fingerprint.view()) + "\n"), 0644));
    const auto tell = [](const custody::SignedEntry&) -> Result<std::optional<custody::FieldList>> {
      return std::optional<custody::FieldList>();
    };
    TRY(const std::string law, bundle::MakeLawProof(vault_, tell, request_.interrupted));
    return Put(kit, names::kLaw, ViewOf(law), 0644);
  }

  // The files of the collector that never change. They hold secrets: their digests tell nothing, because each secret is random.
  Result<void> ListCollector(const fs::path& kit) {
    for (const std::string_view file : {"vault", "collector.key", "cases"}) {
      const std::string name = std::string(names::kCollector) + "/" + std::string(file);
      TRY(Bytes bytes, ReadFile(kit / name, kMostCollectorFileBytes));
      digests_.emplace(name, ToHex(crypto::Sha256(bytes).view()));
      crypto::Wipe(bytes);
    }
    return {};
  }

  const VaultReader& vault_;
  CollectingKitRequest request_;  // its case keys go into the collector's folder
  std::vector<std::string> case_names_;
  const custody::State state_;
  const std::optional<bundle::ContainerForm> form_;
  bundle::Manifest digests_;
};

}  // namespace

std::vector<std::string> NotesOnMedium(const fs::path& kit) {
  std::vector<std::string> notes;
  struct ::stat secret {};
  const fs::path cases = kit / names::kCollector / "cases";
  if (::lstat(cases.c_str(), &secret) == 0 && (secret.st_mode & 077) != 0) {
    notes.emplace_back(
        "this medium keeps no modes: whoever gets it reads collector/collector.key and collector/cases, and every user "
        "of a machine on which it is mounted");
  }
  struct ::statvfs mount {};
  if (::statvfs(kit.c_str(), &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0) {
    notes.emplace_back("it is mounted noexec here: programs start from it where it is mounted with exec");
  }
  return notes;
}

Result<MadeCollectingKit> MakeCollectingKit(const VaultReader& vault, CollectingKitRequest request) {
  TRY_VOID(NewFolder::MayMake(request.out, kRules));
  TRY(custody::State state, vault.State());
  return KitMaker(vault, std::move(request), std::move(state)).Run();
}

}  // namespace exhibit::work
