#include "vault/intake/kind.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "vault/base/text.h"

namespace exhibit::intake {
namespace {

using seal::Kind;

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  Kind kind;
  std::string_view beginning = {};  // what the content begins with too, where `bytes` alone say little
};

constexpr std::array kMagics = {
    Magic{0, {"ElfFile\0", 8}, Kind::kLog},             // Windows event log
    Magic{0, {"\x30\0\0\0LfLe", 8}, Kind::kLog},        // the same, up to Windows 2003
    Magic{0, "LPKSHHRH", Kind::kLog},                   // systemd journal
    Magic{0, {"\xD4\xC3\xB2\xA1", 4}, Kind::kCapture},  // pcap
    Magic{0, {"\xA1\xB2\xC3\xD4", 4}, Kind::kCapture},
    Magic{0, {"\x4D\x3C\xB2\xA1", 4}, Kind::kCapture},  // pcap, nanoseconds
    Magic{0, {"\xA1\xB2\x3C\x4D", 4}, Kind::kCapture},
    Magic{0, {"\x34\xCD\xB2\xA1", 4}, Kind::kCapture},  // pcap as old Linux tools wrote it
    Magic{0, {"\xA1\xB2\xCD\x34", 4}, Kind::kCapture}, Magic{0, {"\x0A\x0D\x0D\x0A", 4}, Kind::kCapture},  // pcapng
    Magic{0, {"snoop\0\0\0", 8}, Kind::kCapture},                                                          // Solaris
    Magic{0, {"GMBU", 4}, Kind::kCapture},  // Microsoft Network Monitor
    // Disks and memory.
    Magic{0, {"EVF\x09\x0D\x0A\xFF\x00", 8}, Kind::kImage},                                  // EWF
    Magic{0, "EVF2\x0D\x0A\x81", Kind::kImage},                                              // EWF 2
    Magic{0, {"AFF10\x0D\x0A\0", 8}, Kind::kImage}, Magic{0, {"QFI\xFB", 4}, Kind::kImage},  // qcow2
    Magic{0, "KDMV", Kind::kImage},                                                          // VMDK
    Magic{0, "vhdxfile", Kind::kImage}, Magic{0, "conectix", Kind::kImage},                  // VHD
    Magic{0x40, {"\x7F\x10\xDA\xBE", 4}, Kind::kImage},                                      // VirtualBox
    Magic{510, {"\x55\xAA", 2}, Kind::kImage},                                               // boot sector
    Magic{0x8001, "CD001", Kind::kImage},                                                    // ISO 9660
    Magic{0, {"LUKS\xBA\xBE", 6}, Kind::kImage},                                             // an encrypted disk
    Magic{0, "XFSB", Kind::kImage},                                                          // a file system
    Magic{32, "NXSB", Kind::kImage},                                                         // APFS
    Magic{0, {"EMiL\x01\0\0\0", 8}, Kind::kImage},                                           // memory by LiME
    Magic{0, "PAGEDUMP", Kind::kImage},                                                      // memory by Windows
    Magic{0, "PAGEDU64", Kind::kImage},
    // Pictures.
    Magic{0, {"\x89PNG\r\n", 6}, Kind::kImage}, Magic{0, {"\xFF\xD8\xFF", 3}, Kind::kImage},  // JPEG
    Magic{0, "GIF8", Kind::kImage}, Magic{0, {"II*\0", 4}, Kind::kImage},                     // TIFF
    Magic{0, {"MM\0*", 4}, Kind::kImage}, Magic{8, "WEBPVP8", Kind::kImage},
    Magic{4, "ftypheic", Kind::kImage},  // telephones
    Magic{4, "ftypheix", Kind::kImage}, Magic{4, "ftypmif1", Kind::kImage}, Magic{4, "ftypavif", Kind::kImage},
    Magic{14, {"\x28\0\0\0", 4}, Kind::kImage, "BM"},                                  // BMP
    Magic{14, {"\x7C\0\0\0", 4}, Kind::kImage, "BM"}, Magic{0, "!BDN", Kind::kEmail},  // PST
};

struct Ending {
  std::string_view ending;
  Kind kind;
};

constexpr std::array kEndings = {
    Ending{".log", Kind::kLog},     Ending{".evtx", Kind::kLog},     Ending{".evt", Kind::kLog},
    Ending{".journal", Kind::kLog}, Ending{".pcap", Kind::kCapture}, Ending{".pcapng", Kind::kCapture},
    Ending{".cap", Kind::kCapture}, Ending{".eml", Kind::kEmail},    Ending{".msg", Kind::kEmail},
    Ending{".mbox", Kind::kEmail},  Ending{".pst", Kind::kEmail},    Ending{".dd", Kind::kImage},
    Ending{".raw", Kind::kImage},   Ending{".img", Kind::kImage},    Ending{".iso", Kind::kImage},
    Ending{".e01", Kind::kImage},   Ending{".aff4", Kind::kImage},   Ending{".vmdk", Kind::kImage},
    Ending{".vhd", Kind::kImage},   Ending{".vhdx", Kind::kImage},   Ending{".qcow2", Kind::kImage},
    Ending{".vmem", Kind::kImage},  Ending{".mem", Kind::kImage},    Ending{".png", Kind::kImage},
    Ending{".jpg", Kind::kImage},   Ending{".jpeg", Kind::kImage},
};

// What a text is, its first pages say.
constexpr std::size_t kTextSampleBytes = 16 * 1024;

// Words that ransom messages use. One alone proves little; they count together.
constexpr std::array<std::string_view, 22> kRansomWords = {
    "ransom",       "encrypted",  "decrypt", ".onion", "tor browser",   "torproject",    "bitcoin", "your files",
    "your network", "your data",  "leak",    "stolen", "exfiltrat",     "negotiat",      "recover", "contact us",
    "publish",      "downloaded", "qtox",    "hacked", "do not rename", "sensitive data"};
constexpr std::array<std::string_view, 7> kRansomNames = {"readme", "recover",     "restore", "decrypt",
                                                          "how_to", "instruction", "leak"};
constexpr std::array<std::string_view, 13> kNoticeWords = {
    "data breach",          "notice of",           "hipaa",        "protected health information", "credit monitoring",
    "affected individuals", "breach notification", "patient data", "personal information",         "fbi",
    "unauthorized access",  "regulator",           "notified"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

template <std::size_t N>
std::size_t CountWords(const std::string& text, const std::array<std::string_view, N>& words) {
  return static_cast<std::size_t>(
      std::ranges::count_if(words, [&](std::string_view word) { return text.find(word) != std::string::npos; }));
}

bool IsText(ByteView beginning) {
  return !beginning.empty() && std::ranges::none_of(beginning, [](std::uint8_t byte) {
    return byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != 0x1b;
  });
}

// The ASCII of UTF-16 with a byte order mark, as Windows programs write text; anything else in it
// becomes "?", which no rule looks for. Nothing if it is no such text.
std::optional<std::string> FromUtf16(std::string_view content) {
  const bool little = content.starts_with("\xff\xfe");
  if (!little && !content.starts_with("\xfe\xff")) return std::nullopt;
  std::string text;
  for (std::size_t i = 2; i + 1 < content.size(); i += 2) {
    const char low = content[little ? i : i + 1];
    const char high = content[little ? i + 1 : i];
    text.push_back(high == 0 ? low : '?');
  }
  return text;
}

// Mail begins with header fields, and "From " or "Received:" or so is among the first.
bool LooksLikeMail(const std::string& text) {
  if (text.starts_with("from ") && text.find("\nsubject:") != std::string::npos) return true;
  const std::size_t body = std::min(text.find("\n\n"), text.find("\r\n\r\n"));
  const std::string header = "\n" + text.substr(0, body);
  const std::array<std::string_view, 5> fields = {"\nfrom:", "\nto:", "\nsubject:", "\ndate:", "\nreceived:"};
  return body != std::string::npos && CountWords(header, fields) >= 3;
}

// Most lines begin with or hold a time of day: d:dd:dd or dd:dd:dd.
bool LooksLikeLog(std::string_view text) {
  std::size_t lines = 0;
  std::size_t timed = 0;
  while (!text.empty() && lines < 50) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos && lines > 0) break;  // the last line may be cut off
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.size() < 8) continue;
    ++lines;
    for (std::size_t i = 0; i + 7 <= line.size() && i < 80; ++i) {
      const auto digit = [&](std::size_t at) { return line[i + at] >= '0' && line[i + at] <= '9'; };
      if (digit(0) && line[i + 1] == ':' && digit(2) && digit(3) && line[i + 4] == ':' && digit(5) && digit(6)) {
        ++timed;
        break;
      }
    }
  }
  return lines >= 2 && timed * 10 >= lines * 8;
}

Kind KindOfText(const std::string& name, std::string_view original) {
  const std::string text = Lower(original);
  if (LooksLikeMail(text)) return Kind::kEmail;
  // Before the words: a log may quote them, and a message does not give the time in each line.
  if (LooksLikeLog(original)) return Kind::kLog;
  const std::size_t ransom = CountWords(text, kRansomWords);
  if (ransom >= 4 || (ransom >= 2 && CountWords(name, kRansomNames) > 0)) {
    // A notice speaks of the theft as well, but it does not say "your files" or name an onion address.
    if (CountWords(text, kNoticeWords) < 4) return Kind::kRansomMessage;
  }
  if (CountWords(text, kNoticeWords) >= 3) return Kind::kNotice;
  return Kind::kOther;
}

// An Outlook message is a compound file whose directory names streams in UTF-16 by their MAPI property. Word's and
// Excel's old files are compound files too.
bool IsOutlookMessage(std::string_view content) {
  using namespace std::string_view_literals;
  return content.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") &&
         content.find("_\0_\0s\0u\0b\0s\0t\0g\0001\0.\0"sv) != std::string_view::npos;
}

}  // namespace

seal::Kind GuessKind(std::string_view raw_name, ByteView beginning) {
  const std::string name = Lower(raw_name);
  const std::string_view content = TextOf(beginning);
  for (const Magic& magic : kMagics) {
    if (content.size() >= magic.offset && content.substr(magic.offset).starts_with(magic.bytes) &&
        content.starts_with(magic.beginning)) {
      return magic.kind;
    }
  }
  if (IsOutlookMessage(content)) return Kind::kEmail;
  for (const Ending& ending : kEndings) {
    if (name.ends_with(ending.ending)) return ending.kind;
  }
  const ByteView page = beginning.first(std::min(beginning.size(), kTextSampleBytes));
  if (IsText(page)) return KindOfText(name, TextOf(page));
  const auto wide = FromUtf16(TextOf(page));
  if (wide && IsText(ViewOf(*wide))) return KindOfText(name, *wide);
  // A mail may hold any byte: its header decides.
  return LooksLikeMail(Lower(TextOf(page))) ? Kind::kEmail : Kind::kOther;
}

}  // namespace exhibit::intake
