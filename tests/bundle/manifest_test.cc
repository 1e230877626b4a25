// Goal: a manifest has one form, and no name in it leads out of the bag.
#include "vault/bundle/manifest.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using bundle::DecodeManifest;
using bundle::Lists;

const std::string kHash(64, 'a');

std::string Line(const std::string& name) { return kHash + "  " + name + "\n"; }

}  // namespace

TEST_CASE("a manifest comes back as it was written", "[bag]") {
  const std::string text = Line("data/1-a b.txt") + Line("data/1.age") + Line("data/fs01/=C3=BC");
  const auto manifest = Unwrap(DecodeManifest(text, Lists::kPayload));
  CHECK(manifest.size() == 3);
  CHECK(bundle::EncodeManifest(manifest, Lists::kPayload) == text);
  CHECK(bundle::EncodeManifest(manifest, Lists::kTags).empty());
  CHECK(Unwrap(DecodeManifest("", Lists::kTags)).empty());
}

TEST_CASE("names that lead out of the bag or mean two things are refused", "[bag]") {
  for (const std::string name :
       {"data/../x", "data/./x", "data//x", "data/", "data/x/", "../x", "/etc/passwd", "data/a\\b", "data/a%0Ab",
        "data/C:x", "data/\x01", "data/\x7f", "data/\xff", "data/ü"}) {
    CAPTURE(name);
    CHECK_FAILS(DecodeManifest(Line(name), Lists::kPayload), ErrorCode::kTampered, "line 1: ");
  }
  CHECK_FAILS(DecodeManifest(Line("data/" + std::string(1020, 'x')), Lists::kPayload), ErrorCode::kTampered,
              "this manifest may not list");
  REQUIRE_OK(DecodeManifest(Line("data/" + std::string(1019, 'x')), Lists::kPayload));
  const auto parts = [](int count) {
    std::string name = "data";
    while (--count > 0) name += "/x";
    return name;
  };
  REQUIRE_OK(DecodeManifest(Line(parts(66)), Lists::kPayload));
  CHECK_FAILS(DecodeManifest(Line(parts(67)), Lists::kPayload), ErrorCode::kTampered, "this manifest may not list");
}

TEST_CASE("each manifest lists its part, and each file once", "[bag]") {
  CHECK_FAILS(DecodeManifest(Line("data/x"), Lists::kTags), ErrorCode::kTampered, "this manifest may not list");
  CHECK_FAILS(DecodeManifest(Line("log/x"), Lists::kPayload), ErrorCode::kTampered, "this manifest may not list");
  CHECK_FAILS(DecodeManifest(Line("a") + Line("b") + Line("a"), Lists::kTags), ErrorCode::kTampered,
              "line 3: a name that is listed twice");
}

TEST_CASE("lines of another form are refused by their number", "[bag]") {
  const std::string good = Line("a");
  for (const std::string& bad : {kHash + "b\n", kHash + "*b\n", kHash + "  \n", kHash + " * b\n",
                                 std::string(63, 'a') + "   b\n", std::string(64, 'g') + "  b\n", std::string("\n")}) {
    CAPTURE(bad);
    CHECK_FAILS(DecodeManifest(good + bad, Lists::kTags), ErrorCode::kTampered, "line 2: not a hash and a name");
  }
  CHECK_FAILS(DecodeManifest(kHash + "  a", Lists::kTags), ErrorCode::kTampered,
              "line 1: it ends within the line: the file was cut");
  CHECK_FAILS(DecodeManifest(kHash + "  a\r\r\n", Lists::kTags), ErrorCode::kTampered, "this manifest may not list");
}

TEST_CASE("what RFC 8493 allows other tools is read as the same", "[bag]") {
  const bundle::Manifest one = Unwrap(DecodeManifest(Line("a"), Lists::kTags));
  for (const std::string& other : {kHash + " a\n", kHash + "\ta\n", kHash + " \t  a\n", kHash + " *a\n",
                                   kHash + "  a\r\n", std::string(64, 'A') + "  a\n"}) {
    CAPTURE(other);
    CHECK(Unwrap(DecodeManifest(other, Lists::kTags)) == one);
  }
}

}  // namespace exhibit::testing
