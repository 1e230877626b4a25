#include "vault/intake/kind.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "vault/base/person_text.h"

namespace exhibit::intake {
namespace {

using custody::Kind;

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

// Words that ransom messages use, in the languages that they are written in. One alone proves little; they count together.
constexpr auto kRansomWords = std::to_array<std::string_view>(
    {"ransom", "encrypted", "decrypt", ".onion", "tor browser", "torproject", "bitcoin", "your files", "your network",
     "your data", "leak", "stolen", "exfiltrat", "negotiat", "recover", "contact us", "publish", "downloaded", "qtox",
     "hacked", "do not rename", "sensitive data",
     // French, Spanish, Portuguese
     "vos fichiers", "chiffr", "ran\xc3\xa7on", "rancon", "vos donn", "sus archivos", "cifrad", "descifr", "rescate",
     "sus datos", "seus arquivos", "criptograf", "resgate",
     // German, Italian
     "ihre dateien", "verschl\xc3\xbcssel", "verschluessel", "entschl", "l\xc3\xb6segeld", "loesegeld", "tuoi file",
     "vostri file", "cifrati", "riscatto",
     // Russian: encrypted, decrypt, ransom. Chinese: encrypt, decrypt, bitcoin
     "\xd0\xb7\xd0\xb0\xd1\x88\xd0\xb8\xd1\x84\xd1\x80", "\xd1\x80\xd0\xb0\xd1\x81\xd1\x88\xd0\xb8\xd1\x84\xd1\x80",
     "\xd0\xb2\xd1\x8b\xd0\xba\xd1\x83\xd0\xbf", "\xe5\x8a\xa0\xe5\xaf\x86", "\xe8\xa7\xa3\xe5\xaf\x86",
     "\xe6\xaf\x94\xe7\x89\xb9\xe5\xb8\x81"});
constexpr auto kRansomNames = std::to_array<std::string_view>({"readme", "recover", "restore", "decrypt", "how_to",
                                                               "how-to", "instruction", "leak", "lisezmoi", "lisez-moi",
                                                               "leeme", "leiame", "leia-me", "liesmich", "leggimi"});
constexpr auto kNoticeWords = std::to_array<std::string_view>(
    {"data breach", "notice of", "hipaa", "protected health information", "credit monitoring", "affected individuals",
     "breach notification", "patient data", "personal information", "fbi", "unauthorized access", "regulator",
     "notified", "gdpr",
     // German, Dutch
     "datenschutzverletzung", "personenbezogen", "dsgvo", "patientendaten", "aufsichtsbeh", "unbefugt", "betroffene",
     "datenpanne", "datalek", "persoonsgegevens", "onbevoegd",
     // French
     "violation de donn",
     "donn\xc3\xa9"
     "es personnelles",
     "donn\xc3\xa9"
     "es de sant\xc3\xa9",
     "rgpd", "cnil", "non autoris", "personnes concern",
     // Spanish, Portuguese, Italian
     "violaci\xc3\xb3n de", "brecha de", "datos personales", "datos de pacientes", "acceso no autorizado", "aepd",
     "dados pessoais", "viola\xc3\xa7\xc3\xa3o de dados", "lgpd", "n\xc3\xa3o autorizado", "dati personali",
     "violazione dei dati", "non autorizzato", "garante"});

// Letters of ASCII, of Latin-1 and of Cyrillic in UTF-8, in lower case: the words are written in these.
std::string Lower(std::string_view text) {
  std::string lower(text);
  bool is_ascii = true;
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    is_ascii = is_ascii && static_cast<unsigned char>(c) < 0x80;
  }
  if (is_ascii) return lower;
  for (std::size_t i = 0; i + 1 < lower.size(); ++i) {
    const auto byte = static_cast<unsigned char>(lower[i]);
    const auto next = static_cast<unsigned char>(lower[i + 1]);
    if ((byte == 0xc3 && next >= 0x80 && next <= 0x9e && next != 0x97) ||
        (byte == 0xd0 && next >= 0x90 && next <= 0x9f)) {
      lower[i + 1] = static_cast<char>(next + 0x20);
    } else if (byte == 0xd0 && next >= 0xa0 && next <= 0xaf) {
      lower[i] = static_cast<char>(0xd1);
      lower[i + 1] = static_cast<char>(next - 0x20);
    }
  }
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

// The fields of a mail's header, as programs of some languages print them: from, to, subject, date.
constexpr std::array<std::array<std::string_view, 7>, 4> kPrintedFields = {{
    {"\nvon:", "\nde:", "\nda:", "\nvan:", "\n\xd0\xbe\xd1\x82:", "\nfra:", "\nfr\xc3\xa5n:"},
    {"\nan:", "\n\xc3\xa0:", "\npara:", "\na:", "\naan:", "\n\xd0\xba\xd0\xbe\xd0\xbc\xd1\x83:", "\ntil:"},
    {"\nbetreff:", "\nobjet:", "\nasunto:", "\noggetto:", "\nassunto:", "\nonderwerp:",
     "\n\xd1\x82\xd0\xb5\xd0\xbc\xd0\xb0:"},
    {"\ngesendet:", "\nenvoy\xc3\xa9:", "\nenviado:", "\ninviato:", "\nverzonden:", "\ndatum:", "\ndata:"},
}};

// Mail begins with header fields, and "From " or "Received:" or so is among the first. Where it was printed in another
// language there is an address in them.
bool LooksLikeMail(std::string_view text) {
  if (Lower(text.substr(0, 5)) == "from " && Lower(text).find("\nsubject:") != std::string::npos) return true;
  const std::size_t body = std::min(text.find("\n\n"), text.find("\r\n\r\n"));
  if (body == std::string_view::npos) return false;
  const std::string header = "\n" + Lower(text.substr(0, body));
  const std::array<std::string_view, 5> fields = {"\nfrom:", "\nto:", "\nsubject:", "\ndate:", "\nreceived:"};
  if (CountWords(header, fields) >= 3) return true;
  const auto printed = std::ranges::count_if(
      kPrintedFields, [&](const auto& in_languages) { return CountWords(header, in_languages) > 0; });
  return printed >= 3 && header.find('@') != std::string::npos;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A time of day (d:dd:dd or dd:dd:dd), or seconds or milliseconds since 1970, of the years 2001 to 2033.
bool HoldsTime(std::string_view line) {
  constexpr std::size_t kFarthest = 120;
  for (std::size_t i = 0; i < line.size() && i < kFarthest; ++i) {
    const auto digit = [&](std::size_t at) { return IsDigit(line[i + at]); };
    if (i + 7 <= line.size() && digit(0) && line[i + 1] == ':' && digit(2) && digit(3) && line[i + 4] == ':' &&
        digit(5) && digit(6)) {
      return true;
    }
    if (line[i] != '1' || (i > 0 && IsDigit(line[i - 1]))) continue;
    std::size_t end = i;
    while (end < line.size() && IsDigit(line[end])) ++end;
    if (end - i == 10 || end - i == 13) return true;
  }
  return false;
}

// Most lines hold a time. The first one may name columns.
bool LooksLikeLog(std::string_view text) {
  std::size_t lines = 0;
  std::size_t timed = 0;
  for (bool is_first = true; !text.empty() && lines < 50; is_first = false) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos && lines > 0) break;  // the last line may be cut off
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.size() < 8) continue;
    const bool has_time = HoldsTime(line);
    if (is_first && !has_time) continue;
    ++lines;
    timed += has_time ? 1 : 0;
  }
  return lines >= 2 && timed * 10 >= lines * 8;
}

Kind KindOfText(const std::string& name, std::string_view original) {
  if (LooksLikeMail(original)) return Kind::kEmail;
  // Before the words: a log may quote them, and a message does not give the time in each line.
  if (LooksLikeLog(original)) return Kind::kLog;
  const std::string text = Lower(original);
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

// A boot sector ends in 55 AA, as one of 65,536 others does. It also says which partitions can be booted from, or which file
// system it begins.
bool IsBootSector(std::string_view content) {
  if (content.size() < 512 || content.substr(510, 2) != "\x55\xAA") return false;
  for (const auto& [offset, name] :
       {std::pair<std::size_t, std::string_view>{3, "NTFS    "}, {3, "EXFAT   "}, {54, "FAT"}, {82, "FAT32"}}) {
    if (content.substr(offset).starts_with(name)) return true;
  }
  const auto is_partition = [&](std::size_t at) { return content[at] == '\0' || content[at] == '\x80'; };
  return is_partition(446) && is_partition(462) && is_partition(478) && is_partition(494);
}

}  // namespace

custody::Kind GuessKind(std::string_view raw_name, ByteView beginning) {
  const std::string name = Lower(raw_name);
  const std::string_view content = TextOf(beginning);
  for (const Magic& magic : kMagics) {
    if (content.size() >= magic.offset && content.substr(magic.offset).starts_with(magic.bytes) &&
        content.starts_with(magic.beginning)) {
      return magic.kind;
    }
  }
  if (IsBootSector(content)) return Kind::kImage;
  if (IsOutlookMessage(content)) return Kind::kEmail;
  // What a text says counts more than its name: a log stays one under the name of a picture.
  const ByteView page = beginning.first(std::min(beginning.size(), kTextSampleBytes));
  const Bytes text = Utf8TextOf(page);
  Kind kind = Kind::kOther;
  if (IsText(text)) {
    kind = KindOfText(name, TextOf(text));
  } else if (LooksLikeMail(TextOf(page))) {
    kind = Kind::kEmail;  // a mail may hold any byte: its header decides
  }
  if (kind != Kind::kOther) return kind;
  for (const Ending& ending : kEndings) {
    if (name.ends_with(ending.ending)) return ending.kind;
  }
  return Kind::kOther;
}

}  // namespace exhibit::intake
