// Checkpoints (C2SP tlog-checkpoint): the signed size and root of a log.
//
//   checkpoint = origin "\n" decimal-size "\n" base64(root, 32 bytes) "\n"
//
// as the text of a signed note. Exactly these three lines: the specification's extension lines are
// refused, because not everyone who cosigns covers them.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/note.h"
#include "vault/tlog/sequence.h"

namespace exhibit::tlog {

inline constexpr std::size_t kMaxOriginBytes = 200;

// The name of a log in everything that is signed: a URL without its scheme. The characters of a key name, so that the
// log's key can carry it, at most kMaxOriginBytes, of which the first is a letter or a digit.
class Origin {
 public:
  static Result<Origin> Parse(std::string_view text);
  std::string_view text() const { return name_.text(); }
  const KeyName& as_key_name() const { return name_; }
  auto operator<=>(const Origin&) const = default;

 private:
  explicit Origin(KeyName name) : name_(std::move(name)) {}
  KeyName name_;
};

struct Checkpoint {
  Origin origin;
  TreeSize size;
  RootHash root;
  bool operator==(const Checkpoint&) const = default;
};

// A root as everything of ours shows it: in base64, as the checkpoint itself has it.
std::string RootText(const RootHash& root);
// "size 7, root …", as messages write it.
std::string Describe(const Checkpoint& checkpoint);

std::string EncodeCheckpoint(const Checkpoint& checkpoint);
// Strict; kInvalid names the line. A checkpoint of size 0 must have the empty tree's root.
Result<Checkpoint> DecodeCheckpoint(std::string_view text);

Result<Bytes> SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& log_key);

// Parses a signed checkpoint and checks the log's signature. Errors as for SignedNote::Parse, VerifyNote
// and DecodeCheckpoint.
Result<Checkpoint> OpenCheckpoint(ByteView note, const VerifierKey& log_key);

}  // namespace exhibit::tlog
