// report.html: the bundle as a document for people, which also checks the bundle in their browser.
//
// One page without any reference to something else. Its content security policy names its one style and
// its one script by their SHA-256 and allows nothing besides, so that no text of the evidence can run or
// load anything. The evidence is in a block of JSON, in which no character that could end the block is
// written as itself; the script turns it into text nodes and never into HTML.
//
//   {"program", "made": time, "plain": bool, "checkpoint": note, "range": positions,
//    "entries": [{"entry": the signed note as text, ["asked": true], ["metadata": JSON as text]}, …]}
//
// The page proves nothing by itself: what it shows it derives from its copies of the entries, and when it
// checks a bundle it compares them with those in the folder. It is written piece by piece, as entries are.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/clock.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/exported.h"

namespace exhibit::tell {

struct ReportHead {
  Moment made;
  bundle::Form form = bundle::Form::kPlain;
  std::string checkpoint;  // the signed note
  std::string range;       // of the log, from the first item that was asked for to the last
};

class ReportPage {
 public:
  static Result<ReportPage> Begin(bundle::BagWriter& bag, const ReportHead& head);

  // An entry, and its metadata if the bundle shows it.
  Result<void> Add(const bundle::ExportedEntry& exported);

  Result<void> Finish(bundle::BagWriter& bag);

 private:
  ReportPage(bundle::BagWriter::File file, std::string rest) : file_(std::move(file)), rest_(std::move(rest)) {}
  bundle::BagWriter::File file_;
  std::string rest_;  // of the page, after the data
  std::string_view separator_ = "";
};

// JSON that may be in a script element: "<", ">", "&", U+2028 and U+2029 as escapes. JSON has them
// only in strings.
std::string EscapeForScript(std::string_view json);

}  // namespace exhibit::tell
