// Signed notes (C2SP signed-note): a text, an empty line, and who signed it.
//
//   note    = text "\n" 1*sigline            the text ends in "\n"; the last empty line separates
//   sigline = "— " name " " base64(key id[4] || signature) "\n"
//
// The signed bytes are the text with its final line feed. A signature line of an unknown key proves
// nothing and is ignored; a line of a known key that does not fit makes the whole note invalid. An
// unknown line is not authenticated and must not be shown as if it were.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/note_key.h"

namespace exhibit::tlog {

inline constexpr std::size_t kMaxNoteBytes = 1 << 20;
inline constexpr std::size_t kMaxSignatures = 100;

struct NoteSignature {
  KeyName name;
  KeyId id;
  Bytes bytes;  // after the key id
};

class SignedNote {
 public:
  // kInvalid naming the rule: too long, not UTF-8, a control character other than line feed, no
  // signature, a malformed signature line, more than kMaxSignatures.
  static Result<SignedNote> Parse(ByteView bytes);
  static Result<SignedNote> Parse(std::string_view bytes) { return Parse(ViewOf(bytes)); }

  std::string_view text() const { return text_; }
  const std::vector<NoteSignature>& signatures() const { return signatures_; }

  // The bytes it was parsed from.
  Bytes Serialise() const;

 private:
  SignedNote(std::string text, std::vector<NoteSignature> signatures);
  std::string text_;
  std::vector<NoteSignature> signatures_;
};

// The signature line of a note: "— name base64\n".
std::string SignatureLine(const KeyName& name, const KeyId& id, ByteView signature);

// The note `text` makes with the signature of `key`.
// kInvalid if `text` is not allowed in a note, `key` is not of type kEd25519, or the note would be
// longer than kMaxNoteBytes.
Result<Bytes> SignNote(std::string_view text, const SigningKey& key, crypto::SelfCheck check = crypto::SelfCheck::kNow);

// Adds a signature after those that the note has, which are kept and not checked. Errors as
// for SignNote, and kInvalid for a note that has kMaxSignatures.
Result<Bytes> AddSignature(const SignedNote& note, const SigningKey& key,
                           crypto::SelfCheck check = crypto::SelfCheck::kNow);

// Which of `keys` signed: their places in the list, ascending, each once.
//   kTampered  a line of a known key does not fit the text
//   kDenied    none of the keys signed
//   kInvalid   two of the keys have the same name and id, so that a line may be of either; or
//              a key is not of type kEd25519
Result<std::vector<std::size_t>> VerifyNote(const SignedNote& note, std::span<const VerifierKey> keys);

}  // namespace exhibit::tlog
