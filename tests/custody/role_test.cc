// Goal: the table of who may sign what is the one that was agreed. Method: the whole table, written
// out a second time.
#include "vault/custody/role.h"

#include "tests/support/check.h"

namespace exhibit::custody {
namespace {

using testing::Unwrap;

struct Word {
  std::string text;
  Role role;
};
const std::vector<Word> kRoleWords = {
    {"collector", Role::kCollector}, {"custodian", Role::kCustodian}, {"witness", Role::kWitness}};

}  // namespace

TEST_CASE("the table of who may sign what, whole", "[role]") {
  struct Row {
    std::vector<Role> roles;
    bool genesis;
    bool item;
    bool omission;
  };
  const std::vector<Row> rows = {
      {{}, false, false, false},
      {{Role::kCollector}, false, true, true},
      {{Role::kCustodian}, false, true, true},
      {{Role::kWitness}, false, false, false},
      {{Role::kCollector, Role::kCustodian}, false, true, true},
      {{Role::kCollector, Role::kWitness}, false, true, true},
      {{Role::kCustodian, Role::kWitness}, false, true, true},
      {{Role::kCollector, Role::kCustodian, Role::kWitness}, false, true, true},
      {{Role::kWitness, Role::kCollector}, false, true, true},
  };
  for (const Row& row : rows) {
    std::string names;
    for (const Role role : row.roles) names += std::string(ToText(role)) + " ";
    CAPTURE(names);
    // Genesis is nobody's to sign twice, whatever they hold.
    CHECK(MaySign(row.roles, EntryType::kGenesis) == row.genesis);
    CHECK(MaySign(row.roles, EntryType::kItem) == row.item);
    CHECK(MaySign(row.roles, EntryType::kOmission) == row.omission);
  }
}

TEST_CASE("roles and types have one word each", "[role]") {
  for (const auto& [text, role] : kRoleWords) {
    CHECK(ToText(role) == text);
    CHECK(Unwrap(RoleFromText(text)) == role);
  }
  CHECK(ToText(EntryType::kGenesis) == "genesis");
  CHECK(ToText(EntryType::kItem) == "item");
  CHECK(ToText(EntryType::kOmission) == "omission");
  for (const EntryType type : {EntryType::kGenesis, EntryType::kItem, EntryType::kOmission}) {
    CHECK(Unwrap(EntryTypeFromText(ToText(type))) == type);
  }
}

TEST_CASE("unknown words are refused and shown safely", "[role]") {
  for (const std::string word : {"", "Collector", "COLLECTOR", "collector ", " collector",
                                 "collectors", "collecto", "item", "judge"}) {
    CAPTURE(word);
    const auto role = RoleFromText(word);
    CHECK_FAILS(role, ErrorCode::kInvalid, "unknown role \"" + word + "\"");
    CHECK(role.error().hint == "roles are collector, custodian and witness");
  }
  for (const std::string word : {"", "Item", "items", "ite", "item ", "custodian", "transfer"}) {
    CAPTURE(word);
    const auto type = EntryTypeFromText(word);
    CHECK_FAILS(type, ErrorCode::kUnsupported, "unknown entry type \"" + word + "\"");
    CHECK(type.error().hint.find("newer version") != std::string::npos);
  }
  CHECK_FAILS(RoleFromText("\x1b[2J"), ErrorCode::kInvalid, "unknown role \"\\x1b[2J\"");
  CHECK_FAILS(EntryTypeFromText("\x1b[2J"), ErrorCode::kUnsupported,
              "unknown entry type \"\\x1b[2J\"");
  const std::string endless(1'000'000, 'a');
  CHECK(RoleFromText(endless).error().message.size() < 200);
  CHECK(EntryTypeFromText(endless).error().message.size() < 200);
}

}  // namespace exhibit::custody
