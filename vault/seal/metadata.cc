#include "vault/seal/metadata.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/json.h"
#include "vault/base/text.h"
#include "vault/seal/frames.h"

namespace exhibit::seal {
namespace {

constexpr std::uint64_t kVersion = 1;
// More than any metadata has: a claim is on level 3, and there are 23 fields.
constexpr JsonLimits kJsonLimits{.levels = 4, .members = 32};

template <typename Value, std::size_t N>
using Words = std::array<std::pair<Value, std::string_view>, N>;

constexpr Words<Kind, 7> kKinds = {{{Kind::kLog, "log"},
                                    {Kind::kRansomMessage, "ransom-message"},
                                    {Kind::kNotice, "notice"},
                                    {Kind::kEmail, "email"},
                                    {Kind::kCapture, "capture"},
                                    {Kind::kImage, "image"},
                                    {Kind::kOther, "other"}}};
constexpr Words<FileType, 4> kFileTypes = {{{FileType::kRegular, "regular"},
                                            {FileType::kSymbolicLink, "symbolic-link"},
                                            {FileType::kStream, "stream"},
                                            {FileType::kDevice, "device"}}};
constexpr Words<DigestAlgorithm, 3> kAlgorithms = {
    {{DigestAlgorithm::kSha256, "sha256"}, {DigestAlgorithm::kSha1, "sha1"}, {DigestAlgorithm::kMd5, "md5"}}};

template <typename Value, std::size_t N>
std::string_view WordOf(const Words<Value, N>& words, Value value) {
  for (const auto& [candidate, word] : words) {
    if (candidate == value) return word;
  }
  InternalError("a value has no word", __FILE__, __LINE__);
}

template <typename Value, std::size_t N>
Result<Value> ValueOf(const Words<Value, N>& words, std::string_view what, std::string_view text) {
  std::string known;
  for (const auto& [value, word] : words) {
    if (word == text) return value;
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  return Fail(ErrorCode::kInvalid, Format("unknown {} \"{}\"", what, Printable(text.substr(0, 64))),
              "one of: " + known);
}

Result<void> CheckText(std::string_view name, const std::string& text) {
  if (text.size() > kMaxMetadataText) return Fail(ErrorCode::kInvalid, std::string(name) + " is longer than 64 KiB");
  if (!IsUtf8(text)) return Fail(ErrorCode::kInvalid, std::string(name) + " is not valid UTF-8");
  return {};
}

Result<void> CheckTexts(const Metadata& metadata) {
  const std::array<std::pair<std::string_view, const std::optional<std::string>*>, 6> texts = {{
      {"description", &metadata.description},
      {"case", &metadata.case_number},
      {"source", &metadata.source},
      {"acquired-by", &metadata.acquired_by},
      {"tool", &metadata.tool},
      {"method", &metadata.method},
  }};
  for (const auto& [name, text] : texts) {
    if (*text) TRY_VOID(CheckText(name, **text));
  }
  if (metadata.tags.size() > kMaxTags) return Fail(ErrorCode::kInvalid, "more than 256 tags");
  for (const std::string& tag : metadata.tags) {
    TRY_VOID(CheckText("tag", tag));
    if (tag.empty() || std::ranges::count(metadata.tags, tag) > 1) {
      return Fail(ErrorCode::kInvalid, "a tag is empty or given twice");
    }
  }
  if (metadata.name.empty() || metadata.name.size() > kMaxMetadataText ||
      (metadata.path && metadata.path->size() > kMaxMetadataText) ||
      (metadata.link_target && metadata.link_target->size() > kMaxMetadataText)) {
    return Fail(ErrorCode::kInvalid, "a name is empty, or a name or path is longer than 64 KiB");
  }
  return {};
}

// --- reading; a value of a wrong type reads as absent, which shows when the metadata is encoded again ---

class MetadataReader {
 public:
  explicit MetadataReader(const Json& json) : json_(json) {}

  std::optional<std::string> Text(const std::string& name) const {
    const Json* const found = json_.Find(name);
    return found == nullptr || !found->IsText() ? std::nullopt : std::optional(*found->Text());
  }
  std::optional<std::string> Raw(const std::string& name) const {
    const auto raw = Text(name + "_raw");
    if (!raw) return Text(name);
    const auto bytes = FromBase64(*raw, Base64::kPadded);
    return bytes ? std::optional(exhibit::ToText(*bytes)) : std::nullopt;
  }
  std::optional<Moment> Time(const std::string& name) const {
    const auto text = Text(name);
    const auto time = text ? ParseCanonicalTime(*text) : Result<Moment>(Moment());
    return text && time ? std::optional(*time) : std::nullopt;
  }
  std::optional<std::uint64_t> Unsigned(const std::string& name) const {
    const Json* const found = json_.Find(name);
    return found == nullptr ? std::nullopt : found->Unsigned();
  }
  std::optional<std::int64_t> Signed(const std::string& name) const {
    const Json* const found = json_.Find(name);
    return found == nullptr ? std::nullopt : found->Signed();
  }
  bool True(const std::string& name) const {
    const Json* const found = json_.Find(name);
    return found != nullptr && found->IsTrue();
  }
  // The list or object under `name`; nothing if it is not there.
  const Json* Child(const std::string& name) const { return json_.Find(name); }
  template <typename Digest>
  std::optional<Digest> Hex(const std::string& name) const {
    const auto text = Text(name);
    const auto digest = text ? FixedFromHex<Digest>(*text, name) : Result<Digest>(Digest());
    return text && digest ? std::optional(*digest) : std::nullopt;
  }

 private:
  const Json& json_;
};

Result<std::vector<ClaimedDigest>> ReadClaims(const Json* claims) {
  std::vector<ClaimedDigest> result;
  if (claims == nullptr) return result;
  for (const Json& element : claims->Elements()) {
    if (!element.IsObject()) return Fail(ErrorCode::kInvalid, "\"claimed\" holds something that is not an object");
    const MetadataReader claim(element);
    TRY(const DigestAlgorithm algorithm, ValueOf(kAlgorithms, "digest", claim.Text("algorithm").value_or("")));
    TRY(Bytes value, FromHex(claim.Text("value").value_or("")));
    if (value.size() != DigestBytes(algorithm)) return Fail(ErrorCode::kInvalid, "a claimed digest has a wrong length");
    result.push_back({algorithm, std::move(value), claim.True("matched")});
  }
  return result;
}

Result<Metadata> ReadMetadata(const MetadataReader& reader) {
  const auto version = reader.Unsigned("v");
  if (version != kVersion) {
    return Fail(ErrorCode::kUnsupported,
                Format("version {} is not known", version ? std::to_string(*version) : "(none)"));
  }
  const auto required = [](bool present, std::string_view name) -> Result<void> {
    if (present) return {};
    return Fail(ErrorCode::kInvalid, Format("\"{}\" is missing or of a wrong form", name));
  };
  Metadata metadata;
  const auto name = reader.Raw("name");
  TRY_VOID(required(name.has_value(), "name"));
  metadata.name = *name;
  metadata.path = reader.Raw("path");
  TRY(metadata.kind, KindFromText(reader.Text("kind").value_or("")));
  metadata.description = reader.Text("description");
  if (const Json* const tags = reader.Child("tags"); tags != nullptr) {
    for (const Json& tag : tags->Elements()) {
      TRY_VOID(required(tag.IsText(), "tags"));
      metadata.tags.push_back(*tag.Text());
    }
  }
  metadata.case_number = reader.Text("case");
  metadata.source = reader.Text("source");
  TRY(metadata.file_type, ValueOf(kFileTypes, "file type", reader.Text("file_type").value_or("")));
  metadata.link_target = reader.Raw("link_target");
  const auto size = reader.Unsigned("size");
  TRY_VOID(required(size.has_value(), "size"));
  metadata.size_bytes = *size;
  metadata.modified = reader.Time("modified");
  metadata.acquired_at = reader.Time("acquired_at");
  metadata.acquired_by = reader.Text("acquired_by");
  metadata.clock_offset_ms = reader.Signed("clock_offset_ms");
  metadata.tool = reader.Text("tool");
  metadata.method = reader.Text("method");
  metadata.retain_until = reader.Time("retain_until");
  metadata.changed_while_read = reader.True("changed_while_read");
  const Json* const digests = reader.Child("digests");
  TRY_VOID(required(digests != nullptr && digests->IsObject(), "digests"));
  const MetadataReader digest_reader(*digests);
  const auto sha256 = digest_reader.Hex<crypto::Sha256Digest>("sha256");
  TRY_VOID(required(sha256.has_value(), "sha256"));
  metadata.sha256 = *sha256;
  metadata.sha1 = digest_reader.Hex<crypto::Sha1Digest>("sha1");
  metadata.md5 = digest_reader.Hex<crypto::Md5Digest>("md5");
  TRY(metadata.claimed, ReadClaims(reader.Child("claimed")));
  return metadata;
}

Result<Metadata> Decode(std::string_view text) {
  if (text.size() > kMaxMetadataBytes) return Fail(ErrorCode::kInvalid, "longer than 1 MiB");
  TRY(const Json json, Json::ParseObject(text, kJsonLimits));
  TRY(Metadata metadata, ReadMetadata(MetadataReader(json)));
  TRY(const std::string again, EncodeMetadata(metadata));
  if (again != text) {
    return Fail(ErrorCode::kInvalid,
                "not in the one form that it may have "
                "(unknown, repeated or reordered fields, or white space)");
  }
  return metadata;
}

}  // namespace

std::string_view ToText(Kind kind) { return WordOf(kKinds, kind); }
std::string_view ToText(FileType type) { return WordOf(kFileTypes, type); }
std::string_view ToText(DigestAlgorithm algorithm) { return WordOf(kAlgorithms, algorithm); }
Result<Kind> KindFromText(std::string_view text) { return ValueOf(kKinds, "kind", text); }

std::size_t DigestBytes(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kSha256: return crypto::Sha256Digest::kSize;
    case DigestAlgorithm::kSha1: return crypto::Sha1Digest::kSize;
    case DigestAlgorithm::kMd5: return crypto::Md5Digest::kSize;
  }
  return 0;
}

Json JsonOf(const Metadata& metadata) {
  Json json = {{"v", kVersion}};
  const auto put_raw = [&](const char* name, const std::string& bytes) {
    if (IsUtf8(bytes)) {
      json[name] = bytes;
    } else {
      json[name] = ReplaceInvalidUtf8(bytes);
      json[std::string(name) + "_raw"] = ToBase64(ViewOf(bytes), Base64::kPadded);
    }
  };
  const auto put = [&](const char* name, const auto& optional) {
    if (optional) json[name] = *optional;
  };
  const auto put_time = [&](const char* name, const std::optional<Moment>& time) {
    if (time) json[name] = FormatTime(*time);
  };
  put_raw("name", metadata.name);
  if (metadata.path) put_raw("path", *metadata.path);
  json["kind"] = std::string(ToText(metadata.kind));
  put("description", metadata.description);
  if (!metadata.tags.empty()) json["tags"] = metadata.tags;
  put("case", metadata.case_number);
  put("source", metadata.source);
  json["file_type"] = std::string(ToText(metadata.file_type));
  if (metadata.link_target) put_raw("link_target", *metadata.link_target);
  json["size"] = metadata.size_bytes;
  put_time("modified", metadata.modified);
  put_time("acquired_at", metadata.acquired_at);
  put("acquired_by", metadata.acquired_by);
  put("clock_offset_ms", metadata.clock_offset_ms);
  put("tool", metadata.tool);
  put("method", metadata.method);
  put_time("retain_until", metadata.retain_until);
  if (metadata.changed_while_read) json["changed_while_read"] = true;
  Json digests = {{"sha256", ToHex(metadata.sha256.view())}};
  if (metadata.sha1) digests["sha1"] = ToHex(metadata.sha1->view());
  if (metadata.md5) digests["md5"] = ToHex(metadata.md5->view());
  json["digests"] = std::move(digests);
  if (!metadata.claimed.empty()) {
    Json claimed = Json::List();
    for (const ClaimedDigest& claim : metadata.claimed) {
      claimed.push_back({{"algorithm", std::string(ToText(claim.algorithm))},
                         {"value", ToHex(claim.value)},
                         {"matched", claim.matched}});
    }
    json["claimed"] = std::move(claimed);
  }
  return json;
}

Result<std::string> EncodeMetadata(const Metadata& metadata) {
  TRY_VOID(CheckTexts(metadata));
  std::string json = JsonOf(metadata).Dump();
  if (json.size() > kMaxMetadataBytes) return Fail(ErrorCode::kInvalid, "metadata is longer than 1 MiB");
  return json;
}

Result<Metadata> DecodeMetadata(std::string_view json) {
  auto metadata = Decode(json);
  if (!metadata) return Fail(std::move(metadata).error().In("metadata"));
  return metadata;
}

}  // namespace exhibit::seal
