#include "vault/intake/exclusion.h"

#include <fnmatch.h>

#include <algorithm>
#include <span>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::intake {
namespace {

using Parts = std::span<const std::string>;

std::vector<std::string> PartsOf(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0 && path.substr(0, end) != ".") parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

bool FitsName(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

// Row by row: which beginnings of the path the parts of the pattern so far take. However many "**" there are, the time is
// that of the two lengths.
bool FitsPath(Parts pattern, Parts path) {
  std::vector<bool> takes(path.size() + 1, false);
  takes[0] = true;
  for (const std::string& part : pattern) {
    if (part == "**") {
      for (std::size_t i = 1; i <= path.size(); ++i) takes[i] = takes[i] || takes[i - 1];
      continue;
    }
    for (std::size_t i = path.size(); i > 0; --i) takes[i] = takes[i - 1] && FitsName(part, path[i - 1]);
    takes[0] = false;
  }
  return takes[path.size()];
}

}  // namespace

Result<Exclusion> Exclusion::Parse(const std::vector<std::string>& patterns) {
  Exclusion exclusion;
  for (const std::string& text : patterns) {
    std::string_view rest = text;
    if (rest.starts_with('!')) {
      return Fail(ErrorCode::kInvalid, Format("--exclude {}: a pattern takes nothing back", Printable(text)),
                  "to leave out a file whose name begins with \"!\": --exclude '[!]…'");
    }
    Pattern pattern{text, PartsOf(rest)};
    pattern.is_of_folders = rest.ends_with('/');
    if (pattern.is_of_folders) rest.remove_suffix(1);
    pattern.is_anchored = rest.find('/') != std::string_view::npos;
    if (pattern.parts.empty()) {
      return Fail(ErrorCode::kInvalid, Format("--exclude \"{}\": it is no pattern", Printable(text)),
                  "as in .gitignore: '*.tmp', 'cache/', '/var/run'");
    }
    exclusion.patterns_.push_back(std::move(pattern));
  }
  return exclusion;
}

const std::string* Exclusion::Match(std::string_view path, What what) const {
  if (patterns_.empty()) return nullptr;
  const std::vector<std::string> parts = PartsOf(path);
  if (parts.empty()) return nullptr;
  for (const Pattern& pattern : patterns_) {
    if (pattern.is_of_folders && what != What::kFolder) continue;
    const bool fits = pattern.is_anchored ? FitsPath(pattern.parts, parts) : FitsName(pattern.parts[0], parts.back());
    if (!fits) continue;
    pattern.is_used = true;
    return &pattern.text;
  }
  return nullptr;
}

bool Exclusion::MayLeaveOut(std::string_view path) const {
  const std::vector<std::string> parts = PartsOf(path);
  for (std::size_t end = 1; end <= parts.size(); ++end) {
    const What what = end < parts.size() ? What::kFolder : What::kOther;
    for (std::size_t begin = 0; begin < end; ++begin) {
      std::string part;
      for (std::size_t i = begin; i < end; ++i) part += "/" + parts[i];
      if (Match(part, what) != nullptr) return true;
    }
  }
  return false;
}

std::vector<std::string> Exclusion::Unused() const {
  std::vector<std::string> unused;
  for (const Pattern& pattern : patterns_) {
    if (!pattern.is_used) unused.push_back(pattern.text);
  }
  return unused;
}

}  // namespace exhibit::intake
