#include "cli/rescue_output.h"

#include <algorithm>
#include <set>

#include "cli/checkpoint_output.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

using Part = rescue::SealedLoss::Part;

std::string_view TypeOf(const work::LostPart& lost) { return custody::FormOf(lost.says->parsed().body).type; }

std::string RangesOf(const rescue::SealedLoss& loss) {
  constexpr std::size_t kMost = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(loss.payload.size(), kMost); ++i) {
    const ByteRange& range = loss.payload[i];
    text += Format("{}{}-{}", i == 0 ? "" : ", ", range.offset, range.offset + range.bytes - 1);
  }
  if (loss.payload.size() > kMost) text += Format(" and {} more", loss.payload.size() - kMost);
  return text;
}

// "item; bytes 16-1048847 of its sealed payload are lost, 1048832 of 3147008"
std::string Describe(const work::LostPart& lost) {
  if (!lost.says) return "the entry is lost; the log still proves its place and its hash";
  const rescue::SealedLoss& loss = lost.sealed;
  std::string text(TypeOf(lost));
  if (loss.whole == Part::kLost) return text + "; its sealed file is lost";
  if (loss.header == Part::kLost) text += "; the header of its sealed file is lost, so no key opens it";
  if (!loss.payload.empty())
    text += Format("; bytes {} of its sealed payload are lost, {} of {}", RangesOf(loss), loss.lost_bytes(),
                   loss.payload_bytes);
  for (const tlog::Sequence under : lost.headers) text += Format("; the header that entry {} made anew is lost", under);
  return text;
}

std::uint64_t CountLostEntries(const work::Rescued& rescued) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(rescued.lost, [](const work::LostPart& lost) { return !lost.says; }));
}

// Findings of the new vault that the list of what is lost does not explain.
std::vector<const verify::Finding*> OtherFindings(const work::Rescued& rescued) {
  std::set<tlog::Sequence> known;
  for (const work::LostPart& lost : rescued.lost) known.insert(lost.entry);
  std::vector<const verify::Finding*> others;
  for (const verify::Finding& finding : rescued.report.findings) {
    if (!finding.entry || !known.contains(*finding.entry)) others.push_back(&finding);
  }
  return others;
}

Json JsonOf(const work::LostPart& lost) {
  Json json = {{"entry", lost.entry.value}, {"leaf", ToHex(lost.leaf.view())}, {"lost", Json::List()}};
  if (!lost.says) {
    json["lost"].push_back("entry");
    return json;
  }
  const custody::Entry& entry = lost.says->parsed();
  json["type"] = std::string(TypeOf(lost));
  json["time"] = custody::FormatEntryTime(entry.time);
  json["actor"] = entry.actor.text();
  if (entry.sealed) {
    json["header"] = ToHex(entry.sealed->header.view());
    json["payload"] = ToHex(entry.sealed->payload.view());
    json["fields"] = ToHex(entry.sealed->fields.view());
  }
  const rescue::SealedLoss& loss = lost.sealed;
  if (loss.whole == Part::kLost) json["lost"].push_back("sealed-file");
  if (loss.whole == Part::kKept && loss.header == Part::kLost) json["lost"].push_back("header");
  if (loss.whole == Part::kKept && !loss.payload.empty()) json["lost"].push_back("payload");
  if (!lost.headers.empty()) json["lost"].push_back("new-header");
  json["payload_bytes"] = loss.payload_bytes;
  json["ranges"] = Json::List();
  for (const ByteRange& range : loss.payload)
    json["ranges"].push_back({{"first", range.offset}, {"last", range.offset + range.bytes - 1}});
  json["headers_under"] = Json::List();
  for (const tlog::Sequence under : lost.headers) json["headers_under"].push_back(under.value);
  return json;
}

// What to do next, after what was found.
std::string NextSteps(const work::Rescued& rescued, const std::string& vault) {
  const std::string name = Printable(vault);
  std::string text = "next\n";
  if (!rescued.is_whole())
    text +=
        "  keep the damaged vault as it is: more of it may be read by others\n"
        "  what is missing may be elsewhere: again with --also, a backup, a published copy or a bundle\n";
  text += Format("  exhibit --vault {} verify\n", name);
  if (!rescued.kept.empty()) text += Format("  exhibit --vault {} recover-head --reason REASON\n", name);
  if (!rescued.lost.empty() && rescued.kept.empty())
    text += Format("  exhibit --vault {} note {} --text TEXT    to record in the log what is lost, and why\n", name,
                   rescued.lost.front().entry);
  return text;
}

}  // namespace

ExitCode StatusOf(const work::Rescued& rescued) {
  if (rescued.is_whole()) return ExitCode::kOk;
  const bool only_newer = rescued.report.newer_from && rescued.report.findings.empty() && rescued.lost.empty() &&
                          !rescued.signed_head && rescued.lost_files.empty();
  return only_newer ? ExitCode::kNewerNeeded : ExitCode::kVerificationFailed;
}

std::string ToText(const work::Rescued& rescued, const std::string& vault) {
  const std::uint64_t lost_entries = CountLostEntries(rescued);
  const std::uint64_t damaged = rescued.lost.size() - lost_entries;
  std::string text = Format("vault         {}\nfingerprint   {}\nhead          {}\n", Printable(vault),
                            ToHex(rescued.fingerprint.view()), tlog::Describe(rescued.head));
  text += Format("entries       {} kept, {} lost\n", rescued.entries, lost_entries);
  text += Format("sealed files  {} whole, {} damaged or lost\n", rescued.sealed, damaged);
  if (rescued.after_head > 0)
    text += Format("after it      {} that no head covers yet; the next writer signs over {}\n",
                   Counted(rescued.after_head, "entry", "entries"), rescued.after_head == 1 ? "it" : "them");
  if (rescued.signed_head)
    text += Format("the end       entries {} to {} are lost: the log signed a head of size {}\n", rescued.head.size,
                   rescued.signed_head->size.value - 1, rescued.signed_head->size);
  constexpr std::size_t kMost = 50;
  for (std::size_t i = 0; i < std::min(rescued.lost.size(), kMost); ++i) {
    const work::LostPart& lost = rescued.lost[i];
    text += Format("lost          entry {}: {}\n", lost.entry, Describe(lost));
  }
  if (rescued.lost.size() > kMost)
    text += Format("lost          {} more; --json lists all\n", rescued.lost.size() - kMost);
  for (const std::string& file : rescued.lost_files) text += "lost          " + file + "\n";
  for (const rescue::CarvedCheckpoint& one : rescued.contradicted)
    text += Format("contradiction the log's key also signed {}: exhibit fork-proof\n", tlog::Describe(one.says));
  for (const LostHead& head : rescued.kept)
    text += Format("kept head     {} has size {}, and the new vault does not extend it\n", Printable(head.where),
                   head.checkpoint.size);
  const auto others = OtherFindings(rescued);
  constexpr std::size_t kMostFindings = 10;
  for (std::size_t i = 0; i < std::min(others.size(), kMostFindings); ++i)
    text += "verify says   " + verify::Describe(*others[i]) + "\n";
  if (rescued.is_whole()) text += "all of it is here\n";
  return text + NextSteps(rescued, vault);
}

Json JsonOf(const work::Rescued& rescued, const std::string& vault) {
  Json json = {{"ok", rescued.is_whole()},
               {"vault", vault},
               {"fingerprint", ToHex(rescued.fingerprint.view())},
               {"checkpoint", JsonOf(rescued.head)},
               {"entries", rescued.entries},
               {"entries_lost", CountLostEntries(rescued)},
               {"after_head", rescued.after_head},
               {"sealed_files", rescued.sealed},
               {"payload_bytes", rescued.bytes},
               {"lost", Json::List()},
               {"lost_files", Json::List()},
               {"contradicted", Json::List()},
               {"kept_heads", Json::List()},
               {"findings", Json::List()},
               {"remarks", Json::List()}};
  if (rescued.signed_head) json["signed_head"] = JsonOf(*rescued.signed_head);
  for (const work::LostPart& lost : rescued.lost) json["lost"].push_back(JsonOf(lost));
  for (const std::string& file : rescued.lost_files) json["lost_files"].push_back(file);
  for (const rescue::CarvedCheckpoint& one : rescued.contradicted)
    json["contradicted"].push_back({{"checkpoint", JsonOf(one.says)}, {"note", std::string(TextOf(one.note))}});
  for (const LostHead& head : rescued.kept)
    json["kept_heads"].push_back({{"file", head.where}, {"checkpoint", JsonOf(head.checkpoint)}});
  for (const verify::Finding& finding : rescued.report.findings) json["findings"].push_back(verify::Describe(finding));
  for (const std::string& remark : rescued.remarks) json["remarks"].push_back(remark);
  return json;
}

}  // namespace exhibit::cli
