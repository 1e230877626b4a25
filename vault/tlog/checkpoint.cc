#include "vault/tlog/checkpoint.h"

#include <array>

#include "vault/base/encoding.h"
#include "vault/base/format.h"

namespace exhibit::tlog {

Result<Origin> Origin::Parse(std::string_view text) {
  auto name = KeyName::Parse(text);
  if (!name) {
    return Fail(ErrorCode::kInvalid, "origin: " + name.error().message,
                "an origin is a URL without its scheme, such as x7.example/q4d2");
  }
  const char first = text.front();
  const bool begins_well =
      (first >= '0' && first <= '9') || (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
  if (!begins_well || text.size() > kMaxOriginBytes) {
    return Fail(ErrorCode::kInvalid, "origin: does not begin with a letter or a digit, or has more than 200 characters",
                "an origin is a URL without its scheme, such as x7.example/q4d2");
  }
  return Origin(std::move(*name));
}

std::string RootText(const RootHash& root) { return ToBase64(root.view(), Base64::kPadded); }

std::string Describe(const Checkpoint& checkpoint) {
  return Format("size {}, root {}", checkpoint.size, RootText(checkpoint.root));
}

std::string EncodeCheckpoint(const Checkpoint& checkpoint) {
  return std::string(checkpoint.origin.text()) + "\n" + std::to_string(checkpoint.size.value) + "\n" +
         RootText(checkpoint.root) + "\n";
}

Result<Checkpoint> DecodeCheckpoint(std::string_view text) {
  std::array<std::string_view, 3> lines;
  for (std::string_view& line : lines) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return Fail(ErrorCode::kInvalid, "checkpoint: has fewer than three lines");
    }
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) return Fail(ErrorCode::kInvalid, "checkpoint: has more than three lines");
  auto origin = Origin::Parse(lines[0]);
  if (!origin) return Fail(std::move(origin).error().In("checkpoint"));
  const auto size = FromDecimal(lines[1]);
  if (!size) return Fail(ErrorCode::kInvalid, "checkpoint: size: " + size.error().message);
  auto root = FixedFromBase64<RootHash>(lines[2], "root");
  if (!root) return Fail(std::move(root).error().In("checkpoint"));
  if (*size == 0 && *root != EmptyRoot()) {
    return Fail(ErrorCode::kInvalid, "checkpoint: size 0 with a root that is not the empty tree's");
  }
  return Checkpoint{std::move(*origin), {*size}, *root};
}

Result<Bytes> SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& log_key) {
  TRY(Bytes note, SignNote(EncodeCheckpoint(checkpoint), log_key));
  // A signature that came out wrong must not leave this machine.
  const auto opened = OpenCheckpoint(note, log_key.verifier());
  EXHIBIT_ASSERT(opened && *opened == checkpoint);
  return note;
}

Result<Checkpoint> OpenCheckpoint(ByteView bytes, const VerifierKey& log_key) {
  TRY(const SignedNote note, SignedNote::Parse(bytes));
  TRY_VOID(VerifyNote(note, std::span(&log_key, 1)));
  return DecodeCheckpoint(note.text());
}

}  // namespace exhibit::tlog
