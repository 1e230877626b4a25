#include "vault/base/memory.h"

#include <cstdlib>  // defines __GLIBC__

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace exhibit {

void KeepFreedMemory() {
#if defined(__GLIBC__)
  // glibc refuses a larger threshold of mmap. Setting one ends its own adjustment of both.
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

}  // namespace exhibit
