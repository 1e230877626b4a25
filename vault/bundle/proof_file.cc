#include "vault/bundle/proof_file.h"

#include <array>
#include <utility>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/hidden_subtrees.h"
#include "vault/bundle/line_ends.h"

namespace exhibit::bundle {
namespace {

constexpr std::string_view kKind = "exhibit-proof@";
constexpr std::string_view kFirstLine = "exhibit-proof@v1\n";
constexpr std::string_view kSection = "== ";

Failure Bad(std::string rule) { return Fail(ErrorCode::kTampered, "proof: " + std::move(rule)); }

// The sections in their order, each by where its text goes.
struct Section {
  std::string_view name;
  std::optional<std::string> text = {};
};
using Sections = std::array<Section, 7>;
enum Place : std::uint8_t { kEntries, kHashes, kFields, kCheckpoint, kTimestamps, kParts, kPartHashes };
Sections NoSections() {
  return {{{"entries"}, {"hashes"}, {"fields"}, {"checkpoint"}, {"timestamps"}, {"parts"}, {"part-hashes"}}};
}

// Each line goes to the section that was named last.
Result<Sections> Split(std::string_view text) {
  Sections sections = NoSections();
  std::size_t next = 0;  // the first that may still come
  while (!text.empty()) {
    const std::size_t end = text.find('\n') + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (!line.starts_with(kSection)) {
      if (next == 0) return Bad("has lines before its first section");
      *sections[next - 1].text += line;
      continue;
    }
    const std::string_view name = line.substr(kSection.size(), line.size() - kSection.size() - 1);
    while (next < sections.size() && sections[next].name != name) ++next;
    if (next == sections.size()) return Bad(Format("has the section {}, or has it there", PrintableUpTo(80, name)));
    sections[next++].text.emplace();
  }
  return sections;
}

Result<custody::Part> ParsePart(std::string_view line) {
  constexpr std::size_t kSaltDigits = 2 * custody::PartSalt::kSize;
  const std::size_t blank = line.find(' ', 2);
  if (line.starts_with("= ") && blank != std::string_view::npos && line.size() > blank + kSaltDigits + 2 &&
      line[blank + 1 + kSaltDigits] == ' ') {
    const auto index = FromDecimal(line.substr(2, blank - 2));
    const auto salt = FixedFromHex<custody::PartSalt>(line.substr(blank + 1, kSaltDigits), "salt");
    auto bytes = FromBase64(line.substr(blank + kSaltDigits + 2), Base64::kPadded);
    if (index && *index <= kMaxNumber && salt && bytes) return custody::Part{*index, *salt, std::move(*bytes)};
  }
  return Fail(ErrorCode::kInvalid, Format("parts: \"{}\" is no part", PrintableUpTo(80, line)));
}

}  // namespace

bool LooksLikeProof(std::string_view text) { return text.starts_with(kKind); }

Result<ProofFile> ParseProofFile(std::string_view text) {
  if (text.size() > kMaxProofFileBytes) return Bad("is longer than 16,777,216 bytes");
  if (text.find("\r\n") != std::string_view::npos) return Bad(std::string(kLineEndsConverted));
  if (!text.starts_with(kFirstLine)) return Bad("is of another version");
  if (!text.ends_with('\n')) return Bad("ends within a line");
  TRY(Sections sections, Split(text.substr(kFirstLine.size())));
  for (const Place needed : {kEntries, kHashes, kFields, kCheckpoint}) {
    if (!sections[needed].text) return Bad(Format("has no section {}", sections[needed].name));
  }
  if (sections[kParts].text.has_value() != sections[kPartHashes].text.has_value())
    return Bad("has parts without part-hashes, or the reverse");
  ProofFile proof;
  proof.log.entries = std::move(*sections[kEntries].text);
  proof.log.hashes = std::move(*sections[kHashes].text);
  proof.log.fields = std::move(*sections[kFields].text);
  proof.log.checkpoint = std::move(*sections[kCheckpoint].text);
  proof.log.timestamps = std::move(sections[kTimestamps].text);
  proof.parts = std::move(sections[kParts].text);
  proof.part_hashes = std::move(sections[kPartHashes].text);
  return proof;
}

std::string EncodeProofFile(const ProofFile& proof) {
  std::string text(kFirstLine);
  const auto section = [&](std::string_view name, const std::string& lines) {
    text += Format("{}{}\n", kSection, name);
    text += lines;
  };
  section("entries", proof.log.entries);
  section("hashes", proof.log.hashes);
  section("fields", proof.log.fields);
  section("checkpoint", proof.log.checkpoint);
  if (proof.log.timestamps) section("timestamps", *proof.log.timestamps);
  if (proof.parts) section("parts", *proof.parts);
  if (proof.part_hashes) section("part-hashes", *proof.part_hashes);
  return text;
}

Result<ShownParts> ParseShownParts(std::string_view parts, std::string_view part_hashes) {
  ShownParts shown;
  while (!parts.empty()) {
    const std::size_t end = parts.find('\n');
    if (end == std::string_view::npos) return Fail(ErrorCode::kInvalid, "parts: ends within a line");
    TRY(custody::Part part, ParsePart(parts.substr(0, end)));
    shown.parts.push_back(std::move(part));
    parts.remove_prefix(end + 1);
  }
  TRY(shown.hidden, ParseSubtrees(part_hashes));
  return shown;
}

std::string EncodeParts(const std::vector<custody::Part>& parts) {
  std::string text;
  for (const custody::Part& part : parts)
    text += Format("= {} {} {}\n", part.index, ToHex(part.salt.view()), ToBase64(part.bytes, Base64::kPadded));
  return text;
}

}  // namespace exhibit::bundle
