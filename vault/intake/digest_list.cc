#include "vault/intake/digest_list.h"

#include <algorithm>
#include <array>
#include <memory>

#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/intake/digest_forms.h"

namespace exhibit::intake {
namespace {

Failure Unknown() {
  return Fail(
      ErrorCode::kInvalid, "it is of no known form",
      "known are the output of sha256sum, sha512sum, sha1sum, md5sum, hashdeep, md5deep, openssl dgst, certutil, "
      "FCIV and Get-FileHash, and CSV whose heading names a path and digests, with SHA-256, SHA-512, SHA-1 or MD5");
}

// Asks one form after the other. Those that a heading turns on come first.
class ListReader {
 public:
  // The line's file; nothing if it has none. kInvalid says what is wrong with "this line".
  Result<std::optional<ListedLine>> Read(std::string_view line) {
    if (line.empty() || line.starts_with('#')) return std::nullopt;
    for (const auto& form : forms_) {
      Grasped grasped = form->Read(line);
      if (grasped.grasp == Grasp::kNotMine) continue;
      if (grasped.grasp == Grasp::kWrong) return Unknown();
      if (grasped.grasp == Grasp::kOfForm) return std::nullopt;
      return std::move(grasped.file);
    }
    return Unknown();
  }

  // Whether the list ended within a file.
  bool is_whole() const {
    return std::ranges::all_of(forms_, [](const auto& form) { return form->is_whole(); });
  }

 private:
  std::array<std::unique_ptr<DigestForm>, 5> forms_ = {MakeHashdeepForm(), MakeCertutilForm(), MakeColumnForm(),
                                                       MakePowerShellForm(), MakeSumForm()};
};

}  // namespace

std::string_view WithoutDot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

Result<void> ReadDigestList(std::string_view list, const std::function<Result<void>(ListedFile)>& take) {
  if (list.size() > kMaxDigestListBytes) {
    return Fail(ErrorCode::kInvalid, "list of hashes: longer than 64 MiB");
  }
  const Bytes plain = Utf8TextOf(ViewOf(list));
  std::string_view rest = TextOf(plain);
  ListReader reader;
  std::size_t number = 1;
  for (; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string where = Format("list of hashes: line {}", number);
    auto parsed = reader.Read(line);
    if (!parsed) return Fail(std::move(parsed).error().In(where));
    if (!*parsed) continue;
    const std::string path = IsOfWindows((*parsed)->path) ? FromWindows((*parsed)->path) : std::move((*parsed)->path);
    ListedFile file{number, std::string(WithoutDot(path)), std::move((*parsed)->digests)};
    if (file.path.empty()) return Fail(ErrorCode::kInvalid, where + ": it is of no known form: it names no file");
    if (file.path.size() > kMaxListedPathBytes) {
      return Fail(ErrorCode::kInvalid, where + ": the path is longer than 4096 bytes");
    }
    auto taken = take(std::move(file));
    if (!taken) return Fail(std::move(taken).error().In(where));
  }
  if (!reader.is_whole()) return Fail(ErrorCode::kInvalid, "list of hashes: ends within what it says of a file");
  return {};
}

}  // namespace exhibit::intake
