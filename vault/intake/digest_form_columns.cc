// Rows of cells, as Export-Csv, FTK Imager and HashMyFiles write them. A heading names the columns: one of a path, and those of
// digests, or one of the algorithm and one of the digest. Without a heading a row is that of Get-FileHash.
#include <algorithm>
#include <array>

#include "vault/intake/digest_forms.h"

namespace exhibit::intake {
namespace {

constexpr std::size_t kMaxCells = 256;

// A quote in a cell between quotes is two. Nothing if a quote is not closed.
std::optional<std::vector<std::string>> Split(std::string_view line, char between) {
  std::vector<std::string> cells;
  for (;;) {
    std::string cell;
    if (line.starts_with('"')) {
      line.remove_prefix(1);
      for (;;) {
        const std::size_t quote = line.find('"');
        if (quote == std::string_view::npos) return std::nullopt;
        cell += line.substr(0, quote);
        line.remove_prefix(quote + 1);
        if (!line.starts_with('"')) break;
        cell += '"';
        line.remove_prefix(1);
      }
      if (!line.empty() && line.front() != between) return std::nullopt;
    } else {
      const std::size_t end = std::min(line.find(between), line.size());
      cell = line.substr(0, end);
      line.remove_prefix(end);
    }
    cells.push_back(std::move(cell));
    if (line.empty()) return cells;
    line.remove_prefix(1);
    if (cells.size() == kMaxCells) return std::nullopt;
  }
}

// "SHA-256 Hash" is "sha256": letters and digits, in lower case, without what all columns of digests are called.
std::string Plain(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) plain.push_back(lower);
  }
  for (const std::string_view word : {"hash", "digest", "checksum"}) {
    if (plain.size() > word.size() && plain.ends_with(word)) plain.resize(plain.size() - word.size());
  }
  return plain;
}

// The better one is first: the path where there is one, and else the name.
constexpr auto kPathColumns = std::to_array<std::string_view>(
    {"fullpath", "fullname", "path", "filepath", "sourcefile", "filenames", "filename", "file", "name"});

struct Columns {
  char between = ',';
  std::size_t count = 3;
  std::size_t path = 2;
  std::optional<std::size_t> algorithm = 0;  // of the digest in `hash`
  std::size_t hash = 1;
  std::vector<std::pair<std::size_t, std::string>> digests = {};  // column, algorithm
};

// What a digest stands in is no heading, whatever the names of files are.
bool HoldsDigest(std::string_view line) {
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" ,;\t\""), line.size());
    if (DigestFrom(line.substr(0, end))) return true;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return false;
}

std::optional<Columns> ParseHeading(std::string_view line) {
  if (HoldsDigest(line)) return std::nullopt;
  for (const char between : {',', ';', '\t'}) {
    const auto cells = Split(line, between);
    if (!cells || cells->size() < 2) continue;
    Columns columns{between, cells->size(), kMaxCells, {}, kMaxCells, {}};
    std::size_t best = kPathColumns.size();
    for (std::size_t i = 0; i < cells->size(); ++i) {
      const std::string name = Plain((*cells)[i]);
      const auto rank = static_cast<std::size_t>(std::ranges::find(kPathColumns, name) - kPathColumns.begin());
      if (rank < best) {
        best = rank;
        columns.path = i;
      }
      if (name == "algorithm") columns.algorithm = i;
      if (name == "hash") columns.hash = i;
      if (AlgorithmNamed(name)) columns.digests.emplace_back(i, name);
    }
    const bool has_pair = columns.algorithm && columns.hash != kMaxCells;
    if (columns.path != kMaxCells && (has_pair || !columns.digests.empty())) return columns;
  }
  return std::nullopt;
}

// Nothing if it is no such row. Of a folder there are no digests.
std::optional<ListedLine> ParseRow(std::string_view line, const Columns& columns) {
  const auto cells = Split(line, columns.between);
  if (!cells || cells->size() != columns.count) return std::nullopt;
  const std::string& path = (*cells)[columns.path];
  if (path.empty() || path.ends_with("...")) return std::nullopt;
  ListedLine parsed{path.starts_with('/') ? path : FromWindows(path), {}};
  const auto take = [&](std::string_view algorithm, std::string_view hex) {
    auto digest = DigestNamed(algorithm, WithoutBlanks(hex));
    if (digest) parsed.digests.push_back(std::move(*digest));
    return digest.has_value() || WithoutBlanks(hex).empty();
  };
  for (const auto& [column, algorithm] : columns.digests) {
    if (!take(algorithm, (*cells)[column])) return std::nullopt;
  }
  if (columns.algorithm && !take((*cells)[*columns.algorithm], (*cells)[columns.hash])) return std::nullopt;
  return parsed;
}

class ColumnForm final : public DigestForm {
 public:
  Grasped Read(std::string_view line) override {
    if (!columns_) {
      columns_ = ParseHeading(line);
      if (columns_) return Grasped::OfForm();
      return line.starts_with('"') ? Row(line, Columns()) : Grasped::Not();
    }
    return Row(line, *columns_);
  }

 private:
  static Grasped Row(std::string_view line, const Columns& columns) {
    auto parsed = ParseRow(line, columns);
    if (parsed && parsed->digests.empty()) return Grasped::OfForm();
    return Grasped::File(std::move(parsed), Grasp::kWrong);
  }
  std::optional<Columns> columns_;
};

}  // namespace

std::unique_ptr<DigestForm> MakeColumnForm() { return std::make_unique<ColumnForm>(); }

}  // namespace exhibit::intake
