#include "vault/bundle/entry_check.h"

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/source.h"
#include "vault/seal/layout.h"
#include "vault/tlog/tlog_proof.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;
using verify::Property;

constexpr std::uint64_t kMaxProofFile = tlog::kMaxNoteBytes;

// Whether the metadata beside a sealed file is the metadata inside it. Fails if the system does not let us read it.
Result<bool> IsBeside(const BagFolder& folder, tlog::Sequence sequence, const seal::Metadata& metadata) {
  const auto json = seal::EncodeMetadata(metadata);
  const auto stored = ReadFile(folder.PathOf(ProofFile(sequence, "metadata.json")), seal::kMaxMetadataText);
  if (!stored && verify::IsUnread(stored.error().code)) return Fail(stored.error());
  return json && stored && TextOf(*stored) == *json;
}

}  // namespace

Result<Proven> CheckProof(const EntryContext& context, const custody::SignedEntry& entry, tlog::Sequence sequence) {
  TRY(const Bytes bytes, ReadFile(context.folder.PathOf(ProofFile(sequence, "tlog-proof")), kMaxProofFile));
  TRY(const tlog::TlogProof proof, tlog::DecodeTlogProof(bytes));
  if (proof.index != sequence) return Fail(ErrorCode::kTampered, "its proof is of another position");
  if (context.proven && Equal(context.proven->note, proof.checkpoint)) {
    const tlog::Checkpoint& head = context.proven->checkpoint;
    TRY_VOID(tlog::CheckInclusion(tlog::HashLeaf(entry.bytes()), sequence, head.size, proof.hashes, head.root));
    return *context.proven;
  }
  TRY(const tlog::Checkpoint claimed, context.log_keys->Open(proof.checkpoint));
  TRY(tlog::Checkpoint head, tlog::CheckTlogProof(proof, entry.bytes(), context.log_keys->For(claimed.size)));
  return Proven{std::move(head), proof.checkpoint};
}

SealedFileCheck CheckSealedFile(const EntryContext& context, const verify::SealedEntry& entry, Pool* pool) {
  SealedFileCheck check;
  const auto add_finding = [&](Property property, std::string message, ErrorCode because = ErrorCode::kTampered) {
    check.outcome.findings.push_back(
        {property, entry.sequence, {}, {}, std::move(message), SealedFileName(entry.sequence), because});
  };
  const fs::path path = context.folder.PathOf(SealedFileName(entry.sequence));
  std::error_code error;
  const std::uint64_t size = fs::file_size(path, error);
  const auto beginning = error ? Result<Bytes>(Fail(SystemError("look at", path, error.value())))
                               : ReadFileRange(path, 0, std::min<std::uint64_t>(size, seal::kMaxHeaderBytes));
  const auto header = beginning ? seal::ParseHeader(*beginning) : Result<seal::ParsedHeader>(Fail(beginning.error()));
  if (!header) {
    add_finding(Property::kHeader, "the sealed file: " + header.error().message, header.error().code);
    return check;
  }
  check.recipients = header->header.stanzas.size();
  if (size != header->size_bytes + entry.file.payload_bytes) {
    const std::string is_cut =
        size < header->size_bytes + entry.file.payload_bytes ? "the sealed file was cut short: it" : "the sealed file";
    add_finding(Property::kPayload, Format("{} has a payload of {} bytes, and the entry names {}", is_cut,
                                           size - header->size_bytes, entry.file.payload_bytes));
    return check;
  }
  const auto layout = seal::PayloadLayout::Create(entry.file.payload_bytes, entry.file.tail_bytes);
  const BundleSource source(context.folder, header->size_bytes);  // the entry was parsed: it has one
  verify::Options options;
  options.depth = context.identities.empty() ? verify::Depth::kSealed : verify::Depth::kContent;
  options.interrupted = context.interrupted;
  // The receiver's header gives the key, and the original header must commit to the same one.
  options.open_key = [&](tlog::Sequence, const seal::AgeHeader& original) -> Result<seal::FileKey> {
    TRY(seal::FileKey key, seal::OpenHeader(header->header, context.identities));
    TRY_VOID(seal::CheckHeaderMac(original, key));
    return key;
  };
  check.outcome = verify::CheckSealed(source, options, entry, pool);
  if (!check.outcome.metadata || !context.is_plain) return check;
  check.original = OriginalFileName(entry.sequence, check.outcome.metadata->name);
  const auto is_beside = IsBeside(context.folder, entry.sequence, *check.outcome.metadata);
  if (!is_beside) {
    add_finding(Property::kMetadata, is_beside.error().message, is_beside.error().code);
  } else if (!*is_beside) {
    add_finding(Property::kMetadata, "the metadata beside it is missing, or is not the metadata that was sealed");
  }
  return check;
}

}  // namespace exhibit::bundle
