#include "vault/store/object_medium.h"

#include <map>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::store {
namespace {

using Weight = verify::MediumFault::Weight;
using Sizes = std::map<std::string, std::uint64_t>;  // by key

// No more than these are told one by one.
constexpr std::size_t kMostTold = 20;

Result<Sizes> SizesOf(Result<std::vector<net::ListedObject>> listed) {
  TRY(const std::vector<net::ListedObject> objects, std::move(listed));
  Sizes sizes;
  for (const net::ListedObject& object : objects) sizes.emplace(object.key, object.bytes);
  return sizes;
}

class Findings {
 public:
  void Add(Weight weight, std::string message) {
    std::size_t& count = weight == Weight::kDamage ? damages_ : remarks_;
    if (++count <= kMostTold) faults_.push_back({weight, std::move(message)});
  }
  std::vector<verify::MediumFault> Take() {
    const auto more = [&](Weight weight, std::size_t count) {
      if (count > kMostTold) faults_.push_back({weight, Format("and {} more like these", count - kMostTold)});
    };
    more(Weight::kDamage, damages_);
    more(Weight::kRemark, remarks_);
    return std::move(faults_);
  }

 private:
  std::vector<verify::MediumFault> faults_;
  std::size_t damages_ = 0;
  std::size_t remarks_ = 0;
};

// Commits in one of the buckets.
void CompareCommits(std::uint64_t commits, Sizes sizes, const std::string& bucket, Findings& findings) {
  for (std::uint64_t n = 0; n < commits; ++n) {
    const std::string key = KeyOfCommit(n);
    if (sizes.erase(key) == 0) findings.Add(Weight::kDamage, Format("{}/{} is gone", bucket, key));
  }
  for (const auto& [key, bytes] : sizes) {
    // Others were written since, or are not yet under a head.
    if (key < KeyOfCommit(commits)) {
      findings.Add(Weight::kRemark, Format("{}/{} is no commit that the log names", bucket, Printable(key)));
    }
  }
}

void CompareObjects(const std::vector<NamedObject>& named, Sizes sizes, const std::string& bucket, Findings& findings) {
  for (const NamedObject& object : named) {
    const std::string key = KeyOf(object);
    const auto found = sizes.find(key);
    if (found == sizes.end()) {
      findings.Add(Weight::kDamage, Format("{}/{} is gone", bucket, key));
    } else if (found->second != object.bytes) {
      findings.Add(Weight::kDamage, Format("the newest version of {}/{} has {} bytes, and the log names one of {}",
                                           bucket, key, found->second, object.bytes));
    }
    sizes.erase(key);
  }
  std::uint64_t bytes = 0;
  for (const auto& [key, size] : sizes) bytes += size;
  if (!sizes.empty()) {
    findings.Add(Weight::kRemark,
                 Format("{} hold {} bytes that no entry names: a writer was interrupted, or is at work",
                        Counted(sizes.size(), "object", "objects"), bytes));
  }
}

}  // namespace

Result<std::vector<verify::MediumFault>> CheckObjects(const ObjectLog& log) {
  const VaultObjects& objects = log.objects();
  // First what is listed, then what is named: a commit that comes meanwhile names what was listed.
  TRY(Sizes commits, SizesOf(objects.ListLog("log/")));
  TRY(Sizes copies, SizesOf(objects.ListData("log/")));
  TRY(Sizes packs, SizesOf(objects.ListData("pay/")));
  TRY(Sizes headers, SizesOf(objects.ListData("hdr/")));
  packs.merge(headers);
  std::vector<NamedObject> named;
  std::uint64_t count = 0;
  log.Look([&](const CommitIndex& index) {
    for (const auto& [id, object] : index.objects()) named.push_back(object);
    count = index.commits();
    return 0;
  });
  TRY(const auto head, log.NewestHead());
  Findings findings;
  CompareCommits(count, std::move(commits), objects.LogName(), findings);
  // Those after the newest head are copied by the next writer.
  CompareCommits(head ? std::min(count, head->commit + 1) : 0, std::move(copies), objects.Name(), findings);
  CompareObjects(named, std::move(packs), objects.Name(), findings);
  return findings.Take();
}

}  // namespace exhibit::store
