// The header of an age file (age-encryption.org/v1, C2SP age.md "Header").
//
//   header   = "age-encryption.org/v1\n" 1*stanza "--- " base64(MAC) "\n"
//   stanza   = "-> " argument *(" " argument) "\n" *full-line final-line
//   full-line  = 64 characters of base64 "\n";  final-line = 0 to 63 of them "\n"
//
// Base64 is unpadded and canonical. The MAC covers everything up to "---" and is keyed by the file
// key, so a header commits to its file key. An entry names the header; therefore nobody can open one
// ciphertext as two pieces of evidence.
#pragma once

#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/kdf.h"
#include "vault/crypto/secret.h"

namespace exhibit::seal {

struct FileKeyTag;
using FileKey = crypto::Secret<FileKeyTag, 16>;

inline constexpr std::size_t kMaxHeaderBytes = 128 * 1024;
inline constexpr std::size_t kMaxStanzas = 64;

// How one recipient gets the file key.
struct Stanza {
  std::vector<std::string> arguments;  // at least one; the first is the type
  Bytes body;
};

struct AgeHeader {
  std::vector<Stanza> stanzas;
  crypto::Mac mac;
};

struct ParsedHeader {
  AgeHeader header;
  std::size_t size_bytes = 0;  // where the payload begins
};

// Parses the header at the beginning of `file`; anything may follow it.
// kInvalid names the line; kUnsupported for another version of age.
Result<ParsedHeader> ParseHeader(ByteView file);

// The header's bytes with a MAC made by `file_key`.
Bytes EncodeHeader(const std::vector<Stanza>& stanzas, const FileKey& file_key);

// kTampered unless `file_key` is the one that the header commits to.
Result<void> CheckHeaderMac(const AgeHeader& header, const FileKey& file_key);

}  // namespace exhibit::seal
