// Containers of bundles: what is unpacked lies below the folder given, is of plain files and folders, and is no
// more than the container had.
#include <unistd.h>

#include <cstdlib>

#include "vault/base/file.h"
#include "vault/bundle/container.h"

namespace {

namespace fs = std::filesystem;
using namespace exhibit;

// Looked at without following anything.
void CheckPlain(const fs::path& folder, std::size_t limit) {
  std::size_t bytes = 0;
  for (const auto& found : fs::recursive_directory_iterator(folder)) {
    const fs::file_type type = found.symlink_status().type();
    EXHIBIT_ASSERT(type == fs::file_type::directory || type == fs::file_type::regular);
    if (type == fs::file_type::regular) bytes += found.file_size();
  }
  EXHIBIT_ASSERT(bytes <= limit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string place = fs::temp_directory_path() / "exhibit-fuzz-XXXXXX";
  EXHIBIT_ASSERT(::mkdtemp(place.data()) != nullptr);
  const fs::path folder = place;
  const fs::path container = folder / "container";
  const fs::path into = folder / "in/to";
  {
    const auto file = CreateNew(container, 0600);
    EXHIBIT_ASSERT(file && WriteFull(*file, ByteView(data, size), container));
  }
  fs::create_directories(into);
  const auto top = bundle::UnpackContainer(container, into, nullptr);
  if (top) EXHIBIT_ASSERT(top->parent_path() == into && fs::is_directory(*top));
  CheckPlain(into, size);
  std::size_t beside = 0;
  for (const auto& found : fs::directory_iterator(folder)) if (found.exists()) ++beside;
  EXHIBIT_ASSERT(beside == 2);
  fs::remove_all(folder);
  return 0;
}
