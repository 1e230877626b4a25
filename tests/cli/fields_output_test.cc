// Goal: what fields tell is shown whole and harmless, and what hides parts never.
#include "cli/fields_output.h"

#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

using custody::FieldValue;

custody::FieldList ListOf(std::vector<custody::FieldList::Item> items) {
  return *custody::FieldList::Make(std::move(items));
}

}  // namespace

TEST_CASE("each field is a line, in the order of the list", "[cli]") {
  const auto fields = ListOf({{"size", FieldValue::Number(164)},
                              {"name", "a\x1b[2J"},
                              {"tags", FieldValue::Array{"one", "two"}},
                              {"state", FieldValue::Object{{"whole", FieldValue::Bool(true)}, {"x", FieldValue()}}}});
  CHECK(ShownFields(fields) ==
        "name              a\\x1b[2J\n"
        "size              164\n"
        "state             whole yes\n"
        "tags              one, two\n");
}

TEST_CASE("a name that is not UTF-8 is shown by its bytes", "[cli]") {
  const Bytes raw = {'a', 0xff, 'b'};
  const auto fields = ListOf({{"name", FieldValue::Name(raw)}});
  CHECK(ShownFields(fields) == "name              a\\xffb\n");
  CHECK(JsonOf(fields).Dump() == R"({"name":{"base64":"Yf9i"}})");
}

TEST_CASE("claims and times have a line each", "[cli]") {
  const FieldValue claim =
      FieldValue::Object{{"algorithm", "md5"}, {"value", "00ff"}, {"matched", FieldValue::Bool(false)}};
  const auto fields =
      ListOf({{"claimed", FieldValue::Array{claim}},
              {"times", FieldValue::Object{{"modified", "2026-11-25T19:12:46.135412776Z"}, {"born", FieldValue()}}}});
  CHECK(ShownFields(fields) ==
        "claimed md5       00ff  DIFFERS\n"
        "modified          2026-11-25T19:12:46.135412776Z\n");
}

TEST_CASE("the seed of parts is shown to nobody, and what is withheld has no value", "[cli]") {
  const auto fields = ListOf({{"name", "a"}, {"parts-seed", "00"}, {"path", "b"}}).Without({"path"});
  CHECK(ShownFields(fields) == "name              a\n");
  CHECK(JsonOf(fields).Dump() == R"({"name":"a"})");
}

}  // namespace exhibit::cli
