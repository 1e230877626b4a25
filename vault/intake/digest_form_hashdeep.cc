// %%%% HASHDEEP-1.0, then %%%% with the names of the columns, then a row for each file.
#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/intake/digest_forms.h"

namespace exhibit::intake {
namespace {

constexpr std::string_view kMark = "%%%% ";
constexpr std::size_t kMaxColumns = 16;

std::vector<std::string_view> SplitAtCommas(std::string_view line, std::size_t fields) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < fields) {
    const std::size_t comma = line.find(',');
    if (comma == std::string_view::npos) break;
    parts.push_back(line.substr(0, comma));
    line.remove_prefix(comma + 1);
  }
  parts.push_back(line);
  return parts;
}

// "%%%% size,md5,sha256,filename". Empty if it is no such line, or names a column twice.
std::vector<std::string> ParseColumns(std::string_view line) {
  if (!line.starts_with("%%%% size,") || !line.ends_with(",filename")) return {};
  std::vector<std::string> columns;
  for (const std::string_view column : SplitAtCommas(line.substr(kMark.size()), kMaxColumns)) {
    if (std::ranges::find(columns, column) != columns.end()) return {};
    columns.emplace_back(column);
  }
  return columns;
}

// "1024,<md5>,<sha256>,name", in the columns that the list's own line names; a name may hold commas.
// Digests that we do not know, such as tiger's, are ignored.
std::optional<ListedLine> ParseRow(std::string_view line, const std::vector<std::string>& columns) {
  const auto parts = SplitAtCommas(line, columns.size());
  if (parts.size() != columns.size() || !FromDecimal(parts.front())) return std::nullopt;
  ListedLine parsed;
  parsed.path = std::string(parts.back());
  for (std::size_t i = 1; i + 1 < columns.size(); ++i) {
    if (!AlgorithmNamed(columns[i])) continue;
    auto digest = DigestNamed(columns[i], parts[i]);
    if (!digest) return std::nullopt;
    parsed.digests.push_back(std::move(*digest));
  }
  return parsed.digests.empty() ? std::nullopt : std::optional(std::move(parsed));
}

class HashdeepForm final : public DigestForm {
 public:
  Grasped Read(std::string_view line) override {
    if (line == "%%%% HASHDEEP-1.0") return Grasped::OfForm();
    if (line.starts_with(kMark)) {
      columns_ = ParseColumns(line);
      return columns_.empty() ? Grasped{Grasp::kWrong} : Grasped::OfForm();
    }
    return columns_.empty() ? Grasped::Not() : Grasped::File(ParseRow(line, columns_), Grasp::kWrong);
  }

 private:
  std::vector<std::string> columns_;
};

}  // namespace

std::unique_ptr<DigestForm> MakeHashdeepForm() { return std::make_unique<HashdeepForm>(); }

}  // namespace exhibit::intake
