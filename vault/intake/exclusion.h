// What a user asks to leave out: patterns as in .gitignore.
//
//   *.tmp       a name, at any depth; * ? [a-z] as a shell has them, and * takes a leading dot too
//   cache/      with a slash at the end: a folder alone
//   /var/run    with a slash elsewhere: the path below the folder that was named, from its beginning
//   a/**/b      ** stands for any number of folders
//
// What a pattern fits is left out, with all below it. Bytes are compared, so that letters have a case everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"

namespace exhibit::intake {

class Exclusion {
 public:
  enum class What : std::uint8_t { kFolder, kOther };

  // kInvalid for an empty pattern, and for one that begins with "!", which would take another back.
  static Result<Exclusion> Parse(const std::vector<std::string>& patterns);

  // The first pattern that fits `path`, below the folder that was named; null if none does. Folders above it are not asked.
  const std::string* Match(std::string_view path, What what) const;

  // Whether it, or a folder that it lies in, is left out, wherever in `path` the named folder ends: of a list that was made
  // elsewhere.
  bool MayLeaveOut(std::string_view path) const;

  // Patterns that have fitted nothing.
  std::vector<std::string> Unused() const;

 private:
  struct Pattern {
    std::string text;                // as it was typed
    std::vector<std::string> parts;  // between slashes
    bool is_of_folders = false;
    bool is_anchored = false;
    mutable bool is_used = false;
  };
  std::vector<Pattern> patterns_;
};

}  // namespace exhibit::intake
