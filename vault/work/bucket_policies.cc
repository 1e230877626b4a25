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
constexpr std::string_view kSetLock = "s3:PutObjectRetention";

Result<void> CheckAccounts(const Accounts& accounts) {
  bool is_empty = true;
  for (const Texts* const list : {&accounts.owners, &accounts.writers, &accounts.renewers, &accounts.sweepers,
                                  &accounts.readers, &accounts.droppers}) {
    for (const std::string& one : *list) {
      is_empty = false;
      const bool is_plain =
          std::ranges::all_of(one, [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '*'; });
      if (one.starts_with("arn:") && is_plain) continue;
      return Fail(ErrorCode::kInvalid, Format("\"{}\" is not the ARN of an account", PrintableUpTo(200, one)),
                  "on Ceph arn:aws:iam:::user/NAME, on AWS arn:aws:iam::NUMBER:user/NAME");
    }
  }
  if (!accounts.sweepers.empty() && accounts.owners.empty()) {
    return Fail(ErrorCode::kInvalid,
                "where an account sweeps, the owner of the buckets must be named, or it could delete, too",
                "--owner ARN");
  }
  if (!is_empty) return {};
  return Fail(ErrorCode::kInvalid, "a policy is for accounts, and none was named",
              "name them: --writer ARN --renewer ARN --reader ARN --dropper ARN");
}

// Each account's own, "drops/fs01/", by the last part of its ARN.
Result<Texts> DropFoldersOf(const Texts& droppers) {
  Texts folders;
  for (const std::string& account : droppers) {
    const std::string name = account.substr(account.find_last_of("/:") + 1);
    const bool is_plain = !name.empty() && std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == '.';
    });
    if (!is_plain) {
      return Fail(ErrorCode::kInvalid,
                  Format("the account {} names no folder that it could drop into", PrintableUpTo(200, account)),
                  "give it an account whose name is letters, digits, \"-\", \"_\" and \".\"");
    }
    std::string folder = Format("{}{}/", kDropFolder, name);
    if (std::ranges::find(folders, folder) != folders.end())
      return Fail(ErrorCode::kInvalid, Format("two accounts would drop into {}", folder),
                  "give each a name of its own");
    folders.push_back(std::move(folder));
  }
  return folders;
}

// What, with which objects below the vault's prefix.
struct Rights {
  Texts actions;
  Texts names;
};

// The statements of one bucket.
class Policy {
 public:
  using Who = std::initializer_list<const Texts*>;

  Policy(std::string bucket, const std::string& prefix)
      : bucket_(std::move(bucket)), below_(prefix.empty() ? "" : prefix + "/") {}

  // Accounts; nothing where there are none.
  void Allow(std::string_view id, Who who, const Rights& rights) { Add(id, "Allow", who, rights); }
  void Deny(std::string_view id, Who who, const Rights& rights) { Add(id, "Deny", who, rights); }
  void DenyAll(std::string_view id, const Rights& rights) {
    Write({{"Sid", id}, {"Effect", "Deny"}, {"Principal", kAll}}, rights.actions, Objects(rights.names));
  }
  // Without the right to list, an object that is not there looks as one that may not be read.
  void AllowListing(Who who, const Texts& actions) {
    Write({{"Sid", "List"}, {"Effect", "Allow"}, {"Principal", Named(who)}}, actions,
          {Format("arn:aws:s3:::{}", bucket_)});
  }
  Json Take() { return {{"Version", "2012-10-17"}, {"Statement", std::move(statements_)}}; }

 private:
  void Add(std::string_view id, std::string_view effect, Who who, const Rights& rights) {
    Write({{"Sid", id}, {"Effect", effect}, {"Principal", Named(who)}}, rights.actions, Objects(rights.names));
  }
  // A statement; none where it is for nobody.
  void Write(Json statement, const Texts& actions, Texts resources) {
    const Json* const named = statement.Find("Principal")->Find("AWS");
    if (named != nullptr && named->Elements().empty()) return;
    statement["Action"] = actions;
    statement["Resource"] = resources;
    statements_.push_back(std::move(statement));
  }
  static Json Named(Who who) {
    Texts all;
    for (const Texts* const list : who) all.insert(all.end(), list->begin(), list->end());
    return Json::Object({{"AWS", all}});
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
  static const Texts kActions = {"s3:DeleteObject", "s3:BypassGovernanceRetention", "s3:PutObjectLegalHold",
                                 "s3:PutObjectAcl", "s3:PutObjectVersionAcl"};
  return kActions;
}

}  // namespace

Result<BucketPolicies> PoliciesOf(const net::S3Place& place, const Accounts& accounts, PutWithLock put) {
  TRY_VOID(CheckAccounts(accounts));
  const auto& [owners, writers, renewers, sweepers, readers, droppers] = accounts;
  const Texts everything = {std::string(kAll)};

  const Policy::Who who_read = {&owners, &writers, &renewers, &sweepers, &readers};
  const Texts delete_version = {"s3:DeleteObjectVersion"};
  const Texts sealed_content = {"pay/*", "hdr/*"};

  Policy data(place.bucket(), place.prefix());
  Texts puts = {"s3:PutObject"};
  if (put == PutWithLock::kSetsLock) puts.emplace_back(kSetLock);
  data.Allow("Write", {&writers}, {puts, {"log/*", "head/*", "pay/*", "hdr/*", "keys/*"}});
  data.Allow("Read", who_read, {{"s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"}, everything});
  data.AllowListing(who_read, {"s3:ListBucket", "s3:ListBucketVersions"});
  data.Allow("Renew", {&renewers}, {{std::string(kSetLock)}, everything});
  TRY(const Texts folders, DropFoldersOf(droppers));
  for (std::size_t i = 0; i < droppers.size(); ++i) {
    const Texts one = {droppers[i]};
    data.Allow(Format("Drop{}", i + 1), {&one}, {{"s3:PutObject"}, {folders[i] + "*"}});
  }
  data.Allow("Sweep", {&sweepers}, {delete_version, sealed_content});
  data.DenyAll("NobodyDestroys", {NobodyMay(), everything});
  if (sweepers.empty()) {
    data.DenyAll("NobodyDeletesVersions", {delete_version, everything});
  } else {
    data.DenyAll("NobodyDeletesVersionsOfTheLog",
                 {delete_version, {"log/*", "head/*", "keys/*", "settings", "drops/*"}});
    data.Deny("OnlySweepersDeleteVersions", {&owners, &writers, &renewers, &readers, &droppers},
              {delete_version, sealed_content});
  }
  const Rights set_locks = {{std::string(kSetLock)}, everything};
  data.Deny("OnlyRenewersSetLocks", {&sweepers, &readers, &droppers}, set_locks);
  if (put == PutWithLock::kIsPut) data.Deny("WritersSetNoLocks", {&writers}, set_locks);

  Policy log(place.log_bucket(), place.prefix());
  log.Allow("Write", {&writers}, {{"s3:PutObject"}, {"log/*"}});
  log.Allow("Read", who_read, {{"s3:GetObject"}, everything});
  log.AllowListing(who_read, {"s3:ListBucket"});
  log.DenyAll("NobodyDestroys", {NobodyMay(), everything});
  log.DenyAll("NobodyDeletesVersions", {delete_version, everything});
  return BucketPolicies{data.Take(), log.Take()};
}

}  // namespace exhibit::work
