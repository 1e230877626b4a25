// ASCII armor: what is read is written again to the same text, but for the white space around it
// and the ends of its lines.
#include "vault/base/error.h"
#include "vault/seal/armor.h"

namespace {

std::string Normalised(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    lines.push_back(text[i]);
  }
  return lines + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView input(data, size);
  const auto round_trip = seal::RemoveArmor(seal::Armor(input));
  EXHIBIT_ASSERT(round_trip && Equal(*round_trip, input));
  const auto file = seal::RemoveArmor(TextOf(input));
  if (!file) return 0;
  EXHIBIT_ASSERT(seal::LooksArmored(TextOf(input)));
  EXHIBIT_ASSERT(seal::Armor(*file) == Normalised(TextOf(input)));
  return 0;
}
