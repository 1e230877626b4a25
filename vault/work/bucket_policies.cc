#include "vault/work/bucket_policies.h"

#include <algorithm>
#include <initializer_list>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::work {
namespace {

using Texts = std::vector<std::string>;

// Everybody, in a policy.
constexpr std::string_view kAll = "*";

Result<void> CheckAccounts(const Accounts& accounts) {
  bool is_empty = true;
  for (const Texts* const list :
       {&accounts.owners, &accounts.writers, &accounts.renewers, &accounts.readers, &accounts.droppers}) {
    for (const std::string& one : *list) {
      is_empty = false;
      const bool is_plain =
          std::ranges::all_of(one, [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '*'; });
      if (one.starts_with("arn:") && is_plain) continue;
      return Fail(ErrorCode::kInvalid, Format("\"{}\" is not the ARN of an account", PrintableUpTo(200, one)),
                  "on Ceph arn:aws:iam:::user/NAME, on AWS arn:aws:iam::NUMBER:user/NAME");
    }
  }
  if (!is_empty) return {};
  return Fail(ErrorCode::kInvalid, "a policy is for accounts, and none was named",
              "name them: --writer ARN --renewer ARN --reader ARN --dropper ARN");
}

// The statements of one bucket.
class Policy {
 public:
  Policy(std::string bucket, const std::string& prefix)
      : bucket_(std::move(bucket)), below_(prefix.empty() ? "" : prefix + "/") {}

  // To these accounts; nothing where there are none. `names`: of objects, below the vault's prefix.
  void Allow(std::string_view id, std::initializer_list<const Texts*> who, const Texts& actions, const Texts& names) {
    Add(id, "Allow", who, actions, Objects(names));
  }
  void Deny(std::string_view id, std::initializer_list<const Texts*> who, const Texts& actions, const Texts& names) {
    Add(id, "Deny", who, actions, Objects(names));
  }
  void DenyAll(std::string_view id, const Texts& actions) {
    statements_.push_back({{"Sid", id},
                           {"Effect", "Deny"},
                           {"Principal", kAll},
                           {"Action", actions},
                           {"Resource", Objects({std::string(kAll)})}});
  }
  // Without the right to list, an object that is not there looks as one that may not be read.
  void AllowListing(std::initializer_list<const Texts*> who, const Texts& actions) {
    Add("List", "Allow", who, actions, {Format("arn:aws:s3:::{}", bucket_)});
  }
  Json Take() { return {{"Version", "2012-10-17"}, {"Statement", std::move(statements_)}}; }

 private:
  void Add(std::string_view id, std::string_view effect, std::initializer_list<const Texts*> who, const Texts& actions,
           const Texts& resources) {
    Texts all;
    for (const Texts* const list : who) all.insert(all.end(), list->begin(), list->end());
    if (all.empty()) return;
    statements_.push_back({{"Sid", id},
                           {"Effect", effect},
                           {"Principal", Json::Object({{"AWS", all}})},
                           {"Action", actions},
                           {"Resource", resources}});
  }
  Texts Objects(const Texts& names) const {
    Texts resources;
    for (const std::string& name : names) resources.push_back(Format("arn:aws:s3:::{}/{}{}", bucket_, below_, name));
    return resources;
  }

  std::string bucket_;
  std::string below_;
  Json statements_ = Json::List();
};

const Texts& NobodyMay() {
  static const Texts kActions = {"s3:DeleteObject",       "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention",
                                 "s3:PutObjectLegalHold", "s3:PutObjectAcl",        "s3:PutObjectVersionAcl"};
  return kActions;
}

}  // namespace

Result<BucketPolicies> PoliciesOf(const net::S3Place& place, const Accounts& accounts, PutWithLock put) {
  TRY_VOID(CheckAccounts(accounts));
  const auto& [owners, writers, renewers, readers, droppers] = accounts;
  const Texts everything = {std::string(kAll)};

  Policy data(place.bucket(), place.prefix());
  Texts puts = {"s3:PutObject"};
  if (put == PutWithLock::kSetsLock) puts.emplace_back("s3:PutObjectRetention");
  data.Allow("Write", {&writers}, puts, {"log/*", "head/*", "pay/*", "hdr/*", "keys/*"});
  data.Allow("Read", {&owners, &writers, &renewers, &readers},
             {"s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"}, everything);
  data.AllowListing({&owners, &writers, &renewers, &readers}, {"s3:ListBucket", "s3:ListBucketVersions"});
  data.Allow("Renew", {&renewers}, {"s3:PutObjectRetention"}, everything);
  data.Allow("Drop", {&droppers}, {"s3:PutObject"}, {std::string(kDropFolder) + "*"});
  data.DenyAll("NobodyDestroys", NobodyMay());
  if (put == PutWithLock::kIsPut) {
    data.Deny("OnlyRenewersSetLocks", {&writers, &readers, &droppers}, {"s3:PutObjectRetention"}, everything);
  } else {
    data.Deny("OnlyRenewersSetLocks", {&readers, &droppers}, {"s3:PutObjectRetention"}, everything);
  }

  Policy log(place.log_bucket(), place.prefix());
  log.Allow("Write", {&writers}, {"s3:PutObject"}, {"log/*"});
  log.Allow("Read", {&owners, &writers, &renewers, &readers}, {"s3:GetObject"}, everything);
  log.AllowListing({&owners, &writers, &renewers, &readers}, {"s3:ListBucket"});
  log.DenyAll("NobodyDestroys", NobodyMay());
  return BucketPolicies{data.Take(), log.Take()};
}

}  // namespace exhibit::work
