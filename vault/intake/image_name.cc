#include "vault/intake/image_name.h"

#include <algorithm>
#include <array>

#include "vault/base/format.h"

namespace exhibit::intake {
namespace {

constexpr std::array<std::string_view, 7> kRaw = {"dd", "raw", "img", "iso", "mem", "vmem", "lime"};
constexpr std::array<std::string_view, 3> kWrapped = {"ad1", "aff", "aff4"};
constexpr std::uint32_t kLetters = 26;
constexpr std::uint32_t kRow = kLetters * kLetters;  // EAA to EZZ, after which FAA comes

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Lower(c);
  return lower;
}
std::uint32_t LetterNumber(char c) { return static_cast<std::uint32_t>(Lower(c) - 'a'); }

// A long row of E01 goes on to K, before L begins another one's names.
bool IsEwfLetter(char c) { return (Lower(c) >= 'e' && Lower(c) <= 'l') || Lower(c) == 's'; }
bool BeginsRow(char c) { return Lower(c) == 'e' || Lower(c) == 'l' || Lower(c) == 's'; }

std::optional<ImageName> ParseEwf(std::string_view before, std::string_view extension) {
  // "Ex01" has one more letter in front.
  std::size_t letters = 1;
  if (extension.size() == 4 && Lower(extension[1]) == 'x') letters = 2;
  if (extension.size() != letters + 2 || !IsEwfLetter(extension[0])) return std::nullopt;
  const char a = extension[letters];
  const char b = extension[letters + 1];
  ImageName name{ImageForm::kEwf, std::string(before) + std::string(extension.substr(0, letters)), 0};
  if (IsDigit(a) && IsDigit(b)) {
    name.number = static_cast<std::uint32_t>(a - '0') * 10 + static_cast<std::uint32_t>(b - '0');
    return name.number > 0 && BeginsRow(extension[0]) ? std::optional(std::move(name)) : std::nullopt;
  }
  if (!IsLetter(a) || !IsLetter(b)) return std::nullopt;
  name.number = kFirstEwfOfLetters + LetterNumber(a) * kLetters + LetterNumber(b);
  if (BeginsRow(extension[0])) return name;
  name.number += (LetterNumber(extension[0]) - LetterNumber('e')) * kRow;
  name.stem[before.size()] = extension[0] >= 'a' ? 'e' : 'E';
  return name;
}

}  // namespace

std::optional<ImageName> ParseImageName(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view extension = name.substr(dot + 1);
  const std::string_view before = name.substr(0, dot + 1);
  if (extension.size() == 3 && std::ranges::all_of(extension, IsDigit)) {
    std::uint32_t number = 0;
    for (const char c : extension) number = number * 10 + static_cast<std::uint32_t>(c - '0');
    return ImageName{ImageForm::kRawPieces, std::string(before), number};
  }
  const std::string lower = Lower(extension);
  if (std::ranges::find(kRaw, lower) != kRaw.end()) return ImageName{ImageForm::kRaw, std::string(name), 0};
  if (std::ranges::find(kWrapped, lower) != kWrapped.end()) {
    return ImageName{ImageForm::kWrapped, std::string(name), 0};
  }
  return ParseEwf(before, extension);
}

std::string NameOfPiece(const ImageName& image, std::uint32_t number) {
  if (image.form == ImageForm::kRawPieces) return Format("{}{:03}", image.stem, number);
  if (image.form != ImageForm::kEwf) return image.stem;
  if (number < kFirstEwfOfLetters) return Format("{}{:02}", image.stem, number);
  const std::uint32_t letters = number - kFirstEwfOfLetters;
  std::string name = image.stem;
  name.back() = static_cast<char>(static_cast<std::uint32_t>(name.back()) + letters / kRow);
  name += static_cast<char>('A' + letters / kLetters % kLetters);
  name += static_cast<char>('A' + letters % kLetters);
  return name;
}

}  // namespace exhibit::intake
