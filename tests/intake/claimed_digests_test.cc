// Goal: what a collector's list says of a file is found, or it is said why not; never is a line passed
// over or another file's digest taken. Method: lists as the tools write them, and each rule broken
// once.
#include "vault/intake/claimed_digests.h"

#include "tests/support/check.h"
#include "vault/intake/digest_list.h"

namespace exhibit::intake {
namespace {

using custody::ClaimedDigest;
using custody::DigestAlgorithm;
using testing::Hex;
using testing::Unwrap;

// Digests of the text "abc" and of nothing.
constexpr std::string_view kAbc256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kAbc1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
constexpr std::string_view kAbc5 = "900150983cd24fb0d6963f7d28e17f72";
constexpr std::string_view kAbc512 =
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a"
    "9ac"
    "94fa54ca49f";
constexpr std::string_view kNone256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kNone5 = "d41d8cd98f00b204e9800998ecf8427e";

std::string Line(std::string_view hex, std::string_view name) {
  return std::string(hex) + "  " + std::string(name) + "\n";
}
ClaimedDigest Digest(DigestAlgorithm algorithm, std::string_view hex) { return {algorithm, Hex(hex), false}; }
ClaimedDigest Abc256() { return Digest(DigestAlgorithm::kSha256, kAbc256); }
ClaimedDigest None256() { return Digest(DigestAlgorithm::kSha256, kNone256); }
using Digests = std::vector<ClaimedDigest>;

Digests FindIn(const std::string& list, std::string_view path) {
  return Unwrap(Unwrap(ClaimedDigests::Parse(list)).Find(path));
}

TEST_CASE("the lists of sha256sum, sha512sum, sha1sum and md5sum are told apart by the length of their digests",
          "[intake]") {
  CHECK(FindIn(Line(kAbc256, "auth.log"), "auth.log") == Digests{Abc256()});
  CHECK(FindIn(Line(kAbc512, "auth.log"), "auth.log") == Digests{Digest(DigestAlgorithm::kSha512, kAbc512)});
  CHECK(FindIn(Line(kAbc1, "auth.log"), "auth.log") == Digests{Digest(DigestAlgorithm::kSha1, kAbc1)});
  CHECK(FindIn(Line(kAbc5, "auth.log"), "auth.log") == Digests{Digest(DigestAlgorithm::kMd5, kAbc5)});
}

TEST_CASE("lists in binary mode, with --tag, in upper case, with CR LF or without a last line feed are read",
          "[intake]") {
  CHECK(FindIn(std::string(kAbc256) + " *disk.dd\n", "disk.dd") == Digests{Abc256()});
  CHECK(FindIn("SHA256 (disk.dd) = " + std::string(kAbc256), "disk.dd") == Digests{Abc256()});
  CHECK(FindIn("SHA512 (disk.dd) = " + std::string(kAbc512), "disk.dd") ==
        Digests{Digest(DigestAlgorithm::kSha512, kAbc512)});
  CHECK(FindIn("SHA2-512(disk.dd)= " + std::string(kAbc512), "disk.dd") ==
        Digests{Digest(DigestAlgorithm::kSha512, kAbc512)});
  CHECK(FindIn("SHA1 (disk.dd) = " + std::string(kAbc1), "disk.dd") == Digests{Digest(DigestAlgorithm::kSha1, kAbc1)});
  CHECK(FindIn("MD5 (a) (b) = c) = " + std::string(kAbc5), "a) (b) = c") ==
        Digests{Digest(DigestAlgorithm::kMd5, kAbc5)});
  CHECK(FindIn("900150983CD24FB0D6963F7D28E17F72  a\r\n", "a") == Digests{Digest(DigestAlgorithm::kMd5, kAbc5)});
}

TEST_CASE("names keep their spaces, and the bytes that GNU tools escape come back", "[intake]") {
  CHECK(FindIn(Line(kAbc256, " two  spaces "), " two  spaces ") == Digests{Abc256()});
  CHECK(FindIn(Line(kAbc256, "not utf-8 \xff"), "not utf-8 \xff") == Digests{Abc256()});
  CHECK(FindIn("\\" + Line(kAbc256, "a\\nb\\rc\\\\d"), "a\nb\rc\\d") == Digests{Abc256()});
  CHECK(FindIn("\\SHA256 (a\\nb) = " + std::string(kAbc256), "a\nb") == Digests{Abc256()});
  // Without the mark a backslash is a backslash.
  CHECK(FindIn(Line(kAbc256, "a\\nb"), "a\\nb") == Digests{Abc256()});
}

TEST_CASE("hashdeep's list gives all the digests of a file in one line", "[intake]") {
  const std::string list =
      "%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /mnt\n## $ hashdeep -r .\n##\n3," +
      std::string(kAbc5) + "," + std::string(kAbc256) + ",/mnt/name, with commas.log\n0," + std::string(kNone5) + "," +
      std::string(kNone256) + ",/mnt/empty\n";
  CHECK(FindIn(list, "/mnt/name, with commas.log") == Digests{Digest(DigestAlgorithm::kMd5, kAbc5), Abc256()});
  CHECK(FindIn(list, "/mnt/empty") == Digests{Digest(DigestAlgorithm::kMd5, kNone5), None256()});
}

TEST_CASE("hashdeep's column of SHA-512 is read", "[intake]") {
  const std::string list = "%%%% HASHDEEP-1.0\n%%%% size,sha1,sha512,filename\n3," + std::string(kAbc1) + "," +
                           std::string(kAbc512) + ",x\n";
  CHECK(FindIn(list, "x") == Digests{Digest(DigestAlgorithm::kSha1, kAbc1), Digest(DigestAlgorithm::kSha512, kAbc512)});
}

TEST_CASE("hashdeep's columns that are not known are passed over, in whatever order they stand", "[intake]") {
  const std::string tiger(48, 'a');
  const std::string list =
      "%%%% HASHDEEP-1.0\n%%%% size,sha256,tiger,filename\n3," + std::string(kAbc256) + "," + tiger + ",x\n";
  CHECK(FindIn(list, "x") == Digests{Abc256()});
}

TEST_CASE("several lists in one say more of one file, and the same again adds nothing", "[intake]") {
  const std::string list = Line(kAbc256, "a") + Line(kAbc5, "a") + Line(kAbc256, "./a");
  ClaimedDigests claims = Unwrap(ClaimedDigests::Parse(list));
  CHECK(claims.size() == 1);
  CHECK(Unwrap(claims.Find("a")) == Digests{Abc256(), Digest(DigestAlgorithm::kMd5, kAbc5)});
}

TEST_CASE("a list that contradicts itself is refused, with the line and the name", "[intake]") {
  CHECK_FAILS(ClaimedDigests::Parse(Line(kAbc256, "a\x1b") + "\n" + Line(kNone256, "a\x1b")), ErrorCode::kInvalid,
              "list of hashes: line 3: a line before says something else of a\\x1b");
}

TEST_CASE("a file is found by its path, by the end of it, or by what it is the end of", "[intake]") {
  const std::string list = Line(kAbc256, "/mnt/fs01/var/log/auth.log") + Line(kNone256, "var/log/syslog");
  CHECK(FindIn(list, "/mnt/fs01/var/log/auth.log") == Digests{Abc256()});
  CHECK(FindIn(list, "auth.log") == Digests{Abc256()});
  CHECK(FindIn(list, "./auth.log") == Digests{Abc256()});
  CHECK(FindIn(list, "log/auth.log") == Digests{Abc256()});
  CHECK(FindIn(list, "/var/log/auth.log") == Digests{Abc256()});
  CHECK(FindIn(list, "copy/mnt/fs01/var/log/auth.log") == Digests{Abc256()});
  CHECK(FindIn(list, "/evidence/var/log/syslog") == Digests{None256()});
}

TEST_CASE("the folder that was named may be a copy of the one that was listed, under another name", "[intake]") {
  ClaimedDigests claims =
      Unwrap(ClaimedDigests::Parse(Line(kAbc256, "F:\\Evidence\\a.log") + Line(kNone256, "F:\\Evidence\\sub\\b.log")));
  CHECK(Unwrap(claims.Find("in/a.log")).empty());
  CHECK(Unwrap(claims.Find("in/b.log", "b.log")).empty());
  CHECK(Unwrap(claims.Find("in/Evidence/c.log", "Evidence/c.log")).empty());
  CHECK(claims.Unused().size() == 2);
  CHECK(Unwrap(claims.Find("in/a.log", "a.log")) == Digests{Abc256()});
  CHECK(Unwrap(claims.Find("in/sub/b.log", "sub/b.log")) == Digests{None256()});
  CHECK(claims.Unused().empty());
  // Where no folder is shared, the listed paths are whole.
  ClaimedDigests apart = Unwrap(ClaimedDigests::Parse(Line(kAbc256, "one/a.log") + Line(kNone256, "other/b.log")));
  CHECK(Unwrap(apart.Find("in/a.log", "a.log")).empty());
}

TEST_CASE("a file of the same name in another folder, or with a longer name, is another file", "[intake]") {
  const std::string list = Line(kAbc256, "var/log/auth.log");
  for (const std::string_view other :
       {"other/auth.log", "h.log", "xauth.log", "log/auth.log/", "auth", "", "/", "yvar/log/auth.log", "g/auth.log"}) {
    CAPTURE(other);
    CHECK(FindIn(list, other).empty());
  }
}

TEST_CASE("two lines that fit equally are an error that names both", "[intake]") {
  ClaimedDigests claims = Unwrap(ClaimedDigests::Parse(Line(kAbc256, "a/auth.log") + Line(kNone256, "b/auth.log")));
  CHECK_FAILS(claims.Find("auth.log"), ErrorCode::kInvalid, "two lines that fit auth.log");
  CHECK_FAILS(claims.Find("auth.log"), ErrorCode::kInvalid, "a/auth.log and b/auth.log");
  CHECK(Unwrap(claims.Find("a/auth.log")) == Digests{Abc256()});
  CHECK(Unwrap(claims.Find("x/b/auth.log")) == Digests{None256()});
  // One shorter and one longer fit as little for certain as two longer ones.
  ClaimedDigests nested = Unwrap(ClaimedDigests::Parse(Line(kAbc256, "auth.log") + Line(kNone256, "/x/a/auth.log")));
  CHECK_FAILS(nested.Find("a/auth.log"), ErrorCode::kInvalid, "two lines that fit");
  CHECK(Unwrap(nested.Find("auth.log")) == Digests{Abc256()});
}

TEST_CASE("claims outlive the list, and a copy outlives the claims", "[intake]") {
  ClaimedDigests copy = Unwrap(ClaimedDigests::Parse(""));
  {
    ClaimedDigests claims = Unwrap(ClaimedDigests::Parse(Line(kAbc256, "a/b/c")));
    copy = claims;
  }
  CHECK(Unwrap(copy.Find("c")) == Digests{Abc256()});
}

TEST_CASE("a line of no known form is refused by its number, and nothing of the list is used", "[intake]") {
  const std::string abc(kAbc256);
  for (const std::string& line : std::vector<std::string>{
           abc + " auth.log",                   // one space
           abc + "\tauth.log",                  //
           abc + "  ",                          // no name
           abc + "  ./",                        // none left
           abc,                                 //
           abc.substr(1) + "  auth.log",        // odd digits
           abc.substr(2) + "  auth.log",        // of no digest's length
           abc + abc + abc + "  auth.log",      // of no digest's length
           "g" + abc.substr(1) + "  auth.log",  //
           "\\" + abc + "  a\\tb",              // no such escape
           "\\" + abc + "  a\\",                // cut off
           "SHA1 (auth.log) = " + abc,          // another algorithm's length
           "SHA512 (auth.log) = " + abc,        //
           "SHA256 (auth.log) = ",              //
           "SHA256 (auth.log = " + abc,         //
           "sha256sum: auth.log: Permission denied",
           "%%%% size,md5,md5,filename",  // a column twice
           "%%%% size,filename,md5",      //
           "%%%% HASHDEEP-2.0",           //
       }) {
    CAPTURE(line);
    CHECK_FAILS(ClaimedDigests::Parse("# made on fs01\n" + Line(kAbc256, "first") + line + "\n"), ErrorCode::kInvalid,
                "list of hashes: line 3: it is of no known form");
  }
}

TEST_CASE("a line of hashdeep that does not fit its columns is refused by its number", "[intake]") {
  const std::string header = "%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n";
  const std::string md5(kAbc5);
  for (const std::string& line : std::vector<std::string>{
           "3," + md5,                        // no name
           "3," + md5 + ",",                  // an empty one
           "x," + md5 + ",a",                 // no size
           "-3," + md5 + ",a",                //
           "3," + std::string(kAbc1) + ",a",  // a SHA-1 in the column of MD5
           "3,,a",                            //
           Line(kAbc256, "a"),                // another tool's line
       }) {
    CAPTURE(line);
    CHECK_FAILS(ClaimedDigests::Parse(header + line), ErrorCode::kInvalid, "line 3: it is of no known form");
  }
  // No digest in it that we know.
  CHECK_FAILS(ClaimedDigests::Parse("%%%% size,tiger,filename\n3,aa,a\n"), ErrorCode::kInvalid,
              "line 2: it is of no known form");
}

TEST_CASE("a list is bounded in its length and in the length of a path", "[intake]") {
  const std::string longest(kMaxListedPathBytes, 'a');
  CHECK(FindIn(Line(kAbc256, longest), longest) == Digests{Abc256()});
  CHECK_FAILS(ClaimedDigests::Parse(Line(kAbc256, longest + "a")), ErrorCode::kInvalid,
              "line 1: the path is longer than 4096 bytes");
  CHECK(FindIn(Line(kAbc256, "a"), longest + "/a/b").empty());
  CHECK_FAILS(ClaimedDigests::Parse(std::string(kMaxDigestListBytes + 1, '\n')), ErrorCode::kInvalid,
              "longer than 64 MiB");
  CHECK(Unwrap(ClaimedDigests::Parse(std::string(kMaxDigestListBytes, '#'))).size() == 0);
}

TEST_CASE("a hundred thousand files of one name are looked up as fast as any", "[intake]") {
  std::string list;
  for (int i = 0; i < 100'000; ++i) list += Line(kAbc256, "site/" + std::to_string(i) + "/index.html");
  ClaimedDigests claims = Unwrap(ClaimedDigests::Parse(list));
  CHECK(claims.size() == 100'000);
  for (int i = 0; i < 100'000; ++i) {
    const auto found = claims.Find("/mnt/site/" + std::to_string(i) + "/index.html");
    if (!found || found->size() != 1) FAIL("not found: " << i);
  }
}

}  // namespace
}  // namespace exhibit::intake
