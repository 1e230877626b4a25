// The kinds of stanzas that an age header of ours may have, and their forms.
//
//   | stanza           | arguments                                                  | body     | where           |
//   | X25519           | share, 32 bytes                                            | 32 bytes | vault, bundle   |
//   | mlkem768x25519   | encapsulated key, 1,120 bytes                              | 32 bytes | vault, bundle   |
//   | ssh-ed25519      | 4 bytes of SHA-256 of the key's wire form; share, 32 bytes | 32 bytes | bundle          |
//   | scrypt           | salt, 16 bytes; log2 of the work                           | 32 bytes | keys at rest    |
//
// A header in a vault has one stanza, of the kind of the vault's recipient; one in a bundle has one for each receiver.
// mlkem768x25519 is never beside another kind: who breaks X25519 one day would open the file by the other stanza.
#pragma once

#include <cstdint>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

enum class StanzaKind : std::uint8_t { kX25519, kHybrid, kSshEd25519, kScrypt, kOther };
StanzaKind KindOf(const Stanza& stanza);
std::string_view NameOf(StanzaKind kind);  // as in the stanza

// The form of a stanza of the first three kinds; nothing is asked of others. kInvalid naming the kind and the rule.
// The share of bytes is checked before anything is decrypted, against partitioning oracles.
Result<void> CheckStanza(const Stanza& stanza);
// The bytes of an argument of a stanza that was checked.
Bytes StanzaArgument(const Stanza& stanza, std::size_t index);

// kInvalid if it stands beside another kind.
Result<void> CheckHybridAlone(const AgeHeader& header);

// The rules above for a sealed file. kInvalid, or kUnsupported for a stanza of another kind, by its name.
Result<void> CheckVaultHeader(const AgeHeader& header, StanzaKind kind);
Result<void> CheckBundleHeader(const AgeHeader& header);

// Why nothing opens it. kDenied if it has a stanza of a kind that this build opens; else kUnsupported with their names.
Failure NotSealedToThis(const AgeHeader& header);

}  // namespace exhibit::seal
