#include "vault/bundle/writer.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/bundle_note.h"
#include "vault/bundle/container.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/verifier.h"
#include "vault/custody/act_index.h"
#include "vault/custody/entry.h"
#include "vault/seal/age_file.h"
#include "vault/seal/frames.h"
#include "vault/seal/layout.h"
#include "vault/seal/metadata.h"
#include "vault/tlog/tlog_proof.h"
#include "vault/verify/file_key.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/read_entry.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

// The two files of an item of this size and more are written side by side; for a smaller one a thread costs more than it saves.
constexpr std::uint64_t kWorthAThread = 4 << 20;

class Exporter {
 public:
  Exporter(const verify::Source& source, seal::Identities keys, const ExportRequest& request, Companion& companion,
           Pool& pool, BagWriter& bag)
      : source_(source),
        keys_(keys),
        request_(request),
        companion_(companion),
        pool_(pool),
        bag_(bag),
        asked_(request.items.begin(), request.items.end()) {}

  // Writes everything except the note.
  Result<FileHashes> Run() {
    TRY(head_, source_.ReadHead());
    TRY(const custody::SignedEntry genesis, verify::ReadEntryAt(source_, {0}));
    const auto& keys = std::get<custody::Genesis>(genesis.parsed().body);
    TRY(const tlog::Checkpoint head, verify::LearnLogKeys(source_, genesis, {}).Open(head_));
    size_ = head.size;
    if (request_.recipients.empty()) {
      bundle_identity_.emplace(seal::X25519Identity::Generate());
      const crypto::SecretText text = bundle_identity_->ToSecretText();
      TRY_VOID(bag_.WriteWhole(std::string(kIdentityFile), ViewOf(std::string(text.ExposeSecret()) + "\n")));
    }
    TRY_VOID(bag_.WriteWhole(std::string(kLogKeyFile), ViewOf(keys.log_key.ToText() + "\n")));
    if (request_.policy != nullptr)
      TRY_VOID(bag_.WriteWhole(std::string(kPolicyFile), ViewOf(request_.policy->ToText())));
    TRY(std::set<tlog::Sequence> chosen, Choose());
    chosen.insert(genesis.parsed().sequence);
    about_ = HeadOf(head, genesis);
    TRY_VOID(companion_.Begin(bag_, *about_, {chosen, asked_.size(), request_.missing, std::string(TextOf(head_))}));
    TRY_VOID(ExportAll({chosen.begin(), chosen.end()}));
    TRY(const BagInfo bag_info, companion_.Finish(bag_));
    return bag_.Close(bag_info);
  }

  // Signs the manifests that `Run` returned.
  Result<Bytes> Sign(const FileHashes& tags) const {
    return SignBundle({about_->log.origin, about_->log.size, about_->range, sealed_files_, about_->custodian,
                       about_->made, tags.sha256, tags.sha512},
                      *request_.signer);
  }

 private:
  BundleHead HeadOf(const tlog::Checkpoint& head, const custody::SignedEntry& genesis) const {
    return {Now(),
            bundle_identity_ ? Form::kPlain : Form::kSealed,
            head,
            *custody::Fingerprint::From(genesis.leaf().view()),
            custody::ActorOf(request_.signer->verifier()),
            request_.program,
            RangeOf()};
  }

  // From the first to the last item that was asked for.
  LogRange RangeOf() const {
    LogRange range{*asked_.begin(), *asked_.rbegin()};
    for (const Missing& one : request_.missing) {
      range.first = std::min(range.first, one.item);
      range.last = std::max(range.last, one.item);
    }
    return range;
  }

  // The items, the acts on them, and the entries that say who may act.
  Result<std::set<tlog::Sequence>> Choose() {
    std::set<tlog::Sequence> chosen = asked_;
    for (const tlog::Sequence item : request_.items) TRY_VOID(ChooseActs(item.value, chosen));
    TRY_VOID(ChooseActs(custody::kStateSubject, chosen));
    return chosen;
  }

  Result<void> ChooseActs(std::uint64_t subject, std::set<tlog::Sequence>& chosen) {
    TRY(const std::vector<custody::ActRow> rows, source_.ReadActs({subject, subject}));
    for (const custody::ActRow& row : rows) {
      if (row.sequence.value >= size_.value) break;  // not acknowledged
      if (subject != custody::kStateSubject && row.type == custody::ToText(custody::EntryType::kShred)) {
        return Fail(ErrorCode::kInvalid, Format("item {} was shredded under entry {}", subject, row.sequence));
      }
      // As an act it is not about these items; as an item it is handed over.
      if (subject == custody::kStateSubject && row.type == custody::ToText(custody::EntryType::kCase)) continue;
      if (subject == custody::kStateSubject && row.type == custody::ToText(custody::EntryType::kReseal)) {
        TRY(const bool is_first, IsFirstOfItsKey(row.sequence));
        if (!is_first) continue;  // there may be many, and they are about other items
      }
      chosen.insert(row.sequence);
    }
    return {};
  }

  // For a reseal entry: true if it brings a new key, false if it continues with the present one.
  Result<bool> IsFirstOfItsKey(tlog::Sequence sequence) {
    TRY(const custody::SignedEntry entry, verify::ReadEntryAt(source_, sequence));
    const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
    return reseal != nullptr && vault_keys_.insert(reseal->recipient).second;
  }

  Result<void> WriteProof(const custody::SignedEntry& entry) const {
    const tlog::Sequence sequence = entry.parsed().sequence;
    tlog::TlogProof proof{std::nullopt, sequence, {}, head_};
    TRY(proof.hashes, tlog::ProveInclusion(source_, sequence, size_));
    TRY_VOID(bag_.WriteWhole(ProofFile(sequence, "entry"), entry.bytes()));
    return bag_.WriteWhole(ProofFile(sequence, "tlog-proof"), tlog::EncodeTlogProof(proof));
  }

  struct Written {
    custody::SignedEntry entry;
    std::optional<seal::Metadata> metadata;  // if the bundle is plain
    std::string sealed_sha256;
  };

  // Writes as many at once as there are cores, and tells the companion of them in order. The error is that of the first entry that has
  // one.
  Result<void> ExportAll(const std::vector<tlog::Sequence>& chosen) {
    constexpr std::uint64_t kBatch = 64;
    using Attempt = std::optional<Result<Written>>;  // nothing if another one had failed before
    std::atomic<bool> failed{false};
    const auto write = [&](std::uint64_t i) -> Attempt {
      if (failed) return std::nullopt;
      Attempt result = Export(chosen[static_cast<std::size_t>(i)]);
      if (!*result) failed = true;
      return result;
    };
    const auto tell = [&](std::uint64_t i, Attempt result) -> Result<void> {
      const tlog::Sequence sequence = chosen[static_cast<std::size_t>(i)];
      if (!result) return {};  // a later one has the error
      if (!*result) return Fail(std::move(*result).error());
      Written& written = **result;
      if (!written.sealed_sha256.empty()) ++sealed_files_;
      TRY_VOID(StopIfAsked(request_.interrupted));
      const bool is_asked_for = asked_.contains(sequence);
      return companion_.Add({written.entry, is_asked_for ? ExportedEntry::Part::kItem : ExportedEntry::Part::kAct,
                             written.metadata ? &*written.metadata : nullptr, std::move(written.sealed_sha256)});
    };
    return MakeAndTake<Attempt>(pool_, chosen.size(), kBatch, write, tell);
  }

  Result<Written> Export(tlog::Sequence sequence) const {
    TRY(custody::SignedEntry entry, verify::ReadEntryAt(source_, sequence));
    auto written = Write(std::move(entry));
    if (!written) return Fail(std::move(written).error().In(NameOf(sequence)));
    return written;
  }

  Result<Written> Write(custody::SignedEntry entry) const {
    const tlog::Sequence sequence = entry.parsed().sequence;
    const custody::SealedFile* const sealed = custody::SealedFileOf(entry.parsed().body);
    if (sealed == nullptr) {
      if (asked_.contains(sequence)) return Fail(ErrorCode::kInvalid, "is an act, not an item");
      TRY_VOID(WriteProof(entry));
      return Written{std::move(entry), {}, {}};
    }
    TRY(std::optional<seal::Metadata> metadata, ExportItem(entry, *sealed));
    return Written{std::move(entry), std::move(metadata), ToHex(bag_.HashesOf(SealedFileName(sequence)).sha256.view())};
  }

  // Returns the metadata if the bundle is plain.
  Result<std::optional<seal::Metadata>> ExportItem(const custody::SignedEntry& entry,
                                                   const custody::SealedFile& sealed) const {
    const tlog::Sequence sequence = entry.parsed().sequence;
    TRY(const Bytes header, source_.ReadHeader(sequence));
    TRY(const seal::ParsedHeader parsed, seal::ParseHeader(header));
    TRY(const seal::FileKey file_key, verify::OpenFileKey(source_, sequence, parsed.header, keys_));
    TRY_VOID(WriteProof(entry));
    TRY_VOID(bag_.WriteWhole(ProofFile(sequence, "header"), header));
    TRY(const seal::PayloadLayout layout, seal::PayloadLayout::Create(sealed.payload_bytes, sealed.tail_bytes));
    if (!bundle_identity_) {
      TRY_VOID(WriteSealed(sequence, layout, file_key));
      return std::optional<seal::Metadata>();
    }
    // Each of the two files is one stream to hash. Reading the blocks twice costs less than passing them on.
    const auto policy = layout.payload_bytes() >= kWorthAThread ? std::launch::async : std::launch::deferred;
    auto original = std::async(policy, [&] { return WriteOriginal(sequence, layout, file_key); });
    const Result<void> written = WriteSealed(sequence, layout, file_key);
    Result<seal::Metadata> metadata = original.get();
    if (!written) return Fail(written.error());
    if (!metadata) return Fail(std::move(metadata).error());
    return std::optional(std::move(*metadata));
  }

  // A new header for the receiver, then the unchanged payload.
  Result<void> WriteSealed(tlog::Sequence sequence, const seal::PayloadLayout& layout,
                           const seal::FileKey& file_key) const {
    TRY(BagWriter::File file, bag_.Create(SealedFileName(sequence)));
    const auto own =
        bundle_identity_ ? std::vector<seal::Recipient>{bundle_identity_->recipient()} : request_.recipients;
    TRY_VOID(file.Write(seal::SealHeader(file_key, own)));
    for (std::uint64_t block = 0; block < layout.block_count(); ++block) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      TRY(const Bytes bytes, source_.ReadPayload(sequence, layout.block(block).range()));
      TRY_VOID(file.Write(bytes));
    }
    return bag_.Finish(std::move(file));
  }

  // Returns its metadata.
  Result<seal::Metadata> WriteOriginal(tlog::Sequence sequence, const seal::PayloadLayout& layout,
                                       const seal::FileKey& file_key) const {
    TRY(const Bytes nonce, source_.ReadPayload(sequence, layout.block(0).range()));
    if (nonce.size() != seal::PayloadNonce::kSize) return Fail(ErrorCode::kTampered, "block 0 is not a nonce");
    seal::ChunkCipher cipher(seal::DerivePayloadKey(file_key, *seal::PayloadNonce::From(nonce)));
    const auto open = [&](std::uint64_t block) -> Result<Bytes> {
      const auto place = layout.block(block);
      TRY(const Bytes sealed, source_.ReadPayload(sequence, place.range()));
      Bytes plaintext;
      TRY_VOID(cipher.Open(place.first_chunk, place.end, sealed, plaintext));
      return plaintext;
    };
    // The name of the file is needed first, and the payload has it at its end.
    TRY(const Bytes tail, open(layout.tail_block()));
    TRY(const std::string json, seal::FindMetadata(tail));
    TRY(seal::Metadata metadata, seal::DecodeMetadata(json));
    TRY_VOID(bag_.WriteWhole(ProofFile(sequence, "metadata.json"), ViewOf(json)));
    TRY(BagWriter::File file, bag_.Create(OriginalFileName(sequence, metadata.name)));
    seal::ContentDecoder decoder(metadata.size_bytes, [&](ByteView original) { return file.Write(original); });
    for (std::uint64_t block = 1; block < layout.block_count(); ++block) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      TRY(const Bytes plaintext, open(block));
      TRY_VOID(decoder.Push(plaintext));
    }
    TRY_VOID(decoder.Finish());
    TRY_VOID(bag_.Finish(std::move(file)));
    return metadata;
  }

  const verify::Source& source_;
  seal::Identities keys_;
  const ExportRequest& request_;
  Companion& companion_;
  Pool& pool_;
  BagWriter& bag_;
  std::set<tlog::Sequence> asked_;
  Bytes head_;
  tlog::TreeSize size_;
  std::optional<BundleHead> about_;
  std::uint64_t sealed_files_ = 0;
  std::optional<seal::X25519Identity> bundle_identity_;
  std::set<seal::X25519Recipient> vault_keys_;  // that reseal entries brought
};

// Writes the bundle into an empty folder. Frees what it keeps of each file before the check begins, which keeps
// as much again; returns the hashes of the large files.
Result<HashesByName> MakeBundle(const verify::Source& source, seal::Identities keys, const ExportRequest& request,
                                Companion& companion, Pool& pool, const fs::path& folder) {
  BagWriter bag(folder);
  Exporter exporter(source, keys, request, companion, pool, bag);
  TRY(const FileHashes tags, exporter.Run());
  TRY(const Bytes note, exporter.Sign(tags));
  TRY_VOID(bag.WriteWhole(std::string(kNoteFile), note));
  return bag.large_files();
}

Result<custody::SealedFile> ReadSealedFile(const verify::Source& source, tlog::Sequence item) {
  TRY(const custody::SignedEntry entry, verify::ReadEntryAt(source, item));
  const custody::SealedFile* const sealed = custody::SealedFileOf(entry.parsed().body);
  if (sealed == nullptr) return Fail(ErrorCode::kInvalid, "is an act, not an item");
  return *sealed;
}

Result<void> CheckGrant(const custody::AccessGrant& grant, const verify::Source& source, const ExportRequest& request) {
  TRY(const Bytes genesis, source.ReadEntry({0}));
  const auto is_covered = [&](tlog::Sequence item) { return grant.Covers(item); };
  if (Equal(grant.vault().view(), tlog::HashLeaf(genesis).view()) && grant.way() == custody::Access::Way::kExport &&
      std::ranges::all_of(request.items, is_covered) && grant.recipients() == NamesOf(request.recipients)) {
    return {};
  }
  return Fail(ErrorCode::kDenied,
              Format("entry {} does not say that these items are exported to these recipients", grant.entry()));
}

}  // namespace

Result<std::vector<Missing>> FindFailing(const verify::Source& source, seal::Identities keys,
                                         const std::vector<tlog::Sequence>& items, const std::atomic<bool>* interrupted,
                                         Pool& pool) {
  verify::Options options;
  options.depth = verify::Depth::kContent;
  options.interrupted = interrupted;
  options.open_key = [&](tlog::Sequence item, const seal::AgeHeader& header) {
    return verify::OpenFileKey(source, item, header, keys);
  };
  std::vector<Missing> failing;
  std::vector<verify::SealedEntry> sealed;
  for (const tlog::Sequence item : items) {
    const auto file = ReadSealedFile(source, item);
    if (file) {
      sealed.push_back({item, *file});
    } else {
      failing.push_back({item, file.error().message});
    }
  }
  TRY_VOID(verify::CheckSealedFiles(source, options, sealed, pool,
                                    [&](const verify::SealedEntry& entry, verify::SealedOutcome outcome) {
                                      if (!outcome.findings.empty()) {
                                        failing.push_back({entry.sequence, verify::Describe(outcome.findings.front())});
                                      } else if (outcome.unopened) {
                                        failing.push_back({entry.sequence, *outcome.unopened});
                                      }
                                    }));
  std::ranges::sort(failing, {}, &Missing::item);
  return failing;
}

std::vector<std::string> NamesOf(const std::vector<seal::Recipient>& recipients) {
  std::vector<std::string> names;
  for (const seal::Recipient& recipient : recipients) names.push_back(seal::RecipientText(recipient));
  return names;
}

Result<void> WriteBundle(const custody::AccessGrant& grant, const verify::Source& source, seal::Identities keys,
                         const ExportRequest& request, Companion& companion, Pool& pool) {
  EXHIBIT_ASSERT(request.signer != nullptr);
  if (request.items.empty()) return Fail(ErrorCode::kInvalid, "no items to export", "name them by their numbers");
  TRY_VOID(CheckGrant(grant, source, request));
  TRY_VOID(CheckTargetName(request.target));
  TRY(NewFolder partial, NewFolder::Make(request.target, {.suffix = ".partial"}));
  const std::optional<ContainerForm> form = ContainerFormOf(request.target);
  const fs::path folder = form ? partial.path() / "bundle" : partial.path();
  if (form) TRY_VOID(CreateFolders(folder));
  TRY(const HashesByName written, MakeBundle(source, keys, request, companion, pool, folder));
  // The bundle must hold for its receiver before anybody can receive it.
  TRY(const verify::Report report,
      VerifyBundle(folder, {.interrupted = request.interrupted, .policy = request.policy, .written = &written}, pool));
  if (!report.ok()) {
    return Fail(ErrorCode::kTampered, verify::FirstProblem(report),
                "exhibit verify --content names everything that is wrong");
  }
  if (!form) return partial.Finish();
  const fs::path container = partial.path() / ("container" + request.target.extension().native());
  TRY_VOID(PackContainer(folder, request.target.stem().native(), *form, container, request.interrupted));
  return partial.FinishAsFile(container);
}

}  // namespace exhibit::bundle
