// What lies beside the evidence for people and for other programs, written while the evidence is: VERIFY.txt,
// items.csv, omissions.json, certificate.txt, custody.jsonld, and the fields of bag-info.txt. All of it is made from
// what the bundle proves, and proves nothing by itself. Where the bundle is sealed it tells of no content.
#pragma once

#include <memory>
#include <set>
#include <utility>

#include "vault/bundle/certificate.h"
#include "vault/bundle/exported.h"
#include "vault/bundle/items_csv.h"
#include "vault/custody/case_graph.h"

namespace exhibit::bundle {

struct Contents {
  std::set<tlog::Sequence> entries;  // all of the bundle's
  std::uint64_t items = 0;           // that were asked for
  std::vector<Missing> missing;
};

class Companions {
 public:
  static Result<Companions> Begin(BagWriter& bag, BundleHead head, Contents contents);
  // In the order of the log, the genesis first.
  Result<void> Add(const ExportedEntry& exported);
  // Gives the fields of bag-info.txt.
  Result<std::vector<std::pair<std::string, std::string>>> Finish(BagWriter& bag);

 private:
  Companions(BundleHead head, Contents contents, ItemsCsv items, Certificate certificate,
             std::unique_ptr<BagWriter::File> custody);
  void Learn(const custody::Entry& entry);

  BundleHead head_;
  Contents contents_;
  ItemsCsv items_;
  Certificate certificate_;
  std::unique_ptr<BagWriter::File> custody_;  // where it is stays the same when this is moved
  custody::CaseGraph graph_;
  std::map<std::string, custody::Custodian> people_;  // by actor
  std::set<std::string> cases_;
};

}  // namespace exhibit::bundle
