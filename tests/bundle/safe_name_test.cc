// Goal: an original's path below data/ is one that every medium and system can have, and no two are one.
#include "vault/bundle/safe_name.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using bundle::SafeName;
constexpr tlog::Sequence kItem{5};

custody::FieldList FieldsOf(std::string_view source, std::string_view path) {
  return Unwrap(custody::FieldList::Make(
      {{"source", custody::FieldValue::Name(ViewOf(source))}, {"path", custody::FieldValue::Name(ViewOf(path))}}));
}

}  // namespace

TEST_CASE("a safe name is made part by part", "[bundle]") {
  struct Row {
    std::string source;
    std::string path;
    std::string name;
  };
  const std::vector<Row> rows = {
      {"fs01", "share/README.txt", "fs01/share/README.txt"},
      {"fs01", "//a//.bashrc/", "fs01/a/.bashrc"},
      {"fs01", "a b/ lead/dot./CON.txt", "fs01/a b/=20lead/dot=2E/=43ON.txt"},
      {"fs01", "com1x/lpt9 .x/aux", "fs01/com1x/=6Cpt9 .x/=61ux"},
      {"fs01", "\xff\xfe", "fs01/=FF=FE"},
      {"host:1", "C:\\Users", "host=3A1/C=3A=5CUsers"},
      {"fs01", "../..", "fs01/.=2E/.=2E"},
      {"7", "/x", "=37/x"},
      {"12.age", "x", "=312.age/x"},
      {"7a", "x", "7a/x"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.source, row.path);
    CHECK(SafeName(row.source, row.path, kItem) == row.name);
  }
}

TEST_CASE("a long part is cut after a whole byte, and says which item it is of", "[bundle]") {
  std::string umlauts;
  std::string escaped;
  for (int i = 0; i < 100; ++i) umlauts += "\xc3\xbc";
  for (int i = 0; i < 33; ++i) escaped += "=C3=BC";
  CHECK(SafeName("fs01", umlauts, kItem) == "fs01/" + escaped + "~5");
  CHECK(SafeName("fs01", std::string(200, 'a'), kItem) == "fs01/" + std::string(200, 'a'));
  CHECK(SafeName("fs01", std::string(201, 'a'), kItem) == "fs01/" + std::string(198, 'a') + "~5");
}

TEST_CASE("what can have no safe name has none", "[bundle]") {
  CHECK_FALSE(SafeName("", "x", kItem));
  CHECK_FALSE(SafeName("fs01", "///", kItem));
  const auto deep = [](int folders) {
    std::string path;
    for (int i = 0; i < folders; ++i) path += "a/";
    return path;
  };
  CHECK(SafeName("fs01", deep(64), kItem));        // and "data" and the host
  CHECK_FALSE(SafeName("fs01", deep(65), kItem));  // 67 parts
  CHECK_FALSE(SafeName("fs01",
                       deep(5) + std::string(199, 'x') + "/" + std::string(5, 'y') + "/" + std::string(200, 'z') + "/" +
                           std::string(200, 'z') + "/" + std::string(200, 'z') + "/" + std::string(200, 'z'),
                       kItem));
}

TEST_CASE("a name that is taken, in any case or as a folder, is the number", "[bundle]") {
  bundle::NamesTaken names;
  CHECK(names.Give(FieldsOf("fs01", "a/b"), {1}) == "fs01/a/b");
  CHECK(names.Give(FieldsOf("fs01", "A/B"), {2}) == "2");
  CHECK(names.Give(FieldsOf("fs01", "a"), {3}) == "3");
  CHECK(names.Give(FieldsOf("fs01", "a/b/c"), {4}) == "4");
  CHECK(names.Give(FieldsOf("fs01", "a/c"), {5}) == "fs01/a/c");
  CHECK(names.Give(FieldsOf("fs01", "a/c").Without({"path"}), {6}) == "6");
}

TEST_CASE("in a tree that is no bundle, an item without a source keeps its path", "[bundle]") {
  bundle::NamesTaken names;
  const auto given = [&](std::string_view path, std::uint64_t item) {
    return names.GiveInTree(FieldsOf("fs01", path).Without({"source"}), {item});
  };
  CHECK(given("in/a", 1) == "=no-source/in/a");
  CHECK(given("in/A", 2) == "2");
  CHECK(given("in/../\xff", 3) == "=no-source/in/.=2E/=FF");
  CHECK(given("///", 4) == "4");
  CHECK(names.GiveInTree(FieldsOf("=no-source", "in/a"), {5}) == "=3Dno-source/in/a");  // who is called so is another
  CHECK(names.GiveInTree(FieldsOf("fs01", "a").Without({"path"}), {6}) == "6");
}

}  // namespace exhibit::testing
