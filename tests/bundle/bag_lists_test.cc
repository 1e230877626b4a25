// Goal: the lists of a bag have one form, and agree with one another. Method: a bag written, and then each way in which
// a line, a list or the list of lists can be another one, by a forger's hand or a transfer tool's.
#include "tests/bundle/bag_fixture.h"

namespace exhibit::testing {

TEST_CASE_METHOD(BagFixture, "a name that leaves the bag or means another is refused with its line", "[bag]") {
  Write("../outside", "sealed");
  for (const std::string name : {"data/../../outside",
                                 "data/..",
                                 "data/./1.age",
                                 "data//1.age",
                                 "data/",
                                 "../outside",
                                 "/etc/passwd",
                                 "//etc/passwd",
                                 "data\\1.age",
                                 "data/..\\..\\outside",
                                 "data/C:1.age",
                                 "C:\\data",
                                 "data/%2e%2e/outside",
                                 "data/a%0Ab",
                                 "data/100%",
                                 "1.age",
                                 "policy.txt",
                                 "Data/1.age",
                                 "data/a\tb",
                                 "data/a\rb",
                                 "data/a\x7F",
                                 "data/n\xC3\xA4me",
                                 "data/\xFF",
                                 "data/\xC0\xAF",
                                 "data/a/../../../outside"}) {
    CAPTURE(name);
    Write(kManifest, HashOf("one\ntwo\n") + "  data/1-a.log\n" + HashOf("sealed") + "  " + name + "\n");
    FitTagManifest();
    CheckFinds("manifest-sha256.txt: line 2: a name that this manifest may not list");
  }
  CHECK(Read("../outside") == "sealed");
}

TEST_CASE_METHOD(BagFixture, "a tag manifest does not name payload, nor the other way round", "[bag]") {
  AppendTo(kTagManifest, HashOf("sealed") + "  data/1.age\n");
  CheckFinds("tagmanifest-sha256.txt: line 6: a name that this manifest may not list: data/1.age");
}

TEST_CASE_METHOD(BagFixture, "a name that a terminal would obey is shown safely", "[bag]") {
  AppendTo(kManifest, HashOf("") + "  data/\x1b[2J\n");
  CheckFinds("\\x1b[2J");
  CHECK(Problems().find('\x1b') == std::string::npos);
}

TEST_CASE_METHOD(BagFixture, "a manifest has one form of line", "[bag]") {
  const std::string hash = HashOf("sealed");
  std::string upper = hash;
  for (char& c : upper) c = static_cast<char>(c >= 'a' ? c - 32 : c);
  struct Row {
    std::string line;
    std::string words;
  };
  const std::string form = "line 2: not a hash and a name";
  const std::vector<Row> rows = {
      {hash + "  data/1.age", "line 2: it ends within the line: the file was cut"},
      {hash + "  data/1.age\r\r\n", "line 2: a name that this manifest may not list: data/1.age\\r"},
      {hash + "data/1.age\n", form},
      {hash + "*data/1.age\n", form},
      {hash + "  **data/1.age\n", "line 2: a name that this manifest may not list: *data/1.age"},
      {hash + "  \n", form},
      {hash + "\n", form},
      {hash.substr(1) + "  data/1.age\n", form},
      {hash + "0  data/1.age\n", form},
      {"g" + hash.substr(1) + "  data/1.age\n", form},
      {"\n", form},
      {" " + hash + "  data/1.age\n", form},
      {"# a comment\n", form},
      {hash + "  data/" + std::string(1020, 'a') + "\n", "line 2: a name that this manifest may not list"},
      {hash + "  data/" + std::string(10'000'000, 'a') + "\n", "line 2: a name that this manifest may not list"},
      {std::string(10'000'000, 'a') + "\n", form},
      {HashOf("one\ntwo\n") + "  data/1-a.log\n", "line 2: a name that is listed twice: data/1-a.log"},
      {hash + "  data/1-a.log\n", "line 2: a name that is listed twice: data/1-a.log"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line.substr(0, 200));
    Write(kManifest, HashOf("one\ntwo\n") + "  data/1-a.log\n" + row.line);
    FitTagManifest();
    CheckFinds(kManifest + std::string(": ") + row.words);
  }
}

TEST_CASE_METHOD(BagFixture, "a manifest as RFC 8493 allows other tools to write it lists the same", "[bag]") {
  std::string upper = HashOf("sealed");
  for (char& c : upper) c = static_cast<char>(c >= 'a' ? c - 32 : c);
  for (const std::string& line :
       {HashOf("sealed") + " data/1.age\n", HashOf("sealed") + " *data/1.age\n", HashOf("sealed") + "\tdata/1.age\n",
        HashOf("sealed") + "   data/1.age\n", HashOf("sealed") + "  data/1.age\r\n", upper + "  data/1.age\n"}) {
    CAPTURE(line);
    Write(kManifest, HashOf("one\ntwo\n") + "  data/1-a.log\n" + line);
    FitTagManifest();
    CHECK(Problems().empty());
  }
}

TEST_CASE_METHOD(BagFixture, "what a transfer tool made of line ends is named as that", "[bag]") {
  const auto convert = [&](std::string_view name, const std::string& from, const std::string& to) {
    std::string text = Read(name);
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
    Write(name, text);
  };
  SECTION("of the evidence") {
    convert("data/1-a.log", "\n", "\r\n");
    CheckProblem("data/1-a.log", "is not what the manifest says: its line ends were converted on the way");
  }
  SECTION("of a manifest") {
    convert(kManifest, "\n", "\r\n");
    CheckProblem(kManifest, "its line ends were converted on the way");
  }
  SECTION("of bagit.txt") {
    convert("bagit.txt", "\n", "\r\n");
    CheckProblem("bagit.txt", "its line ends were converted on the way");
  }
  SECTION("but not what was changed besides") {
    Write("data/1-a.log", "one\r\ntwO\r\n");
    CheckProblem("data/1-a.log", "its SHA-256 is");
  }
}

TEST_CASE_METHOD(BagFixture, "CR alone ends no line", "[bag]") {
  std::string manifest = Read(kManifest);
  for (std::size_t at = 0; (at = manifest.find('\n', at)) != std::string::npos; at += 2) manifest.insert(at, "\r");
  std::erase(manifest, '\n');
  Write(kManifest, manifest + "\n");
  FitTagManifest();
  CheckFinds("line 1: a name that this manifest may not list: data/1-a.log\\r");
}

TEST_CASE_METHOD(BagFixture, "a manifest that is too large is not read into memory", "[bag]") {
  std::filesystem::resize_file(bag / kManifest, std::uintmax_t{1} << 40);
  CheckFinds("manifest-sha256.txt is longer than");
}

TEST_CASE_METHOD(BagFixture, "a damaged tag manifest is found", "[bag]") {
  SECTION("gone") {
    std::filesystem::remove(bag / kTagManifest);
    CheckFinds(kTagManifest);
  }
  SECTION("empty") {
    Write(kTagManifest, "");
    CHECK(Unwrap(CheckBag(bag)).problems.size() ==
          9);  // four that must be listed; all five are listed with their SHA-512 alone
  }
  SECTION("cut off in a line") {
    Write(kTagManifest, Read(kTagManifest).substr(0, 100));
    CheckFinds("tagmanifest-sha256.txt: line 2: it ends within the line");
  }
  SECTION("what nobody lists, listed in the other one alone") {
    AppendTo("tagmanifest-sha512.txt", std::string(128, '0') + "  bundle.note\n");
    Write("bundle.note", "x");
    CheckProblem("bundle.note", "is listed with its SHA-512 alone");
  }
  SECTION("a line left out") {
    Replace(kTagManifest, HashOf("policy") + "  policy.txt\n", "");
    CheckProblem("policy.txt", "is listed with its SHA-512 alone");
  }
  SECTION("without the manifest, which could then be exchanged unseen") {
    Replace(kTagManifest, HashOf(Read(kManifest)) + "  manifest-sha256.txt\n", "");
    const auto problems = Unwrap(CheckBag(bag)).problems;
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].file == kManifest);
    CHECK(problems[0].message == "is not listed in the tag manifest");
  }
  SECTION("another hash") {
    Replace(kTagManifest, HashOf("policy"), HashOf("Policy"));
    CheckProblem("policy.txt", "is not what the manifest says");
  }
  SECTION("every flipped bit") {
    const std::string good = Read(kTagManifest);
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string flipped = good;
      flipped[at] = static_cast<char>(flipped[at] ^ 1);
      Write(kTagManifest, flipped);
      const auto checked = CheckBag(bag);
      CAPTURE(at);
      REQUIRE_FALSE((checked && checked->problems.empty()));
    }
  }
}

TEST_CASE_METHOD(BagFixture, "a manifest that was changed after the tag manifest is found", "[bag]") {
  Write("data/1.age", "Sealed");
  Replace(kManifest, HashOf("sealed"), HashOf("Sealed"));
  const auto problems = Unwrap(CheckBag(bag)).problems;
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].file == "data/1.age");
  CHECK(problems[0].message == "is not what the manifest says: its SHA-512 is " + Hash512Of("Sealed"));
  CHECK(problems[1].file == kManifest);
  CHECK(problems[1].message.starts_with("is not what the manifest says: its SHA-256 is "));
}

TEST_CASE_METHOD(BagFixture, "what is listed with one of the two hashes alone is found", "[bag]") {
  SECTION("a file of the payload, without its SHA-512") {
    Replace(kManifest512, Hash512Of("sealed") + "  data/1.age\n", "");
    const auto problems = Unwrap(CheckBag(bag)).problems;
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].file == "data/1.age");
    CHECK(problems[0].message == "is listed with its SHA-256 alone");
    CHECK(problems[1].file == kManifest512);
  }
  SECTION("a tag file, without its SHA-512") {
    Replace(kTagManifest512, Hash512Of("policy") + "  policy.txt\n", "");
    CheckProblem("policy.txt", "is listed with its SHA-256 alone");
  }
  SECTION("a file that is not there, with its SHA-512") {
    AppendTo(kTagManifest512, Hash512Of("") + "  report.html\n");
    CheckProblem("report.html", "is missing");
  }
  SECTION("another SHA-512") {
    Replace(kTagManifest512, Hash512Of("policy"), Hash512Of("Policy"));
    CheckProblem("policy.txt", "is not what the manifest says: its SHA-512 is " + Hash512Of("policy"));
  }
  SECTION("a SHA-256 in the place of a SHA-512") {
    Replace(kTagManifest512, Hash512Of("policy"), HashOf("policy"));
    CheckFinds("tagmanifest-sha512.txt: line 5: not a hash and a name");
  }
  SECTION("one manifest of SHA-512") {
    std::filesystem::remove(bag / GENERATE(as<std::string>(), "manifest-sha512.txt", "tagmanifest-sha512.txt"));
    CheckFinds("manifest-sha512.txt");
  }
}

TEST_CASE_METHOD(BagFixture, "a bag may have no manifest of SHA-512", "[bag]") {
  std::filesystem::remove(bag / kManifest512);
  std::filesystem::remove(bag / kTagManifest512);
  CheckProblem(kManifest512, "is missing");  // the other tag manifest lists it
  std::string text = Read(kTagManifest);
  const std::size_t at = text.find("  manifest-sha512.txt\n") - 64;
  Write(kTagManifest, text.erase(at, 64 + std::string("  manifest-sha512.txt\n").size()));
  CHECK(Problems().empty());
}

}  // namespace exhibit::testing
