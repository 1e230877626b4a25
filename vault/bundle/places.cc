#include "vault/bundle/places.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {

std::optional<std::uint64_t> NumberIn(std::string_view path) {
  if (!path.starts_with("data/") && !path.starts_with("proof/")) return std::nullopt;
  const std::string_view name = path.substr(path.find('/') + 1);
  const auto number = FromDecimal(name.substr(0, name.find_first_of(".-")));
  return number ? std::optional(*number) : std::nullopt;
}

bool IsTagFile(std::string_view path) {
  return path == kBagitFile || path == kBagInfoFile || path == kManifestFile || path == kManifest512File ||
         path == kTagManifestFile || path == kTagManifest512File || path == kNoteFile || path == kIdentityFile ||
         path == kLogKeyFile || IsForPeople(path);
}

bool IsCompanion(std::string_view path) { return IsForPeople(path) || path == kBagInfoFile; }

bool IsSealedFile(std::string_view path) {
  const auto number = NumberIn(path);
  return number && path == SealedFileName({*number});
}

bool IsReadable(const std::string& path, std::uint64_t number) {
  const std::string beginning = Format("data/{}-", number);
  const bool is_original = path.starts_with(beginning) && path.find('/', beginning.size()) == std::string::npos;
  return is_original || path == ProofFile({number}, "metadata.json");
}

bool IsOfAnyEntry(const std::string& path, std::uint64_t number) {
  return path == ProofFile({number}, "entry") || path == ProofFile({number}, "tlog-proof");
}

bool IsOfEntry(const std::string& path, std::uint64_t number) {
  if (IsOfAnyEntry(path, number)) return true;
  if (number == 0) return false;
  return path == ProofFile({number}, "header") || path == SealedFileName({number}) || IsReadable(path, number);
}

}  // namespace exhibit::bundle
