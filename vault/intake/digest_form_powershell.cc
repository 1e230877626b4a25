// Get-FileHash of PowerShell, as a table (Algorithm, Hash, Path) and as a list (Hash : <hex>).
#include "vault/intake/digest_forms.h"

namespace exhibit::intake {
namespace {

std::optional<ListedLine> LineOf(std::string_view algorithm, std::string_view hex, std::string_view path) {
  auto digest = DigestNamed(algorithm, hex);
  // A console that is too narrow cuts the path.
  if (!digest || path.empty() || path.ends_with("...") || path.ends_with("\xe2\x80\xa6")) return std::nullopt;
  return ListedLine{FromWindows(path), {std::move(*digest)}};
}

// "SHA256          <hex>      C:\in\a.log", below the names of the columns.
std::optional<ListedLine> ParseRow(std::string_view line) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return std::nullopt;
  const std::string_view rest = WithoutBlanks(line.substr(first));
  const std::size_t second = rest.find(' ');
  if (second == std::string_view::npos) return std::nullopt;
  return LineOf(line.substr(0, first), rest.substr(0, second), WithoutBlanks(rest.substr(second)));
}

bool IsHeading(std::string_view line) {
  if (line.starts_with("Algorithm ") && line.find("Hash") != std::string_view::npos && line.ends_with("Path")) {
    return true;
  }
  return line.starts_with("---") && line.find_first_not_of("- ") == std::string_view::npos;
}

class PowerShellForm final : public DigestForm {
 public:
  Grasped Read(std::string_view line) override {
    if (IsHeading(WithoutBlanks(line))) return Grasped::OfForm();
    const std::size_t colon = line.find(" : ");
    const std::string_view name = colon == std::string_view::npos ? "" : WithoutBlanks(line.substr(0, colon));
    const std::string_view value = colon == std::string_view::npos ? "" : WithoutBlanks(line.substr(colon + 3));
    if (name == "Algorithm") return Keep(algorithm_, value);
    if (name == "Hash") return Keep(hash_, value);
    if (name != "Path") return Grasped::File(ParseRow(line), Grasp::kNotMine);
    Grasped file = Grasped::File(LineOf(algorithm_, hash_, value), Grasp::kWrong);
    algorithm_.clear();
    hash_.clear();
    return file;
  }
  bool is_whole() const override { return algorithm_.empty(); }

 private:
  static Grasped Keep(std::string& kept, std::string_view value) {
    kept = value;
    return Grasped::OfForm();
  }
  std::string algorithm_;  // of a list: what came before the path
  std::string hash_;
};

}  // namespace

std::unique_ptr<DigestForm> MakePowerShellForm() { return std::make_unique<PowerShellForm>(); }

}  // namespace exhibit::intake
