#include "vault/base/person_text.h"

#include <string>

#include "tests/support/catch.h"

namespace exhibit {
namespace {

using namespace std::string_literals;

std::string Plain(const std::string& file) { return ToText(PlainTextOf(ViewOf(file))); }

TEST_CASE("text of editors and shells of any system is the same text", "[person_text]") {
  CHECK(Plain("one\ntwo\n") == "one\ntwo\n");
  CHECK(Plain("one\r\ntwo\r\n") == "one\ntwo\n");
  CHECK(Plain("one  \n\ttwo\t \n \n") == "one\n\ttwo\n\n");
  CHECK(Plain("one") == "one");
  CHECK(Plain("one \r") == "one");
  CHECK(Plain("") == "");
  CHECK(Plain("\xef\xbb\xbfone\n") == "one\n");
  CHECK(Plain("\xff\xfeo\0n\0\n\0"s) == "on\n");
  CHECK(Plain("\xfe\xff\0o\0n\0\r\0\n"s) == "on\n");
}

TEST_CASE("UTF-16 becomes UTF-8, whatever its characters are", "[person_text]") {
  CHECK(Plain("\xff\xfe\xe9\x00"s) == "\xc3\xa9");
  CHECK(Plain("\xff\xfe\xac\x20"s) == "\xe2\x82\xac");
  CHECK(Plain("\xff\xfe\x3d\xd8\x00\xde"s) == "\xf0\x9f\x98\x80");
  CHECK(Plain("\xff\xfe\x3d\xd8"s) == "\xef\xbf\xbd");
  CHECK(Plain("\xff\xfe\x00\xde\x41\x00"s) == "\xef\xbf\xbd\x41");
  CHECK(Plain("\xff\xfe\x41"s) == "");
}

TEST_CASE("bytes that are no UTF-8 stay as they are", "[person_text]") {
  CHECK(Plain("\xff\x80 a\n") == "\xff\x80 a\n");
}

}  // namespace
}  // namespace exhibit
