// Who a file is sealed to, and who opens it: age's X25519 and scrypt recipients.
//
//   recipient "age1…"               bech32 of an X25519 public key
//   identity  "AGE-SECRET-KEY-1…"   bech32 of the secret half, upper case
//   passphrase                      scrypt, alone in its header
//
// The other kinds of age (post-quantum, tagged, plugins) are refused by their names. Sealing to
// several recipients puts a stanza for each in the header; any of them opens it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/crypto/x25519.h"
#include "vault/seal/age_header.h"
#include "vault/seal/ssh_recipient.h"

namespace exhibit::seal {

class X25519Recipient {
 public:
  explicit X25519Recipient(const crypto::X25519Public& key) : key_(key) {}
  // kInvalid, or kUnsupported for a recipient of another kind, by its name.
  static Result<X25519Recipient> Parse(std::string_view text);
  std::string ToText() const;
  const crypto::X25519Public& key() const { return key_; }
  auto operator<=>(const X25519Recipient&) const = default;

 private:
  crypto::X25519Public key_;
};

// A receiver may have an SSH key instead.
using Recipient = std::variant<X25519Recipient, SshRecipient>;
// kInvalid, or kUnsupported for a recipient of another kind, by its name.
Result<Recipient> ParseRecipient(std::string_view text);
std::string RecipientText(const Recipient& recipient);

class X25519Identity {
 public:
  static X25519Identity Generate();
  // Errors never quote the text.
  static Result<X25519Identity> Parse(std::string_view text);
  crypto::SecretText ToSecretText() const;

  const X25519Recipient& recipient() const { return recipient_; }
  const crypto::X25519Secret& secret() const { return secret_; }

 private:
  explicit X25519Identity(crypto::X25519Secret secret);
  crypto::X25519Secret secret_;
  X25519Recipient recipient_;
};

// The work of deriving a key from a passphrase: N = 2^log2_n, which needs 2^log2_n KiB.
struct WorkFactor {
  int log2_n = 0;
};
// 128 MiB and about half a second. age's own default is twice that, which alone would exceed the
// 256 MiB that we promise to stay under.
inline constexpr WorkFactor kWritingWorkFactor{17};
// A file that asks for more than 4 GiB is refused: a stranger's header must not exhaust memory.
inline constexpr WorkFactor kMaxWorkFactor{22};

// REQUIRES: at least one recipient, at most kMaxStanzas.
Bytes SealHeader(const FileKey& file_key, std::span<const X25519Recipient> recipients);
Bytes SealHeader(const FileKey& file_key, const std::vector<Recipient>& recipients);
Result<Bytes> SealHeaderToPassphrase(const FileKey& file_key, const crypto::SecretText& passphrase,
                                     WorkFactor work = kWritingWorkFactor);

// What may open a file: identities, or a passphrase.
using Identities = std::span<const X25519Identity>;

// The file key, after the header's MAC has been checked with it.
//   kDenied       none of the stanzas is for this key (or the passphrase is wrong)
//   kInvalid      a stanza breaks the rules of its type, or scrypt is mixed with others
//   kTampered     the MAC does not fit
//   kUnsupported  no stanza is of a kind that we know; the message names their kinds
Result<FileKey> OpenHeader(const AgeHeader& header, Identities identities);
Result<FileKey> OpenHeaderWithPassphrase(const AgeHeader& header, const crypto::SecretText& passphrase);

// True if the header is sealed to a passphrase.
bool IsSealedToPassphrase(const AgeHeader& header);

// The identities of an identity file, at least one: one a line; lines that begin with "#" and empty lines
// are ignored. Errors name the line by number and never quote it.
Result<std::vector<X25519Identity>> ParseIdentityFile(std::string_view text);
// Likewise for a file of recipients.
Result<std::vector<Recipient>> ParseRecipientFile(std::string_view text);

}  // namespace exhibit::seal
