// exhibit policies: who may do what in the buckets of a vault on an object store, as policies that the store takes.
#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/bucket_policies.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string place;
  work::Accounts accounts;
  std::string bucket;
  bool put_sets_lock = false;
};

Result<ExitCode> Policies(const Arguments& arguments, const Globals& /*globals*/) {
  TRY(const net::S3Place place, net::S3Place::Parse(arguments.place));
  TRY(work::BucketPolicies policies,
      work::PoliciesOf(place, arguments.accounts,
                       arguments.put_sets_lock ? work::PutWithLock::kSetsLock : work::PutWithLock::kIsPut));
  if (arguments.bucket.empty()) {
    Json both = Json::Object();
    both[place.bucket()] = std::move(policies.data);
    both[place.log_bucket()] = std::move(policies.log);
    PrintJson(both);
    return ExitCode::kOk;
  }
  if (arguments.bucket != place.bucket() && arguments.bucket != place.log_bucket()) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" is neither of the vault's buckets", Printable(arguments.bucket)),
                Format("they are {} and {}", place.bucket(), place.log_bucket()));
  }
  PrintJson(arguments.bucket == place.bucket() ? policies.data : policies.log);
  return ExitCode::kOk;
}

}  // namespace

void RegisterPolicies(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "policies", "on an object store: print who may do what in its buckets, as policies that the store takes");
  command.AddOption("PLACE", arguments->place, "s3://HOST/BUCKET/PREFIX, as for `exhibit init`").Required();
  const auto accounts = [&](const std::string& name, std::vector<std::string>& list, const std::string& what) {
    command.AddOption(name, list, what + "; repeat for several").TypeName("ARN").OneEachTime();
  };
  accounts("--owner", arguments->accounts.owners,
           "the account that made the buckets, so that it can read what others put");
  accounts("--writer", arguments->accounts.writers, "an account that adds");
  accounts("--renewer", arguments->accounts.renewers, "an account that renews locks, and nothing else");
  accounts("--sweeper", arguments->accounts.sweepers,
           "an account that deletes sealed content whose lock has ended, and nothing else (exhibit retain --sweep)");
  accounts("--reader", arguments->accounts.readers, "an account that reads and verifies");
  accounts("--dropper", arguments->accounts.droppers,
           "an account of a collector, that puts below drops/ and its own name, and reads nothing");
  command.AddOption("--bucket", arguments->bucket, "only the policy of this bucket (default: both, by their names)")
      .TypeName("NAME");
  command.AddFlag("--put-sets-lock", arguments->put_sets_lock,
                  "for a store such as AWS, where who puts an object with a lock must be allowed to set locks");
  command.Footer(
      "It asks nobody and changes nothing: whoever owns the buckets gives it to the store, once the vault is made. A\n"
      "bucket has one policy, so of several vaults in one bucket join the statements. On Ceph an account is\n"
      "arn:aws:iam:::user/NAME. docs/OBJECT-STORE.md says what each account can do, and cannot.\n\n"
      "Examples:\n"
      "  exhibit policies s3://s3.example.org/evidence/q4d2 --writer arn:aws:iam:::user/vault --bucket evidence > "
      "data.json\n"
      "  s3cmd setpolicy data.json s3://evidence");
  commands.RunWithoutVault(command, arguments, Policies);
}

}  // namespace exhibit::cli
