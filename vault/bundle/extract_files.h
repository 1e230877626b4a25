// The originals of a bundle that was checked, written as a tree of files (extraction.h): those that hold, and no others. Each
// is read again and compared again while it is written, because files can change after they were checked.
#pragma once

#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/extraction.h"
#include "vault/bundle/file_check.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

// The entries whose originals hold, of those that have a file: none of them where the log itself, or an entry that is no
// original, has a finding, or a newer version is needed. REQUIRES: the findings were not closed yet (verify::CloseFindings).
std::vector<tlog::Sequence> HoldingItems(const verify::Report& report, const std::vector<FileOfEntry>& files);

// The fields of the item with the file: those that the bundle tells, or those in the sealed file.
//   kDenied      no identity opens the sealed file
//   kInvalid, kTampered  they are not told, or not those of the entry
Result<custody::FieldList> FieldsOfFile(const FileContext& context, const FileOfEntry& file);

// Writes the original of one file. Errors as of Extraction::Write.
Result<void> ExtractFile(const FileContext& context, const FileOfEntry& file, Extraction& extraction, Pool& pool);

}  // namespace exhibit::bundle
