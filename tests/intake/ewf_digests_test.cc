// Goal: what an E01 states of the disk inside is read, and a file that lies or is cut harms nothing. Method: files of the format's
// sections, with right checksums, and each rule broken once.
#include "vault/intake/ewf_digests.h"

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

namespace exhibit::intake {
namespace {

using custody::DigestAlgorithm;
using testing::TemporaryFolder;
using testing::Unwrap;
using testing::WriteText;

std::string Number(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

// RFC 1950, as its text has it.
std::string WithChecksum(const std::string& bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<std::uint8_t>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return bytes + Number(b << 16 | a, 4);
}

std::string Header() { return std::string("EVF\x09\x0D\x0A\xFF\x00\x01\x01\x00\x00\x00", 13); }

void AddSection(std::string& file, std::string type, const std::string& data, std::uint64_t next) {
  type.resize(16, '\0');
  file += WithChecksum(type + Number(next, 8) + Number(76 + data.size(), 8) + std::string(40, '\0')) + data;
}
void AddSection(std::string& file, const std::string& type, const std::string& data = {}) {
  AddSection(file, type, data, file.size() + 76 + data.size());
}

const std::string kMd5(16, '\x11');
const std::string kSha1(20, '\x22');
std::string Hash(const std::string& md5) { return WithChecksum(md5 + std::string(16, '\0')); }
std::string Digest(const std::string& md5, const std::string& sha1) {
  return WithChecksum(md5 + sha1 + std::string(40, '\0'));
}

Result<EwfStatement> Read(const std::string& content) {
  const TemporaryFolder folder;
  WriteText(folder.path() / "a.E01", content);
  return ReadEwfStatement(Unwrap(OpenForReading(folder.path() / "a.E01")), "a.E01");
}

}  // namespace

TEST_CASE("the last file of an E01 states MD5 and SHA-1 of the disk; another says that one follows", "[intake]") {
  std::string file = Header();
  AddSection(file, "sectors", "packed");
  const std::string begun = file;
  AddSection(file, "digest", Digest(kMd5, kSha1));
  AddSection(file, "hash", Hash(kMd5));
  AddSection(file, "done");
  const EwfStatement last = Unwrap(Read(file));
  REQUIRE(last.media.size() == 2);
  CHECK(last.media[0] == custody::ClaimedDigest{DigestAlgorithm::kMd5, ToBytes(ViewOf(kMd5)), false});
  CHECK(last.media[1] == custody::ClaimedDigest{DigestAlgorithm::kSha1, ToBytes(ViewOf(kSha1)), false});
  CHECK_FALSE(last.another_follows);
  file = begun;
  AddSection(file, "next");
  CHECK(Unwrap(Read(file)).another_follows);
  CHECK(Unwrap(Read(file)).media.empty());
}

TEST_CASE("a digest of zeros is one that was not made", "[intake]") {
  std::string file = Header();
  AddSection(file, "digest", Digest(kMd5, std::string(20, '\0')));
  AddSection(file, "done");
  CHECK(Unwrap(Read(file)).media.size() == 1);
}

TEST_CASE("an E01 that is cut, damaged or leads nowhere is refused in words", "[intake]") {
  std::string good = Header();
  AddSection(good, "hash", Hash(kMd5));
  AddSection(good, "done");
  CHECK_FAILS(Read("EVF"), ErrorCode::kInvalid, "ends before its last section");
  CHECK_FAILS(Read(std::string(2000, 'x')), ErrorCode::kInvalid, "does not begin as an E01");
  for (std::size_t size = 13; size < good.size(); ++size) {
    CAPTURE(size);
    CHECK_FAILS(Read(good.substr(0, size)), ErrorCode::kInvalid, "ends before its last section");
  }
  // One bit of each byte of its descriptors and of the digest.
  for (std::size_t at = 13; at < good.size(); at += 5) {
    CAPTURE(at);
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CHECK_FAILS(Read(damaged), ErrorCode::kInvalid, "damaged");
  }
  for (const std::uint64_t next : {std::uint64_t{0}, std::uint64_t{13}, std::uint64_t{88}}) {
    CAPTURE(next);
    std::string backwards = Header();
    AddSection(backwards, "table", "", next);
    CHECK_FAILS(Read(backwards), ErrorCode::kInvalid, "leads backwards");
  }
  for (const std::uint64_t next : {std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    std::string beyond = Header();
    AddSection(beyond, "table", "", next);
    CHECK_FAILS(Read(beyond), ErrorCode::kInvalid, next >> 63 ? "beyond its end" : "ends before");
  }
}

}  // namespace exhibit::intake
