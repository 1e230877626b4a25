// Goal: metadata has one spelling, keeps the bytes of hostile names, and refuses everything else by
// name. Method: golden JSON, round trips, and golden JSON with one thing changed.
#include "vault/seal/metadata.h"

#include <functional>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/seal/frames.h"

namespace exhibit::seal {
namespace {

using testing::Hex;
using testing::Unwrap;

constexpr std::string_view kAbcSha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kAbcSha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
constexpr std::string_view kAbcMd5 = "900150983cd24fb0d6963f7d28e17f72";

Metadata Least() {
  Metadata metadata;
  metadata.name = "auth.log";
  metadata.kind = Kind::kLog;
  metadata.size_bytes = 3;
  metadata.sha256 = *crypto::Sha256Digest::From(Hex(kAbcSha256));
  return metadata;
}

Metadata Most() {
  Metadata metadata = Least();
  metadata.path = "/var/log/auth.log";
  metadata.description = "sshd on the jump host";
  metadata.tags = {"jump-host", "day 1"};
  metadata.case_number = "IR-2025-014";
  metadata.source = "jump.stmary.example";
  metadata.file_type = FileType::kSymbolicLink;
  metadata.link_target = "auth.log.1";
  metadata.modified = Moment{1'000'000'000'123};
  metadata.acquired_at = Moment{0};
  metadata.acquired_by = "R. Okafor";
  metadata.clock_offset_ms = -1500;
  metadata.tool = "exhibit 0.1.0";
  metadata.method = "live copy";
  metadata.retain_until = Moment{1'900'000'000'000};
  metadata.changed_while_read = true;
  metadata.sha1 = *crypto::Sha1Digest::From(Hex(kAbcSha1));
  metadata.md5 = *crypto::Md5Digest::From(Hex(kAbcMd5));
  metadata.claimed = {{DigestAlgorithm::kMd5, Hex(kAbcMd5), true}, {DigestAlgorithm::kSha1, Bytes(20, 0), false}};
  return metadata;
}

const std::string kLeastJson = R"({"v":1,"name":"auth.log","kind":"log","file_type":"regular","size":3,)"
                               R"("digests":{"sha256":")" +
                               std::string(kAbcSha256) + R"("}})";

const std::string kMostJson =
    R"({"v":1,"name":"auth.log","path":"/var/log/auth.log","kind":"log",)"
    R"("description":"sshd on the jump host","tags":["jump-host","day 1"],"case":"IR-2025-014",)"
    R"("source":"jump.stmary.example","file_type":"symbolic-link","link_target":"auth.log.1",)"
    R"("size":3,"modified":"2001-09-09T01:46:40.123Z","acquired_at":"1970-01-01T00:00:00.000Z",)"
    R"("acquired_by":"R. Okafor","clock_offset_ms":-1500,"tool":"exhibit 0.1.0",)"
    R"("method":"live copy","retain_until":"2030-03-17T17:46:40.000Z","changed_while_read":true,"digests":{"sha256":")" +
    std::string(kAbcSha256) + R"(","sha1":")" + std::string(kAbcSha1) + R"(","md5":")" + std::string(kAbcMd5) +
    R"("},"claimed":[{"algorithm":"md5","value":")" + std::string(kAbcMd5) +
    R"(","matched":true},{"algorithm":"sha1","value":"0000000000000000000000000000000000000000",)"
    R"("matched":false}]})";

// `json` with its first `from` replaced by `to`.
std::string With(std::string json, std::string_view from, std::string_view to) {
  const std::size_t at = json.find(from);
  REQUIRE(at != std::string::npos);
  return json.replace(at, from.size(), to);
}

void CheckRefused(std::string_view json, std::string_view words, ErrorCode code = ErrorCode::kInvalid) {
  CAPTURE(json);
  CHECK_FAILS(DecodeMetadata(json), code, words);
}

TEST_CASE("the least and the most that can be known have their golden JSON", "[seal]") {
  CHECK(Unwrap(EncodeMetadata(Least())) == kLeastJson);
  CHECK(Unwrap(EncodeMetadata(Most())) == kMostJson);
}

TEST_CASE("golden JSON is decoded to what it was made of", "[seal]") {
  CHECK(Unwrap(DecodeMetadata(kLeastJson)) == Least());
  CHECK(Unwrap(DecodeMetadata(kMostJson)) == Most());
}

TEST_CASE("names that are not UTF-8 keep their bytes", "[seal]") {
  Metadata metadata = Least();
  metadata.name = "caf\xe9.txt";
  metadata.path = "/srv/\xff/caf\xe9.txt";
  metadata.link_target = "\x80";
  const std::string json = Unwrap(EncodeMetadata(metadata));
  CHECK(json.find(R"("name":"caf)"
                  "\xef\xbf\xbd"
                  R"(.txt","name_raw":"Y2Fm6S50eHQ=")") != std::string::npos);
  CHECK(json.find(R"("path_raw":)") != std::string::npos);
  CHECK(json.find(R"("link_target_raw":"gA==")") != std::string::npos);
  CHECK(Unwrap(DecodeMetadata(json)) == metadata);
}

TEST_CASE("hostile but valid names are kept as they are", "[seal]") {
  for (const std::string& name :
       {std::string("a\nb"), std::string("\x1b[2J"), std::string("../../etc/passwd"),
        std::string("\xe2\x80\xae"
                    "cod.exe"),
        std::string("quote\"back\\slash"), std::string("nul\0inside", 10), std::string("\xf0\x9f\x98\x80")}) {
    Metadata metadata = Least();
    metadata.name = name;
    CHECK(Unwrap(DecodeMetadata(Unwrap(EncodeMetadata(metadata)))) == metadata);
  }
}

TEST_CASE("raw bytes that were not needed, or do not fit the name, are refused", "[seal]") {
  CheckRefused(With(kLeastJson, R"("kind")", R"("name_raw":"YXV0aC5sb2c=","kind")"), "not in the one form");
  Metadata metadata = Least();
  metadata.name = "caf\xe9";
  const std::string json = Unwrap(EncodeMetadata(metadata));
  CheckRefused(With(json, "caf\xef\xbf\xbd", "calc"), "not in the one form");
  CheckRefused(With(json, "Y2Fm6Q==", "Y2Fm6Q"), "\"name\" is missing or of a wrong form");
  CheckRefused(With(json, "Y2Fm6Q==", ""), "a name is empty");
}

TEST_CASE("the extremes of numbers and times are kept", "[seal]") {
  Metadata metadata = Least();
  metadata.size_bytes = UINT64_MAX;
  metadata.clock_offset_ms = INT64_MIN;
  metadata.modified = Moment{-62'167'219'200'000};
  CHECK(Unwrap(DecodeMetadata(Unwrap(EncodeMetadata(metadata)))) == metadata);
  metadata.clock_offset_ms = INT64_MAX;
  CHECK(Unwrap(DecodeMetadata(Unwrap(EncodeMetadata(metadata)))) == metadata);
}

TEST_CASE("the frozen words are these", "[seal]") {
  const std::pair<Kind, std::string_view> kinds[] = {
      {Kind::kLog, "log"},         {Kind::kRansomMessage, "ransom-message"},
      {Kind::kNotice, "notice"},   {Kind::kEmail, "email"},
      {Kind::kCapture, "capture"}, {Kind::kImage, "image"},
      {Kind::kOther, "other"}};
  for (const auto& [kind, word] : kinds) {
    CHECK(ToText(kind) == word);
    CHECK(Unwrap(KindFromText(word)) == kind);
  }
  CHECK(ToText(FileType::kRegular) == "regular");
  CHECK(ToText(FileType::kSymbolicLink) == "symbolic-link");
  CHECK(ToText(FileType::kStream) == "stream");
  CHECK(ToText(FileType::kDevice) == "device");
  CHECK(ToText(DigestAlgorithm::kSha256) == "sha256");
  CHECK(ToText(DigestAlgorithm::kSha1) == "sha1");
  CHECK(ToText(DigestAlgorithm::kMd5) == "md5");
  CHECK(DigestBytes(DigestAlgorithm::kSha256) == 32);
  CHECK(DigestBytes(DigestAlgorithm::kSha1) == 20);
  CHECK(DigestBytes(DigestAlgorithm::kMd5) == 16);
}

TEST_CASE("an unknown kind is refused with the words that there are", "[seal]") {
  const auto result = KindFromText("Log");
  CHECK_FAILS(result, ErrorCode::kInvalid, "unknown kind \"Log\"");
  CHECK(result.error().hint == "one of: log, ransom-message, notice, email, capture, image, other");
  CHECK_FAILS(KindFromText("\x1b[2J"), ErrorCode::kInvalid, "unknown kind \"\\x1b[2J\"");
}

TEST_CASE("what cannot be written is refused, by the name of the field", "[seal]") {
  const auto refused = [](const std::function<void(Metadata&)>& change, std::string_view words) {
    Metadata metadata = Most();
    change(metadata);
    CHECK_FAILS(EncodeMetadata(metadata), ErrorCode::kInvalid, words);
  };
  const std::string too_long(kMaxMetadataText + 1, 'x');
  refused([](Metadata& m) { m.description = "\xff"; }, "description is not valid UTF-8");
  refused([](Metadata& m) { m.case_number = "\xff"; }, "case is not valid UTF-8");
  refused([](Metadata& m) { m.source = "\xff"; }, "source is not valid UTF-8");
  refused([](Metadata& m) { m.acquired_by = "\xff"; }, "acquired-by is not valid UTF-8");
  refused([](Metadata& m) { m.tool = "\xff"; }, "tool is not valid UTF-8");
  refused([](Metadata& m) { m.method = "\xff"; }, "method is not valid UTF-8");
  refused([](Metadata& m) { m.tags = {"\xff"}; }, "tag is not valid UTF-8");
  refused([&](Metadata& m) { m.description = too_long; }, "description is longer than 64 KiB");
  refused([&](Metadata& m) { m.tags = {too_long}; }, "tag is longer than 64 KiB");
  refused([](Metadata& m) { m.tags = {""}; }, "a tag is empty or given twice");
  refused([](Metadata& m) { m.tags = {"a", "b", "a"}; }, "a tag is empty or given twice");
  refused([](Metadata& m) { m.name = ""; }, "a name is empty");
  refused([&](Metadata& m) { m.name = too_long; }, "longer than 64 KiB");
  refused([&](Metadata& m) { m.path = too_long; }, "longer than 64 KiB");
  refused([&](Metadata& m) { m.link_target = too_long; }, "longer than 64 KiB");
  refused(
      [](Metadata& m) {
        m.tags.clear();
        for (std::size_t i = 0; i <= kMaxTags; ++i) m.tags.push_back(std::to_string(i));
      },
      "more than 256 tags");
  refused(
      [](Metadata& m) {
        m.tags.clear();
        for (std::size_t i = 0; i < 20; ++i) m.tags.push_back(std::string(60'000, 'x') + std::to_string(i));
      },
      "metadata is longer than 1 MiB");
}

TEST_CASE("as many tags and as long texts as are allowed are kept", "[seal]") {
  Metadata metadata = Least();
  for (std::size_t i = 0; i < kMaxTags; ++i) metadata.tags.push_back(std::to_string(i));
  metadata.description = std::string(kMaxMetadataText, 'x');
  CHECK(Unwrap(DecodeMetadata(Unwrap(EncodeMetadata(metadata)))) == metadata);
}

TEST_CASE("what is no JSON object is refused", "[seal]") {
  for (const std::string_view json :
       {"", "null", "1", "[]", "\"v\"", "{", "{\"v\":1", "{'v':1}", "{\"v\":1}}", "\xff"}) {
    CheckRefused(json, "metadata: not a JSON object");
  }
  CheckRefused(std::string(kMaxMetadataBytes + 1, ' '), "metadata: longer than 1 MiB");
}

// The parser copies the members of an object while it grows, one call deeper for each level: twelve
// thousand levels ended the stack.
TEST_CASE("deeply nested JSON is refused without a crash", "[seal]") {
  const std::string list = std::string(400'000, '[') + std::string(400'000, ']');
  CHECK_FAILS(DecodeMetadata(list), ErrorCode::kInvalid, "metadata: nested deeper than 4 levels");
  CHECK_FAILS(DecodeMetadata(With(kLeastJson, R"("kind")", R"("x":)" + list + R"(,"kind")")), ErrorCode::kInvalid,
              "metadata: nested deeper than 4 levels");
}

// The parser compares each key with all before it: 110,000 of them, which fit, took 18 seconds.
TEST_CASE("an object with very many fields is refused before they are compared", "[seal]") {
  std::string fields;
  for (int i = 0; fields.size() < kMaxMetadataBytes - 1000; ++i) {
    fields += "\"" + std::to_string(i) + "\":0,";
  }
  CHECK_FAILS(DecodeMetadata(With(kLeastJson, R"("kind")", fields + R"("kind")")), ErrorCode::kInvalid,
              "metadata: an object has more than 32 members");
}

TEST_CASE("another version is unsupported, with its number", "[seal]") {
  CheckRefused(With(kLeastJson, R"("v":1)", R"("v":2)"), "version 2 is not known", ErrorCode::kUnsupported);
  CheckRefused(With(kLeastJson, R"("v":1,)", ""), "version (none)", ErrorCode::kUnsupported);
  CheckRefused(With(kLeastJson, R"("v":1)", R"("v":"1")"), "version (none)", ErrorCode::kUnsupported);
}

TEST_CASE("a field that must be there is missed by its name", "[seal]") {
  CheckRefused(With(kLeastJson, R"("name":"auth.log",)", ""), "\"name\" is missing");
  CheckRefused(With(kLeastJson, R"("kind":"log",)", ""), "unknown kind \"\"");
  CheckRefused(With(kLeastJson, R"("file_type":"regular",)", ""), "unknown file type \"\"");
  CheckRefused(With(kLeastJson, R"("size":3,)", ""), "\"size\" is missing");
  CheckRefused(With(kLeastJson, R"("size":3,)", R"("size":-3,)"), "\"size\" is missing or of a wrong");
  CheckRefused(With(kLeastJson, R"("size":3,)", R"("size":"3",)"), "\"size\" is missing or of a wrong");
  CheckRefused(With(kLeastJson, R"("sha256")", R"("sha512")"), "\"sha256\" is missing");
  CheckRefused(With(kLeastJson, "ba78", "BA78"), "\"sha256\" is missing or of a wrong form");
  CheckRefused(With(kLeastJson, R"("digests":{)", R"("digest":{)"), "\"digests\" is missing");
  CheckRefused(With(kLeastJson, R"("kind":"log")", R"("kind":"logs")"), "unknown kind \"logs\"");
  CheckRefused(With(kLeastJson, R"("regular")", R"("fifo")"), "unknown file type \"fifo\"");
}

TEST_CASE("unknown, repeated and reordered fields and white space are refused", "[seal]") {
  constexpr std::string_view kRule = "not in the one form that it may have";
  CheckRefused(With(kLeastJson, R"("kind")", R"("colour":"red","kind")"), kRule);
  CheckRefused(With(kLeastJson, R"("kind":"log")", R"("kind":"log","kind":"log")"), kRule);
  CheckRefused(With(kLeastJson, R"("v":1,"name":"auth.log")", R"("name":"auth.log","v":1)"), kRule);
  CheckRefused(With(kLeastJson, R"("size":3)", R"("size": 3)"), kRule);
  CheckRefused(kLeastJson + "\n", kRule);
  CheckRefused(" " + kLeastJson, kRule);
  CheckRefused(With(kLeastJson, "auth", "\\u0061uth"), kRule);
  CheckRefused(With(kLeastJson, R"("}})", R"(","crc32":"00"}})"), kRule);
}

TEST_CASE("a field of a wrong type or form is refused", "[seal]") {
  constexpr std::string_view kRule = "not in the one form that it may have";
  CheckRefused(With(kMostJson, R"("description":"sshd on the jump host")", R"("description":7)"), kRule);
  CheckRefused(With(kMostJson, R"("path":"/var/log/auth.log")", R"("path":null)"), kRule);
  CheckRefused(With(kMostJson, R"(40.123Z)", R"(40.12Z)"), kRule);
  CheckRefused(With(kMostJson, R"(-1500)", R"(-1500.0)"), kRule);
  CheckRefused(With(kMostJson, R"(-1500)", R"(-1.5e3)"), kRule);
  CheckRefused(With(kMostJson, R"(-1500)", R"("-1500")"), kRule);
  CheckRefused(With(kMostJson, R"("changed_while_read":true)", R"("changed_while_read":false)"), kRule);
  CheckRefused(With(kMostJson, R"("changed_while_read":true)", R"("changed_while_read":1)"), kRule);
  CheckRefused(With(kMostJson, kAbcSha1, "00"), kRule);
  CheckRefused(With(kLeastJson, R"("file_type")", R"("tags":[],"file_type")"), kRule);
  CheckRefused(With(kLeastJson, R"("file_type")", R"("tags":"a","file_type")"), kRule);
  CheckRefused(With(kMostJson, R"("day 1")", R"(1)"), "\"tags\" is missing or of a wrong form");
  CheckRefused(With(kMostJson, R"("day 1")", R"("jump-host")"), "a tag is empty or given twice");
}

TEST_CASE("a claim that is not whole is refused", "[seal]") {
  CheckRefused(With(kMostJson, R"("claimed":[{)", R"("claimed":[1,{)"),
               "\"claimed\" holds something that is not an object");
  CheckRefused(With(kMostJson, R"("algorithm":"md5")", R"("algorithm":"crc32")"), "unknown digest \"crc32\"");
  CheckRefused(With(kMostJson, R"("algorithm":"md5")", R"("algorithm":"sha1")"), "a claimed digest has a wrong length");
  CheckRefused(With(kMostJson, R"("matched":true)", R"("matched":1)"), "not in the one form");
  CheckRefused(With(kMostJson, R"("value":"9001)", R"("value":"900)"), "hex has an odd number");
  CheckRefused(With(kLeastJson, R"("}})", R"("},"claimed":[]})"), "not in the one form");
}

TEST_CASE("names with lone surrogates or broken UTF-8 in JSON are refused", "[seal]") {
  CheckRefused(With(kLeastJson, "auth.log", "\\ud800"), "metadata: not a JSON object");
  CheckRefused(With(kLeastJson, "auth.log", "caf\xe9"), "metadata: not a JSON object");
}

}  // namespace
}  // namespace exhibit::seal
