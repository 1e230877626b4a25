// Goal: what a report says of the disk, of the image's files and of what failed is read as it is said; never one program's words
// as another's. Method: reports as the programs write them (the versions are in report_form_*.cc), and each rule broken once.
#include "vault/intake/acquisition_report.h"

#include "tests/support/check.h"

namespace exhibit::intake {
namespace {

using custody::ClaimedDigest;
using custody::DigestAlgorithm;
using testing::Hex;
using testing::Unwrap;

constexpr std::string_view kMd5 = "784dc9b7b4f5eef4e123480c0324dc68";
constexpr std::string_view kOtherMd5 = "09817bced4213360c1cb2749aa375523";
constexpr std::string_view kSha1 = "f4e9dd70116dffd6c9bfc7ac92d76561152ae796";
constexpr std::string_view kSha256 = "69bf6a0a408347390fcbebaa99aef95b1e1df81ca24643186daff935b1e88429";

ClaimedDigest Md5() { return {DigestAlgorithm::kMd5, Hex(kMd5), false}; }
ClaimedDigest Sha1() { return {DigestAlgorithm::kSha1, Hex(kSha1), false}; }
ClaimedDigest Sha256() { return {DigestAlgorithm::kSha256, Hex(kSha256), false}; }
using Digests = std::vector<ClaimedDigest>;

std::string Text(std::string_view form, std::string_view md5 = kMd5) {
  std::string text(form);
  for (const auto& [mark, value] :
       {std::pair<std::string_view, std::string_view>{"{MD5}", md5}, {"{SHA1}", kSha1}, {"{SHA256}", kSha256}}) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

AcquisitionReport Read(const std::string& text) {
  auto report = Unwrap(ReadAcquisitionReport(text));
  REQUIRE(report);
  return std::move(*report);
}

constexpr std::string_view kFtk = R"(Created By AccessData® FTK® Imager 4.5.0.3 

Case Information: 
Acquired using: ADI4.5.0.3
Notes: MD5 checksum:    00000000000000000000000000000000

[Computed Hashes]
 MD5 checksum:    {MD5}
 SHA1 checksum:   {SHA1}

Image Information:
 Acquisition started:   Sat Nov 19 20:20:36 2022
 Segment list:
  E:\Encase_2\Sports.E01
  E:\Encase_2\Sports.E02

Image Verification Results:
 Verification started:  Sat Nov 19 21:01:19 2022
 MD5 checksum:    {MD5} : verified
 SHA1 checksum:   {SHA1} : verified
)";

constexpr std::string_view kGuymager = R"(
GUYMAGER ACQUISITION INFO FILE
==============================

Guymager
========

Version              : 0.7.3-1            
Compilation timestamp: 2014-01-17-14.37.05

Device information
==================
Command executed: bash -c "hdparm -I /dev/sdc"
Information returned:
   MD5 hash                   : 00000000000000000000000000000000

Acquisition
===========

Linux device            : /dev/sdc                                                           
Source verification     : off                                                                
Image verification      : on                                                                 

No bad sectors encountered during acquisition.
State: Finished successfully

MD5 hash                   : {MD5}                                
MD5 hash verified source   : --                                                              
MD5 hash verified image    : {MD5}                                
SHA1 hash                  : --                                                              
SHA256 hash                : {SHA256}
SHA256 hash verified image : {SHA256}
Image verification OK. The image contains exactly the data that was written.

Generated image files and their MD5 hashes
==========================================

No MD5 hashes available (configuration parameter CalcImageFileMD5 is off)
MD5                               Image file
n/a                               evidence 1.E01
)";

constexpr std::string_view kDc3dd = R"(
dc3dd 7.2.646 started at 2016-11-04 07:28:11 +0000
compiled options:
command line: dc3dd if=/dev/sdc hof=./live.img hofs=split/live.000 ofsz=1G hash=md5

input results for device `/dev/sdc':
   30031872 sectors in
   0 bad sectors replaced by zeros
   {MD5} (md5)
      09817bced4213360c1cb2749aa375523, sectors 0 - 32767

output results for files `split/live.000':
   30031872 sectors out
   [ok] {MD5} (md5)
      [ok] 09817bced4213360c1cb2749aa375523, sectors 0 - 32767, `split/live.000'

output results for file `./live.img':
   30031872 sectors out
   [ok] {MD5} (md5)

dc3dd completed at 2016-11-04 07:42:01 +0000
)";

void Replace(std::string& text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a program that writes such reports is none", "[acquisition_report]") {
  const std::string report = Text(kFtk);
  CHECK(Unwrap(ReadAcquisitionReport(report)));
  CHECK_FALSE(Unwrap(ReadAcquisitionReport(std::string("\x7f"
                                                       "ELF\0",
                                                       5) +
                                           report)));
}

TEST_CASE("FTK Imager's report tells digests of the disk and the image's files, also with CRLF and in UTF-16",
          "[intake]") {
  const std::string text = Text(kFtk);  // whose notes are no digest of the disk
  std::string crlf = text;
  for (std::size_t at = crlf.find('\n'); at != std::string::npos; at = crlf.find('\n', at + 2)) crlf.insert(at, "\r");
  std::string utf16 = "\xFF\xFE";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80) utf16 += {c, '\0'};
  }
  for (const std::string& one : {text, crlf, "\xEF\xBB\xBF" + text, utf16}) {
    const AcquisitionReport report = Read(one);
    CHECK(report.tool == "FTK Imager 4.5.0.3");
    CHECK(report.media == Digests{Md5(), Sha1()});
    REQUIRE(report.files.size() == 2);
    CHECK(report.files[0].name == "Sports.E01");
    CHECK(report.files[1].name == "Sports.E02");
    CHECK(report.files[1].digests.empty());
    CHECK(report.failures.empty());
  }
}

TEST_CASE("what FTK Imager could not read, and what it could not verify, is a failure", "[intake]") {
  std::string text = Text(kFtk);
  Replace(
      text, "[Computed Hashes]",
      "ATTENTION:\nThe following sector(s) on the source drive could not be read:\n\t491584 through 491591\n\t491928 "
      "through 491935\nThe contents of these sectors were replaced with zeros in the image.\n\n[Computed Hashes]");
  Replace(text, ": verified", ": does not match");
  const AcquisitionReport report = Read(text);
  REQUIRE(report.failures.size() == 2);
  CHECK(report.failures[0].find("MD5 checksum") != std::string::npos);
  CHECK(report.failures[0].find("does not match") != std::string::npos);
  CHECK(report.failures[1] == "sectors that could not be read: 491584 through 491591, 491928 through 491935");
}

TEST_CASE("FTK Imager's command line writes no first line of its own", "[intake]") {
  const std::string text =
      "Case Information:\nAcquired using: FTK\n\n[Computed Hashes]\n MD5 checksum: " + std::string(kMd5) + "\n";
  CHECK(Read(text).tool == "FTK Imager");
  CHECK_FALSE(Unwrap(ReadAcquisitionReport("Case Information:\nAcquired using: something else\n")));
}

TEST_CASE("Guymager's report tells digests of the disk, and none of what the disk's own tools said", "[intake]") {
  const AcquisitionReport report = Read(Text(kGuymager));
  CHECK(report.tool == "Guymager 0.7.3-1");
  CHECK(report.media == Digests{Md5(), Sha256()});
  REQUIRE(report.files.size() == 1);
  CHECK(report.files[0].name == "evidence 1.E01");
  CHECK(report.files[0].digests.empty());
  CHECK(report.failures.empty());
}

TEST_CASE("Guymager's digests of files are of these files; its bad sectors and failed verifications are failures",
          "[intake]") {
  std::string text = Text(kGuymager);
  Replace(text, "n/a                             ", kOtherMd5);
  Replace(
      text, "No bad sectors encountered during acquisition.",
      "During acquisition, 3 bad sectors have been encountered. They have been replaced by zeroed sectors. The sector "
      "numbers are:\n   300-302");
  Replace(text, "State: Finished successfully", "State: Aborted by user (during verification)");
  Replace(text, "Image verification OK. The", "Image verification FAILED. The");
  Replace(text, "MD5 hash verified image    : 784d", "MD5 hash verified image    : 785d");
  const AcquisitionReport report = Read(text);
  REQUIRE(report.files.size() == 1);
  CHECK(report.files[0].digests == Digests{{DigestAlgorithm::kMd5, Hex(kOtherMd5), false}});
  REQUIRE(report.failures.size() == 4);
  CHECK(report.failures[0].ends_with("The sector numbers are: 300-302"));
  CHECK(report.failures[1].find("Aborted by user") != std::string::npos);
  CHECK(report.failures[2].starts_with("Image verification FAILED"));
  CHECK(report.failures[3].find("its verification of the image found md5 785d") != std::string::npos);
}

TEST_CASE("ewfacquire's log and ewfverify's are of one form", "[intake]") {
  AcquisitionReport report = Read(
      Text("ewfacquire 20140814\n\nErrors reading device:\n\ttotal number: 1\n\tat sector(s): 1000 - 1008 number: 8 "
           "(offset: 0x0007d000 of size: 4096)\n\nMD5 hash calculated over data:\t\t{MD5}\nSHA256 hash calculated over "
           "data:\t{SHA256}\newfacquire: SUCCESS\n"));
  CHECK(report.tool == "ewfacquire 20140814");
  CHECK(report.media == Digests{Md5(), Sha256()});
  CHECK(report.files.empty());
  CHECK(report.failures ==
        std::vector<std::string>{
            "sectors that could not be read: 1000 - 1008 number: 8 (offset: 0x0007d000 of size: 4096)"});
  // A log without its first line.
  CHECK(Read(Text("MD5 hash calculated over data:\t\t{MD5}\n")).tool == "ewfacquire");
  report = Read(Text("ewfverify 20140814\n\nMD5 hash stored in file:\t\t") + std::string(kOtherMd5) +
                Text("\nMD5 hash calculated over data:\t\t{MD5}\n\newfverify: FAILURE\n"));
  REQUIRE(report.failures.size() == 2);
  CHECK(report.failures[0] == "ewfverify says FAILURE");
  CHECK(report.failures[1].find(kOtherMd5) != std::string::npos);
}

TEST_CASE("dc3dd's log names files, and tells digests of pieces apart from those of the disk", "[intake]") {
  const AcquisitionReport report = Read(Text(kDc3dd));
  CHECK(report.tool == "dc3dd 7.2.646");
  CHECK(report.media == Digests{Md5()});
  REQUIRE(report.files.size() == 2);
  CHECK(report.files[0].name == "live.000");
  CHECK(report.files[0].digests == Digests{{DigestAlgorithm::kMd5, Hex(kOtherMd5), false}});
  CHECK(report.files[1].name == "live.img");
  CHECK(report.files[1].digests.empty());
  CHECK(report.failures.empty());
}

TEST_CASE("dc3dd's bad sectors, a hash that differs and an end before the end are failures", "[intake]") {
  std::string text = Text(kDc3dd);
  Replace(text, "0 bad sectors", "8 bad sectors");
  Replace(text, "[ok]", "[!!]");
  Replace(text, "dc3dd completed at", "dc3dd aborted at");
  const AcquisitionReport report = Read(text);
  REQUIRE(report.failures.size() == 3);
  CHECK(report.failures[0] == "8 bad sectors replaced by zeros");
  CHECK(report.failures[1].find("[!!]") != std::string::npos);
  CHECK(report.failures[2].starts_with("dc3dd aborted at"));
}

TEST_CASE("dcfldd's totals are of the disk, and its windows are not", "[intake]") {
  const AcquisitionReport report = Read(Text("0 - 44040192: {MD5}\n\nTotal (md5): {MD5}\n\nTotal (sha1): {SHA1}\n"));
  CHECK(report.tool == "dcfldd");
  CHECK(report.media == Digests{Md5(), Sha1()});
  CHECK(Read(Text("241664 blocks (7552Mb) written.Total (md5): {MD5}\n")).media == Digests{Md5()});
}

TEST_CASE("UAC's log tells digests of the archive, and not what the examiner wrote", "[intake]") {
  const AcquisitionReport report =
      Read(Text("Created by UAC (Unix-like Artifacts Collector) 3.2.0\n\n[Case Information]\nDescription: x\nFile: "
                "a.tar\nMD5 checksum: 09817bced4213360c1cb2749aa375523\n\n[Output Information]\nFile: "
                "uac-fs01.tar.gz\nFormat: tar\n\n[Computed Hashes]\nMD5 checksum: {MD5}\nSHA1 checksum: {SHA1}\n"));
  CHECK(report.tool == "UAC 3.2.0");
  CHECK(report.by == ImportFrom::kUac);
  CHECK(report.media.empty());
  REQUIRE(report.files.size() == 1);
  CHECK(report.files[0].name == "uac-fs01.tar.gz");
  CHECK(report.files[0].digests == Digests{Md5(), Sha1()});
}

TEST_CASE("what is no report of these is none", "[intake]") {
  for (const std::string_view text :
       {"", "\n\n", "MD5 checksum: 784dc9b7b4f5eef4e123480c0324dc68\n", "Total (md5): 784d\n",
        "Total (sha384): 784dc9b7b4f5eef4e123480c0324dc68\n", "784dc9b7b4f5eef4e123480c0324dc68  disk.dd\n",
        "Created By Somebody\n MD5 checksum: 784dc9b7b4f5eef4e123480c0324dc68\n"}) {
    CAPTURE(text);
    CHECK_FALSE(Unwrap(ReadAcquisitionReport(text)));
  }
}

TEST_CASE("a report that states two digests of one disk is refused, and one that is too long", "[intake]") {
  CHECK_FAILS(ReadAcquisitionReport(Text("Total (md5): {MD5}\n") + Text("Total (md5): {MD5}\n", kOtherMd5)),
              ErrorCode::kInvalid, "two md5 digests of one disk");
  CHECK(Read(Text("Total (md5): {MD5}\nTotal (md5): {MD5}\n")).media.size() == 1);
  CHECK_FAILS(ReadAcquisitionReport(std::string(kMaxReportBytes + 1, ' ')), ErrorCode::kInvalid, "more than 4 MiB");
}

TEST_CASE("a list of sectors has an end", "[intake]") {
  std::string text = Text(kFtk);
  std::string sectors = "The following sector(s) on the source drive could not be read:\n";
  for (int i = 0; i < 60; ++i) sectors += "\t" + std::to_string(i) + "\n";
  Replace(text, "[Computed Hashes]", sectors + "\n[Computed Hashes]");
  CHECK(Read(text).failures[0].ends_with("48, 49 and 10 more"));
}

}  // namespace exhibit::intake
