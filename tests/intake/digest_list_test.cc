#include "vault/intake/digest_list.h"

#include <string>
#include <vector>

#include "tests/support/check.h"
#include "vault/base/encoding.h"

namespace exhibit::intake {
namespace {

const std::string kA(64, 'a');
const std::string kB(64, 'b');

std::string Utf16(std::string_view ascii) {
  std::string text = "\xff\xfe";
  for (const char c : ascii) text += {c, '\0'};
  return text;
}

// The paths of the list, each with its digests in hex.
std::vector<std::string> Read(std::string_view list) {
  std::vector<std::string> files;
  testing::Unwrap([&]() -> Result<bool> {
    TRY_VOID(ReadDigestList(list, [&](ListedFile file) -> Result<void> {
      std::string text = file.path;
      for (const auto& digest : file.digests) text += " " + ToHex(digest.value);
      files.push_back(std::move(text));
      return {};
    }));
    return true;
  }());
  return files;
}

TEST_CASE("each tool's list says the same", "[digest_list]") {
  const std::vector<std::string> both = {"a.log " + kA, "b c.log " + kB};
  const std::string plain = kA + "  a.log\n" + kB + "  b c.log\n";
  CHECK(Read(plain) == both);
  CHECK(Read("\xef\xbb\xbf" + plain) == both);
  CHECK(Read(Utf16(plain)) == both);
  CHECK(Read(kA + " *a.log\r\n\r\n" + kB + " *./b c.log\r\n") == both);
  CHECK(Read("SHA256 (a.log) = " + kA + "\nSHA256 (b c.log) = " + kB + "\n") == both);
  CHECK(Read("SHA256(a.log)= " + kA + "\nSHA2-256(b c.log)= " + kB + "\n") == both);
  CHECK(Read("%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n## hashdeep\n3," + kA + ",./a.log\n4," + kB +
             ",b c.log\n") == both);
  CHECK(Read("SHA256 hash of a.log:\r\n" + kA + "\r\nCertUtil: -hashfile command completed successfully.\r\n" +
             "SHA256 hash of file b c.log:\r\n" + kB + "\r\n") == both);
  CHECK(Read("\"Algorithm\",\"Hash\",\"Path\"\n\"SHA256\",\"" + kA + "\",\"a.log\"\n\"SHA256\",\"" + kB +
             "\",\"b c.log\"\n") == both);
  CHECK(Read("\r\nAlgorithm       Hash             Path\r\n---------       ----             ----\r\nSHA256          " +
             kA + "       a.log\r\nSHA256          " + kB + "       b c.log\r\n") == both);
  CHECK(Read("Algorithm : SHA256\nHash      : " + kA + "\nPath      : a.log\n\nAlgorithm : SHA256\nHash      : " + kB +
             "\nPath      : b c.log\n") == both);
}

TEST_CASE("lists of collectors' tools, and of other languages, say the same", "[digest_list]") {
  const std::vector<std::string> both = {"a.log " + kA, "b c.log " + kB};
  CHECK(Read("     4  " + kA + "  a.log\n 12345  " + kB + "  b c.log\n") == both);  // md5deep -z
  const std::string md5(32, 'c');
  const std::string sha1(40, 'd');
  CHECK(Read("//\r\n// File Checksum Integrity Verifier version 2.05.\r\n//\r\n" + md5 + " .\\a.log\r\n" + md5 + " " +
             sha1 + " .\\b c.log\r\n") == std::vector<std::string>{"a.log " + md5, "b c.log " + md5 + " " + sha1});
  CHECK(Read("SHA256-Hash von a.log:\n" + kA + "\nCertUtil: -hashfile-Befehl wurde erfolgreich ausgef\xc3\xbchrt.\n" +
             "SHA256-Hash der Datei b c.log:\n" + kB + "\n") == both);
  CHECK(Read("Hachage SHA256 de a.log :\n" + kA + "\nHachage SHA256 du fichier b c.log\xc2\xa0:\n" + kB + "\n") ==
        both);
  CHECK(Read("Hash SHA256 di a.log:\n" + kA + "\nHash SHA256 de b c.log:\n" + kB + "\n") == both);
  // Columns, as a heading names them, in any order and with others.
  CHECK(Read("MD5,SHA1,FileNames\r\n\"" + md5 + "\",\"" + sha1 + "\",\"E:\\in\\a, b.log\"\r\n") ==
        std::vector<std::string>{"/in/a, b.log " + md5 + " " + sha1});
  CHECK(Read("\"Name\";\"SHA-256 Hash\";\"Full Path\"\n\"x\";\"" + kA + "\";\"/in/a\"\n") ==
        std::vector<std::string>{"/in/a " + kA});
  CHECK(Read("Filename\tMD5\tSHA-256\na.log\t" + md5 + "\t" + kA + "\nfolder\t\t\n") ==
        std::vector<std::string>{"a.log " + md5 + " " + kA});
  CHECK(Read("#TYPE Microsoft.PowerShell.Commands.FileHashInfo\n\"Algorithm\",\"Hash\",\"Path\"\n\"SHA256\",\"" + kA +
             "\",\"/home/a\\b\"\n") == std::vector<std::string>{"/home/a\\b " + kA});
}

TEST_CASE("no name of a file changes how a list is read", "[digest_list]") {
  // Each of these names is a heading, or a line of another form.
  for (const std::string name : {"x,path,md5", "MD5 hash of y:", "a;path;sha256", "Path : z", "size\tmd5\tname",
                                 "CertUtil: -hashfile", "%%%% HASHDEEP-1.0", "# note", "// File", "SHA256 (b) = 00"}) {
    CAPTURE(name);
    const std::vector<std::string> both = {name + " " + kA, "b " + kB};
    CHECK(Read(kA + "  " + name + "\n" + kB + "  b\n") == both);
    CHECK(Read("SHA256 (" + name + ") = " + kA + "\nSHA256 (b) = " + kB + "\n") == both);
    CHECK(Read("%%%% size,sha256,filename\n3," + kA + "," + name + "\n4," + kB + ",b\n") == both);
  }
}

TEST_CASE("names of Windows are read with slashes and without the drive", "[digest_list]") {
  CHECK(Read(kA + "  C:\\logs\\a.log\n") == std::vector<std::string>{"/logs/a.log " + kA});
  CHECK(Read(kA + "  .\\logs\\a.log\n") == std::vector<std::string>{"logs/a.log " + kA});
  CHECK(Read("\"SHA256\",\"" + kA + "\",\"C:\\in\\\"\"q\"\".log\"\n") ==
        std::vector<std::string>{"/in/\"q\".log " + kA});
  CHECK(Read("SHA256 hash of in\\a.log:\n" + kA + "\n") == std::vector<std::string>{"in/a.log " + kA});
  // A name of another system may hold a backslash, and a blank at its end.
  CHECK(Read(kA + "  a\\b \n") == std::vector<std::string>{"a\\b  " + kA});
}

TEST_CASE("a list that is read in part would hide a difference: it is refused", "[digest_list]") {
  for (const std::string& list : std::vector<std::string>{
           "SHA256 hash of a.log:\n", "SHA256 hash of a.log:\nCertUtil: -hashfile command completed successfully.\n",
           "Algorithm : SHA256\nHash      : " + kA + "\n", "\"SHA256\",\"" + kA + "\"\n",
           "\"SHA1\",\"" + kA + "\",\"a\"\n", "SHA256 " + kA + " C:\\Users\\alice\\Docum...\n",
           "SHA384(a)= " + kA + kA + "\n", "Path,MD5\na," + kA + "\n", "Path,SHA256\na," + kA + ",more\n",
           "SHA256 sum of a.log:\n" + kA + "\n", kA + kA + kA + "  a\n", "SHA256 (a) " + kA + "\n", "words\n"}) {
    CAPTURE(list);
    CHECK_FAILS(ReadDigestList(list, [](const ListedFile&) { return Result<void>(); }), ErrorCode::kInvalid,
                "list of hashes");
  }
}

}  // namespace
}  // namespace exhibit::intake
