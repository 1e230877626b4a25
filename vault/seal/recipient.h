// The one list of who a file is sealed to and who opens it, the same in every command.
//
//   kind            recipient                    identity
//   X25519          age1…                        AGE-SECRET-KEY-1…              x25519_recipient.h
//   mlkem768x25519  age1pq1…                     AGE-SECRET-KEY-PQ-1…           hybrid_recipient.h
//   ssh-ed25519     a line of id_ed25519.pub     OpenSSH's file id_ed25519      ssh_key.h
//   scrypt          a passphrase, alone in its header                           passphrase.h
//
// Other kinds (age's plugins and tags, ssh-rsa, ecdsa, sk-, keys with options) are refused by their names. Sealing to
// several recipients puts a stanza for each in the header; any of them opens it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/age_header.h"
#include "vault/seal/hybrid_recipient.h"
#include "vault/seal/passphrase.h"
#include "vault/seal/ssh_key.h"
#include "vault/seal/stanza_rules.h"
#include "vault/seal/x25519_recipient.h"

namespace exhibit::seal {

using Recipient = std::variant<X25519Recipient, HybridRecipient, SshRecipient>;
// kInvalid, or kUnsupported for a recipient of another kind, by its name.
Result<Recipient> ParseRecipient(std::string_view text);
std::string RecipientText(const Recipient& recipient);
StanzaKind KindOf(const Recipient& recipient);

using Identity = std::variant<X25519Identity, HybridIdentity, SshIdentity>;
using Identities = std::span<const Identity>;
// One line: an age identity. Errors never quote it.
Result<Identity> ParseIdentity(std::string_view text);
// Its public half. kUnsupported for a hybrid identity where there is no ML-KEM.
Result<Recipient> RecipientOf(const Identity& identity);

// kUnsupported for a hybrid recipient where there is no ML-KEM; kInvalid for one beside another kind.
// REQUIRES: at least one recipient, at most kMaxStanzas.
Result<Bytes> SealHeader(const FileKey& file_key, const std::vector<Recipient>& recipients);

// The file key, after the header's MAC has been checked with it.
//   kDenied       none of the stanzas is for this key
//   kInvalid      a stanza breaks the rules of its type, or one that must be alone is not
//   kTampered     the MAC does not fit
//   kUnsupported  no stanza is of a kind that we can open; the message names their kinds
// A header of a sealed file is first put to CheckVaultHeader or CheckBundleHeader, its file key then to
// CheckCommitment.
Result<FileKey> OpenHeader(const AgeHeader& header, Identities identities);

// The identities of an identity file, at least one: age's, one a line, lines that begin with "#" and empty lines
// ignored; or OpenSSH's file of one key. Errors name the line by number and never quote it.
Result<std::vector<Identity>> ParseIdentityFile(std::string_view text);
// Likewise for a file of recipients.
Result<std::vector<Recipient>> ParseRecipientFile(std::string_view text);

}  // namespace exhibit::seal
