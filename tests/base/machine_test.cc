// Goal: the name of a number in a file of the form of passwd(5), whatever else stands in it; and what the system says.
// What programs that run anywhere say is in tests/end_to_end/portable.py.
#include "vault/base/machine.h"

#include <string>

#include "tests/support/catch.h"

namespace exhibit {
namespace {

TEST_CASE("the first name of a number is its name", "[base]") {
  const std::string file =
      "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\ntoor:x:0:0::/:\nlast:x:7:7";
  CHECK(NameIn(file, 0) == "root");
  CHECK(NameIn(file, 1000) == "ann");
  CHECK(NameIn(file, 7) == "last");
  CHECK_FALSE(NameIn(file, 1));
}

TEST_CASE("lines of another form name nobody", "[base]") {
  for (const std::string line : {"", "\n\n", "ann", "ann:x", "ann:x:", ":x:5:", "ann:x:5x:", "ann:x:-5:", "ann:x: 5:",
                                 "+::::::", "ann:5:x:", "ann:x:05:", "ann:x:18446744073709551621:"}) {
    CAPTURE(line);
    CHECK_FALSE(NameIn(line, 5));
    CHECK(NameIn(line + "\nbob:x:5:5::/:\n", 5) == "bob");
  }
}

TEST_CASE("the system names its first user and group", "[base]") {
  CHECK(NameOfUser(0) == "root");
  CHECK(NameOfGroup(0) == "root");
  CHECK_FALSE(NameOfUser(4'000'000'000));
  CHECK_FALSE(NameOfGroup(4'000'000'000));
}

}  // namespace
}  // namespace exhibit
