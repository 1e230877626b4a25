// certutil -hashfile: SHA256 hash of name: | <hex>, with blanks in between or not | CertUtil: … The words are those of the
// language of Windows: "SHA256-Hash von name:", "Hachage SHA256 de name :".
#include <algorithm>
#include <array>

#include "vault/intake/digest_forms.h"

namespace exhibit::intake {
namespace {

// What comes before the name. The longer of two that begin alike is first.
constexpr auto kBeforeName =
    std::to_array<std::string_view>({" of file ", " of ", " der Datei ", " von ", " du fichier ", " de ",
                                     " del archivo ", " del file ", " di ", " do arquivo "});

// The words before the name: "hash" and an algorithm, and nothing else.
bool SaysAlgorithm(std::string_view words) {
  bool has_hash = false;
  bool has_algorithm = false;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find_first_of(" -"), words.size());
    const std::string_view word = words.substr(0, end);
    if (word == "hash" || word == "Hash" || word == "Hachage") {
      has_hash = true;
    } else if (AlgorithmNamed(word)) {
      has_algorithm = true;
    } else {
      return false;
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return has_hash && has_algorithm;
}

// The name that the first line says; empty if it is no such line.
std::string_view NameIn(std::string_view line) {
  if (!line.ends_with(':')) return {};
  line.remove_suffix(1);
  for (const std::string_view before : kBeforeName) {
    const std::size_t at = line.find(before);
    if (at == std::string_view::npos || !SaysAlgorithm(line.substr(0, at))) continue;
    std::string_view name = line.substr(at + before.size());
    // French has a blank before a colon, and one that does not break in newer versions.
    if (line.starts_with("Hachage")) {
      if (name.ends_with("\xc2\xa0")) name.remove_suffix(2);
      name = WithoutBlanks(name);
    }
    return name;
  }
  return {};
}

class CertutilForm final : public DigestForm {
 public:
  Grasped Read(std::string_view line) override {
    if (!awaited_.empty()) return TakeDigest(line);
    awaited_ = FromWindows(NameIn(line));
    if (!awaited_.empty()) return Grasped::OfForm();
    const bool is_end = line.starts_with("CertUtil: ") && line.find("-hashfile") != std::string_view::npos;
    return is_end ? Grasped::OfForm() : Grasped::Not();
  }
  bool is_whole() const override { return awaited_.empty(); }

 private:
  Grasped TakeDigest(std::string_view line) {
    std::string hex(line);
    std::erase(hex, ' ');
    auto digest = DigestFrom(hex);
    if (!digest) return {Grasp::kWrong};
    Grasped file{Grasp::kFile, {std::move(awaited_), {std::move(*digest)}}};
    awaited_.clear();
    return file;
  }
  std::string awaited_;  // the name whose digest comes next
};

}  // namespace

std::unique_ptr<DigestForm> MakeCertutilForm() { return std::make_unique<CertutilForm>(); }

}  // namespace exhibit::intake
