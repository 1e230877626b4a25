#include "vault/tell/load_file.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/item_facts.h"

namespace exhibit::tell {
namespace {

constexpr std::string_view kQuote = "\u00FE";
constexpr std::string_view kBetween = "\x14";
constexpr std::string_view kLineFeed = "\u00AE";
constexpr std::string_view kByteOrderMark = "\uFEFF";
constexpr std::array<std::string_view, 14> kColumns = {
    "BEGBATES",     "ENDBATES", "ENTRY",      "SOURCE",  "FILENAME", "FILEPATH", "FILEKIND",
    "DATEMODIFIED", "FILESIZE", "SHA256HASH", "MD5HASH", "CASE",     "TAGS",     "NATIVELINK"};

std::string Record(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields)
    line += (line.empty() ? std::string() : std::string(kBetween)) + LoadFileField(field);
  return line + "\r\n";
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "; ") + word;
  return text;
}

}  // namespace

std::string LoadFileField(std::string_view text) {
  // Controls are shown as escapes; what is left is only the quote and the sign for a line feed.
  std::string safe;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t feed = std::min(rest.find('\n'), rest.size());
    safe += Printable(rest.substr(0, feed));
    if (feed == rest.size()) break;
    safe += kLineFeed;
    rest.remove_prefix(feed + 1);
  }
  for (std::size_t at = safe.find(kQuote); at != std::string::npos; at = safe.find(kQuote, at + 1))
    safe.replace(at, kQuote.size(), "?");
  return std::string(kQuote) + safe + std::string(kQuote);
}

LoadFile::LoadFile(bundle::Companion& papers, std::string prefix, std::string folder)
    : papers_(papers), prefix_(std::move(prefix)), folder_(std::move(folder)) {
  text_ = std::string(kByteOrderMark) + Record({kColumns.begin(), kColumns.end()});
}

Result<void> LoadFile::Begin(bundle::BagWriter& bag, const bundle::BundleHead& head, const bundle::Contents& contents) {
  return papers_.Begin(bag, head, contents);
}

Result<void> LoadFile::Add(const bundle::ExportedEntry& exported) {
  if (exported.part == bundle::ExportedEntry::Part::kItem && exported.fields != nullptr && !exported.file.empty()) {
    const custody::ItemFacts& facts = exported.facts;
    const std::string bates = Format("{}{:06}", prefix_, ++count_);
    std::string link = folder_ + "/" + exported.file;
    std::ranges::replace(link, '/', '\\');
    text_ += Record({bates, bates, Format("{}", exported.entry.parsed().sequence), facts.source.value_or(""),
                     facts.name.value_or(""), facts.path.value_or(""),
                     facts.kind ? std::string(custody::ToText(*facts.kind)) : "",
                     facts.times.modified ? custody::FormatFileTime(*facts.times.modified) : "",
                     facts.size ? Format("{}", *facts.size) : "", facts.sha256 ? ToHex(facts.sha256->view()) : "",
                     facts.md5 ? ToHex(facts.md5->view()) : "", Joined(facts.cases), Joined(facts.tags), link});
  }
  return papers_.Add(exported);
}

Result<bundle::BagInfo> LoadFile::Finish(bundle::BagWriter& bag, const bundle::LogTexts* log) {
  return papers_.Finish(bag, log);
}

}  // namespace exhibit::tell
