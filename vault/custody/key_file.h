// Signing keys at rest: an age file under a passphrase, or, where a machine runs unattended and its
// owner asked for it, the key's text in a file that only its user can read.
//
//   age file, armored:  the text "PRIVATE+KEY+<name>+<id>+<base64>\n" sealed by scrypt
//   plain:              the same text, mode 0600; refused if others can read it, and that can be mended: a stick of exFAT or
//                       NTFS has no modes, and whoever makes a key there is told then
#pragma once

#include <filesystem>
#include <functional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

// For the thing that `what` names, which `tried` passphrases did not open yet.
struct PassphraseRequest {
  std::string_view what;
  std::size_t tried = 0;
  // For who has one passphrase, whatever it is for.
  operator std::string_view() const { return what; }
};

// Gives a passphrase, or an error that says how one can be given. Who has no other than those tried gives the last of
// them again.
using PassphraseProvider = std::function<Result<crypto::SecretText>(const PassphraseRequest&)>;

// Opens an age file by the passphrases that the provider has. The error is that of the first if none does: kDenied.
Result<crypto::SecretText> OpenByPassphrase(ByteView file, std::string_view what, const PassphraseProvider& passphrase);

// How the plain text of a signing key begins, of any type.
inline constexpr std::string_view kPlainKeyPrefix = "PRIVATE+KEY+";

// Writes a new file. kExists if there is one.
Result<void> SaveSealedKey(const std::filesystem::path& path, const tlog::SigningKey& key,
                           const crypto::SecretText& passphrase, seal::WorkFactor work = seal::kWritingWorkFactor);
Result<void> SavePlainKey(const std::filesystem::path& path, const tlog::SigningKey& key);

// The same of another secret that is one line of text, such as the label secret. `prefix`: how its plain text begins; `what`
// names it in messages. Writes a new file, plain where `passphrase` is null. kExists if there is one.
Result<void> SaveSecretLine(const std::filesystem::path& path, const crypto::SecretText& line,
                            const crypto::SecretText* passphrase, seal::WorkFactor work = seal::kWritingWorkFactor);
// The line without its line feed. Errors as of LoadKey.
Result<crypto::SecretText> LoadSecretLine(const std::filesystem::path& path, std::string_view what,
                                          std::string_view prefix, const PassphraseProvider& passphrase);

// Whether others than its owner may read the file, as its mode says. Of a key that was just made: its medium keeps no modes.
bool IsOpenToOthers(const std::filesystem::path& path);

// Asks `passphrase` only if the file is sealed. kDenied for a wrong passphrase, or a plain file that
// others can read.
Result<tlog::SigningKey> LoadKey(const std::filesystem::path& path, const PassphraseProvider& passphrase);

}  // namespace exhibit::custody
