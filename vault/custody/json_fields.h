// A JSON object read field by field, each by its name and type. What is left over shows when the
// thing is encoded again and compared: this is how entries and statements have one form each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/encoding.h"
#include "vault/base/error.h"
#include "vault/base/json.h"

namespace exhibit::custody {

inline constexpr std::size_t kMaxNameBytes = 256;   // of what is called so: a person, a place
inline constexpr std::size_t kMaxLineBytes = 1024;  // of what is told in a line: a reason, a purpose

// An object within the bounds of what we write: 8 levels, 64 members. kInvalid for anything else.
Result<Json> ParseObject(std::string_view text);

// Fails with kInvalid naming the field and what it should be. REQUIRES: `json` outlives it.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {}

  bool Has(const char* name) const { return json_.Find(name) != nullptr; }
  Result<std::string> Text(const char* name) const;
  // 1 to `most_bytes` bytes without control characters.
  Result<std::string> Line(const char* name, std::size_t most_bytes) const;
  Result<std::optional<std::string>> OptionalLine(const char* name, std::size_t most_bytes) const;
  Result<std::uint64_t> Number(const char* name) const;
  Result<Fields> Object(const char* name) const;
  Result<std::vector<std::string>> Texts(const char* name) const;
  // A list of objects.
  Result<std::vector<Fields>> Objects(const char* name) const;
  template <typename Value>
  Result<Value> Hex(const char* name) const {
    TRY(const std::string text, Text(name));
    return FixedFromHex<Value>(text, "\"" + std::string(name) + "\"");
  }

 private:
  const Json& json_;
};

// kInvalid, naming the field, unless `text` is 1 to `most_bytes` bytes without control characters.
Result<void> CheckLine(const char* name, std::string_view text, std::size_t most_bytes);

}  // namespace exhibit::custody
