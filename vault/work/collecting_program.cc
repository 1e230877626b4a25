#include "vault/work/collecting_program.h"

#include <sys/utsname.h>

#include <algorithm>
#include <array>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/little_endian.h"
#include "vault/base/text.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

struct Known {
  System system;
  std::string_view word;
  std::string_view file;
};
constexpr std::array kKnown = {Known{System::kLinuxX8664, "linux-x86-64", "exhibit-collect"},
                               Known{System::kLinuxArm64, "linux-arm64", "exhibit-collect"},
                               Known{System::kWindowsX8664, "windows-x86-64", "exhibit-collect.exe"}};
const Known& Of(System system) { return *std::ranges::find(kKnown, system, &Known::system); }

// Nothing past the end.
template <typename Number>
std::optional<Number> NumberAt(ByteView bytes, std::size_t at) {
  if (at > bytes.size() || bytes.size() - at < sizeof(Number)) return std::nullopt;
  return GetLittle<Number>(bytes, at);
}

// ELF, System V ABI: the class, the byte order, the machine, and the kinds of the program's headers.
constexpr std::string_view kElf =
    "\x7f"
    "ELF\x02\x01";  // 64 bits, little-endian
constexpr std::size_t kElfMachine = 18;
constexpr std::size_t kElfHeadersAt = 32;
constexpr std::size_t kElfHeaderBytes = 54;
constexpr std::size_t kElfHeaderCount = 56;
constexpr std::uint64_t kMachineX8664 = 62;
constexpr std::uint64_t kMachineArm64 = 183;
constexpr std::uint64_t kInterpreter = 3;

bool HasInterpreter(ByteView elf) {
  const auto at = NumberAt<std::uint64_t>(elf, kElfHeadersAt);
  const auto bytes = NumberAt<std::uint16_t>(elf, kElfHeaderBytes);
  const auto count = NumberAt<std::uint16_t>(elf, kElfHeaderCount);
  if (!at || !bytes || !count || *at > elf.size()) return false;
  for (std::uint64_t i = 0; i < *count; ++i) {
    if (NumberAt<std::uint32_t>(elf, static_cast<std::size_t>(*at + i * *bytes)) == kInterpreter) return true;
  }
  return false;
}

}  // namespace

std::string_view ToText(System system) { return Of(system).word; }

Result<System> ParseSystem(std::string_view word) {
  const auto* const found = std::ranges::find(kKnown, word, &Known::word);
  if (found != kKnown.end()) return found->system;
  std::string words;
  for (const Known& known : kKnown) words += (words.empty() ? "" : ", ") + std::string(known.word);
  return Fail(ErrorCode::kInvalid, Format("\"{}\" is no system that a kit has programs for", Printable(word)),
              "there are: " + words);
}

std::optional<System> ThisSystem() {
  ::utsname names{};
  if (::uname(&names) != 0 || std::string_view(names.sysname) != "Linux") return std::nullopt;
  const std::string_view machine = names.machine;
  if (machine == "x86_64") return System::kLinuxX8664;
  if (machine == "aarch64") return System::kLinuxArm64;
  return std::nullopt;
}

std::string NameInKit(System system) { return Format("programs/{}/{}", Of(system).word, Of(system).file); }

ProgramLook LookAtProgram(ByteView beginning) {
  const std::string_view text = TextOf(beginning);
  if (text.starts_with("MZ")) return {System::kWindowsX8664};
  if (!text.starts_with(kElf)) return {};
  ProgramLook look;
  const auto machine = NumberAt<std::uint16_t>(beginning, kElfMachine);
  if (machine == kMachineX8664) look.system = System::kLinuxX8664;
  if (machine == kMachineArm64) look.system = System::kLinuxArm64;
  look.needs_libraries = HasInterpreter(beginning);
  return look;
}

Result<ProgramLook> CheckProgram(const CollectingProgram& program, ByteView bytes) {
  if (bytes.empty()) return Fail(ErrorCode::kInvalid, Printable(program.file.native()) + " is empty");
  const ProgramLook look = LookAtProgram(bytes);
  if (!look.system || *look.system == program.system) return look;
  return Fail(ErrorCode::kInvalid,
              Format("{} is a program for {}, and was named as one for {}", Printable(program.file.native()),
                     ToText(*look.system), ToText(program.system)));
}

Result<CollectingProgram> ParseProgram(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals + 1 == word.size()) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" does not say a system and a file", Printable(word)),
                "--program linux-x86-64=FILE");
  }
  TRY(const System system, ParseSystem(word.substr(0, equals)));
  return CollectingProgram{system, fs::path(word.substr(equals + 1))};
}

std::optional<CollectingProgram> ProgramBesideThis() {
  const std::optional<System> system = ThisSystem();
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error);
  if (!system || error) return std::nullopt;
  const fs::path beside = own.parent_path() / Of(*system).file;
  if (!fs::is_regular_file(beside, error)) return std::nullopt;
  return CollectingProgram{*system, beside};
}

}  // namespace exhibit::work
