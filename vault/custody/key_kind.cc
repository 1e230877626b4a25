#include "vault/custody/key_kind.h"

#include <algorithm>
#include <array>

#include "vault/base/encoding.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {
namespace {

struct Kind {
  std::string_view begins;
  std::string_view name;
};

constexpr std::array<Kind, 11> kKinds = {{
    {"PRIVATE+KEY+", kSigningKey},
    {"AGE-SECRET-KEY-", kAgeIdentity},
    {"AGE-PLUGIN-", "an age plugin's identity"},
    {"age1", kAgeRecipient},
    {"ssh-", kSshPublicKey},
    {"ecdsa-sha2-", kSshPublicKey},
    {"-----BEGIN OPENSSH PRIVATE KEY-----", "an SSH private key"},
    {"-----BEGIN AGE ENCRYPTED FILE-----", "an age file, sealed"},
    {"age-encryption.org/", "an age file, sealed"},
    {"-----BEGIN CERTIFICATE-----", "a certificate"},
    {"-----BEGIN ", "a key or certificate in PEM"},
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

}  // namespace

std::string KindOfKey(std::string_view text) {
  const std::string_view line = FirstLine(text);
  for (const Kind& kind : kKinds) {
    if (line.starts_with(kind.begins)) return std::string(kind.name);
  }
  return std::string(tlog::VerifierKey::Parse(line) ? kVerifierKey : "");
}

}  // namespace exhibit::custody
