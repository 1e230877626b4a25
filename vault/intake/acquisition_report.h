// What a program wrote beside the image, or the archive, that it made: digests, names of files, and what it could not read.
//
//   FTK Imager        laptop.E01.txt, disk.001.txt: "Created By AccessData(R) FTK(R) Imager 4.5.0.3", [Computed Hashes],
//                     "Segment list:", "Image Verification Results:", "ATTENTION:" before the sectors that were not read
//   Guymager          laptop.info: "GUYMAGER ACQUISITION INFO FILE", in English
//   ewfacquire        its log and its output: "MD5 hash calculated over data:", "Errors reading device:"
//   dc3dd             its log: "dc3dd 7.2.646 started at", "input results for", "output results for file"
//   dcfldd            its log of hashes: "Total (md5): hex"
//   UAC               uac-HOST-OS-TIME.log, beside the archive: "Created by UAC", "File:", [Computed Hashes] of that file
//
// The digests of an image's report are those of the *media*: of the disk that was read. A raw image has the same ones, all of its files
// put together. The file of an E01 has others. Guymager and dc3dd may tell digests of files too.
//
// In UTF-8 or UTF-16 or what Windows wrote before, with any line ends (base/person_text.h). What a report says beside this is
// not read: it is an item, and whole.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/item_facts.h"
#include "vault/custody/words.h"

namespace exhibit::intake {

inline constexpr std::size_t kMaxReportBytes = 4 << 20;

// Which program's work the evidence is, as a user names it.
enum class ImportFrom : std::uint8_t { kImages, kUac, kVelociraptor };

struct AcquisitionReport {
  std::string tool;  // "FTK Imager 4.5.0.3"
  ImportFrom by = ImportFrom::kImages;
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

namespace exhibit::custody {
template <>
struct Words<intake::ImportFrom> {
  static constexpr std::array<std::string_view, 3> kAll = {"images", "uac", "velociraptor"};
};
}  // namespace exhibit::custody
