// Goal: the table of who may sign what is the one that was agreed. Method: the whole table, written
// out a second time.
#include "vault/custody/role.h"

#include "tests/support/check.h"

namespace exhibit::custody {
namespace {

using testing::Unwrap;

const std::vector<Role> kCollectors = {Role::kCollector};
const std::vector<Role> kCustodians = {Role::kCustodian};
const std::vector<Role> kWitnesses = {Role::kWitness};

}  // namespace

TEST_CASE("the table of who may sign what, whole", "[role]") {
  struct Row {
    Act act;
    EntryType type;
    std::string word;
    bool collector;
    bool custodian;
    Cosigner cosigner;
    bool can_be_ruled;  // its type
  };
  const std::vector<Row> rows = {
      {Act::kGenesis, EntryType::kGenesis, "genesis", false, false, Cosigner::kNobody, false},
      {Act::kItem, EntryType::kItem, "item", true, true, Cosigner::kNobody, false},
      {Act::kOmission, EntryType::kOmission, "omission", true, true, Cosigner::kNobody, false},
      {Act::kAdmit, EntryType::kCustodian, "admit", false, true, Cosigner::kWhereRuled, true},
      {Act::kRetire, EntryType::kCustodian, "retire", false, true, Cosigner::kNobody, true},
      {Act::kRotate, EntryType::kCustodian, "rotate", true, true, Cosigner::kNewKey, true},
      {Act::kTransfer, EntryType::kTransfer, "transfer", false, true, Cosigner::kNobody, false},
      {Act::kAccess, EntryType::kAccess, "access", false, true, Cosigner::kNobody, false},
      {Act::kNote, EntryType::kNote, "note", false, true, Cosigner::kNobody, false},
      {Act::kHold, EntryType::kHold, "hold", false, true, Cosigner::kNobody, false},
      {Act::kRelease, EntryType::kRelease, "release", false, true, Cosigner::kWhereRuled, true},
      {Act::kShred, EntryType::kShred, "shred", false, true, Cosigner::kWhereRuled, true},
      {Act::kRule, EntryType::kRule, "rule", false, true, Cosigner::kUnderRules, false},
      {Act::kTimestamp, EntryType::kTimestamp, "timestamp", true, true, Cosigner::kNobody, false},
      {Act::kRecover, EntryType::kRecovery, "recover", false, true, Cosigner::kNobody, false},
      {Act::kRotateLog, EntryType::kLogKey, "rotate-log-key", false, true, Cosigner::kLogKeys, false},
      {Act::kReader, EntryType::kReader, "reader", false, true, Cosigner::kWhereRuled, true},
      {Act::kReseal, EntryType::kReseal, "reseal", false, true, Cosigner::kWhereRuled, true},
      {Act::kReceipt, EntryType::kReceipt, "receipt", false, true, Cosigner::kNobody, false},
      {Act::kCase, EntryType::kCase, "case", false, true, Cosigner::kNobody, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.word);
    CHECK(ToText(row.act) == row.word);
    CHECK(TypeOf(row.act) == row.type);
    CHECK(CosignerOf(row.act) == row.cosigner);
    CHECK(CanBeRuled(row.type) == row.can_be_ruled);
    CHECK(MaySign(kCollectors, row.act) == row.collector);
    CHECK(MaySign(kCustodians, row.act) == row.custodian);
    CHECK_FALSE(MaySign(kWitnesses, row.act));
    CHECK_FALSE(MaySign({}, row.act));
    CHECK(MaySign({Role::kCollector, Role::kWitness}, row.act) == row.collector);
    CHECK(MaySign({Role::kWitness, Role::kCustodian}, row.act) == row.custodian);
    CHECK(MaySign({Role::kCollector, Role::kCustodian}, row.act) == row.custodian);
  }
}

TEST_CASE("roles and types have one word each", "[role]") {
  const std::vector<std::pair<std::string, Role>> roles = {
      {"collector", Role::kCollector}, {"custodian", Role::kCustodian}, {"witness", Role::kWitness}};
  for (const auto& [text, role] : roles) {
    CHECK(ToText(role) == text);
    CHECK(Unwrap(RoleFromText(text)) == role);
  }
  const std::vector<std::pair<std::string, EntryType>> types = {
      {"genesis", EntryType::kGenesis},     {"item", EntryType::kItem},         {"omission", EntryType::kOmission},
      {"custodian", EntryType::kCustodian}, {"transfer", EntryType::kTransfer}, {"access", EntryType::kAccess},
      {"note", EntryType::kNote},           {"hold", EntryType::kHold},         {"release", EntryType::kRelease},
      {"shred", EntryType::kShred},         {"rule", EntryType::kRule},         {"timestamp", EntryType::kTimestamp},
      {"recovery", EntryType::kRecovery},   {"log-key", EntryType::kLogKey},    {"reader", EntryType::kReader},
      {"reseal", EntryType::kReseal},       {"receipt", EntryType::kReceipt},   {"case", EntryType::kCase}};
  for (const auto& [text, type] : types) {
    CHECK(ToText(type) == text);
    CHECK(Unwrap(EntryTypeFromText(text)) == type);
  }
}

TEST_CASE("unknown words are refused and shown safely", "[role]") {
  for (const std::string word :
       {"", "Collector", "COLLECTOR", "collector ", " collector", "collectors", "collecto", "item", "judge"}) {
    CAPTURE(word);
    const auto role = RoleFromText(word);
    CHECK_FAILS(role, ErrorCode::kInvalid, "unknown role \"" + word + "\"");
    CHECK(role.error().hint == "roles are collector, custodian and witness");
  }
  for (const std::string word : {"", "Item", "items", "ite", "item ", "admit", "resealed"}) {
    CAPTURE(word);
    const auto type = EntryTypeFromText(word);
    CHECK_FAILS(type, ErrorCode::kUnsupported, "unknown entry type \"" + word + "\"");
    CHECK(type.error().hint.find("newer version") != std::string::npos);
  }
  CHECK_FAILS(RoleFromText("\x1b[2J"), ErrorCode::kInvalid, "unknown role \"\\x1b[2J\"");
  CHECK_FAILS(EntryTypeFromText("\x1b[2J"), ErrorCode::kUnsupported, "unknown entry type \"\\x1b[2J\"");
  const std::string endless(1'000'000, 'a');
  CHECK(RoleFromText(endless).error().message.size() < 200);
  CHECK(EntryTypeFromText(endless).error().message.size() < 200);
}

}  // namespace exhibit::custody
