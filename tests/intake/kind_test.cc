// Goal: what responders collect is called what it is, and what only resembles it is not. Method: small
// samples written here, by content under a name that says nothing; and the public samples of ransom
// notes, logs and notices, where they are on this machine.
#include "vault/intake/kind.h"

#include <cstdlib>
#include <optional>

#include "tests/support/check.h"
#include "tests/support/vectors.h"

namespace exhibit::intake {
namespace {

using custody::Kind;

std::string Guess(std::string_view name, std::string_view content) {
  return std::string(ToText(GuessKind(name, ViewOf(content).first(std::min(content.size(), kKindSampleBytes)))));
}
// By its content alone.
std::string GuessContent(std::string_view content) { return Guess("x", content); }

std::string WithAt(std::size_t offset, std::string_view mark) {
  std::string content(offset + mark.size() + 100, '\0');
  content.replace(offset, mark.size(), mark);
  return content;
}

std::string Wide(std::string_view text) {
  std::string wide;
  for (const char c : text) wide += {c, '\0'};
  return wide;
}

constexpr std::string_view kRansomMessage =
    "Your network was breached and all your files are encrypted with a military grade cipher.\n"
    "Your data was downloaded. If you do not pay, we publish it on our blog.\n"
    "To decrypt them, install Tor Browser and contact us: http://examplexampleexample.onion\n";

TEST_CASE("formats are known by their marks, whatever the name says", "[intake]") {
  struct Row {
    std::string_view kind;
    std::string content;
  };
  using namespace std::string_literals;
  const Row rows[] = {
      {"log", "ElfFile\0"s + std::string(120, '\0')},
      {"capture", "\xd4\xc3\xb2\xa1\x02\x00\x04\x00"s},
      {"capture", "\xa1\xb2\xc3\xd4\x00\x02\x00\x04"s},
      {"capture", "\x4d\x3c\xb2\xa1\x02\x00\x04\x00"s},
      {"capture", "\xa1\xb2\x3c\x4d\x00\x02\x00\x04"s},
      {"log", "\x30\0\0\0LfLe\x01\0\0\0"s},
      {"log", "LPKSHHRH\0\0\0\0"s},
      {"capture", "\x34\xcd\xb2\xa1\x02\0\x04\0"s},
      {"capture", "\xa1\xb2\xcd\x34\0\x02\0\x04"s},
      {"capture", "snoop\0\0\0\0\0\0\x02"s},
      {"capture", "GMBU\0\x02\x01\0"s},
      {"capture", "\x0a\x0d\x0d\x0a\x1c\x00\x00\x00\x4d\x3c\x2b\x1a"s},
      {"image", "EVF\x09\x0d\x0a\xff\x00\x01\x01\x00"s},
      {"image", "EVF2\x0d\x0a\x81\x00\x02\x01"s},
      {"image", "QFI\xfb\x00\x00\x00\x03"s},
      {"image", "KDMV\x01\x00\x00\x00"s},
      {"image", "vhdxfile"s + std::string(64, '\0')},
      {"image", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"s},
      {"image", "\xff\xd8\xff\xe0\x00\x10JFIF"s},
      {"image", "GIF89a\x01\x00"s},
      {"image", WithAt(510, "\x55\xaa")},
      {"image", WithAt(0x8001, "CD001")},
      {"image", "AFF10\r\n\0\0\0"s},
      {"image", "conectix\0\0\0\x02"s},
      {"image", WithAt(0x40, "\x7f\x10\xda\xbe")},
      {"image", "LUKS\xba\xbe\0\x02"s},
      {"image", "XFSB\0\0\x10\0"s},
      {"image", WithAt(32, "NXSB")},
      {"image", "EMiL\x01\0\0\0\0\x10"s},
      {"image", "PAGEDU64\x0f\0\0\0"s},
      {"image", "PAGEDUMP\x0f\0\0\0"s},
      {"image", "II*\0\x08\0\0\0"s},
      {"image", "MM\0*\0\0\0\x08"s},
      {"image", "RIFF\x24\0\0\0WEBPVP8 "s},
      {"image",
       "\0\0\0\x18"
       "ftypheic\0\0\0\0"s},
      {"image",
       "\0\0\0\x18"
       "ftypheix\0\0\0\0"s},
      {"image",
       "\0\0\0\x18"
       "ftypmif1\0\0\0\0"s},
      {"image",
       "\0\0\0\x1c"
       "ftypavif\0\0\0\0"s},
      {"image", "BM\x36\x10\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"s},
      {"image", "BM\x36\x10\0\0\0\0\0\0\x8a\0\0\0\x7c\0\0\0"s},
      {"email", "!BDN\x00\x00\x00\x00SM"s},
      {"email", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"s + std::string(1016, '\0') + Wide("__substg1.0_0037001F")},
  };
  for (const Row& row : rows) {
    CAPTURE(row.kind, ToHex(ViewOf(std::string_view(row.content).substr(0, 12))));
    CHECK(GuessContent(row.content) == row.kind);
    CHECK(Guess("report.docx", row.content) == row.kind);
  }
}

TEST_CASE("a name's ending decides where the content has no mark, in either case", "[intake]") {
  for (const auto& [name, kind] : std::vector<std::pair<std::string, std::string>>{{"system.LOG", "log"},
                                                                                   {"auth.log", "log"},
                                                                                   {"Security.evtx", "log"},
                                                                                   {"trace.pcapng", "capture"},
                                                                                   {"message.eml", "email"},
                                                                                   {"Message.MSG", "email"},
                                                                                   {"disk.dd", "image"},
                                                                                   {"disk.E01", "image"},
                                                                                   {"memory.raw", "image"},
                                                                                   {"server.vmdk", "image"},
                                                                                   {"server.qcow2", "image"},
                                                                                   {"blog", "other"},
                                                                                   {"auth.log.bak2", "other"},
                                                                                   {"", "other"}}) {
    CAPTURE(name);
    CHECK(Guess(name, "") == kind);
    CHECK(Guess(name, std::string(64, '\0')) == kind);
  }
}

TEST_CASE("the words of a ransom message are heard under any name", "[intake]") {
  CHECK(GuessContent(kRansomMessage) == "ransom-message");
  CHECK(Guess("README.txt", kRansomMessage) == "ransom-message");
}

TEST_CASE("a few of the words suffice where the name is one of theirs", "[intake]") {
  constexpr std::string_view kShort = "Your files are encrypted. Write to a@example.org\n";
  CHECK(Guess("HOW_TO_RECOVER_FILES.txt", kShort) == "ransom-message");
  CHECK(Guess("meeting.txt", kShort) == "other");
}

TEST_CASE("a ransom message in UTF-16, as Windows writes it, is heard as well", "[intake]") {
  for (const bool big_endian : {false, true}) {
    std::string wide = big_endian ? "\xfe\xff" : "\xff\xfe";
    for (const char c : kRansomMessage) {
      if (big_endian) wide.push_back('\0');
      wide.push_back(c);
      if (!big_endian) wide.push_back('\0');
    }
    CAPTURE(big_endian);
    CHECK(GuessContent(wide) == "ransom-message");
  }
}

TEST_CASE("log lines of many makers are known by their times", "[intake]") {
  for (const std::string_view log : {
           "Dec 10 06:55:46 fs01 sshd[24200]: Invalid user webmaster from 192.0.2.31\n"
           "Dec 10 06:55:48 fs01 sshd[24200]: Connection closed by 192.0.2.31 [preauth]\n",
           "192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] \"GET /fhir/Patient HTTP/1.1\" 200 2326\n"
           "192.0.2.7 - - [10/Oct/2025:13:55:37 +0000] \"GET /fhir/Patient?page=2 HTTP/1.1\" 200 2326\n",
           "2025-01-22T03:14:07.123Z INFO  session opened user=svc_backup\r\n"
           "2025-01-22T03:14:09.001Z INFO  export started rows=88000\r\n",
           "Level,Date and Time,Source,Event ID,Task Category\r\n"
           "Information,1/22/2025 3:14:07 AM,Microsoft-Windows-Security-Auditing,4624,Logon\r\n"
           "Information,1/22/2025 3:14:09 AM,Microsoft-Windows-Security-Auditing,4672,Special Logon\r\n"
           "Information,1/22/2025 3:15:00 AM,Microsoft-Windows-Security-Auditing,4634,Logoff\r\n"
           "Information,1/22/2025 3:15:01 AM,Microsoft-Windows-Security-Auditing,4634,Logoff\r\n",
       }) {
    CAPTURE(log);
    CHECK(GuessContent(log) == "log");
  }
}

TEST_CASE("a log in which an intruder says the words is still a log", "[intake]") {
  std::string log;
  for (int i = 10; i < 60; ++i) {
    log += "2025-01-22 03:14:" + std::to_string(i) +
           " av: encrypted file found, ransom note says your files leak, tor browser, bitcoin\n";
  }
  CHECK(GuessContent(log) == "log");
}

TEST_CASE("a mail is one by its header, whatever it speaks of", "[intake]") {
  const std::string mail =
      "Received: from mx.example.org by fs01\r\nFrom: a@example.org\r\nTo: b@example.org\r\n"
      "Subject: your files\r\nDate: Tue, 1 Apr 2025 10:00:00 +0000\r\n\r\n" +
      std::string(kRansomMessage);
  CHECK(GuessContent(mail) == "email");
  CHECK(GuessContent(mail + std::string("\0\x01\x02", 3)) == "email");
  CHECK(GuessContent("From a@example.org Tue Apr  1 10:00:00 2025\nSubject: hello\n\nhello\n") == "email");
  CHECK(GuessContent("Dear all,\n\nthe subject: of the meeting\nfrom: nine\nto: ten\ndate: today\n") == "other");
}

TEST_CASE("a breach notice is known by its words", "[intake]") {
  CHECK(GuessContent("NOTICE OF DATA BREACH\n\nWe write to inform affected individuals of an incident that may\n"
                     "involve your protected health information. We have notified the FBI, and offer two years of\n"
                     "credit monitoring without charge.\n") == "notice");
}

TEST_CASE("text, programs and nothing at all are other", "[intake]") {
  CHECK(GuessContent("") == "other");
  CHECK(GuessContent("milk\nbread\n") == "other");
  CHECK(GuessContent("MIT License\n\nPermission is hereby granted, free of charge, to any person\n") == "other");
  CHECK(GuessContent(std::string("\x7f"
                                 "ELF\x02\x01\x01",
                                 7) +
                     std::string(64, '\0')) == "other");
  CHECK(GuessContent("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") == "other");
  CHECK(GuessContent("BMW and other makers" + std::string(64, '\0')) == "other");
  CHECK(GuessContent("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + std::string(1016, '\0') + Wide("WordDocument")) == "other");
  CHECK(Guess("README.md", "# How to restore a backup\nRun the program.\n") == "other");
}

TEST_CASE("nothing that content may hold makes the guess fail", "[intake]") {
  for (std::size_t size = 0; size < 700; ++size) {
    std::string noise(size, '\0');
    for (std::size_t i = 0; i < size; ++i) noise[i] = static_cast<char>((i * 131 + size * 17) >> 3);
    CHECK_FALSE(Guess(noise, noise).empty());
  }
}

// The public samples: $EXHIBIT_SAMPLES, else ../shared/samples beside the source tree.
std::optional<std::filesystem::path> SampleFolder() {
  const char* const configured = std::getenv("EXHIBIT_SAMPLES");
  const std::filesystem::path folder = configured != nullptr
                                           ? std::filesystem::path(configured)
                                           : std::filesystem::path(EXHIBIT_SOURCE_DIR) / ".." / "shared" / "samples";
  std::error_code ignored;
  return std::filesystem::is_directory(folder, ignored) ? std::optional(folder) : std::nullopt;
}

std::string_view KindOfSampleFolder(const std::filesystem::path& file) {
  const std::string folder = file.native();
  if (file.filename() == "LICENSE") return "other";
  if (folder.find("/ransom-notes/") != std::string::npos) return "ransom-message";
  if (folder.find("/notices/") != std::string::npos) return "notice";
  return "log";  // logs/, evtx/
}

TEST_CASE("every public sample is called what it is, by its content alone too", "[intake][vectors]") {
  const auto folder = SampleFolder();
  SKIP_WITHOUT(folder, "the public samples are not on this machine (EXHIBIT_SAMPLES)");
  const auto files = testing::FilesBelow(*folder);
  CHECK(files.size() >= 20);
  for (const auto& file : files) {
    if (file.filename() == "README.md") continue;  // speaks of all of them
    const std::string content = ToText(testing::ReadVector(file));
    CAPTURE(file.native());
    CHECK(Guess(file.filename().native(), content) == KindOfSampleFolder(file));
    CHECK(GuessContent(content) == KindOfSampleFolder(file));
  }
}

TEST_CASE("a text is what it says, under any name and in any language", "[intake]") {
  const std::string log =
      "2026-01-01 10:00:00 backup ok\n2026-01-01 10:00:01 backup ok\n2026-01-01 10:00:02 backup ok\n";
  CHECK(Guess("photo.jpg", log) == "log");
  CHECK(GuessContent("timestamp,user\n2026-01-01T10:00:00Z,a\n2026-01-01T10:00:01Z,b\n") == "log");
  CHECK(GuessContent("{\"ts\":1767261600.1,\"msg\":\"x\"}\n{\"ts\":1767261601.1,\"msg\":\"x\"}\n") == "log");
  CHECK(GuessContent("{\"ts\":1767261600123}\n{\"ts\":1767261601123}\n") == "log");
  CHECK(GuessContent("type=SYSCALL msg=audit(1767261600.123:4): a\ntype=CWD msg=audit(1767261600.123:4): b\n") ==
        "log");
  CHECK(GuessContent("order 12345678901\norder 12345678902\n") == "other");
  CHECK(Guess("LISEZMOI.txt", "Vos fichiers ont ete chiffres. Telechargez Tor Browser.\n") == "ransom-message");
  CHECK(GuessContent("Ihre Dateien wurden verschl\xc3\xbcsselt. L\xc3\xb6segeld in Bitcoin.\n") == "ransom-message");
}

TEST_CASE("mail, notices and messages in other languages are what they are", "[intake]") {
  CHECK(GuessContent(
            "Von: Anna <a@b.example>\nGesendet: Montag, 2. Juni 2025 10:12\nAn: Bert\nBetreff: Vorfall\n\nHallo\n") ==
        "email");
  CHECK(GuessContent("\xef\xbb\xbf"
                     "De : x\r\nDe: Anne <a@b.example>\r\nEnvoy\xc3\xa9: lundi\r\n\xc3\x80: Paul\r\nObjet: "
                     "incident\r\n\r\nBonjour\r\n") == "email");
  CHECK(GuessContent("De: Ana\nPara: todos\nAsunto: fiesta\n\nHola\n") == "other");  // no address in it
  CHECK(
      GuessContent(
          "Benachrichtigung gem\xc3\xa4\xc3\x9f Art. 34 DSGVO\n\nUnbefugte hatten Zugriff auf personenbezogene Daten,\n"
          "darunter Patientendaten. Die Aufsichtsbeh\xc3\xb6rde ist informiert.\n") == "notice");
  CHECK(GuessContent("Madame, Monsieur,\nnous vous informons d'une violation de donn\xc3\xa9"
                     "es. Des donn\xc3\xa9"
                     "es personnelles et des\ndonn\xc3\xa9"
                     "es de sant\xc3\xa9 sont concern\xc3\xa9"
                     "es. La CNIL est inform\xc3\xa9"
                     "e.\n") == "notice");
  CHECK(GuessContent(
            "Le informamos de una brecha de seguridad que afecta a sus datos personales: un acceso no autorizado.\n"
            "Hemos informado a la AEPD.\n") == "notice");
  // Capitals, and UTF-16: a Russian message.
  const std::string russian =
      "\xd0\x92\xd0\x90\xd0\xa8\xd0\x98 \xd0\xa4\xd0\x90\xd0\x99\xd0\x9b\xd0\xab "
      "\xd0\x97\xd0\x90\xd0\xa8\xd0\x98\xd0\xa4\xd0\xa0\xd0\x9e\xd0\x92\xd0\x90\xd0\x9d\xd0\xab";  // VASHI FAJLY ZASHIFROVANY
  CHECK(GuessContent(russian + ". Tor Browser, bitcoin, x.onion\n") == "ransom-message");
  std::string wide = "\xff\xfe";
  for (const char16_t c :
       std::u16string(u"L\u00d6SEGELD: IHRE DATEIEN SIND VERSCHL\u00dcSSELT. Bitcoin, Tor Browser\n")) {
    wide.push_back(static_cast<char>(c & 0xff));
    wide.push_back(static_cast<char>(c >> 8));
  }
  CHECK(GuessContent(wide) == "ransom-message");
}

TEST_CASE("a boot sector says more than that it ends in 55 AA", "[intake]") {
  std::string sector(512, '\x11');
  sector.replace(510, 2, "\x55\xAA");
  CHECK(Guess("random.zip", sector) == "other");
  for (const std::size_t at : {446U, 462U, 478U, 494U}) sector[at] = at == 446U ? '\x80' : '\0';
  CHECK(GuessContent(sector) == "image");
  std::string volume(512, '\x11');
  volume.replace(3, 8, "NTFS    ").replace(510, 2, "\x55\xAA");
  CHECK(GuessContent(volume) == "image");
}

}  // namespace
}  // namespace exhibit::intake
