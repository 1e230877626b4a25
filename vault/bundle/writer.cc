#include "vault/bundle/writer.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <set>

#include "vault/base/interrupt.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/report_page.h"
#include "vault/bundle/verifier.h"
#include "vault/custody/act_index.h"
#include "vault/custody/entry.h"
#include "vault/seal/age_file.h"
#include "vault/seal/frames.h"
#include "vault/seal/layout.h"
#include "vault/seal/metadata.h"
#include "vault/tlog/tlog_proof.h"
#include "vault/verify/kept_check.h"

namespace exhibit::bundle {
namespace {

// An item whose two files are written side by side; below, a thread costs more than it brings.
constexpr std::uint64_t kWorthAThread = 4 << 20;

class Exporter {
 public:
  Exporter(const verify::Source& source, const seal::X25519Identity& reader, const ExportRequest& request, Pool& pool,
           BagWriter& bag)
      : source_(source), reader_(reader), request_(request), pool_(pool), bag_(bag) {}

  Result<void> Run() {
    TRY(head_, source_.ReadHead());
    TRY(const custody::SignedEntry genesis, ReadEntry({0}));
    const auto& keys = std::get<custody::Genesis>(genesis.entry().body);
    TRY(const tlog::Checkpoint head, verify::LearnLogKeys(source_, genesis, {}).Open(head_));
    size_ = head.size;
    if (request_.recipients.empty()) {
      bundle_identity_.emplace(seal::X25519Identity::Generate());
      const crypto::SecretText text = bundle_identity_->ToSecretText();
      TRY_VOID(bag_.WriteWhole(std::string(kIdentityFile), ViewOf(std::string(text.ExposeSecret()) + "\n")));
    }
    TRY_VOID(bag_.WriteWhole(std::string(kLogKeyFile), ViewOf(keys.log_key.ToText() + "\n")));
    TRY_VOID(WriteProof(genesis));
    TRY(const std::set<tlog::Sequence> chosen, Choose());
    TRY_VOID(ExportAll({chosen.begin(), chosen.end()}));
    TRY_VOID(WriteReport(genesis, chosen));
    return bag_.Close({{"Source-Organization", keys.custodian.name},
                       {"External-Identifier", std::string(head.origin.text())},
                       {"Bagging-Date", FormatTime(Now()).substr(0, 10)},
                       {"Exhibit-Log-Size", std::to_string(head.size.value)}});
  }

 private:
  Result<custody::SignedEntry> ReadEntry(tlog::Sequence sequence) const {
    TRY(Bytes bytes, source_.ReadEntry(sequence));
    TRY(custody::SignedEntry entry, custody::SignedEntry::Parse(std::move(bytes)));
    const tlog::Sequence said = entry.entry().sequence;
    if (said != sequence) return Fail(ErrorCode::kTampered, "says that it is entry " + std::to_string(said.value));
    return entry;
  }

  // The items, what was done with them, and what says who might do so.
  Result<std::set<tlog::Sequence>> Choose() {
    std::set<tlog::Sequence> chosen(request_.items.begin(), request_.items.end());
    for (const tlog::Sequence item : request_.items) TRY_VOID(ChooseActs(item.value, chosen));
    TRY_VOID(ChooseActs(custody::kStateSubject, chosen));
    return chosen;
  }

  Result<void> ChooseActs(std::uint64_t subject, std::set<tlog::Sequence>& chosen) {
    TRY(const std::vector<custody::ActRow> rows, source_.ReadActs({subject, subject}));
    for (const custody::ActRow& row : rows) {
      if (row.sequence.value >= size_.value) break;  // not acknowledged
      if (subject != custody::kStateSubject && row.type == custody::ToText(custody::EntryType::kShred)) {
        return Fail(ErrorCode::kInvalid, "item " + std::to_string(subject) + " was shredded under entry " +
                                             std::to_string(row.sequence.value));
      }
      chosen.insert(row.sequence);
    }
    return {};
  }

  Result<void> WriteProof(const custody::SignedEntry& entry) const {
    const tlog::Sequence sequence = entry.entry().sequence;
    tlog::TlogProof proof{std::nullopt, sequence, {}, head_};
    TRY(proof.hashes, tlog::ProveInclusion(source_, sequence, size_));
    TRY_VOID(bag_.WriteWhole(ProofFile(sequence, "entry"), entry.bytes()));
    return bag_.WriteWhole(ProofFile(sequence, "tlog-proof"), tlog::EncodeTlogProof(proof));
  }

  // All at once, as far as there are cores. The error is that of the first entry that has one.
  Result<void> ExportAll(const std::vector<tlog::Sequence>& chosen) {
    std::vector<Result<void>> exported(chosen.size());
    std::atomic<bool> failed{false};
    pool_.ForEach(chosen.size(), [&](std::size_t i) {
      if (failed) return;
      exported[i] = Export(chosen[i]);
      if (!exported[i]) failed = true;
    });
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (!exported[i]) return Fail(std::move(exported[i]).error().In("entry " + std::to_string(chosen[i].value)));
    }
    return {};
  }

  Result<void> Export(tlog::Sequence sequence) const {
    TRY(const custody::SignedEntry entry, ReadEntry(sequence));
    const custody::SealedFile* const sealed = custody::SealedFileOf(entry.entry().body);
    if (sealed == nullptr) {
      const bool is_asked_for = std::ranges::find(request_.items, sequence) != request_.items.end();
      return is_asked_for ? Fail(ErrorCode::kInvalid, "holds no item") : WriteProof(entry);
    }
    TRY(const Bytes header, source_.ReadHeader(sequence));
    TRY(const seal::ParsedHeader parsed, seal::ParseHeader(header));
    TRY(const seal::FileKey file_key, seal::OpenHeader(parsed.header, std::span(&reader_, 1)));
    TRY_VOID(WriteProof(entry));
    TRY_VOID(bag_.WriteWhole(ProofFile(sequence, "header"), header));
    TRY(const seal::PayloadLayout layout, seal::PayloadLayout::Create(sealed->payload_bytes, sealed->tail_bytes));
    if (!bundle_identity_) return WriteSealed(sequence, layout, file_key);
    // Each of the two files is one stream to hash. Reading the blocks twice costs less than handing them over.
    const auto policy = layout.payload_bytes() >= kWorthAThread ? std::launch::async : std::launch::deferred;
    auto original = std::async(policy, [&] { return WriteOriginal(sequence, layout, file_key); });
    const Result<void> written = WriteSealed(sequence, layout, file_key);
    Result<void> original_written = original.get();
    return written ? std::move(original_written) : written;
  }

  // Last, and in the order of the log, which the others were not written in.
  Result<void> WriteReport(const custody::SignedEntry& genesis, const std::set<tlog::Sequence>& chosen) {
    const std::set<tlog::Sequence> asked(request_.items.begin(), request_.items.end());
    const std::string first = std::to_string(asked.begin()->value), last = std::to_string(asked.rbegin()->value);
    const auto form = bundle_identity_ ? ReportHead::Form::kPlain : ReportHead::Form::kSealed;
    TRY(ReportPage report, ReportPage::Begin(bag_, {Now(), form, std::string(TextOf(head_)),
                                                    first == last ? first : first + "-" + last}));
    TRY_VOID(report.Add(genesis, ReportPage::Standing::kTellsOfIt, {}));
    for (const tlog::Sequence sequence : chosen) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      TRY(const custody::SignedEntry entry, ReadEntry(sequence));
      std::optional<std::string> metadata;
      if (bundle_identity_ && custody::SealedFileOf(entry.entry().body) != nullptr) {
        TRY(const Bytes json, ReadFile(bag_.PathOf(ProofFile(sequence, "metadata.json"))));
        metadata = TextOf(json);
      }
      const bool is_asked_for = asked.contains(sequence);
      TRY_VOID(report.Add(entry, is_asked_for ? ReportPage::Standing::kAskedFor : ReportPage::Standing::kTellsOfIt,
                          metadata));
    }
    return report.Finish(bag_);
  }

  // A new header for the receiver, then the payload as it was.
  Result<void> WriteSealed(tlog::Sequence sequence, const seal::PayloadLayout& layout, const seal::FileKey& file_key) const {
    TRY(BagWriter::File file, bag_.Create(SealedFileName(sequence)));
    const auto own = bundle_identity_ ? std::vector{bundle_identity_->recipient()} : request_.recipients;
    TRY_VOID(file.Write(seal::SealHeader(file_key, own)));
    for (std::uint64_t block = 0; block < layout.block_count(); ++block) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      TRY(const Bytes bytes, source_.ReadBlock(sequence, block));
      TRY_VOID(file.Write(bytes));
    }
    return bag_.Finish(std::move(file));
  }

  Result<void> WriteOriginal(tlog::Sequence sequence, const seal::PayloadLayout& layout, const seal::FileKey& file_key) const {
    TRY(const Bytes nonce, source_.ReadBlock(sequence, 0));
    if (nonce.size() != seal::PayloadNonce::kSize) return Fail(ErrorCode::kTampered, "block 0 is not a nonce");
    seal::ChunkCipher cipher(seal::DerivePayloadKey(file_key, *seal::PayloadNonce::From(nonce)));
    const auto open = [&](std::uint64_t block) -> Result<Bytes> {
      TRY(const Bytes sealed, source_.ReadBlock(sequence, block));
      const auto place = layout.block(block);
      Bytes plaintext;
      TRY_VOID(cipher.Open(place.first_chunk, place.end, sealed, plaintext));
      return plaintext;
    };
    // The name is needed first, and stands at the end.
    TRY(const Bytes tail, open(layout.tail_block()));
    TRY(const std::string json, seal::FindMetadata(tail));
    TRY(const seal::Metadata metadata, seal::DecodeMetadata(json));
    TRY_VOID(bag_.WriteWhole(ProofFile(sequence, "metadata.json"), ViewOf(json)));
    TRY(BagWriter::File file, bag_.Create(OriginalFileName(sequence, metadata.name)));
    seal::ContentDecoder decoder([&](ByteView original) { return file.Write(original); });
    for (std::uint64_t block = 1; block < layout.block_count(); ++block) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      TRY(const Bytes plaintext, open(block));
      TRY_VOID(decoder.Push(plaintext));
    }
    TRY_VOID(decoder.Finish());
    return bag_.Finish(std::move(file));
  }

  const verify::Source& source_;
  const seal::X25519Identity& reader_;
  const ExportRequest& request_;
  Pool& pool_;
  BagWriter& bag_;
  Bytes head_;
  tlog::TreeSize size_;
  std::optional<seal::X25519Identity> bundle_identity_;
};

}  // namespace

Result<void> WriteBundle(const verify::Source& source, const seal::X25519Identity& reader, const ExportRequest& request,
                         Pool& pool) {
  if (request.items.empty()) return Fail(ErrorCode::kInvalid, "no items to export", "name them by their numbers");
  TRY(NewFolder partial, NewFolder::Make(request.target, {.suffix = ".partial"}));
  BagWriter bag(partial.path());
  TRY_VOID(Exporter(source, reader, request, pool, bag).Run());
  // What a receiver will see must hold before anybody can receive it.
  TRY(const verify::Report report, VerifyBundle(partial.path(), {{}, {}, request.interrupted}, pool));
  if (!report.ok()) {
    return Fail(ErrorCode::kTampered, "not exported: " + verify::Describe(report.findings.front()),
                "exhibit verify --content names everything that is wrong");
  }
  return partial.Finish();
}

}  // namespace exhibit::bundle
