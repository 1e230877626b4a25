// Goal: files of one image are known by their names, as imaging programs name them, and others are not. Method: rows of names.
#include "vault/intake/image_name.h"

#include "tests/support/check.h"

namespace exhibit::intake {
namespace {

void CheckName(std::string_view name, ImageForm form, std::string_view stem, std::uint32_t number) {
  CAPTURE(name);
  const auto parsed = ParseImageName(name);
  REQUIRE(parsed);
  CHECK(parsed->form == form);
  CHECK(parsed->stem == stem);
  CHECK(parsed->number == number);
  CHECK(NameOfPiece(*parsed, number) == name);
}

}  // namespace

TEST_CASE("names of images are read and written back", "[intake]") {
  CheckName("disk.E01", ImageForm::kEwf, "disk.E", 1);
  CheckName("disk.e99", ImageForm::kEwf, "disk.e", 99);
  CheckName("disk.EAA", ImageForm::kEwf, "disk.E", 100);
  CheckName("disk.EZZ", ImageForm::kEwf, "disk.E", 775);
  CheckName("disk.FAA", ImageForm::kEwf, "disk.E", 776);
  CheckName("a.b.Ex01", ImageForm::kEwf, "a.b.Ex", 1);
  CheckName("files.L01", ImageForm::kEwf, "files.L", 1);
  CheckName("disk.001", ImageForm::kRawPieces, "disk.", 1);
  CheckName("disk.dd.000", ImageForm::kRawPieces, "disk.dd.", 0);
  CheckName("disk.DD", ImageForm::kRaw, "disk.DD", 0);
  CheckName("fs01.mem", ImageForm::kRaw, "fs01.mem", 0);
  CheckName("fs01.ad1", ImageForm::kWrapped, "fs01.ad1", 0);
}

TEST_CASE("what looks like a later piece is only one after a full row", "[intake]") {
  CHECK(ParseImageName("setup.exe")->number >= kFirstEwfOfLetters);
}

TEST_CASE("other names are none of an image", "[intake]") {
  for (const std::string_view name :
       {"", "disk", ".dd", ".E01", "disk.E1", "disk.E00", "disk.F01", "disk.X01", "disk.0001", "disk.01", "disk.txt",
        "disk.E01.txt", "disk.E\xc3\xa4", "disk.", "report.md5", "auth.log.1"}) {
    CAPTURE(name);
    CHECK_FALSE(ParseImageName(name));
  }
}

}  // namespace exhibit::intake
