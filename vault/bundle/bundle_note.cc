#include "vault/bundle/bundle_note.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/json_fields.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/note.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::string_view kBundle = "bundle";

std::string EncodeText(const BundleStatement& statement) {
  const Json json = {{"v", kVersion},
                     {"statement", std::string(kBundle)},
                     {"origin", std::string(statement.origin.text())},
                     {"size", statement.size.value},
                     {"range", statement.range.ToText()},
                     {"sealed_files", statement.sealed_files},
                     {"made_by", statement.made_by},
                     {"time", FormatTime(statement.time)},
                     {"sha256", ToHex(statement.sha256.view())},
                     {"sha512", ToHex(statement.sha512.view())}};
  return json.Dump() + "\n";
}

Result<LogRange> ParseRange(std::string_view text) {
  const std::size_t dash = text.find('-');
  TRY(const std::uint64_t first, FromDecimal(text.substr(0, dash)));
  std::uint64_t last = first;
  if (dash != std::string_view::npos) {
    TRY(last, FromDecimal(text.substr(dash + 1)));
  }
  const LogRange range{{first}, {last}};
  if (first >= 1 && first <= last && range.ToText() == text) return range;
  return Fail(ErrorCode::kInvalid, "\"range\" is not a number or a range such as 3-9");
}

Result<BundleStatement> DecodeText(std::string_view text) {
  TRY(const Json json, custody::ParseObject(text));
  const custody::Fields fields(json);
  TRY(const std::uint64_t version, fields.Number("v"));
  TRY(const std::string kind, fields.Text("statement"));
  if (version != kVersion || kind != kBundle) {
    return Fail(ErrorCode::kUnsupported,
                Format("version {} of the statement \"{}\" is not known", version, Printable(kind.substr(0, 64))),
                "a newer version of exhibit may know it");
  }
  TRY(const std::string origin_text, fields.Text("origin"));
  TRY(tlog::Origin origin, tlog::Origin::Parse(origin_text));
  TRY(const std::uint64_t size, fields.Number("size"));
  TRY(const std::string range_text, fields.Text("range"));
  TRY(const LogRange range, ParseRange(range_text));
  TRY(const std::uint64_t sealed_files, fields.Number("sealed_files"));
  TRY(std::string made_by, fields.Line("made_by", custody::kMaxLineBytes));
  TRY(const std::string time_text, fields.Text("time"));
  TRY(const Moment time, ParseCanonicalTime(time_text));
  TRY(const auto sha256, fields.Hex<crypto::Sha256Digest>("sha256"));
  TRY(const auto sha512, fields.Hex<crypto::Sha512Digest>("sha512"));
  return BundleStatement{std::move(origin), {size}, range, sealed_files, std::move(made_by), time, sha256, sha512};
}

}  // namespace

Result<Bytes> SignBundle(const BundleStatement& statement, const tlog::SigningKey& signer) {
  EXHIBIT_ASSERT(statement.made_by == custody::ActorOf(signer.verifier()));
  TRY(Bytes note, tlog::SignNote(EncodeText(statement), signer));
  TRY_VOID(ParseBundleNote(note));
  return note;
}

Result<BundleStatement> ParseBundleNote(ByteView bytes) {
  if (bytes.size() > kMaxBundleNoteBytes) {
    return Fail(ErrorCode::kInvalid, Format("longer than {} bytes", kMaxBundleNoteBytes));
  }
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  TRY(BundleStatement statement, DecodeText(note.text()));
  if (EncodeText(statement) == note.text()) return statement;
  return Fail(ErrorCode::kInvalid,
              "not in the one form that a statement may have "
              "(unknown, repeated or reordered fields, or white space)");
}

}  // namespace exhibit::bundle
