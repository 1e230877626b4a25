// report.html: the bundle as a document for people, which also checks the bundle in their browser.
//
// One page without any reference to something else. Its content security policy names its one style and
// its one script by their SHA-256 and allows nothing besides, so that no text of the evidence can run or
// load anything. The evidence is in a block of JSON, in which no character that could end the block is
// written as itself; the script turns it into text nodes and never into HTML.
//
//   {"program": "exhibit 0.1.0", "made": time, "files": {"log/entries": text, "log/hashes": text, …}}
//
// The page proves nothing by itself: all that it shows it derives from its copies of the files of log/, by the code that
// checks a bundle, and when it checks one it compares them with those in the folder. Beside a log of more than 512 KiB it
// has no copy, and no "files": a second copy would be half of what lies beside the evidence. Such a page shows what is in
// the folder that is chosen.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/clock.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/log_writer.h"

namespace exhibit::tell {

// Writes the page, of a bundle that was made at this time, with these files, or null for none.
Result<void> WriteReportPage(bundle::BagWriter& bag, Moment made, const bundle::LogTexts* log);

// JSON that may be in a script element: "<", ">", "&", U+2028 and U+2029 as escapes. JSON has them
// only in strings.
std::string EscapeForScript(std::string_view json);

}  // namespace exhibit::tell
