// Which image a file belongs to, by its name, as imaging programs name files:
//
//   disk.E01 ... disk.E99, disk.EAA ... disk.EZZ, disk.FAA ...   Expert Witness Format; L01 (files), s01 (SMART), Ex01
//   disk.001, disk.000, disk.dd.001 ...                           a raw image in pieces
//   disk.dd, disk.raw, disk.img, disk.iso                         a raw image in one file; memory: .mem, .vmem, .lime
//   disk.ad1, disk.aff, disk.aff4                                 other wrappings
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exhibit::intake {

// After disk.E99 comes disk.EAA. A name such as setup.exe looks like one of these: only after a full row it is one.
inline constexpr std::uint32_t kFirstEwfOfLetters = 100;

enum class ImageForm : std::uint8_t {
  kEwf,
  kRaw,        // one file
  kRawPieces,  // which together are the disk
  kWrapped,    // its files are not the disk, and its form is not read here
};

struct ImageName {
  ImageForm form;
  std::string stem;          // what the names of all its files begin with: "disk.E", "disk." (of 001), "disk.dd"
  std::uint32_t number = 0;  // of the file; counted from 1, or from 0 in "disk.000"
};

// Nothing if the name is not one of an image.
std::optional<ImageName> ParseImageName(std::string_view name);

// The name of another file of the same image. REQUIRES: a number that a name of the form may have.
std::string NameOfPiece(const ImageName& image, std::uint32_t number);

}  // namespace exhibit::intake
