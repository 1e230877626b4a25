// The last file of an E01: any bytes are read or refused, and what it states has its algorithm's size.
#include <unistd.h>

#include "vault/base/file.h"
#include "vault/intake/ewf_digests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  static const FileDescriptor file = [] {
    char name[] = "/tmp/exhibit-fuzz-XXXXXX";
    FileDescriptor made(::mkstemp(name));
    (void)::unlink(name);
    return made;
  }();
  EXHIBIT_ASSERT(::ftruncate(file.get(), 0) == 0 && ::lseek(file.get(), 0, SEEK_SET) == 0);
  EXHIBIT_ASSERT(WriteFull(file, ByteView(data, size), "input").has_value());
  const auto statement = intake::ReadEwfStatement(file, "input");
  if (!statement) return 0;
  for (const auto& digest : statement->media) {
    EXHIBIT_ASSERT(digest.value.size() == custody::DigestBytes(digest.algorithm));
  }
  return 0;
}
