// Goal: no text ends the element or the attribute that it stands in. Method: each character that could, and ones that could not.
#include "vault/base/markup.h"

#include "tests/support/catch.h"

namespace exhibit {
namespace {

TEST_CASE("what would begin a tag or an entity, or end an attribute, is an entity", "[base]") {
  CHECK(EscapedForMarkup(R"(<a href="x">&amp;</a>)") == "&lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt;");
  CHECK(EscapedForMarkup("") == "");
  CHECK(EscapedForMarkup("Ärzte's log, 3 of 4\n") == "Ärzte's log, 3 of 4\n");
}

}  // namespace
}  // namespace exhibit
