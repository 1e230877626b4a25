// Goal: a policy names each account in what it may do and in nothing else, and nobody may destroy.
// Method: the statements of a policy, asked as a store would: denied wins, then allowed. tests/end_to_end/object_accounts_live.py
// asks a real store.
#include "vault/work/bucket_policies.h"

#include <algorithm>

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using work::PoliciesOf;
using work::PutWithLock;

const std::string kWriter = "arn:aws:iam:::user/writer";
const std::string kRenewer = "arn:aws:iam:::user/renewer";
const std::string kSweeper = "arn:aws:iam:::user/sweeper";
const std::string kOwner = "arn:aws:iam:::user/owner";
const std::string kReader = "arn:aws:iam:::user/reader";
const std::string kDropper = "arn:aws:iam:::user/dropper";

enum class Sweeping : std::uint8_t { kNobody, kSweeper };
work::BucketPolicies Policies(PutWithLock put = PutWithLock::kIsPut, Sweeping sweeping = Sweeping::kNobody) {
  const auto place = Unwrap(net::S3Place::Parse("s3://host/evidence/case"));
  work::Accounts accounts{
      .owners = {kOwner}, .writers = {kWriter}, .renewers = {kRenewer}, .readers = {kReader}, .droppers = {kDropper}};
  if (sweeping == Sweeping::kSweeper) accounts.sweepers = {kSweeper};
  return Unwrap(PoliciesOf(place, accounts, put));
}

bool Names(const Json& list, std::string_view text) {
  return std::ranges::any_of(list.Elements(), [&](const Json& one) {
    const std::string& pattern = *one.Text();
    return pattern.ends_with('*') ? text.starts_with(pattern.substr(0, pattern.size() - 1)) : text == pattern;
  });
}

bool May(const Json& policy, const std::string& who, std::string_view action, std::string_view resource) {
  bool is_allowed = false;
  for (const Json& statement : policy.Find("Statement")->Elements()) {
    const Json& principal = *statement.Find("Principal");
    const bool is_meant = principal.IsText() || Names(*principal.Find("AWS"), who);
    if (!is_meant || !Names(*statement.Find("Action"), action) || !Names(*statement.Find("Resource"), resource))
      continue;
    if (*statement.Find("Effect")->Text() == "Deny") return false;
    is_allowed = true;
  }
  return is_allowed;
}

constexpr std::string_view kPack = "arn:aws:s3:::evidence/case/pay/0123456789abcdef";
constexpr std::string_view kDrop = "arn:aws:s3:::evidence/case/drops/dropper/1";
constexpr std::string_view kElsewhere = "arn:aws:s3:::evidence/other/pay/1";

}  // namespace

TEST_CASE("each account may do what it is for", "[work][object]") {
  const auto policies = Policies();
  struct Row {
    std::string who;
    bool puts, reads, renews, drops;
  };
  const auto row = GENERATE(values<Row>({{kWriter, true, true, false, false},
                                         {kRenewer, false, true, true, false},
                                         {kReader, false, true, false, false},
                                         {kDropper, false, false, false, true},
                                         {"arn:aws:iam:::user/nobody", false, false, false, false}}));
  CAPTURE(row.who);
  CHECK(May(policies.data, row.who, "s3:PutObject", kPack) == row.puts);
  CHECK(May(policies.data, row.who, "s3:GetObjectVersion", kPack) == row.reads);
  CHECK(May(policies.data, row.who, "s3:GetObjectRetention", kPack) == row.reads);
  CHECK(May(policies.data, row.who, "s3:ListBucketVersions", "arn:aws:s3:::evidence") == row.reads);
  CHECK(May(policies.data, row.who, "s3:PutObjectRetention", kPack) == row.renews);
  CHECK(May(policies.data, row.who, "s3:PutObject", kDrop) == row.drops);
  CHECK(May(policies.log, row.who, "s3:PutObject", "arn:aws:s3:::evidence-log/case/log/1") == row.puts);
  CHECK_FALSE(May(policies.log, row.who, "s3:PutObject", "arn:aws:s3:::evidence-log/case/settings"));
  CHECK(May(policies.log, row.who, "s3:GetObject", "arn:aws:s3:::evidence-log/case/settings") == row.reads);
  for (const std::string_view action : {"s3:PutObject", "s3:GetObject", "s3:PutObjectRetention"}) {
    CHECK_FALSE(May(policies.data, row.who, action, kElsewhere));
  }
  for (const std::string_view action : {"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention",
                                        "s3:PutObjectLegalHold", "s3:PutObjectAcl", "s3:PutBucketPolicy"}) {
    CAPTURE(action);
    CHECK_FALSE(May(policies.data, row.who, action, kPack));
    CHECK_FALSE(May(policies.log, row.who, action, "arn:aws:s3:::evidence-log/case/log/1"));
  }
}

TEST_CASE("who sweeps deletes versions of sealed content, and nobody else does", "[work][object]") {
  const auto policies = Policies(PutWithLock::kIsPut, Sweeping::kSweeper);
  const std::string below = "arn:aws:s3:::evidence/case/";
  for (const std::string name : {"pay/1", "hdr/1"}) {
    CHECK(May(policies.data, kSweeper, "s3:DeleteObjectVersion", below + name));
    for (const std::string& who : {kOwner, kWriter, kRenewer, kReader, kDropper})
      CHECK_FALSE(May(policies.data, who, "s3:DeleteObjectVersion", below + name));
  }
  for (const std::string name : {"log/1", "head/1", "keys/reader.age", "settings", "drops/1"})
    CHECK_FALSE(May(policies.data, kSweeper, "s3:DeleteObjectVersion", below + name));
  CHECK(May(policies.data, kSweeper, "s3:GetObjectVersion", kPack));
  for (const std::string_view action : {"s3:PutObject", "s3:DeleteObject", "s3:PutObjectRetention",
                                        "s3:BypassGovernanceRetention", "s3:PutObjectLegalHold"})
    CHECK_FALSE(May(policies.data, kSweeper, action, kPack));
  CHECK_FALSE(May(policies.data, kSweeper, "s3:DeleteObjectVersion", kElsewhere));
  CHECK_FALSE(May(policies.log, kSweeper, "s3:DeleteObjectVersion", "arn:aws:s3:::evidence-log/case/log/1"));
  CHECK_FAILS(
      PoliciesOf(Unwrap(net::S3Place::Parse("s3://host/evidence")), {.sweepers = {kSweeper}}, PutWithLock::kIsPut),
      ErrorCode::kInvalid, "the owner of the buckets must be named");
}

TEST_CASE("where putting with a lock needs the right to set locks, the writer has it", "[work][object]") {
  const auto policies = Policies(PutWithLock::kSetsLock);
  CHECK(May(policies.data, kWriter, "s3:PutObjectRetention", kPack));
  CHECK_FALSE(May(policies.data, kReader, "s3:PutObjectRetention", kPack));
}

TEST_CASE("a vault without a prefix has the bucket, and an account that is none is refused", "[work][object]") {
  const auto place = Unwrap(net::S3Place::Parse("s3://host/evidence"));
  const auto policies = Unwrap(PoliciesOf(place, {.readers = {kReader}}, PutWithLock::kIsPut));
  CHECK(May(policies.data, kReader, "s3:GetObject", "arn:aws:s3:::evidence/pay/1"));
  for (const std::string wrong : {"reader", "*", "arn:aws:iam:::user/*", "arn:\"", "arn:a b"}) {
    CAPTURE(wrong);
    CHECK_FAILS(PoliciesOf(place, {.readers = {wrong}}, PutWithLock::kIsPut), ErrorCode::kInvalid, "not the ARN");
  }
  CHECK_FAILS(PoliciesOf(place, {}, PutWithLock::kIsPut), ErrorCode::kInvalid, "none was named");
}

}  // namespace exhibit::testing
