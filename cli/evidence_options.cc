#include "cli/evidence_options.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/retention.h"
#include "vault/intake/digest_list.h"

namespace exhibit::cli {
namespace {

// "+90", "-0.5", "+00:01:30": what to add to the source's clock, in milliseconds.
Result<std::int64_t> ParseClockOffset(const std::string& text) {
  const auto wrong = [&] {
    return Fail(ErrorCode::kInvalid, Format("clock offset \"{}\" is not of a known form", Printable(text)),
                "write seconds (+90, -0.5) or hours, minutes and seconds (+00:01:30)");
  };
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (rest.starts_with('+') || negative) rest.remove_prefix(1);
  std::int64_t total = 0;
  for (int fields = 0; fields < 3; ++fields) {
    std::size_t digits = 0;
    std::int64_t value = 0;
    while (digits < rest.size() && digits < 9 && rest[digits] >= '0' && rest[digits] <= '9') {
      value = value * 10 + (rest[digits++] - '0');
    }
    if (digits == 0) return wrong();
    total = total * 60 + value;
    rest.remove_prefix(digits);
    if (!rest.starts_with(':')) break;
    rest.remove_prefix(1);
  }
  total *= 1000;
  if (rest.starts_with('.')) {
    std::int64_t unit = 100;
    for (rest.remove_prefix(1); !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; rest.remove_prefix(1)) {
      total += (rest[0] - '0') * unit;
      unit /= 10;
    }
  }
  if (!rest.empty()) return wrong();
  return negative ? -total : total;
}

Result<intake::DigestChoice> ParseDigests(const std::vector<std::string>& words) {
  intake::DigestChoice chosen;
  for (const std::string& word : words) {
    const auto algorithm = custody::FromWord<custody::DigestAlgorithm>(word);
    if (!algorithm) {
      return Fail(ErrorCode::kInvalid, Format("unknown digest \"{}\"", Printable(word)),
                  "sha256 is always made; sha512, sha1 and md5 on request");
    }
    chosen.sha512 |= *algorithm == custody::DigestAlgorithm::kSha512;
    chosen.sha1 |= *algorithm == custody::DigestAlgorithm::kSha1;
    chosen.md5 |= *algorithm == custody::DigestAlgorithm::kMd5;
  }
  return chosen;
}

Result<intake::PartsChoice> ParseParts(const std::string& word) {
  if (word.empty()) return intake::PartsChoice::kOfText;
  if (word == "lines") return intake::PartsChoice::kLines;
  if (word == "4096") return intake::PartsChoice::kBlocks;
  if (word == "none") return intake::PartsChoice::kNone;
  return Fail(ErrorCode::kInvalid, Format("--parts {}: there are no such parts", Printable(word)),
              "lines, 4096 (blocks of so many bytes) or none");
}

Result<std::optional<custody::ToolFacts>> ToolOf(const EvidenceOptions& options) {
  if (options.tool.empty()) return std::optional<custody::ToolFacts>();
  custody::ToolFacts tool{options.tool};
  if (!options.tool_sha256.empty()) {
    TRY(tool.sha256, FixedFromHex<crypto::Sha256Digest>(options.tool_sha256, "--tool-sha256"));
  }
  return std::optional(std::move(tool));
}

Result<std::optional<Moment>> RetainUntil(const EvidenceOptions& options) {
  if (!options.retain.empty()) {
    TRY(const custody::RetentionRule rule, custody::FindRetentionRule(options.retain));
    return std::optional(custody::EndOfRetention(rule, Now()));
  }
  if (options.retain_until.empty()) return std::optional<Moment>();
  TRY(const Moment until, ParseTime(options.retain_until));
  return std::optional(until);
}

Result<std::optional<intake::Import>> ImportOf(const EvidenceOptions& options) {
  if (options.from.empty()) return std::optional<intake::Import>();
  const auto from = custody::FromWord<intake::ImportFrom>(options.from);
  if (!from) {
    return Fail(ErrorCode::kInvalid, Format("--from {}: nothing is known of this", Printable(options.from)),
                custody::ChoiceOf<intake::ImportFrom>());
  }
  if (!options.exec.empty() || !options.profile.empty() ||
      std::ranges::find(options.paths, "-") != options.paths.end()) {
    return Fail(ErrorCode::kInvalid, "--from is of files and folders, and a stream is none");
  }
  const auto pieces = options.dry_run ? intake::JoinedPieces::kLeave : intake::JoinedPieces::kCompare;
  return std::optional(intake::Import{*from, pieces});
}

// In byte order, each once, as fields have them.
std::vector<std::string> Sorted(std::vector<std::string> words) {
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace

Result<custody::Kind> ParseKind(const std::string& word) {
  if (const auto kind = custody::FromWord<custody::Kind>(word)) return *kind;
  return Fail(ErrorCode::kInvalid, Format("\"{}\" is no kind of evidence", Printable(word)),
              custody::ChoiceOf<custody::Kind>());
}

Result<intake::EvidenceTemplate> MakeTemplate(const EvidenceOptions& options) {
  intake::EvidenceTemplate made;
  custody::ItemFacts& facts = made.facts;
  if (!options.kind.empty()) {
    TRY(facts.kind, ParseKind(options.kind));
  }
  facts.description = Given(options.description);
  facts.tags = options.tags;
  facts.cases = Sorted(options.cases);
  facts.source = Given(options.source);
  facts.acquired.by = Given(options.acquired_by);
  facts.acquired.method = Given(options.method);
  facts.acquired.at = Now();
  if (!options.acquired_at.empty()) {
    TRY(facts.acquired.at, ParseTime(options.acquired_at));
  }
  if (!options.clock_offset.empty()) {
    TRY(facts.acquired.offset_ms, ParseClockOffset(options.clock_offset));
  }
  if (!options.partial.empty()) {
    TRY_VOID(custody::FieldKey::Parse(options.partial));  // the form of a code word
    facts.partial = custody::PartialFacts{options.partial};
  }
  TRY(facts.tool, ToolOf(options));
  TRY(facts.retain_until, RetainUntil(options));
  TRY(made.sealing.digests, ParseDigests(options.digests));
  TRY(made.sealing.parts, ParseParts(options.parts));
  TRY(made.import, ImportOf(options));
  const bool is_recorded = options.keep_mismatched || made.import;
  made.sealing.on_mismatch = is_recorded ? intake::OnMismatch::kRecord : intake::OnMismatch::kRefuse;
  if (!options.hashes.empty()) {
    TRY(const Bytes list, ReadFile(options.hashes, intake::kMaxDigestListBytes));
    TRY(made.claims, intake::ClaimedDigests::Parse(TextOf(list)));
    made.claims_file = options.hashes;
  }
  made.said = options.Said();
  return made;
}

std::vector<custody::FreeText> EvidenceOptions::Written() const {
  std::vector<custody::FreeText> written = {
      {"name", name}, {"description", description}, {"source", source}, {"acquired-by", acquired_by},
      {"tool", tool}, {"method", method},           {"exec", exec}};
  for (const std::string& one : cases) written.push_back({"case", one});
  for (const std::string& tag : tags) written.push_back({"tag", tag});
  for (const std::string& path : paths) written.push_back({"path", path});
  return written;
}

crypto::Sha256Digest EvidenceOptions::Said() const {
  std::string all;
  const auto add = [&all](std::string_view word) { all += Format("{}:{};", word.size(), word); };
  for (const std::string* word : {&kind, &description, &source, &acquired_at, &acquired_by, &clock_offset, &tool,
                                  &tool_sha256, &method, &retain_until, &retain, &parts, &partial}) {
    add(*word);
  }
  if (!from.empty()) add("from " + from);
  for (const std::vector<std::string>& words : {Sorted(tags), Sorted(cases), Sorted(digests)}) {
    for (const std::string& word : words) add(word);
    all += "|";
  }
  // One journal may serve several machines, from a stick or a home that they share: the same path is another file there.
  std::array<char, 256> machine{};
  (void)::gethostname(machine.data(), machine.size() - 1);
  add(machine.data());
  return crypto::Sha256(ViewOf(all));
}

void EvidenceOptions::AddTo(const Command& command) {
  command.AddOption("PATH", paths, "what to add: files, folders, or - for the standard input");
  command
      .AddOption("--exec", exec,
                 "run a command, as sh -c does, and take in what it writes; if it fails, the item says so")
      .TypeName("CMD");
  command
      .AddOption("--profile", profile,
                 "take what a kind of machine has, volatile things first: linux-triage, web-server, hospital-ehr, or a "
                 "file that ends with .toml (exhibit help profiles)")
      .TypeName("NAME");
  command
      .AddOption(
          "--from", from,
          "what other programs made of it: images (disk images, E01 or raw), uac (archives of UAC) or velociraptor (a "
          "collection, unpacked), with their reports and lists of hashes, which are compared both ways")
      .TypeName("WHAT");
  command.AddOption("--name", name, "with - or --exec: the item's name");
  command.AddFlag("--allow-empty", allow_empty, "with - or --exec: take it in even if nothing comes");
  command.AddFlag("--keep-cut", keep_cut,
                  "with - or --exec: if the stream is cut, take in what came, and say that it is not whole");
  const Option again =
      command.AddFlag("--resume", resume, "go on after an interruption: pass over files that are there already");
  command.AddFlag("--dry-run", dry_run, "name what would be taken in, and do nothing").Excludes(again);
  command
      .AddOption("--exclude", exclude,
                 "leave out what fits a pattern, as in .gitignore: '*.tmp', 'cache/', '/var/run'; repeat for several")
      .OneEachTime()
      .TypeName("PATTERN");
  command.AddOption("--kind", kind, "log, ransom-message, notice, email, capture, image or other (default: a guess)");
  command.AddOption("--description", description, "what it is");
  command.AddOption("--tag", tags, "a word to find it by; repeat for several");
  command.AddOption("--case", cases, "a case it belongs to; repeat for several").OneEachTime().Setting("case");
  command.AddOption("--source", source, "the host or place it comes from").Setting("source");
  command.AddOption("--acquired-at", acquired_at, "when it was collected (default: now)").TypeName("TIME");
  command.AddOption("--acquired-by", acquired_by, "who collected it");
  command.AddOption("--clock-offset", clock_offset, "what to add to the source's clock: +90, -0.5 or +00:01:30");
  const Option by = command.AddOption("--tool", tool, "what it was collected with");
  command.AddOption("--tool-sha256", tool_sha256, "the digest of that program").TypeName("HEX").Needs(by);
  command.AddOption("--method", method, "how it was collected");
  const Option until = command.AddOption("--retain-until", retain_until, "how long it is to be kept").TypeName("TIME");
  command.AddOption("--retain", retain, "the same by a rule: hipaa (six years)").TypeName("RULE").Excludes(until);
  command.AddOption("--digest", digests, "more digests, for hash sets: sha512, sha1, md5").Separator(',');
  command
      .AddOption("--parts", parts,
                 "let parts of it be shown and proven later: lines, 4096 (blocks of 4 KiB) or none (default: lines of "
                 "text up to 16 MiB)")
      .TypeName("HOW");
  command
      .AddOption(
          "--partial", partial,
          "it was cut short before it came here, and why, in a code word; cut-sealed-file for what a kill left of a "
          "sealed file")
      .TypeName("CODE");
  command.AddOption("--hashes", hashes, "the collector's own list (sha256sum or hashdeep): a mismatch is refused")
      .TypeName("FILE");
  command.AddFlag(
      "--keep-mismatched", keep_mismatched,
      "take mismatches in and record both values; with --from, that is always done, and this makes it no failure");
  command.AddFlag("--raw-device", raw_device, "read block devices as evidence");
  command.AddOption("--level", level, "zstd's level, 1 to 19").TypeName("LEVEL").Between(1, 19).ShowDefault();
  command.AddJson(json);
}

}  // namespace exhibit::cli
