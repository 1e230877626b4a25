// Goal: small files open whole or not at all, and a stream gives out genuine plaintext only, the
// same whatever the size of its pieces. Method: files of our own, cut and changed.
// age_vectors_test.cc and interop_test.cc have others' files.
#include "vault/seal/age_file.h"

#include "tests/seal/example_bytes.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/crypto/random.h"
#include "vault/seal/armor.h"

namespace exhibit::seal {
namespace {

using testing::LogLikeBytes;
using testing::Unwrap;

struct Reader {
  Identity identity = X25519Identity::Generate();
  Bytes Seal(ByteView plaintext) const { return Unwrap(SealSmallFile(plaintext, {Unwrap(RecipientOf(identity))})); }
  Result<crypto::SecretText> Open(ByteView file) const {
    return OpenSmallFile(file, WithIdentities(Identities(&identity, 1)));
  }
};

TEST_CASE("a small file opens to what was sealed, binary and armored", "[seal]") {
  const Reader reader;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kChunkBytes, kChunkBytes + 1, kMaxSmallFileBytes}) {
    CAPTURE(size);
    const Bytes plaintext = LogLikeBytes(size);
    const Bytes file = reader.Seal(plaintext);
    CHECK(Unwrap(reader.Open(file)).ExposeSecret() == TextOf(plaintext));
    CHECK(Unwrap(reader.Open(ViewOf(Armor(file)))).ExposeSecret() == TextOf(plaintext));
  }
}

TEST_CASE("a small file sealed to a passphrase opens with it", "[seal]") {
  const crypto::SecretText passphrase("correct horse");
  const Bytes file = Unwrap(SealSmallFileToPassphrase(ViewOf("seed"), passphrase, WorkFactor{4}));
  CHECK(Unwrap(OpenSmallFile(file, WithPassphrase(passphrase))).ExposeSecret() == "seed");
  const crypto::SecretText wrong("wrong horse");
  CHECK_FAILS(OpenSmallFile(file, WithPassphrase(wrong)), ErrorCode::kDenied, "passphrase is wrong");
}

TEST_CASE("a small file that was cut or changed anywhere does not open", "[seal]") {
  const Reader reader;
  const Bytes file = reader.Seal(ViewOf("a seed of a signing key"));
  for (std::size_t i = 0; i < file.size(); ++i) {
    Bytes changed = file;
    changed[i] ^= 1;
    CAPTURE(i);
    CHECK_FALSE(reader.Open(changed));
    CHECK_FALSE(reader.Open(ByteView(file).first(i)));
  }
  Bytes longer = file;
  longer.push_back('\n');
  CHECK_FAILS(reader.Open(longer), ErrorCode::kTampered, "chunk 0: authentication failed");
}

TEST_CASE("a payload without a nonce, or larger than a small file, is refused", "[seal]") {
  const Reader reader;
  Bytes file = reader.Seal({});
  CHECK_FAILS(reader.Open(ByteView(file).first(file.size() - 17)), ErrorCode::kInvalid,
              "the payload is cut off, or larger than 1 MiB");
  file.resize(file.size() + kMaxSmallFileBytes + 2 * kSealedChunkBytes);
  CHECK_FAILS(reader.Open(file), ErrorCode::kInvalid, "or larger than 1 MiB");
}

// A payload, and what a PayloadOpener makes of it in pieces of a size.
class Stream {
 protected:
  Bytes Payload(ByteView plaintext) const {
    Bytes payload = ToBytes(nonce_.view());
    Bytes sealed;
    ChunkCipher(Key()).Seal(0, RunEnd::kFinal, plaintext, sealed);
    Append(payload, sealed);
    return payload;
  }
  PayloadKey Key() const { return DerivePayloadKey(file_key_, nonce_); }

  struct Outcome {
    Bytes released;
    Result<void> status;
  };
  Outcome Open(ByteView payload, std::size_t piece) const {
    Outcome outcome;
    PayloadOpener opener(file_key_.Duplicate(), [&](ByteView plaintext) -> Result<void> {
      Append(outcome.released, plaintext);
      return {};
    });
    while (outcome.status && !payload.empty()) {
      const ByteView next = payload.first(std::min(piece, payload.size()));
      outcome.status = opener.Push(next);
      payload = payload.subspan(next.size());
    }
    if (outcome.status) outcome.status = opener.Finish();
    return outcome;
  }
  void CheckFails(ByteView payload, ErrorCode code, std::string_view words, ByteView released) const {
    for (const std::size_t piece : {std::size_t{4099}, kSealedChunkBytes, std::size_t{SIZE_MAX}}) {
      CAPTURE(piece);
      const Outcome outcome = Open(payload, piece);
      CHECK_FAILS(outcome.status, code, words);
      CHECK(Equal(outcome.released, released));
    }
  }

  FileKey file_key_ = crypto::RandomSecret<FileKeyTag, 16>();
  PayloadNonce nonce_ = NewPayloadNonce();
};

TEST_CASE_METHOD(Stream, "a payload opens in pieces of any size", "[seal]") {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, kChunkBytes - 1, kChunkBytes, kChunkBytes + 1, 4 * kChunkBytes}) {
    const Bytes plaintext = LogLikeBytes(size);
    const Bytes payload = Payload(plaintext);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{17}, kSealedChunkBytes - 1, kSealedChunkBytes,
                                    kSealedChunkBytes + 1, std::size_t{SIZE_MAX}}) {
      if (piece < 100 && size > kChunkBytes) continue;
      CAPTURE(size, piece);
      const Outcome outcome = Open(payload, piece);
      REQUIRE_OK(outcome.status);
      CHECK(outcome.released == plaintext);
    }
  }
}

TEST_CASE_METHOD(Stream, "a fault releases the chunks before it and nothing else", "[seal]") {
  const Bytes plaintext = LogLikeBytes(3 * kChunkBytes + 5);
  Bytes payload = Payload(plaintext);
  payload[16 + 2 * kSealedChunkBytes + 100] ^= 1;
  CheckFails(payload, ErrorCode::kTampered, "chunk 2: authentication failed",
             ByteView(plaintext).first(2 * kChunkBytes));
}

TEST_CASE_METHOD(Stream, "a payload cut off between chunks, in one, or in its nonce fails", "[seal]") {
  const Bytes plaintext = LogLikeBytes(2 * kChunkBytes + 5);
  const Bytes payload = Payload(plaintext);
  const auto cut = [&](std::size_t size) { return ByteView(payload).first(size); };
  CheckFails(cut(0), ErrorCode::kInvalid, "payload: cut off in its nonce", {});
  CheckFails(cut(15), ErrorCode::kInvalid, "payload: cut off in its nonce", {});
  CheckFails(cut(16), ErrorCode::kInvalid, "chunk 0: cut off", {});
  CheckFails(cut(16 + kSealedChunkBytes), ErrorCode::kTampered, "chunk 0: is not the last, but nothing follows",
             ByteView(plaintext).first(kChunkBytes));
  CheckFails(cut(16 + 2 * kSealedChunkBytes), ErrorCode::kTampered, "chunk 1: is not the last, but nothing follows",
             ByteView(plaintext).first(2 * kChunkBytes));
  CheckFails(cut(payload.size() - 1), ErrorCode::kTampered, "chunk 2: authentication failed",
             ByteView(plaintext).first(2 * kChunkBytes));
}

TEST_CASE_METHOD(Stream, "what follows the last chunk fails", "[seal]") {
  const Bytes plaintext = LogLikeBytes(kChunkBytes);
  Bytes payload = Payload(plaintext);
  payload.push_back(0);
  CheckFails(payload, ErrorCode::kTampered, "chunk 0: is the last, but more follows", plaintext);
}

TEST_CASE_METHOD(Stream, "the sink's error comes out as it is, at once", "[seal]") {
  int calls = 0;
  PayloadOpener opener(file_key_.Duplicate(), [&](ByteView) -> Result<void> {
    ++calls;
    return Fail(ErrorCode::kIo, "disk full");
  });
  CHECK_FAILS(opener.Push(Payload(LogLikeBytes(3 * kChunkBytes))), ErrorCode::kIo, "disk full");
  CHECK(calls == 1);
}

}  // namespace
}  // namespace exhibit::seal
