// Containers of bundles: what is unpacked lies below the folder given, is of plain files and folders, and is no
// more than a container of its size may unpack to.
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
  const fs::path into = folder / "in/to";
  for (const std::string_view name : {"container.tar", "container.zip"}) {
    const fs::path container = folder / name;
    {
      const auto file = CreateNew(container, 0600);
      EXHIBIT_ASSERT(file && WriteFull(*file, ByteView(data, size), container));
    }
    fs::create_directories(into);
    if (bundle::UnpackContainer(container, into, nullptr)) EXHIBIT_ASSERT(fs::is_regular_file(into / "bagit.txt"));
    // What a zip deflates may become more, to a limit.
    CheckPlain(into, size * 64 + (16 << 20));
    std::size_t beside = 0;
    for (const auto& found : fs::directory_iterator(folder))
      if (found.exists()) ++beside;
    EXHIBIT_ASSERT(beside == 2);
    fs::remove_all(folder / "in");
    fs::remove(container);
  }
  fs::remove_all(folder);
  return 0;
}
