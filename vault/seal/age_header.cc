#include "vault/seal/age_header.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kVersionPrefix = "age-encryption.org/";
constexpr std::string_view kVersionLine = "age-encryption.org/v1";
constexpr std::string_view kStanzaMark = "-> ";
constexpr std::string_view kMacMark = "---";
constexpr std::size_t kBodyColumns = 64;

bool IsArgument(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 33 && c <= 126; });
}

// Reads lines from the front, and counts them for messages.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text.substr(0, kMaxHeaderBytes)), all_(text.size()) {}

  Result<std::string_view> Next() {
    ++number_;
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) {
      return Fail(ErrorCode::kInvalid, all_ > kMaxHeaderBytes ? "longer than 128 KiB" : "cut off");
    }
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  int number() const { return number_; }
  std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  std::size_t all_;
  int number_ = 0;
};

Result<std::vector<std::string>> ParseArguments(std::string_view line) {
  std::vector<std::string> arguments;
  for (;;) {
    const std::size_t space = line.find(' ');
    const std::string_view argument = line.substr(0, space);
    if (!IsArgument(argument)) return Fail(ErrorCode::kInvalid, "a stanza's argument is empty or not ASCII");
    arguments.emplace_back(argument);
    if (space == std::string_view::npos) return arguments;
    line.remove_prefix(space + 1);
  }
}

Result<Bytes> ParseBody(LineReader& lines) {
  std::string encoded;
  for (;;) {
    TRY(const std::string_view line, lines.Next());
    if (line.size() > kBodyColumns) return Fail(ErrorCode::kInvalid, "a line of a stanza's body is longer than 64");
    encoded += line;
    if (line.size() < kBodyColumns) return FromBase64(encoded, Base64::kUnpadded);
  }
}

Result<ParsedHeader> Parse(std::string_view file, LineReader& lines) {
  TRY(const std::string_view version, lines.Next());
  if (version != kVersionLine) {
    if (version.starts_with(kVersionPrefix) && IsArgument(version)) {
      return Fail(ErrorCode::kUnsupported, Format("version \"{}\" is not supported", Printable(version.substr(0, 64))));
    }
    return Fail(ErrorCode::kInvalid, "not an age file");
  }
  ParsedHeader parsed;
  for (;;) {
    TRY(std::string_view line, lines.Next());
    if (line.starts_with(kMacMark)) {
      line.remove_prefix(kMacMark.size());
      if (!line.starts_with(' ')) return Fail(ErrorCode::kInvalid, "the MAC line has no space");
      TRY(const Bytes bytes, FromBase64(line.substr(1), Base64::kUnpadded));
      const auto mac = crypto::Mac::From(bytes);
      if (!mac) return Fail(ErrorCode::kInvalid, "the MAC is not 32 bytes");
      if (parsed.header.stanzas.empty()) return Fail(ErrorCode::kInvalid, "no stanza before the MAC");
      parsed.header.mac = *mac;
      parsed.size_bytes = std::min(file.size(), kMaxHeaderBytes) - lines.left();
      return parsed;
    }
    if (!line.starts_with(kStanzaMark)) return Fail(ErrorCode::kInvalid, "neither a stanza nor the MAC");
    if (parsed.header.stanzas.size() == kMaxStanzas) return Fail(ErrorCode::kInvalid, "more than 64 stanzas");
    Stanza stanza;
    TRY(stanza.arguments, ParseArguments(line.substr(kStanzaMark.size())));
    TRY(stanza.body, ParseBody(lines));
    parsed.header.stanzas.push_back(std::move(stanza));
  }
}

// Everything up to and including "---".
std::string TextToAuthenticate(const std::vector<Stanza>& stanzas) {
  std::string text = std::string(kVersionLine) + "\n";
  for (const Stanza& stanza : stanzas) {
    text += "->";
    for (const std::string& argument : stanza.arguments) text += " " + argument;
    text += "\n";
    const std::string body = ToBase64(stanza.body, Base64::kUnpadded);
    for (std::size_t at = 0; at <= body.size(); at += kBodyColumns) text += body.substr(at, kBodyColumns) + "\n";
  }
  return text + std::string(kMacMark);
}

crypto::Mac MacOf(const std::string& text, const FileKey& file_key) {
  const crypto::DerivedKey key = crypto::HkdfSha256(file_key.ExposeSecret(), {}, "header");
  return crypto::HmacSha256(key, {ViewOf(text)});
}

}  // namespace

Result<ParsedHeader> ParseHeader(ByteView file) {
  LineReader lines(TextOf(file));
  auto parsed = Parse(TextOf(file), lines);
  if (!parsed) return Fail(std::move(parsed).error().In(Format("age header: line {}", lines.number())));
  return parsed;
}

Bytes EncodeHeader(const std::vector<Stanza>& stanzas, const FileKey& file_key) {
  std::string text = TextToAuthenticate(stanzas);
  const crypto::Mac mac = MacOf(text, file_key);
  text += " " + ToBase64(mac.view(), Base64::kUnpadded) + "\n";
  EXHIBIT_ASSERT(text.size() <= kMaxHeaderBytes);
  return ToBytes(ViewOf(text));
}

Result<void> CheckHeaderMac(const AgeHeader& header, const FileKey& file_key) {
  // Encoding again gives the bytes that were parsed, because only one spelling was accepted.
  if (crypto::MacEqual(MacOf(TextToAuthenticate(header.stanzas), file_key), header.mac)) return {};
  return Fail(ErrorCode::kTampered, "age header: the MAC does not fit the header and the file key");
}

}  // namespace exhibit::seal
