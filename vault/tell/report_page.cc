#include "vault/tell/report_page.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/json.h"
#include "vault/bundle/layout.h"
#include "vault/crypto/hash.h"
#include "vault/custody/entry_time.h"
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

Result<void> WriteReportPage(bundle::BagWriter& bag, Moment made, const bundle::LogTexts* log) {
  Json data = {{"program", ReportProgram()}, {"made", FormatEntryTime(custody::EntryTimeOf(made))}};
  if (log != nullptr) {
    Json files = Json::Object();
    for (const auto& [path, text] : *log) files[path] = text;
    data["files"] = std::move(files);
  }
  std::string page = StaticPage();
  Fill(page, "{{data}}", EscapeForScript(data.Dump()));
  return bag.WriteWhole(std::string(bundle::kReportFile), ViewOf(page));
}

}  // namespace exhibit::tell
