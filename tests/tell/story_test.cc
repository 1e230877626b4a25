#include "vault/tell/story.h"

#include "tests/custody/example_entries.h"
#include "tests/support/catch.h"

namespace exhibit {
namespace {

using testing::Unwrap;

// The sentence of an entry that says this.
std::string Sentence(custody::EntryBody body) {
  custody::Entry entry = testing::ExampleItem().parsed();
  entry.body = std::move(body);
  return tell::Describe(entry);
}

custody::ItemSet Items(std::string_view text) { return Unwrap(custody::ItemSet::Parse(text)); }

TEST_CASE("an act is one sentence, in the words of the glossary", "[story]") {
  const auto reader = seal::X25519Identity::Generate().recipient();
  CHECK(Sentence(custody::ReaderChange{{{reader, "r1"}}, {}}) == "the readers are from here on: r1");
  CHECK(Sentence(custody::Reseal{reader, {}, Items("4-5,8"), std::vector<custody::HeaderDigest>(3)}) ==
        "sealed to another key of the vault: 3 items");
  CHECK(Sentence(custody::Hold{Items("1"), "12 Cv 3", "litigation hold"}).find("12 Cv 3") != std::string::npos);
}

TEST_CASE("text of an entry is made printable", "[story]") {
  CHECK(Sentence(custody::Hold{Items("1"), "a\x1b[31m", "b"}).find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace exhibit
