#include "vault/intake/ewf_digests.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "vault/base/format.h"
#include "vault/base/little_endian.h"
#include "vault/base/text.h"

namespace exhibit::intake {
namespace {

using custody::DigestAlgorithm;

constexpr std::string_view kMagic("EVF\x09\x0D\x0A\xFF\x00", 8);
constexpr std::uint64_t kHeaderBytes = 13;
constexpr std::size_t kSectionBytes = 76;
constexpr std::size_t kTypeBytes = 16;
constexpr std::size_t kChecksumAt = 72;
constexpr std::size_t kMd5Bytes = 16;
constexpr std::size_t kSha1Bytes = 20;
constexpr std::size_t kHashBytes = 36;    // with its checksum
constexpr std::size_t kDigestBytes = 80;  // with its checksum
constexpr std::size_t kMaxSections = 1 << 20;

// RFC 1950. The bytes are few.
std::uint32_t Adler32(ByteView bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

bool HasItsChecksum(ByteView bytes, std::size_t at) {
  return GetLittle<std::uint32_t>(bytes, at) == Adler32(bytes.first(at));
}

class Sections {
 public:
  Sections(const FileDescriptor& file, const std::filesystem::path& path) : file_(file), path_(path) {}

  Result<EwfStatement> Read() {
    std::array<std::uint8_t, kHeaderBytes> header{};
    TRY_VOID(ReadAt(0, header));
    if (!TextOf(ByteView(header)).starts_with(kMagic)) return Bad("it does not begin as an E01 does");
    EwfStatement statement;
    std::uint64_t at = kHeaderBytes;
    for (std::size_t i = 0; i < kMaxSections; ++i) {
      std::array<std::uint8_t, kSectionBytes> section{};
      TRY_VOID(ReadAt(at, section));
      if (!HasItsChecksum(section, kChecksumAt)) return Bad(Format("the section at byte {} is damaged", at));
      const std::string_view padded = TextOf(ByteView(section).first(kTypeBytes));
      const std::string_view type = padded.substr(0, padded.find('\0'));
      const std::uint64_t next = GetLittle<std::uint64_t>(section, kTypeBytes);
      if (type == "done" || type == "next") {
        statement.another_follows = type == "next";
        return statement;
      }
      if (type == "hash") TRY_VOID(ReadHash(at + kSectionBytes, statement));
      if (type == "digest") TRY_VOID(ReadDigest(at + kSectionBytes, statement));
      if (next < at + kSectionBytes) return Bad(Format("the section at byte {} leads backwards", at));
      at = next;
    }
    return Bad("it has more than a million sections");
  }

 private:
  Failure Bad(std::string_view why) const {
    return Fail(ErrorCode::kInvalid, Format("{}: {}", Printable(path_.native()), why));
  }

  Result<void> ReadAt(std::uint64_t at, MutableByteView into) const {
    constexpr std::uint64_t kFarthest = std::uint64_t{1} << 62;
    if (at > kFarthest) return Bad("a section lies beyond its end");
    TRY(const std::size_t got, ReadFullAt(file_, at, into, path_));
    return got == into.size() ? Result<void>() : Bad("it ends before its last section");
  }

  static void Add(EwfStatement& statement, DigestAlgorithm algorithm, ByteView value) {
    const bool is_set = std::ranges::any_of(value, [](std::uint8_t byte) { return byte != 0; });
    const bool is_known =
        std::ranges::any_of(statement.media, [&](const auto& one) { return one.algorithm == algorithm; });
    if (is_set && !is_known) statement.media.push_back({algorithm, ToBytes(value), false});
  }

  Result<void> ReadHash(std::uint64_t at, EwfStatement& statement) const {
    std::array<std::uint8_t, kHashBytes> data{};
    TRY_VOID(ReadAt(at, data));
    if (!HasItsChecksum(data, kHashBytes - 4)) return Bad("its section `hash` is damaged");
    Add(statement, DigestAlgorithm::kMd5, ByteView(data).first(kMd5Bytes));
    return {};
  }

  Result<void> ReadDigest(std::uint64_t at, EwfStatement& statement) const {
    std::array<std::uint8_t, kDigestBytes> data{};
    TRY_VOID(ReadAt(at, data));
    if (!HasItsChecksum(data, kDigestBytes - 4)) return Bad("its section `digest` is damaged");
    Add(statement, DigestAlgorithm::kMd5, ByteView(data).first(kMd5Bytes));
    Add(statement, DigestAlgorithm::kSha1, ByteView(data).subspan(kMd5Bytes, kSha1Bytes));
    return {};
  }

  const FileDescriptor& file_;
  const std::filesystem::path& path_;
};

}  // namespace

Result<EwfStatement> ReadEwfStatement(const FileDescriptor& file, const std::filesystem::path& path) {
  return Sections(file, path).Read();
}

}  // namespace exhibit::intake
