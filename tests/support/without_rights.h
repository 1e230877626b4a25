// Acts as a user without rights while it lives, if the test runs as root: what may not be read is not read.
#pragma once

#include <unistd.h>

#include <cstdlib>

#include "tests/support/catch.h"

namespace exhibit::testing {

class WithoutRights {
 public:
  WithoutRights() {
    if (was_root_) REQUIRE(::seteuid(65534) == 0);
  }
  ~WithoutRights() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  WithoutRights(const WithoutRights&) = delete;
  WithoutRights& operator=(const WithoutRights&) = delete;

 private:
  const bool was_root_ = ::geteuid() == 0;
};

}  // namespace exhibit::testing
