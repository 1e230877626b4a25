// The files beside the evidence for people and for other programs, written while the evidence is: VERIFY.txt,
// items.csv, omissions.json, certificate.txt, custody.jsonld, and the fields of bag-info.txt. All of it is made from
// what the bundle proves, and proves nothing by itself. In a sealed bundle they say nothing about contents.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "vault/bundle/companion.h"
#include "vault/tell/case_graph.h"
#include "vault/tell/certificate.h"
#include "vault/tell/items_csv.h"
#include "vault/tell/people.h"

namespace exhibit::tell {

class Companions {
 public:
  static Result<Companions> Begin(bundle::BagWriter& bag, bundle::BundleHead head, bundle::Contents contents);
  // In the order of the log, the genesis first.
  Result<void> Add(const bundle::BagWriter& bag, const bundle::ExportedEntry& exported);
  // Returns the fields of bag-info.txt.
  Result<bundle::BagInfo> Finish(bundle::BagWriter& bag);

 private:
  Companions(bundle::BundleHead head, bundle::Contents contents, ItemsCsv items, Certificate certificate,
             std::unique_ptr<bundle::BagWriter::File> custody);

  bundle::BundleHead head_;
  bundle::Contents contents_;
  ItemsCsv items_;
  Certificate certificate_;
  std::unique_ptr<bundle::BagWriter::File> custody_;  // where it is stays the same when this is moved
  CaseGraph graph_;
  People people_;
  std::set<std::string> cases_;
};

}  // namespace exhibit::tell
