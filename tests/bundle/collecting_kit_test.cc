// Goal: the list of a collecting kit has one form, which stock sha256sum reads too.
#include "vault/bundle/collecting_kit.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using bundle::EncodeKitList;
using bundle::ParseKitList;

const std::string kText = "# exhibit collecting kit v1\n# origin a.example/b\n# fingerprint " + std::string(64, 'a') +
                          "\n# collector a.example/b/k2+1a2b3c4d\n# made 2026-11-28T23:00:00Z\n" +
                          std::string(64, 'b') + "  README.txt\n" + std::string(64, 'c') +
                          "  programs/linux-x86-64/exhibit-collect\n";

// With the first `before` replaced.
std::string With(std::string_view before, std::string_view after) {
  std::string text = kText;
  const std::size_t at = text.find(before);
  REQUIRE(at != std::string::npos);
  return text.replace(at, before.size(), after);
}

}  // namespace

TEST_CASE("the list of a kit comes back as it was written", "[collecting-kit]") {
  const bundle::KitList list = Unwrap(ParseKitList(kText));
  CHECK(EncodeKitList(list) == kText);
  CHECK(list.origin.text() == "a.example/b");
  CHECK(list.collector.text() == "a.example/b/k2+1a2b3c4d");
  CHECK(list.files.size() == 2);
  CHECK(list.files.at("README.txt") == std::string(64, 'b'));
}

TEST_CASE("another form of a kit's list is refused, with the rule", "[collecting-kit]") {
  CHECK_FAILS(ParseKitList(With("kit v1", "kit v2")), ErrorCode::kUnsupported, "version 2");
  CHECK_FAILS(ParseKitList(With("# exhibit", "#exhibit")), ErrorCode::kTampered, "no line begins with");
  CHECK_FAILS(ParseKitList(With("# origin a.example/b\n", "")), ErrorCode::kTampered, "# origin ");
  CHECK_FAILS(ParseKitList(With("a.example/b\n", "\n")), ErrorCode::kInvalid, "a key name has");
  CHECK_FAILS(ParseKitList(With("fingerprint aa", "fingerprint a")), ErrorCode::kInvalid, "fingerprint");
  CHECK_FAILS(ParseKitList(With("+1a2b3c4d", "")), ErrorCode::kInvalid, "the name and the id of a key");
  CHECK_FAILS(ParseKitList(With("23:00:00Z", "23:00Z")), ErrorCode::kInvalid, "is no time");
  CHECK_FAILS(ParseKitList(With("  README.txt", "  ../README.txt")), ErrorCode::kTampered, "may not list");
  CHECK_FAILS(ParseKitList(With("README.txt", "programs/linux-x86-64/exhibit-collect")), ErrorCode::kTampered,
              "listed twice");
  // What sha256sum reads and we do not write.
  CHECK_FAILS(ParseKitList(With("  README.txt", " *README.txt")), ErrorCode::kTampered, "another form");
  CHECK_FAILS(ParseKitList(With(std::string(64, 'b'), std::string(64, 'B'))), ErrorCode::kTampered, "another form");
  CHECK_FAILS(ParseKitList(With("README.txt\n", "README.txt\r\n")), ErrorCode::kTampered, "another form");
  CHECK_FAILS(ParseKitList(With("README.txt", "zz")), ErrorCode::kTampered, "another form");
  CHECK_FAILS(ParseKitList(kText.substr(0, kText.find(std::string(64, 'b')))), ErrorCode::kTampered, "no file");
  for (std::size_t length = 0; length < kText.size(); ++length) {
    CAPTURE(length);
    const auto cut = ParseKitList(std::string_view(kText).substr(0, length));
    if (cut) CHECK(kText[length - 1] == '\n');
  }
}

TEST_CASE("what collecting changes is not in the list", "[collecting-kit]") {
  using bundle::collecting_kit::ChangesInUse;
  for (const char* const name :
       {"collector/state", "collector/LOCK", "collector/journal.new", "drop/1a2b3c4d-1.age", "journal/exhibit/x"})
    CHECK(ChangesInUse(name));
  for (const char* const name : {"collector/vault", "collector/collector.key", "drop", "dropped/x", "programs/x/LOCK"})
    CHECK_FALSE(ChangesInUse(name));
}

}  // namespace exhibit::testing
