#include "vault/tlog/note.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::tlog {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // U+2014 and a space

Failure Broken(std::string_view rule) { return Fail(ErrorCode::kInvalid, "note: " + std::string(rule)); }
Failure TooLong() { return Broken("longer than 1 MiB"); }
Failure TooManySignatures() { return Broken("more than 100 signatures"); }
Failure NotASigner(const VerifierKey& key) {
  return Broken(Format("key {} is for cosignatures only", key.name().text()));
}

Result<void> CheckCharacters(std::string_view text) {
  if (text.size() > kMaxNoteBytes) return TooLong();
  for (const char c : text) {
    if (static_cast<std::uint8_t>(c) < 0x20 && c != '\n') return Broken("has a control character");
  }
  if (!IsUtf8(text)) return Broken("not valid UTF-8");
  if (text.empty() || text.back() != '\n') return Broken("does not end in a line feed");
  return {};
}

// `line` without its line feed.
Result<NoteSignature> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kDash)) return Fail(ErrorCode::kInvalid, "does not begin with a dash");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return Fail(ErrorCode::kInvalid, "has no signature");
  TRY(KeyName name, KeyName::Parse(line.substr(0, space)));
  TRY(const Bytes blob, FromBase64(line.substr(space + 1), Base64::kPadded));
  if (blob.size() <= KeyId::kSize) {
    return Fail(ErrorCode::kInvalid, "is too short for a key id and a signature");
  }
  return NoteSignature{std::move(name), *KeyId::From(ByteView(blob).first(KeyId::kSize)),
                       Bytes(blob.begin() + KeyId::kSize, blob.end())};
}

// The line that `key` signs `text` with.
Result<std::string> SignedLine(std::string_view text, const SigningKey& key, crypto::SelfCheck check) {
  const VerifierKey& verifier = key.verifier();
  if (verifier.type() != SignatureType::kEd25519) return NotASigner(verifier);
  const crypto::Ed25519Signature signature = key.Sign(ViewOf(text), check);
  return SignatureLine(verifier.name(), verifier.id(), signature.view());
}

Result<void> CheckVerifiers(std::span<const VerifierKey> keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].type() != SignatureType::kEd25519) return NotASigner(keys[i]);
    for (std::size_t j = 0; j < i; ++j) {
      if (keys[i].name() == keys[j].name() && keys[i].id() == keys[j].id()) {
        return Broken(Format("two keys of the name {} and one id cannot be told apart", keys[i].name().text()));
      }
    }
  }
  return {};
}

}  // namespace

SignedNote::SignedNote(std::string text, std::vector<NoteSignature> signatures)
    : text_(std::move(text)), signatures_(std::move(signatures)) {}

Result<SignedNote> SignedNote::Parse(ByteView bytes) {
  const std::string_view whole = TextOf(bytes);
  TRY_VOID(CheckCharacters(whole));
  const std::size_t separator = whole.rfind("\n\n");
  if (separator == std::string_view::npos) return Broken("no empty line before signatures");
  const std::string_view text = whole.substr(0, separator + 1);
  std::string_view lines = whole.substr(separator + 2);
  if (lines.empty()) return Broken("no signature");
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    if (signatures.size() == kMaxSignatures) return TooManySignatures();
    const std::size_t end = lines.find('\n');
    auto signature = ParseSignatureLine(lines.substr(0, end));
    if (!signature) {
      return Fail(std::move(signature).error().In(Format("note: signature line {}", signatures.size() + 1)));
    }
    signatures.push_back(std::move(*signature));
    lines.remove_prefix(end + 1);
  }
  return SignedNote(std::string(text), std::move(signatures));
}

Bytes SignedNote::Serialise() const {
  std::string whole = text_ + "\n";
  for (const NoteSignature& line : signatures_) {
    whole += SignatureLine(line.name, line.id, line.bytes);
  }
  return ToBytes(ViewOf(whole));
}

std::string SignatureLine(const KeyName& name, const KeyId& id, ByteView signature) {
  Bytes blob = ToBytes(id.view());
  Append(blob, signature);
  return std::string(kDash) + std::string(name.text()) + " " + ToBase64(blob, Base64::kPadded) + "\n";
}

Result<Bytes> SignNote(std::string_view text, const SigningKey& key, crypto::SelfCheck check) {
  TRY_VOID(CheckCharacters(text));
  TRY(const std::string line, SignedLine(text, key, check));
  const std::string whole = std::string(text) + "\n" + line;
  if (whole.size() > kMaxNoteBytes) return TooLong();
  return ToBytes(ViewOf(whole));
}

Result<Bytes> AddSignature(const SignedNote& note, const SigningKey& key, crypto::SelfCheck check) {
  if (note.signatures().size() >= kMaxSignatures) return TooManySignatures();
  TRY(const std::string line, SignedLine(note.text(), key, check));
  Bytes whole = note.Serialise();
  Append(whole, ViewOf(line));
  if (whole.size() > kMaxNoteBytes) return TooLong();
  return whole;
}

Result<std::vector<std::size_t>> VerifyNote(const SignedNote& note, std::span<const VerifierKey> keys) {
  TRY_VOID(CheckVerifiers(keys));
  std::vector<std::size_t> signers;
  for (const NoteSignature& line : note.signatures()) {
    const auto key = std::ranges::find_if(
        keys, [&](const VerifierKey& candidate) { return candidate.name() == line.name && candidate.id() == line.id; });
    if (key == keys.end()) continue;
    const auto signature = crypto::Ed25519Signature::From(line.bytes);
    if (!signature || !crypto::Ed25519Verify(key->public_key(), ViewOf(note.text()), *signature)) {
      return Fail(ErrorCode::kTampered,
                  Format("note: the signature of {} does not fit the text", Printable(line.name.text())));
    }
    signers.push_back(static_cast<std::size_t>(key - keys.begin()));
  }
  if (signers.empty()) return Fail(ErrorCode::kDenied, "note: not signed by a known key");
  std::ranges::sort(signers);
  signers.erase(std::unique(signers.begin(), signers.end()), signers.end());
  return signers;
}

}  // namespace exhibit::tlog
