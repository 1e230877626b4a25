#include "vault/bundle/collecting_kit_check.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/container.h"
#include "vault/bundle/file_hasher.h"
#include "vault/bundle/foreign_files.h"
#include "vault/bundle/proof_file.h"
#include "vault/bundle/told_log_check.h"
#include "vault/tlog/note.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;
using namespace collecting_kit;

class KitChecker {
 public:
  KitChecker(const KitToCheck& request, Pool& pool)
      : request_(request), pool_(pool), believed_{request.fingerprint, request.policy} {}

  Result<CollectingKitCheck> Run() {
    TRY_VOID(CheckIsFolder());
    TRY_VOID(ReadList());
    TRY(const bool is_proof, ReadProof());
    if (is_proof) TRY_VOID(CheckLog());
    if (check_.list) TRY_VOID(CheckFiles(*check_.list));
    verify::CloseFindings(check_.log, {});
    SayWhatIsNotShown();
    return std::move(check_);
  }

 private:
  fs::path At(std::string_view name) const { return request_.kit / name; }
  void Fault(std::string text) { check_.faults.push_back(std::move(text)); }
  void Show(std::string text) { check_.shown.push_back(std::move(text)); }

  Result<void> CheckIsFolder() const {
    std::error_code error;
    if (!ContainerFormOf(request_.kit) || !fs::is_regular_file(request_.kit, error)) return CheckFolder(request_.kit);
    return Fail(ErrorCode::kInvalid, Printable(request_.kit.native()) + " is packed, and a kit is checked as a folder",
                "unpack it where it will be used, and check that folder");
  }

  Failure NoKit(const Error& reason) const {
    return Fail(ErrorCode::kInvalid,
                Format("{} is no collecting kit: {}", Printable(request_.kit.native()), reason.message),
                "exhibit collector new NAME --kit DIR makes one");
  }

  // The list, as it claims to be.
  Result<void> ReadList() {
    TRY(const Bytes bytes, ReadOwn(kList));
    const auto note = tlog::SignedNote::Parse(bytes);
    if (!note) return NoKit(Error(note.error()).In(std::string(kList)));
    auto list = ParseKitList(note->text());
    if (!list && list.error().code == ErrorCode::kUnsupported)
      return Fail(std::move(list).error().In(std::string(kList)));
    if (!list) return NoKit(Error(list.error()).In(std::string(kList)));
    note_ = *note;
    check_.list = std::move(*list);
    return {};
  }
  Result<Bytes> ReadOwn(std::string_view name) const {
    auto bytes = ReadFile(At(name), kMaxProofFileBytes);
    if (!bytes && bytes.error().code == ErrorCode::kNotFound) return NoKit(bytes.error());
    return bytes;
  }

  // False if it cannot be read, which is said.
  Result<bool> ReadProof() {
    TRY(const Bytes bytes, ReadOwn(kLaw));
    auto proof = ParseProofFile(TextOf(bytes));
    if (!proof) {
      Fault(Format("{}: {}", kLaw, proof.error().message));
      return false;
    }
    proof_ = std::move(*proof);
    return true;
  }

  Result<void> CheckLog() {
    ToldLogCheck told(believed_, request_.interrupted, pool_, check_.log);
    const LogPart entries(proof_.log.entries);
    const LogPart fields(proof_.log.fields);
    TRY_VOID(told.CheckEntries(entries, fields));
    if (!told.has_begun()) return {};
    told.CheckTree(proof_.log.checkpoint, proof_.log.hashes);
    told.Finish({});
    if (check_.log.newer_from) return {};
    if (check_.log.findings.empty() && told.checkpoint()) {
      Show(Format("the law of {} holds, as of entry {}", told.state().origin().text(),
                  told.checkpoint()->size.value - 1));
    }
    CheckSigner(told.state());
    return {};
  }

  void CheckSigner(const custody::State& state) {
    const KitList& list = *check_.list;
    if (list.origin != state.origin() || list.fingerprint != state.fingerprint())
      return Fault(Format("{} is of another vault than {}", kList, kLaw));
    std::vector<tlog::VerifierKey> custodians;
    for (const auto& [actor, member] : *state.facts().members) {
      if (!member.until && member.roles.Has(custody::Role::kCustodian)) custodians.push_back(member.key);
    }
    const auto signers = tlog::VerifyNote(*note_, custodians);
    if (!signers) return Fault(Format("{}: {}", kList, signers.error().message));
    Show(Format("{} is signed by {}, a custodian of this vault, at {}", kList,
                custody::ActorOf(custodians[signers->front()]).text(), custody::FormatEntryTime(list.made)));
  }

  Result<void> CheckFiles(const KitList& list) {
    std::size_t good = 0;
    for (const auto& [name, digest] : list.files) {
      const auto hashed = HashFile(At(name), Digests::kSha256, nullptr, request_.interrupted);
      if (!hashed && hashed.error().code == ErrorCode::kInterrupted) return Fail(hashed.error());
      if (!hashed) {
        Fault(Format("{}: {}", Printable(name), hashed.error().message));
      } else if (ToHex(hashed->hashes.sha256.view()) != digest) {
        Fault(Format("{} is not the file that was signed", Printable(name)));
      } else {
        ++good;
      }
    }
    if (good == list.files.size()) Show(Format("{} are what {} says", Counted(good, "file", "files"), kList));
    for (const std::string_view name : {kLaw, kFingerprint}) {
      if (!list.files.contains(std::string(name))) Fault(Format("{} has no line in {}", name, kList));
    }
    return NameOthers(list);
  }

  Result<void> NameOthers(const KitList& list) {
    std::error_code error;
    for (fs::recursive_directory_iterator file(request_.kit, error), end; !error && file != end;
         file.increment(error)) {
      const std::string name = file->path().lexically_relative(request_.kit).generic_string();
      const bool is_folder = file->symlink_status(error).type() == fs::file_type::directory;
      if (is_folder || list.files.contains(name) || name == kList || ChangesInUse(name)) continue;
      if (IsForeignFile(name)) {
        check_.not_shown.push_back(Format("what {} is: an operating system leaves such files", Printable(name)));
      } else {
        Fault(Format("{} is not in {}: nobody signed it", Printable(name), kList));
      }
    }
    if (error) return Fail(SystemError("list", request_.kit, error.value()));
    return {};
  }

  void SayWhatIsNotShown() {
    if (!request_.fingerprint && request_.policy == nullptr)
      check_.not_shown.emplace_back("whose vault it is: no fingerprint was brought");
    check_.not_shown.emplace_back(
        "that nobody copied the collector's key: who has a copy signs in its name until it is retired");
    if (check_.list) {
      check_.not_shown.push_back(Format("whether {} is admitted, or retired: the vault says (exhibit collector list)",
                                        check_.list->collector.text()));
    }
  }

  const KitToCheck& request_;
  Pool& pool_;
  Believed believed_;
  CollectingKitCheck check_;
  std::optional<tlog::SignedNote> note_;
  ProofFile proof_;
};

}  // namespace

Result<CollectingKitCheck> CheckCollectingKit(const KitToCheck& request, Pool& pool) {
  return KitChecker(request, pool).Run();
}

}  // namespace exhibit::bundle
