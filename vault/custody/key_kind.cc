#include "vault/custody/key_kind.h"

#include <algorithm>
#include <array>

#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/text.h"
#include "vault/crypto/secret.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {
namespace {

struct Kind {
  std::string_view begins;
  std::string_view name;
};

constexpr std::array<Kind, 17> kKinds = {{
    {"PRIVATE+KEY+", kSigningKey},
    {"AGE-SECRET-KEY-", kAgeIdentity},
    {"AGE-PLUGIN-", "an age plugin's identity"},
    {"age1", kAgeRecipient},
    {"ssh-", kSshPublicKey},
    {"ecdsa-sha2-", kSshPublicKey},
    {"-----BEGIN OPENSSH PRIVATE KEY-----", kSshPrivateKey},
    {"-----BEGIN AGE ENCRYPTED FILE-----", "an age file, sealed"},
    {"age-encryption.org/", "an age file, sealed"},
    {"-----BEGIN CERTIFICATE-----", "a certificate"},
    {"-----BEGIN ", "a key or certificate in PEM"},
    {"exhibit-label-secret+", "a vault's label key"},
    {R"({"v":1,"fingerprint":)", "the key of a case"},
    {"exhibit-proof@", "a proof file"},
    {"exhibit-fork-proof@", "a fork proof"},
    {"c2sp.org/tlog-proof@", "a tlog-proof"},
    {"PK\x03\x04", "a zip file"},
}};

std::string_view FirstLine(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && line.front() != '#') return line;
  }
  return {};
}

bool IsCheckpoint(std::string_view text) {
  const auto note = tlog::SignedNote::Parse(ToBytes(ViewOf(text)));
  return note && tlog::DecodeCheckpoint(note->text());
}

std::string_view KindOf(std::string_view text) {
  const std::string_view line = FirstLine(text);
  for (const Kind& kind : kKinds) {
    if (line.starts_with(kind.begins)) return kind.name;
  }
  if (tlog::VerifierKey::Parse(line)) return kVerifierKey;
  return IsCheckpoint(text) ? kSignedCheckpoint : "";
}

}  // namespace

std::string KindOfKey(std::string_view text) {
  Bytes plain = PlainTextOf(ViewOf(text));
  const std::string_view kind = KindOf(TextOf(plain));
  crypto::Wipe(plain);
  return std::string(kind);
}

Result<void> CheckIsCheckpoint(ByteView bytes, std::string_view file) {
  const auto note = tlog::SignedNote::Parse(bytes);
  const auto checkpoint = note ? tlog::DecodeCheckpoint(note->text()) : Result<tlog::Checkpoint>(Fail(note.error()));
  if (checkpoint) return {};
  const std::string kind = KindOfKey(TextOf(bytes));
  if (kind == kSignedCheckpoint) {
    return Fail(ErrorCode::kInvalid,
                Format("{} was a signed checkpoint, and its line ends or its encoding were changed", Printable(file)),
                "an editor or a shell of Windows does that: take the file again from where it is kept");
  }
  return Fail(ErrorCode::kInvalid,
              Format("{} is no signed checkpoint: {}", Printable(file),
                     kind.empty() ? checkpoint.error().message : "it is " + kind),
              "exhibit checkpoint prints one");
}

}  // namespace exhibit::custody
