#include "vault/base/error.h"

#include <cstdio>
#include <cstdlib>

namespace exhibit {

void InternalError(std::string_view what, std::string_view file, int line) {
  std::fprintf(stderr, "exhibit: internal error: %.*s (%.*s:%d)\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(file.size()), file.data(), line);
  std::abort();
}

}  // namespace exhibit
