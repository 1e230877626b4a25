#include "vault/intake/velociraptor_records.h"

#include <algorithm>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/json.h"
#include "vault/base/text.h"
#include "vault/intake/digest_forms.h"

namespace exhibit::intake {
namespace {

constexpr JsonLimits kLimits{.levels = 32, .members = 10'000};
constexpr std::string_view kUploads = "uploads";
constexpr std::string_view kMapEnd = ".idx";

std::optional<Json> Parse(std::string_view text) {
  if (text.size() > kMaxVelociraptorLineBytes) return std::nullopt;
  auto parsed = Json::ParseObject(text, kLimits);
  return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

std::string_view TextIn(const Json& object, std::string_view name) {
  const Json* const found = object.Find(name);
  return found != nullptr && found->Text() != nullptr ? std::string_view(*found->Text()) : std::string_view();
}

std::optional<std::uint64_t> NumberIn(const Json& object, std::string_view name) {
  const Json* const found = object.Find(name);
  return found == nullptr ? std::nullopt : found->Unsigned();
}

// Messages end with an end of line.
std::string_view WithoutEnd(std::string_view text) { return text.substr(0, text.find_last_not_of(" \t\r\n") + 1); }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// "C%3A" is "C:". A "%" that begins no such pair is itself.
std::string Unescaped(std::string_view component) {
  std::string plain;
  for (std::size_t i = 0; i < component.size(); ++i) {
    const bool is_pair = component[i] == '%' && i + 2 < component.size() && HexDigit(component[i + 1]) >= 0 &&
                         HexDigit(component[i + 2]) >= 0;
    if (!is_pair) {
      plain.push_back(component[i]);
      continue;
    }
    plain.push_back(static_cast<char>(HexDigit(component[i + 1]) * 16 + HexDigit(component[i + 2])));
    i += 2;
  }
  return plain;
}

// A server names the client and the flow in front.
VelociraptorPlace FromUploads(VelociraptorPlace components) {
  const auto begin = std::ranges::find(components, kUploads);
  if (begin == components.end()) return {};
  components.erase(components.begin(), begin);
  return components;
}

VelociraptorPlace ComponentsIn(const Json& object, std::string_view name) {
  VelociraptorPlace components;
  const Json* const list = object.Find(name);
  if (list == nullptr) return components;
  for (const Json& one : list->Elements()) {
    if (one.Text() == nullptr) return {};
    components.push_back(*one.Text());
  }
  return FromUploads(std::move(components));
}

void Collect(const Json& value, std::vector<VelociraptorDigests>& found) {
  for (const Json& element : value.Elements()) Collect(element, found);
  for (const Json::Member& member : value.Members()) Collect(member.value, found);
  if (!value.IsObject()) return;
  VelociraptorDigests one;
  one.place = PlaceOfPath(TextIn(value, "StoredName"));
  if (one.place.empty()) one.place = ComponentsIn(value, "Components");
  if (one.place.empty()) return;
  for (const std::string_view name : {"sha256", "md5"}) {
    if (auto digest = DigestNamed(name, TextIn(value, name))) one.digests.push_back(std::move(*digest));
  }
  if (!one.digests.empty()) found.push_back(std::move(one));
}

}  // namespace

VelociraptorPlace PlaceOfPath(std::string_view path) {
  VelociraptorPlace components;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) components.push_back(Unescaped(path.substr(0, end)));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return FromUploads(std::move(components));
}

std::optional<VelociraptorUpload> ReadVelociraptorUpload(std::string_view line) {
  const auto row = Parse(line);
  if (!row) return std::nullopt;
  VelociraptorUpload upload;
  upload.place = ComponentsIn(*row, "_Components");
  const auto at_source = NumberIn(*row, "file_size");
  const auto stored = NumberIn(*row, "uploaded_size");
  if (upload.place.size() < 2 || !at_source || !stored) return std::nullopt;
  upload.bytes_at_source = *at_source;
  upload.bytes_stored = *stored;
  upload.is_map = TextIn(*row, "Type") == kMapEnd.substr(1);
  // It has the place of its file.
  if (upload.is_map && !upload.place.back().ends_with(kMapEnd)) upload.place.back() += kMapEnd;
  return upload;
}

std::vector<VelociraptorDigests> ReadVelociraptorDigests(std::string_view line) {
  std::vector<VelociraptorDigests> found;
  // Most rows are of no file that was stored, and long.
  if (line.find("\"StoredName\"") == std::string_view::npos && line.find("\"Components\"") == std::string_view::npos) {
    return found;
  }
  if (const auto row = Parse(line)) Collect(*row, found);
  return found;
}

std::optional<std::string> ReadVelociraptorError(std::string_view line) {
  const auto row = Parse(line);
  if (!row || TextIn(*row, "level") != "ERROR") return std::nullopt;
  return std::string(WithoutEnd(TextIn(*row, "message")));
}

std::vector<std::string> ReadVelociraptorContext(std::string_view text) {
  std::vector<std::string> errors;
  const auto context = Parse(text);
  const Json* const queries = context ? context->Find("query_stats") : nullptr;
  if (queries == nullptr) return errors;
  for (const Json& query : queries->Elements()) {
    const std::string_view message = WithoutEnd(TextIn(query, "error_message"));
    if (!message.empty()) errors.push_back(Format("{}: {}", TextIn(query, "Artifact"), message));
  }
  return errors;
}

}  // namespace exhibit::intake
