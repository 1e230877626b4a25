#include "vault/bundle/verifier.h"

#include <unistd.h>

#include <algorithm>
#include <future>
#include <iterator>
#include <map>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/bag_check.h"
#include "vault/bundle/container.h"
#include "vault/bundle/entry_check.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/note_check.h"
#include "vault/bundle/omissions.h"
#include "vault/bundle/places.h"
#include "vault/bundle/recipient_counts.h"
#include "vault/bundle/renamed.h"
#include "vault/bundle/rules_check.h"
#include "vault/bundle/source.h"
#include "vault/custody/signatures.h"
#include "vault/seal/metadata.h"
#include "vault/verify/compromise_check.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/policy_check.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;
using verify::Property;

// How many entries are read and checked together; this bounds the memory for them.
constexpr std::size_t kBatchEntries = 1024;

class BundleChecker {
 public:
  BundleChecker(const fs::path& folder, const VerifyRequest& request, Pool& pool)
      : folder_(folder), request_(request), pool_(pool), source_(folder) {}

  Result<CheckedBundle> Run() {
    TRY_VOID(Check());
    std::map<tlog::Sequence, tlog::LeafHash> leaves;
    for (const auto& [sequence, item] : rules_.known()) leaves.emplace(sequence, item.leaf);
    return CheckedBundle{std::move(report_), std::move(identity_), std::move(leaves)};
  }

 private:
  // Files are hashed while their contents are checked: a large file is one stream to hash, and would leave all
  // cores but one idle.
  Result<void> Check() {
    TRY(const FoundBag found, FindBag(folder_.path(), pool_, request_.interrupted));
    const auto& [folder, manifests, files] = found;
    folder_ = folder;
    source_ = BundleSource(folder_);
    report_.foreign = files.foreign;
    auto hashing = std::async(std::launch::async, [&] {
      return CheckBag(found.folder, found.manifests, found.files, pool_, request_.interrupted, request_.written);
    });
    const Result<void> checked = CheckContents(files, manifests);
    TRY(const BagCheck bag, hashing.get());
    TRY_VOID(checked);
    TakeBag(manifests, bag);
    if (report_.items == 0 && report_.ok()) AddFinding(Property::kBundle, {}, "the bundle holds no item");
    verify::SetUnreadAside(report_);
    CountEvidence();
    return {};
  }

  // The problems of the bag come first in the report.
  void TakeBag(const BagManifests& manifests, const BagCheck& bag) {
    std::vector<verify::Finding> of_contents = std::exchange(report_.findings, {});
    for (const auto* const problems : {&manifests.problems, &bag.problems}) {
      for (const BagProblem& problem : *problems) FindOfFile(problem.file, problem.message, problem.because);
    }
    std::ranges::move(of_contents, std::back_inserter(report_.findings));
    for (const auto& [sequence, original] : originals_) {
      // What could not be read is said to be that, and not to be missing.
      const bool is_unread = std::ranges::any_of(bag.problems, [&path = original.path](const BagProblem& one) {
        return one.file == path && verify::IsUnread(one.because);
      });
      if (!is_unread) CompareOriginal(sequence, original, bag.hashes);
    }
  }

  // Counts the items that hold.
  void CountEvidence() {
    std::set<tlog::Sequence> items = items_;
    for (const auto& [sequence, path] : of_sealed_file_) {
      // If the entry could not be read, its sealed file is still counted.
      if (IsSealedFile(path) && !rules_.known().contains(sequence)) items.insert(sequence);
    }
    report_.evidence = items.size();
    for (const tlog::Sequence failed : verify::FailedEntries(report_)) {
      if (items.contains(failed)) report_.failed_items.push_back(failed);
    }
  }

  Result<void> CheckContents(const BagFiles& files, const BagManifests& manifests) {
    TRY_VOID(LoadBundleIdentity());
    context_ = {folder_,
                nullptr,
                identities_.empty() ? request_.identities : std::span<const seal::X25519Identity>(identities_),
                !identities_.empty(),
                {},
                request_.interrupted};
    report_.depth =
        identities_.empty() && request_.identities.empty() ? verify::Depth::kSealed : verify::Depth::kContent;
    const std::set<tlog::Sequence> entries = ListEntries(files);
    if (!BeginWithGenesis(entries)) return {};
    const std::vector<tlog::Sequence> in_order(entries.begin(), entries.end());
    for (std::size_t first = 0; first < in_order.size(); first += kBatchEntries) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      CheckBatch(std::span(in_order).subspan(first, std::min(kBatchEntries, in_order.size() - first)));
    }
    // The findings of an interrupted check are not true of the item that it left.
    TRY_VOID(StopIfAsked(request_.interrupted));
    for (const auto& [path, item] : not_compared_) {
      AddFinding(Property::kContent, item,
                 Printable(path) + " was not compared with what was sealed: nothing is known of it",
                 CouldRead(item) ? ErrorCode::kTampered : ErrorCode::kIo);
    }
    for (const RecipientCounts::Odd& odd : recipients_.Find()) {
      AddFinding(Property::kHeader, odd.sequence,
                 Format("its sealed file is for {}, and no entry in the bundle that exports it names as many",
                        Counted(odd.recipients, "receiver", "receivers")));
    }
    if (report_.head && rules_.facts().log_keys->For(report_.head->size) != keys_->For(report_.head->size)) {
      AddFinding(Property::kHead, {}, "the checkpoint is signed by a key that no entry may have made the log's");
    }
    verify::JudgeCompromises(rules_.facts(), rules_.signers(), {0}, report_);
    CheckNote(manifests, files);
    if (report_.head) report_.not_here = GapsInLog(report_.head->size);
    // A sealed file that was not opened is not counted as checked.
    if (verify::OpensNothing(report_)) report_.depth = verify::Depth::kSealed;
    return {};
  }

  // False if the system did not let us read a file of the entry, or one that all of them need.
  bool CouldRead(tlog::Sequence entry) const {
    return std::ranges::none_of(report_.findings, [&](const verify::Finding& finding) {
      return verify::IsUnread(finding.because) && (!finding.entry || *finding.entry == entry);
    });
  }

  void AddFinding(Property property, std::optional<tlog::Sequence> entry, std::string message,
                  ErrorCode because = ErrorCode::kTampered) {
    report_.findings.push_back({property, entry, {}, {}, std::move(message), {}, because});
  }
  void AddFinding(Property property, std::optional<tlog::Sequence> entry, const Error& error) {
    AddFinding(property, entry, error.message, error.code);
  }
  void FindIn(std::string_view file, const Error& error) {
    report_.findings.push_back(
        {Property::kBundle, {}, {}, {}, std::string(file) + ": " + error.message, std::string(file), error.code});
  }
  // A finding about the file; it names the entry that the file belongs to, if any.
  void FindOfFile(const std::string& file, const std::string& what, ErrorCode because = ErrorCode::kTampered) {
    const auto number = NumberIn(file);
    const bool is_of_entry = number && IsOfEntry(file, *number);
    report_.findings.push_back({IsCompanion(file) ? Property::kCompanion : Property::kBundle,
                                is_of_entry ? std::optional(tlog::Sequence{*number}) : std::nullopt,
                                {},
                                {},
                                Printable(file) + " " + what,
                                file,
                                because});
  }

  Result<void> LoadBundleIdentity() {
    const auto file = ReadFile(folder_.PathOf(kIdentityFile), 4096);
    if (!file && file.error().code != ErrorCode::kNotFound) AddFinding(Property::kBundle, {}, file.error());
    if (!file) return {};
    auto identities = seal::ParseIdentityFile(TextOf(*file));
    if (identities) {
      identities_ = std::move(*identities);
    } else {
      FindIn(kIdentityFile, identities.error());
    }
    return {};
  }

  Result<custody::SignedEntry> ReadEntry(tlog::Sequence sequence) const {
    TRY(Bytes bytes, source_.ReadEntry(sequence));
    return custody::SignedEntry::Parse(std::move(bytes));
  }

  void TakeProof(tlog::Sequence sequence, Result<Proven> proven) {
    if (!proven) return AddFinding(Property::kTree, sequence, proven.error());
    if (!report_.head) {
      report_.head = proven->checkpoint;
      const tlog::VerifierKey& key = keys_->For(proven->checkpoint.size);
      if (request_.policy != nullptr) verify::CheckPolicy(*request_.policy, proven->note, key, report_);
      context_.proven = std::move(*proven);
    } else if (*report_.head != proven->checkpoint) {
      AddFinding(Property::kHead, sequence, "its proof has another checkpoint than the others");
    }
  }

  bool BeginWithGenesis(const std::set<tlog::Sequence>& entries) {
    const tlog::Sequence zero{0};
    const auto entry = ReadEntry(zero);
    if (!entry) {
      AddFinding(Property::kEntry, zero, entry.error());
      return false;
    }
    rules_.NoteKnown(zero, *entry);
    auto state = custody::State::Begin(*entry);
    if (!state) {
      AddFinding(Property::kGenesis, zero, state.error().message);
      return false;
    }
    state_.emplace(std::move(*state));
    rules_.Begin(*entry, *state_);
    report_.fingerprint = state_->fingerprint();
    if (request_.fingerprint && *request_.fingerprint != state_->fingerprint()) {
      AddFinding(Property::kGenesis, zero,
                 Format("this is of another vault: its fingerprint is {}, and {} was expected",
                        ToHex(state_->fingerprint().view()), ToHex(request_.fingerprint->view())));
    }
    const auto signers = custody::Signers::Of(state_->facts(), entry->parsed());
    const auto signature = signers ? custody::CheckSignatures(*entry, *signers) : Result<void>(Fail(signers.error()));
    if (!signature) AddFinding(Property::kSignature, zero, signature.error().message);
    // A later entry may name the key that signs the checkpoint, and every proof needs that key.
    const verify::KeptCheckpoint notes{
        verify::KeptCheckpoint::Use::kCompare, {}, {}, std::vector(entries.begin(), entries.end())};
    keys_ = verify::LearnLogKeys(source_, *entry, {&notes, 1});
    context_.log_keys = &*keys_;
    TakeProof(zero, CheckProof(context_, *entry, zero));
    const auto vkey = ReadFile(folder_.PathOf(kLogKeyFile), 4096);
    if (!vkey && verify::IsUnread(vkey.error().code)) {
      AddFinding(Property::kBundle, {}, vkey.error());
    } else if (!vkey || TextOf(*vkey) != log_key().ToText() + "\n") {
      AddFinding(Property::kBundle, {}, "proof/log.vkey is not the log key that the genesis names");
    }
    ++report_.entries;
    return true;
  }

  const tlog::VerifierKey& log_key() const { return state_->genesis().log_key; }

  // Every N in the name of a file of data/ or proof/. Listed or not, a file of any other name has no
  // place: nothing checks it, and a good report would seem to vouch for it.
  std::set<tlog::Sequence> ListEntries(const BagFiles& files) {
    std::set<tlog::Sequence> entries;
    for (const auto* const names : {&files.files, &files.others}) {
      for (const std::string& path : *names) {
        if (IsTagFile(path)) continue;
        const std::optional<std::uint64_t> number = NumberIn(path);
        if (number && *number > 0) entries.insert({*number});
        if (!number || !IsOfEntry(path, *number)) {
          FindOfFile(path, "has no place in a bundle");
          continue;
        }
        present_.insert({*number});
        if (!IsOfAnyEntry(path, *number)) of_sealed_file_.emplace(tlog::Sequence{*number}, path);
        if (IsReadable(path, *number)) not_compared_.emplace(path, tlog::Sequence{*number});
      }
    }
    return entries;
  }

  // The findings about an entry, in the order of the report.
  struct Checking {
    explicit Checking(Result<custody::SignedEntry> read) : entry(std::move(read)) {}
    Result<custody::SignedEntry> entry;
    RulesCheck::Checked rules;
    Result<Proven> proven = Fail(ErrorCode::kNotFound, "not checked");
    std::optional<verify::SealedEntry> sealed;
    SealedFileCheck sealed_file;
  };

  // Rules depend on the order of entries. Reading, signatures, proofs and sealed files do not, and they cost time.
  void CheckBatch(std::span<const tlog::Sequence> batch) {
    std::vector<std::optional<Checking>> checks(batch.size());
    pool_.ForEach(batch.size(), [&](std::size_t i) { checks[i].emplace(ReadEntry(batch[i])); });
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (checks[i]->entry) CheckRules(batch[i], *checks[i]);
    }
    pool_.ForEach(batch.size(), [&](std::size_t i) {
      if (checks[i]->entry && !IsSet(request_.interrupted)) CheckFiles(batch[i], *checks[i]);
    });
    for (std::size_t i = 0; i < batch.size() && !IsSet(request_.interrupted); ++i) {
      Checking& check = *checks[i];
      if (check.sealed && check.sealed->file.payload_bytes >= verify::kWorthAllThreads) {
        check.sealed_file = CheckSealedFile(context_, *check.sealed, &pool_);
      }
      Take(batch[i], std::move(check));
    }
  }

  void CheckRules(tlog::Sequence sequence, Checking& check) {
    const custody::SignedEntry& entry = *check.entry;
    const custody::Entry& act = entry.parsed();
    check.rules = rules_.Check(sequence, entry);
    const custody::SealedFile* const sealed = custody::SealedFileOf(act.body);
    if (sealed != nullptr) check.sealed = verify::SealedEntry{sequence, *sealed, {}, custody::TypeOf(act.body)};
    if (custody::TypeOf(act.body) == custody::EntryType::kItem) items_.insert(sequence);
    const auto* const access = std::get_if<custody::Access>(&act.body);
    if (access != nullptr && check.rules.is_allowed) recipients_.NoteExport(*access);
  }

  void CheckFiles(tlog::Sequence sequence, Checking& check) const {
    RulesCheck::Checked& rules = check.rules;
    if (rules.signers) rules.signatures = custody::CheckSignatures(*check.entry, *rules.signers);
    check.proven = CheckProof(context_, *check.entry, sequence);
    if (check.sealed && check.sealed->file.payload_bytes < verify::kWorthAllThreads) {
      check.sealed_file = CheckSealedFile(context_, *check.sealed, nullptr);
    }
  }

  void Take(tlog::Sequence sequence, Checking check) {
    if (!check.entry) return AddFinding(Property::kEntry, sequence, check.entry.error());
    ++report_.entries;
    std::ranges::move(check.rules.findings, std::back_inserter(report_.findings));
    if (!check.rules.signatures) AddFinding(Property::kSignature, sequence, check.rules.signatures.error().message);
    TakeProof(sequence, std::move(check.proven));
    if (check.sealed) return TakeSealedFile(sequence, std::move(check.sealed_file));
    for (auto [path, end] = of_sealed_file_.equal_range(sequence); path != end; ++path) {
      AddFinding(Property::kBundle, sequence,
                 Format("holds no sealed file, and so {} has no place", Printable(path->second)));
    }
  }

  void TakeSealedFile(tlog::Sequence sequence, SealedFileCheck check) {
    verify::SealedOutcome& outcome = check.outcome;
    ++report_.items;
    report_.payload_bytes += outcome.payload_bytes;
    report_.contents += outcome.content_checked ? 1 : 0;
    report_.content_bytes += outcome.content_bytes;
    std::ranges::move(outcome.findings, std::back_inserter(report_.findings));
    if (check.recipients > 0) recipients_.NoteSealedFile(sequence, check.recipients);
    // The bundle's own identity opens all of it, or something was changed; a receiver may have brought a wrong one.
    if (outcome.unopened && context_.is_plain) AddFinding(Property::kSealed, sequence, *outcome.unopened);
    if (outcome.unopened && !context_.is_plain) report_.unopened.push_back(sequence);
    if (check.original.empty()) return;
    // Its metadata was compared with the sealed file (entry_check.h).
    not_compared_.erase(ProofFile(sequence, "metadata.json"));
    not_compared_.erase(check.original);
    originals_.emplace(sequence, Original{std::move(check.original), outcome.metadata->sha256});
  }

  void CheckNote(const BagManifests& manifests, const BagFiles& files) {
    const auto checked = [&]() -> Result<void> {
      TRY(const ReadNote read, ReadSignedNote(folder_, rules_.facts()));
      Identify(read);
      const auto size = report_.head ? std::optional(report_.head->size) : std::nullopt;
      return CompareNote(read.statement, manifests, {state_->origin(), size, SealedFiles(), files.unread.empty()});
    }();
    if (!checked) FindIn(kNoteFile, checked.error());
  }

  void Identify(const ReadNote& read) {
    if (!context_.proven) return;
    identity_ = BundleIdentity{
        crypto::Sha256(read.note), read.statement.made_by, read.statement.time, context_.proven->note, {}};
    for (const auto& [sequence, path] : of_sealed_file_) {
      if (IsSealedFile(path)) identity_->items.push_back(sequence);
    }
  }

  std::uint64_t SealedFiles() const {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(of_sealed_file_, [](const auto& file) { return IsSealedFile(file.second); }));
  }

  // Entries that the bundle does not have are no failure, and the report names them.
  std::vector<LogRange> GapsInLog(tlog::TreeSize size) const {
    if (size.value == 0) return {};
    return Gaps({{0}, {size.value - 1}}, present_);
  }

  struct Original {
    std::string path;
    crypto::Sha256Digest sha256;  // of the sealed content
  };

  // Checks that the plain original is the sealed content.
  void CompareOriginal(tlog::Sequence sequence, const Original& original, const BagCheck::Hashes& hashes) {
    const auto hash = hashes.find(original.path);
    if (hash == hashes.end())
      return AddFinding(Property::kContent, sequence, Printable(original.path) + " is missing or not listed",
                        ErrorCode::kNotFound);
    if (hash->second != original.sha256) {
      AddFinding(Property::kContent, sequence, Printable(original.path) + " is not the original that was sealed");
    }
  }

  BagFolder folder_;
  const VerifyRequest& request_;
  Pool& pool_;
  BundleSource source_;
  EntryContext context_;
  verify::Report report_;
  std::optional<BundleIdentity> identity_;
  std::vector<seal::X25519Identity> identities_;  // of a plain bundle
  std::optional<custody::State> state_;
  std::optional<custody::LogKeys> keys_;
  RulesCheck rules_;
  std::multimap<tlog::Sequence, std::string> of_sealed_file_;  // files that only an item has, by entry
  std::map<tlog::Sequence, Original> originals_;               // to compare
  std::map<std::string, tlog::Sequence> not_compared_;         // originals and metadata, by path
  std::set<tlog::Sequence> present_;                           // entries of which there is any file
  std::set<tlog::Sequence> items_;                             // entries of type item that could be read
  RecipientCounts recipients_;
};

}  // namespace

Result<CheckedBundle> CheckBundle(const fs::path& bundle, const VerifyRequest& request, Pool& pool) {
  std::error_code error;
  if (!fs::is_regular_file(bundle, error)) {
    if (!request.keep_as.empty())
      return Fail(ErrorCode::kInvalid, Printable(bundle.native()) + " is no container",
                  "what was checked is what is in it");
    return BundleChecker(bundle, request, pool).Run();
  }
  const bool is_kept = !request.keep_as.empty();
  auto made = is_kept ? NewFolder::Make(request.keep_as, {.suffix = ".partial"})
                      : NewFolder::Make(request.unpack_in / Format("exhibit-{}", ::getpid()), {.suffix = ".unpacked"});
  if (!made && !is_kept)
    return Fail(std::move(made).error().Hint("--unpack-in, or TMPDIR, names a folder to unpack in"));
  TRY(NewFolder unpacked, std::move(made));
  TRY(const std::vector<std::string> foreign, UnpackContainer(bundle, unpacked.path(), request.interrupted));
  TRY(CheckedBundle checked, BundleChecker(unpacked.path(), request, pool).Run());
  checked.report.foreign.insert(checked.report.foreign.end(), foreign.begin(), foreign.end());
  if (is_kept && checked.report.ok()) TRY_VOID(unpacked.Finish());
  return checked;
}

Result<verify::Report> VerifyBundle(const fs::path& bundle, const VerifyRequest& request, Pool& pool) {
  TRY(CheckedBundle checked, CheckBundle(bundle, request, pool));
  return std::move(checked.report);
}

}  // namespace exhibit::bundle
