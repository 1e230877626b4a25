#include "cli/log_keys.h"

#include "vault/base/file.h"
#include "vault/base/text.h"

namespace exhibit::cli {

Result<tlog::VerifierKey> ReadKey(const std::string& name) {
  auto key = tlog::VerifierKey::Parse(name);
  if (key) return key;
  const auto file = ReadFile(name, 4096);
  // A text that is not a file was meant as a key, so report what is wrong with the key.
  if (!file && file.error().code == ErrorCode::kPermission) return Fail(file.error());
  if (!file) return key;
  std::string_view text = TextOf(*file);
  if (text.ends_with('\n')) text.remove_suffix(1);
  key = tlog::VerifierKey::Parse(text);
  if (!key) return Fail(std::move(key).error().In(Printable(name)));
  return key;
}

Result<std::vector<tlog::VerifierKey>> ReadLogKeys(const std::vector<std::string>& names) {
  std::vector<tlog::VerifierKey> keys;
  for (const std::string& name : names) {
    TRY(tlog::VerifierKey key, ReadKey(name));
    if (key.type() != tlog::SignatureType::kEd25519) {
      return Fail(ErrorCode::kInvalid, Printable(name) + ": a key of cosignatures signs no log");
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace exhibit::cli
