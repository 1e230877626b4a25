#include "vault/base/json_shape.h"

#include <string>
#include <vector>

#include "vault/base/format.h"

namespace exhibit {

Result<void> CheckJsonShape(std::string_view json, const JsonLimits& limits) {
  std::vector<std::size_t> members;  // of each object or list that is open
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;  // an escaped quote does not end the string
      if (c == '"') in_string = false;
      continue;
    }
    switch (c) {
      case '"': in_string = true; break;
      case '{':
      case '[':
        if (members.size() == limits.levels) {
          return Fail(ErrorCode::kInvalid, Format("nested deeper than {} levels", limits.levels));
        }
        members.push_back(0);
        break;
      case '}':
      case ']':
        if (members.empty()) return {};  // every parser stops here
        members.pop_back();
        break;
      case ':':
        if (members.empty()) return {};
        if (++members.back() > limits.members) {
          return Fail(ErrorCode::kInvalid, Format("an object has more than {} members", limits.members));
        }
        break;
      default: break;
    }
  }
  return {};
}

}  // namespace exhibit
