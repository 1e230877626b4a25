// What an imaging program wrote beside the image that it made: digests, the image's files, and what it could not read.
//
//   FTK Imager        laptop.E01.txt, disk.001.txt: "Created By AccessData(R) FTK(R) Imager 4.5.0.3", [Computed Hashes],
//                     "Segment list:", "Image Verification Results:", "ATTENTION:" before the sectors that were not read
//   Guymager          laptop.info: "GUYMAGER ACQUISITION INFO FILE", in English
//   ewfacquire        its log and its output: "MD5 hash calculated over data:", "Errors reading device:"
//   dc3dd             its log: "dc3dd 7.2.646 started at", "input results for", "output results for file"
//   dcfldd            its log of hashes: "Total (md5): hex"
//
// The digests of a report are those of the *media*: of the disk that was read. A raw image has the same ones, all of its files
// put together. The file of an E01 has others. Guymager may tell digests of files too.
//
// In UTF-8 or UTF-16 or what Windows wrote before, with any line ends (base/person_text.h). What a report says beside this is
// not read: it is an item, and whole.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/item_facts.h"

namespace exhibit::intake {

inline constexpr std::size_t kMaxReportBytes = 4 << 20;

struct AcquisitionReport {
  std::string tool;  // "FTK Imager 4.5.0.3"
  std::vector<custody::ClaimedDigest> media = {};

  struct ImageFile {
    std::string name;                                  // its last component
    std::vector<custody::ClaimedDigest> digests = {};  // of this very file
  };
  std::vector<ImageFile> files = {};

  // What failed, in words: sectors that could not be read, a verification that found other bytes.
  std::vector<std::string> failures = {};
};

// Nothing if the text is no report that is known here. kInvalid if it is one, and says two different digests of the media, or
// more than kMaxReportBytes.
Result<std::optional<AcquisitionReport>> ReadAcquisitionReport(std::string_view text);

}  // namespace exhibit::intake
