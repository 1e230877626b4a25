#include "vault/seal/age_file.h"

#include <algorithm>
#include <string>

#include "vault/base/format.h"
#include "vault/crypto/random.h"
#include "vault/seal/armor.h"

namespace exhibit::seal {
namespace {

FileKey NewFileKey() { return crypto::RandomSecret<FileKeyTag, 16>(); }

Bytes WithPayload(Bytes header, const FileKey& file_key, ByteView plaintext) {
  EXHIBIT_ASSERT(plaintext.size() <= kMaxSmallFileBytes);
  const PayloadNonce nonce = NewPayloadNonce();
  Bytes sealed;
  ChunkCipher(DerivePayloadKey(file_key, nonce)).Seal(0, RunEnd::kFinal, plaintext, sealed);
  Append(header, nonce.view());
  Append(header, sealed);
  return header;
}

}  // namespace

Result<Bytes> SealSmallFile(ByteView plaintext, const std::vector<Recipient>& recipients) {
  const FileKey file_key = NewFileKey();
  TRY(Bytes header, SealHeader(file_key, recipients));
  return WithPayload(std::move(header), file_key, plaintext);
}

Result<Bytes> SealSmallFileToPassphrase(ByteView plaintext, const crypto::SecretText& passphrase, WorkFactor work) {
  const FileKey file_key = NewFileKey();
  TRY(Bytes header, SealHeaderToPassphrase(file_key, passphrase, work));
  return WithPayload(std::move(header), file_key, plaintext);
}

HeaderOpener WithIdentities(Identities identities) {
  return [identities](const AgeHeader& header) { return OpenHeader(header, identities); };
}

HeaderOpener WithPassphrase(const crypto::SecretText& passphrase) {
  return [&passphrase](const AgeHeader& header) { return OpenHeaderWithPassphrase(header, passphrase); };
}

bool LooksSealed(ByteView file) {
  return LooksArmored(TextOf(file)) || TextOf(file).starts_with("age-encryption.org/");
}

Result<crypto::SecretText> OpenSmallFile(ByteView file, const HeaderOpener& open_header) {
  Bytes binary;
  if (LooksArmored(TextOf(file))) {
    TRY(binary, RemoveArmor(TextOf(file)));
    file = binary;
  }
  TRY(const ParsedHeader parsed, ParseHeader(file));
  const ByteView payload = file.subspan(parsed.size_bytes);
  if (payload.size() < PayloadNonce::kSize || payload.size() > kMaxSmallFileBytes + kSealedChunkBytes) {
    return Fail(ErrorCode::kInvalid, "age file: the payload is cut off, or larger than 1 MiB");
  }
  TRY(const FileKey file_key, open_header(parsed.header));
  ChunkCipher cipher(DerivePayloadKey(file_key, *PayloadNonce::From(payload.first(PayloadNonce::kSize))));
  Bytes plaintext;
  TRY_VOID(cipher.Open(0, RunEnd::kFinal, payload.subspan(PayloadNonce::kSize), plaintext));
  crypto::SecretText secret(TextOf(plaintext));
  crypto::Wipe(plaintext);
  return secret;
}

PayloadOpener::PayloadOpener(FileKey file_key, Sink sink) : file_key_(std::move(file_key)), sink_(std::move(sink)) {}

Result<void> PayloadOpener::Push(ByteView payload) {
  while (!payload.empty()) {
    if (!cipher_) {
      const std::size_t wanted = std::min(PayloadNonce::kSize - pending_.size(), payload.size());
      Append(pending_, payload.first(wanted));
      payload = payload.subspan(wanted);
      if (pending_.size() < PayloadNonce::kSize) return {};
      cipher_.emplace(DerivePayloadKey(file_key_, *PayloadNonce::From(pending_)));
      pending_.clear();
      continue;
    }
    // A whole chunk is opened when a byte follows it: only then it is certain not to be the last.
    if (pending_.size() == kSealedChunkBytes) {
      TRY_VOID(OpenChunk(pending_, RunEnd::kMoreFollow));
      pending_.clear();
    }
    while (pending_.empty() && payload.size() > kSealedChunkBytes) {
      TRY_VOID(OpenChunk(payload.first(kSealedChunkBytes), RunEnd::kMoreFollow));
      payload = payload.subspan(kSealedChunkBytes);
    }
    const std::size_t wanted = std::min(kSealedChunkBytes - pending_.size(), payload.size());
    Append(pending_, payload.first(wanted));
    payload = payload.subspan(wanted);
  }
  return {};
}

Result<void> PayloadOpener::Finish() {
  if (!cipher_) return Fail(ErrorCode::kInvalid, "payload: cut off in its nonce");
  return OpenChunk(pending_, RunEnd::kFinal);
}

// One chunk at a time, so that the sink gets the same for pieces of any size: every genuine chunk up to
// the fault.
Result<void> PayloadOpener::OpenChunk(ByteView sealed, RunEnd end) {
  auto opened = cipher_->Open(next_chunk_, end, sealed, plaintext_);
  const bool final = end == RunEnd::kFinal;
  bool misplaced = false;
  if (!opened && sealed.size() == kSealedChunkBytes) {
    // This chunk is genuine. The fault is that something follows the last chunk, or that the last chunk is missing.
    const RunEnd other_end = final ? RunEnd::kMoreFollow : RunEnd::kFinal;
    misplaced = cipher_->Open(next_chunk_, other_end, sealed, plaintext_).has_value();
  }
  if (!opened && !misplaced) return opened;
  if (!plaintext_.empty()) TRY_VOID(sink_(plaintext_));
  if (misplaced) {
    return Fail(ErrorCode::kTampered,
                Format("chunk {}: {}", next_chunk_,
                       final ? "is not the last, but nothing follows" : "is the last, but more follows"));
  }
  ++next_chunk_;
  return {};
}

}  // namespace exhibit::seal
