// items.csv: the items of a bundle as a table, for a spreadsheet or a database (RFC 4180, UTF-8 with a byte order mark).
//
// Every field is quoted and every record is one line, whatever an item is called: control characters are shown as
// escapes (Printable in base/text.h). A spreadsheet treats a field that begins with "=", "+", "-" or "@" as a
// formula, and an attacker may have chosen a name like that; such a field gets an apostrophe in front.
//
// What the bundle does not tell is empty; the column `withheld` names the fields that it withholds.
#pragma once

#include "vault/bundle/bag.h"
#include "vault/bundle/exported.h"

namespace exhibit::tell {

// A field with its quotes.
std::string CsvField(std::string_view text);

class ItemsCsv {
 public:
  static Result<ItemsCsv> Begin(bundle::BagWriter& bag);
  // An item that was asked for; `added_by` is who took it in, in words.
  Result<void> Add(const bundle::ExportedEntry& exported, const std::string& added_by);
  Result<void> Finish(bundle::BagWriter& bag) { return bag.Finish(std::move(file_)); }

 private:
  explicit ItemsCsv(bundle::BagWriter::File file) : file_(std::move(file)) {}
  bundle::BagWriter::File file_;
};

}  // namespace exhibit::tell
