#include "vault/tell/report_page.h"

#include "vault/base/encoding.h"
#include "vault/bundle/layout.h"
#include "vault/crypto/hash.h"
#include "vault/custody/json_fields.h"
#include "vault/tell/report_parts.h"

namespace exhibit::tell {
namespace {

std::string Join(const std::vector<std::string_view>& parts) {
  std::string whole;
  for (const std::string_view part : parts) whole += part;
  return whole;
}

// The name of a text in a content security policy.
std::string SourceOf(std::string_view text) {
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha256);
  hasher.Update(ViewOf(text));
  return "'sha256-" + ToBase64(hasher.Finish(), Base64::kPadded) + "'";
}

void Fill(std::string& page, std::string_view marker, std::string_view text) {
  const std::size_t at = page.find(marker);
  EXHIBIT_ASSERT(at != std::string::npos);
  page.replace(at, marker.size(), text);
}

constexpr std::string_view kDataMarker = "{{data}}";

std::string StaticPage() {
  const std::string style = Join(ReportStyleParts());
  const std::string script = Join(ReportScriptParts());
  std::string page = Join(ReportPageParts());
  Fill(page, "{{policy}}",
       "default-src 'none'; script-src " + SourceOf(script) + "; style-src " + SourceOf(style) +
           "; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
  Fill(page, "{{style}}", style);
  Fill(page, "{{script}}", script);
  return page;
}

}  // namespace

std::string EscapeForScript(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t at = 0; at < json.size(); ++at) {
    const std::string_view three = json.substr(at, 3);
    if (three == "\u2028" || three == "\u2029") {
      safe += three == "\u2028" ? "\\u2028" : "\\u2029";
      at += 2;
      continue;
    }
    switch (json[at]) {
      case '<': safe += "\\u003c"; break;
      case '>': safe += "\\u003e"; break;
      case '&': safe += "\\u0026"; break;
      default: safe.push_back(json[at]);
    }
  }
  return safe;
}

Result<ReportPage> ReportPage::Begin(bundle::BagWriter& bag, const ReportHead& head) {
  const std::string page = StaticPage();
  const std::size_t data = page.find(kDataMarker);
  EXHIBIT_ASSERT(data != std::string::npos);
  const Json json = {{"program", ReportProgram()},
                     {"made", FormatTime(head.made)},
                     {"plain", head.form == bundle::Form::kPlain},
                     {"checkpoint", head.checkpoint},
                     {"range", head.range}};
  std::string opening = EscapeForScript(json.Dump());
  opening.pop_back();  // the object stays open for its entries
  TRY(bundle::BagWriter::File file, bag.Create(std::string(bundle::kReportFile)));
  TRY_VOID(file.Write(ViewOf(page.substr(0, data) + opening + ",\"entries\":[")));
  return ReportPage(std::move(file), "\n]}" + page.substr(data + kDataMarker.size()));
}

Result<void> ReportPage::Add(const bundle::ExportedEntry& exported) {
  Json json = {{"entry", TextOf(exported.entry.bytes())}};
  if (exported.part == bundle::ExportedEntry::Part::kItem) json["asked"] = true;
  if (exported.metadata != nullptr) {
    TRY(json["metadata"], seal::EncodeMetadata(*exported.metadata));
  }
  const std::string text = std::string(separator_) + "\n" + EscapeForScript(json.Dump());
  separator_ = ",";
  return file_.Write(ViewOf(text));
}

Result<void> ReportPage::Finish(bundle::BagWriter& bag) {
  TRY_VOID(file_.Write(ViewOf(rest_)));
  return bag.Finish(std::move(file_));
}

}  // namespace exhibit::tell
