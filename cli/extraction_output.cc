#include "cli/extraction_output.h"

#include <algorithm>

#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

// "fs01/share/note.txt"
std::string PlaceOf(const bundle::TakenIn& taken) {
  if (!taken.path) return {};
  const std::string source = taken.source ? *taken.source + (taken.path->starts_with('/') ? "" : "/") : "";
  return Printable(source + *taken.path);
}

std::string ToText(const bundle::TakenIn& taken) {
  std::string text = Format("entry {}", taken.entry);
  if (const std::string place = PlaceOf(taken); !place.empty()) text += ", as " + place;
  if (taken.added) text += ", at " + *taken.added;
  if (taken.derived) text += ", made of other evidence";
  return text;
}

Json JsonOf(const bundle::TakenIn& taken) {
  Json json = {{"entry", taken.entry.value}, {"derived", taken.derived}};
  if (taken.source) json["source"] = *taken.source;
  if (taken.path) json["path"] = *taken.path;
  if (taken.added) json["acquired_at"] = *taken.added;
  return json;
}

}  // namespace

std::string ToText(const bundle::Extracted& extracted, const std::string& folder) {
  std::string text;
  for (const auto& [item, error] : extracted.failed)
    text += Format("not written  item {}: {}\n", item, Printable(error.message));
  if (extracted.files == 0) return text + "nothing was written\n";
  text += Format("{}: {} ({}), each compared with its digests while it was written\n", Printable(folder),
                 Counted(extracted.files, "original", "originals"), HumanSize(extracted.bytes));
  if (extracted.renamed + extracted.links > 0) {
    text += Format("{}/{}: lists {} under another name, and {} written as a file that holds the target\n",
                   Printable(folder), bundle::kRenamedFile, Counted(extracted.renamed, "file", "files"),
                   Counted(extracted.links, "symbolic link", "symbolic links"));
  }
  if (extracted.bytes_alone > 0) {
    text += Format("remark  the file system did not take the times or permissions of {}\n",
                   Counted(extracted.bytes_alone, "file", "files"));
  }
  return text;
}

Json JsonOf(const bundle::Extracted& extracted, const std::string& folder) {
  Json json = {{"folder", folder},
               {"files", extracted.files},
               {"bytes", extracted.bytes},
               {"renamed", extracted.renamed},
               {"links", extracted.links}};
  json["failed"] = Json::List();
  for (const auto& [item, error] : extracted.failed)
    json["failed"].push_back({{"entry", item.value}, {"why", error.message}});
  return json;
}

ExitCode StatusOf(const bundle::Extracted& extracted) {
  const auto is_changed = [](const auto& one) { return one.second.code == ErrorCode::kTampered; };
  if (std::ranges::any_of(extracted.failed, is_changed)) return ExitCode::kVerificationFailed;
  return extracted.failed.empty() ? ExitCode::kOk : ExitCode::kFailed;
}

std::string ToText(const std::vector<bundle::FoundFile>& found) {
  std::string text;
  for (const bundle::FoundFile& one : found) {
    const std::string name = Printable(one.file.native());
    if (one.error) {
      text += Format("not read   {}\n", Printable(one.error->message));
    } else if (one.entries.empty()) {
      text += Format("not found  {}: nothing that is told here says that it was taken in\n", name);
    }
    for (const bundle::TakenIn& taken : one.entries) text += Format("taken in   {}: {}\n", name, ToText(taken));
  }
  return text;
}

Json JsonOf(const std::vector<bundle::FoundFile>& found) {
  Json list = Json::List();
  for (const bundle::FoundFile& one : found) {
    Json json = {{"file", one.file.native()}};
    if (one.error) json["not_read"] = one.error->message;
    if (one.sha256) json["sha256"] = ToHex(one.sha256->view());
    if (one.sha256) json["size"] = one.size;
    json["taken_in"] = Json::List();
    for (const bundle::TakenIn& taken : one.entries) json["taken_in"].push_back(JsonOf(taken));
    list.push_back(std::move(json));
  }
  return list;
}

ExitCode StatusOf(const std::vector<bundle::FoundFile>& found) {
  const auto is_here = [](const bundle::FoundFile& one) { return !one.entries.empty(); };
  return std::ranges::all_of(found, is_here) ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace exhibit::cli
