#include "cli/log_keys.h"

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/text.h"
#include "vault/custody/key_kind.h"

namespace exhibit::cli {
namespace {

constexpr std::uint64_t kMaxKeyFileBytes = 4096;
constexpr std::string_view kSigningHint = "`exhibit keygen --signing` prints one";
constexpr std::string_view kCosigningHint = "`exhibit witness init` prints one";

// A key from its text, or from the file that has it on its only line.
template <typename Key>
Result<Key> Read(const std::string& name, std::string_view hint) {
  auto key = Key::Parse(name);
  if (key) return key;
  const auto brought = ReadFile(name, kMaxKeyFileBytes);
  const auto file = brought ? Result<Bytes>(PlainTextOf(*brought)) : brought;
  if (!file && file.error().code == ErrorCode::kPermission) return Fail(file.error());
  // A text with the form of a key was meant as a key, so report what is wrong with it.
  if (!file && name.find('+') != std::string::npos) return key;
  if (!file) {
    return Fail(ErrorCode::kInvalid,
                Format("\"{}\" is neither a key nor a file with one: {}", Printable(name), file.error().message),
                std::string(hint));
  }
  std::string_view text = TextOf(*file);
  while (text.ends_with('\n')) text.remove_suffix(1);
  key = Key::Parse(text);
  if (key) return key;
  if (const std::string kind = custody::KindOfKey(text); !kind.empty() && kind != custody::kVerifierKey) {
    return Fail(ErrorCode::kInvalid,
                Format("{} is {}; a verifier key is needed here: name+id+base64", Printable(name), kind),
                std::string(hint));
  }
  return Fail(std::move(key).error().In(Printable(name)).Hint(hint));
}

}  // namespace

Result<tlog::VerifierKey> ReadVerifierKey(const std::string& name) {
  return Read<tlog::VerifierKey>(name, kSigningHint);
}
Result<tlog::CosignerKey> ReadCosignerKey(const std::string& name) {
  return Read<tlog::CosignerKey>(name, kCosigningHint);
}

Result<std::vector<tlog::VerifierKey>> ReadLogKeys(const std::vector<std::string>& names) {
  std::vector<tlog::VerifierKey> keys;
  for (const std::string& name : names) {
    TRY(tlog::VerifierKey key, ReadVerifierKey(name));
    if (key.type() != tlog::SignatureType::kEd25519) {
      return Fail(ErrorCode::kInvalid, Printable(name) + ": a key of cosignatures signs no log");
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace exhibit::cli
