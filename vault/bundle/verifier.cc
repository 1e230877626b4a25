#include "vault/bundle/verifier.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/layout.h"
#include "vault/seal/layout.h"
#include "vault/seal/frames.h"
#include "vault/seal/metadata.h"
#include "vault/tlog/tlog_proof.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/policy_check.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;
using verify::Property;

constexpr std::uint64_t kMaxProofFile = tlog::kMaxNoteBytes;

Result<Bytes> ReadRange(const fs::path& path, std::uint64_t offset, std::uint64_t bytes) {
  TRY(const FileDescriptor file, OpenForReading(path));
  Bytes read(static_cast<std::size_t>(bytes));
  std::size_t done = 0;
  while (done < read.size()) {
    const ssize_t got = ::pread(file.get(), read.data() + done, read.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(SystemError("read", path, errno));
    if (got == 0) return Fail(ErrorCode::kTampered, "the sealed file is cut off");
    done += static_cast<std::size_t>(got);
  }
  return read;
}

// A bundle as the verifier of sealed files reads it.
class BundleSource final : public verify::Source {
 public:
  explicit BundleSource(fs::path folder) : folder_(std::move(folder)) {}

  struct Sealed {
    seal::PayloadLayout layout;
    std::size_t header_bytes = 0;  // of data/<N>.age
  };
  void Note(tlog::Sequence sequence, Sealed sealed) { sealed_.insert_or_assign(sequence, sealed); }

  Result<Bytes> ReadHead() const override { return Fail(ErrorCode::kNotFound, "a bundle has no head of its own"); }
  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override {
    return ReadFile(folder_ / ProofFile(sequence, "entry"), custody::kMaxEntryBytes);
  }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects) const override {
    return Fail(ErrorCode::kNotFound, "a bundle keeps no index");
  }
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const override {
    return ReadFile(folder_ / ProofFile(sequence, "header"), seal::kMaxHeaderBytes);
  }
  Result<Bytes> ReadBlockHashes(tlog::Sequence) const override {
    return Fail(ErrorCode::kNotFound, "a bundle keeps no block hashes");
  }
  Result<Bytes> ReadBlock(tlog::Sequence sequence, std::uint64_t block) const override {
    const Sealed& sealed = sealed_.at(sequence);
    const auto place = sealed.layout.block(block);
    return ReadRange(folder_ / SealedFileName(sequence), sealed.header_bytes + place.offset, place.bytes);
  }
  Result<Bytes> ReadTile(const tlog::TileId&) const override {
    return Fail(ErrorCode::kNotFound, "a bundle has proofs instead of tiles");
  }

 private:
  fs::path folder_;
  std::map<tlog::Sequence, Sealed> sealed_;
};

class BundleChecker {
 public:
  BundleChecker(const fs::path& folder, const VerifyRequest& request, Pool& pool)
      : folder_(folder), request_(request), pool_(pool), source_(folder) {}

  Result<verify::Report> Run() {
    TRY(BagCheck bag, CheckBag(folder_, pool_, request_.interrupted));
    for (const BagProblem& problem : bag.problems) {
      Find(Property::kBundle, {}, Printable(problem.file) + " " + problem.message);
    }
    hashes_ = std::move(bag.hashes);
    TRY_VOID(LoadBundleIdentity());
    report_.depth = identities_.empty() && request_.identities.empty() ? verify::Depth::kSealed : verify::Depth::kContent;
    TRY(const std::set<tlog::Sequence> entries, ListEntries());
    if (!BeginWithGenesis(entries)) return std::move(report_);
    for (const tlog::Sequence sequence : entries) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      CheckEntry(sequence);
    }
    // What an interrupted check says of the item that it left is not so.
    TRY_VOID(StopIfAsked(request_.interrupted));
    for (const auto& [path, item] : not_compared_) {
      Find(Property::kContent, item, Printable(path) + " was not compared with what was sealed: nothing is known of it");
    }
    if (report_.head && facts_.log_keys->For(report_.head->size) != keys_->For(report_.head->size)) {
      Find(Property::kHead, {}, "the checkpoint is signed by a key that no entry may have made the log's");
    }
    if (report_.items == 0 && report_.ok()) Find(Property::kBundle, {}, "the bundle holds no item");
    return std::move(report_);
  }

 private:
  void Find(Property property, std::optional<tlog::Sequence> entry, std::string message) {
    report_.findings.push_back({property, entry, {}, {}, std::move(message)});
  }

  Result<void> LoadBundleIdentity() {
    const auto file = ReadFile(folder_ / kIdentityFile, 4096);
    if (!file) return {};
    auto identities = seal::ParseIdentityFile(TextOf(*file));
    if (identities) {
      identities_ = std::move(*identities);
    } else {
      Find(Property::kBundle, {}, "proof/identity.txt: " + identities.error().message);
    }
    return {};
  }

  // The entry, if it can be read, stands where its proof says and was signed by whom it must be.
  std::optional<custody::SignedEntry> ReadEntry(tlog::Sequence sequence) {
    auto bytes = source_.ReadEntry(sequence);
    auto entry = bytes ? custody::SignedEntry::Parse(std::move(*bytes)) : Result<custody::SignedEntry>(Fail(bytes.error()));
    if (!entry) {
      Find(Property::kEntry, sequence, entry.error().message);
      return std::nullopt;
    }
    known_.insert_or_assign(sequence, custody::NamedItemOf(*entry));
    return std::move(*entry);
  }

  void CheckProof(const custody::SignedEntry& entry, tlog::Sequence sequence) {
    const auto bytes = ReadFile(folder_ / ProofFile(sequence, "tlog-proof"), kMaxProofFile);
    const auto proof = bytes ? tlog::DecodeTlogProof(*bytes) : Result<tlog::TlogProof>(Fail(bytes.error()));
    if (!proof) return Find(Property::kTree, sequence, proof.error().message);
    if (proof->index != sequence) return Find(Property::kTree, sequence, "its proof is of another position");
    const auto head = keys_->Open(proof->checkpoint);
    if (!head) return Find(Property::kTree, sequence, head.error().message);
    const tlog::VerifierKey& key = keys_->For(head->size);
    const auto checkpoint = tlog::CheckTlogProof(*proof, entry.bytes(), key);
    if (!checkpoint) return Find(Property::kTree, sequence, checkpoint.error().message);
    if (!report_.head) {
      report_.head = *checkpoint;
      if (request_.policy != nullptr) verify::CheckPolicy(*request_.policy, proof->checkpoint, key, report_);
    } else if (*report_.head != *checkpoint) {
      Find(Property::kHead, sequence, "its proof has another checkpoint than the others");
    }
  }

  bool BeginWithGenesis(const std::set<tlog::Sequence>& entries) {
    const tlog::Sequence zero{0};
    const auto entry = ReadEntry(zero);
    if (!entry) return false;
    auto state = custody::State::Begin(*entry);
    if (!state) {
      Find(Property::kGenesis, zero, state.error().message);
      return false;
    }
    state_.emplace(std::move(*state));
    facts_ = state_->facts();
    report_.fingerprint = state_->fingerprint();
    if (request_.fingerprint && *request_.fingerprint != state_->fingerprint()) {
      Find(Property::kGenesis, zero, "this is of another vault: its fingerprint is " + ToHex(state_->fingerprint().view()) +
                                         ", and " + ToHex(request_.fingerprint->view()) + " was expected");
    }
    const auto signature = entry->CheckSignature(state_->genesis().custodian.key);
    if (!signature) Find(Property::kSignature, zero, signature.error().message);
    // Which key signs the checkpoint may be for a later entry to say, and every proof needs it.
    const verify::KeptCheckpoint notes{verify::KeptCheckpoint::Use::kCompare, {}, {},
                                       std::vector(entries.begin(), entries.end())};
    keys_ = verify::LearnLogKeys(source_, *entry, {&notes, 1});
    CheckProof(*entry, zero);
    const auto vkey = ReadFile(folder_ / kLogKeyFile, 4096);
    if (!vkey || TextOf(*vkey) != log_key().ToText() + "\n") {
      Find(Property::kBundle, {}, "proof/log.vkey is not the log key that the genesis names");
    }
    ++report_.entries;
    return true;
  }

  const tlog::VerifierKey& log_key() const { return state_->genesis().log_key; }

  // Every N that any file of data/ or proof/ speaks of. Listed or not, a file of another name has no
  // place: nobody checked it, and a report that is well would seem to speak for it.
  Result<std::set<tlog::Sequence>> ListEntries() {
    std::set<tlog::Sequence> entries;
    std::error_code error;
    for (fs::recursive_directory_iterator file(folder_, error), end; !error && file != end; file.increment(error)) {
      const std::string path = file->path().lexically_relative(folder_).generic_string();
      const bool is_folder = file->symlink_status(error).type() == fs::file_type::directory;
      if (is_folder ? path == "data" || path == "proof" : IsTagFile(path)) continue;
      const std::optional<std::uint64_t> number = NumberIn(path);
      if (number && *number > 0) entries.insert({*number});
      if (is_folder || !number || !IsExpectedName(path, *number)) {
        Find(Property::kBundle, {}, Printable(path) + " has no place in a bundle");
        continue;
      }
      if (!IsOfAnyEntry(path, *number)) of_sealed_file_.emplace(tlog::Sequence{*number}, path);
      if (IsReadable(path, *number)) not_compared_.emplace(path, tlog::Sequence{*number});
    }
    if (error) return Fail(SystemError("list", folder_, error.value()));
    return entries;
  }

  // The N of "data/N-name" or "proof/N.kind".
  static std::optional<std::uint64_t> NumberIn(std::string_view path) {
    if (!path.starts_with("data/") && !path.starts_with("proof/")) return std::nullopt;
    const std::string_view name = path.substr(path.find('/') + 1);
    const auto number = FromDecimal(name.substr(0, name.find_first_of(".-")));
    return number ? std::optional(*number) : std::nullopt;
  }

  static bool IsTagFile(std::string_view path) {
    return path == kBagitFile || path == kBagInfoFile || path == kManifestFile || path == kTagManifestFile ||
           path == kIdentityFile || path == kLogKeyFile;
  }

  // An original or its metadata, which are believed only once they were compared with what is sealed.
  static bool IsReadable(const std::string& path, std::uint64_t number) {
    return path.starts_with("data/" + std::to_string(number) + "-") || path == ProofFile({number}, "metadata.json");
  }

  static bool IsOfAnyEntry(const std::string& path, std::uint64_t number) {
    return path == ProofFile({number}, "entry") || path == ProofFile({number}, "tlog-proof");
  }

  static bool IsExpectedName(const std::string& path, std::uint64_t number) {
    const tlog::Sequence sequence{number};
    if (IsOfAnyEntry(path, number)) return true;
    if (number == 0) return false;
    return path == ProofFile(sequence, "header") || path == SealedFileName(sequence) || IsReadable(path, number);
  }

  void CheckEntry(tlog::Sequence sequence) {
    const auto entry = ReadEntry(sequence);
    if (!entry) return;
    ++report_.entries;
    const custody::Entry& act = entry->entry();
    const bool in_place = CheckPlace(act, sequence);
    if (CheckSigners(*entry, sequence) && in_place && custody::ChangesFacts(custody::ActOf(act.body))) {
      custody::Apply(facts_, act);
    }
    CheckProof(*entry, sequence);
    const custody::SealedFile* const sealed = custody::SealedFileOf(act.body);
    if (sealed != nullptr) return CheckSealedFile(sequence, *sealed);
    for (auto [path, end] = of_sealed_file_.equal_range(sequence); path != end; ++path) {
      Find(Property::kBundle, sequence, "holds no sealed file, and so " + Printable(path->second) + " has no place");
    }
  }

  // False if it is not the entry of this vault and position, behind the one before, if the bundle holds that:
  // entries are checked in their order, so it was read.
  bool CheckPlace(const custody::Entry& entry, tlog::Sequence sequence) {
    const std::size_t found = report_.findings.size();
    if (entry.sequence != sequence) {
      Find(Property::kChain, sequence, "says that it is entry " + std::to_string(entry.sequence.value));
    }
    if (entry.origin != state_->origin()) {
      Find(Property::kChain, sequence, "belongs to another vault: origin " + Printable(entry.origin.text()));
    }
    const auto before = known_.find({sequence.value - 1});
    if (before != known_.end() && before->second.leaf != entry.previous) {
      Find(Property::kChain, sequence, "does not follow the entry before it: prev is " + ToHex(entry.previous.view()) +
                                           ", and that entry's hash is " + ToHex(before->second.leaf.view()));
    }
    return report_.findings.size() == found;
  }

  // The rules as they stood at this position, as far as the bundle tells: a change that its maker left
  // out is not seen here (docs/THREAT-MODEL.md).
  bool CheckSigners(const custody::SignedEntry& entry, tlog::Sequence sequence) {
    const auto ask = [this](tlog::Sequence at) -> Result<custody::NamedItem> {
      const auto known = known_.find(at);
      return known == known_.end() ? custody::NamedItem() : known->second;
    };
    const auto signers = custody::CheckAct(facts_, entry.entry());
    const auto allowed = signers ? custody::CheckNamedItems(entry.entry(), ask) : Result<void>(Fail(signers.error()));
    if (!allowed) Find(Property::kChain, sequence, allowed.error().message);
    const auto signatures = signers ? custody::CheckSignatures(entry, *signers) : Result<void>();
    if (!signatures) Find(Property::kSignature, sequence, signatures.error().message);
    return allowed && signatures;
  }

  void CheckSealedFile(tlog::Sequence sequence, const custody::SealedFile& file) {
    const fs::path path = folder_ / SealedFileName(sequence);
    std::error_code error;
    const std::uint64_t size = fs::file_size(path, error);
    const auto beginning = error ? Result<Bytes>(Fail(SystemError("look at", path, error.value())))
                                 : ReadRange(path, 0, std::min<std::uint64_t>(size, seal::kMaxHeaderBytes));
    const auto header = beginning ? seal::ParseHeader(*beginning) : Result<seal::ParsedHeader>(Fail(beginning.error()));
    if (!header) return Find(Property::kHeader, sequence, "the sealed file: " + header.error().message);
    if (size != header->size_bytes + file.payload_bytes) {
      return Find(Property::kPayload, sequence, "the sealed file has a payload of " +
                                                    std::to_string(size - header->size_bytes) + " bytes, and the entry names " +
                                                    std::to_string(file.payload_bytes));
    }
    source_.Note(sequence, {*seal::PayloadLayout::Create(file.payload_bytes, file.tail_bytes), header->size_bytes});
    verify::Options options;
    options.depth = report_.depth;
    options.interrupted = request_.interrupted;
    // The receiver's header gives the key, and the original header must commit to the same one.
    options.open_key = [&](tlog::Sequence, const seal::AgeHeader& original) -> Result<seal::FileKey> {
      auto key = seal::OpenHeader(header->header, identities_.empty() ? request_.identities : std::span<const seal::X25519Identity>(identities_));
      if (!key) return key;
      TRY_VOID(seal::CheckHeaderMac(original, *key));
      return key;
    };
    verify::SealedOutcome outcome = verify::CheckSealed(source_, options, {sequence, file}, &pool_);
    ++report_.items;
    report_.payload_bytes += outcome.payload_bytes;
    report_.contents += outcome.content_checked ? 1 : 0;
    report_.content_bytes += outcome.content_bytes;
    std::ranges::move(outcome.findings, std::back_inserter(report_.findings));
    if (outcome.metadata) CheckOriginal(sequence, *outcome.metadata);
  }

  // Where there is a plain original or metadata, it is the sealed one.
  void CheckOriginal(tlog::Sequence sequence, const seal::Metadata& metadata) {
    if (identities_.empty()) return;
    const std::string name = OriginalFileName(sequence, metadata.name);
    not_compared_.erase(ProofFile(sequence, "metadata.json"));
    not_compared_.erase(name);
    const auto json = seal::EncodeMetadata(metadata);
    const auto stored = ReadFile(folder_ / ProofFile(sequence, "metadata.json"), seal::kMaxMetadataBytes);
    if (!json || !stored || TextOf(*stored) != *json) {
      Find(Property::kMetadata, sequence, "the metadata beside it is missing, or is not the one that was sealed");
    }
    const auto hash = hashes_.find(name);
    if (hash == hashes_.end()) return Find(Property::kContent, sequence, Printable(name) + " is missing or not listed");
    if (hash->second != ToHex(metadata.sha256.view())) {
      Find(Property::kContent, sequence, Printable(name) + " is not the original that was sealed");
    }
  }

  const fs::path& folder_;
  const VerifyRequest& request_;
  Pool& pool_;
  BundleSource source_;
  verify::Report report_;
  std::vector<seal::X25519Identity> identities_;  // of a plain bundle
  std::optional<custody::State> state_;
  std::optional<custody::LogKeys> keys_;
  custody::Facts facts_;                               // after the entries that were checked
  std::map<tlog::Sequence, custody::NamedItem> known_;  // the entries that could be read
  std::multimap<tlog::Sequence, std::string> of_sealed_file_;  // files that only an item has, by entry
  Manifest hashes_;  // of the bag's listed files
  std::map<std::string, tlog::Sequence> not_compared_;  // originals and metadata, by path
};

}  // namespace

Result<verify::Report> VerifyBundle(const fs::path& folder, const VerifyRequest& request, Pool& pool) {
  return BundleChecker(folder, request, pool).Run();
}

}  // namespace exhibit::bundle
