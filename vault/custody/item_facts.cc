#include "vault/custody/item_facts.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/sparse_file.h"
#include "vault/base/text.h"
#include "vault/custody/entry_time.h"

namespace exhibit::custody {
namespace {

constexpr std::size_t kFractionAt = 20;  // in "2026-11-25T19:12:46.135412776Z"
constexpr std::size_t kFractionDigits = 9;
// Of the years 0000 to 9999.
constexpr std::int64_t kFirstSecond = -62'167'219'200;
constexpr std::int64_t kLastSecond = 253'402'300'799;

using Object = FieldValue::Object;
using Array = FieldValue::Array;

// Writing.

FieldValue NameOf(const std::string& bytes) { return FieldValue::Name(ViewOf(bytes)); }
FieldValue TimeOf(Moment time) { return {FormatEntryTime(EntryTimeOf(time))}; }
FieldValue TimeOf(const std::optional<FileTime>& time) {
  return time ? FieldValue(FormatFileTime(*time)) : FieldValue();
}
// Some file systems have inodes beyond 2^53 - 1, which no number of a field may be: those are text.
FieldValue NumberOf(std::uint64_t number) {
  if (number > kMaxNumber) return {Format("{}", number)};
  return FieldValue::Number(static_cast<std::int64_t>(number));
}
FieldValue SignedOf(std::int64_t number) { return FieldValue::Number(number); }
FieldValue BoolOf(bool value) { return FieldValue::Bool(value); }
template <typename Digest>
FieldValue HexOf(const Digest& digest) {
  return {ToHex(digest.view())};
}

// An object or a list of fields, of which each part is there only if it is known.
class Known {
 public:
  void Add(std::string_view key, FieldValue value) { parts_.emplace_back(std::string(key), std::move(value)); }
  template <typename T, typename Write>
  void AddIf(std::string_view key, const std::optional<T>& value, Write write) {
    if (value) Add(key, write(*value));
  }
  void AddName(std::string_view key, const std::optional<std::string>& bytes) { AddIf(key, bytes, NameOf); }
  void AddText(std::string_view key, const std::optional<std::string>& text) {
    if (text) Add(key, FieldValue(*text));
  }
  void AddNumber(std::string_view key, const std::optional<std::uint64_t>& number) { AddIf(key, number, NumberOf); }
  std::vector<FieldList::Item> Take() && { return std::move(parts_); }

 private:
  std::vector<FieldList::Item> parts_;
};

FieldValue ValueOf(const ItemState& state) {
  return {Object{{"whole", FieldValue::Bool(state.whole)},
                 {"changed", FieldValue::Bool(state.changed)},
                 {"claims", FieldValue(ToText(state.claims))},
                 {"derived", FieldValue::Bool(state.derived)},
                 {"content", FieldValue(ToText(state.content))}}};
}

FieldValue ValueOf(const FileTimes& times) {
  return {Object{{"modified", TimeOf(times.modified)},
                 {"changed", TimeOf(times.changed)},
                 {"accessed", TimeOf(times.accessed)},
                 {"born", TimeOf(times.born)}}};
}

FieldValue BeyondOf(const std::vector<std::pair<std::string, std::string>>& beyond) {
  Object times;
  for (const auto& [name, seconds] : beyond) times.emplace_back(name, FieldValue(seconds));
  return {std::move(times)};
}

// A name and its value in turn: as pairs, what is not UTF-8 would lie deeper than a field's value may go.
FieldValue XattrsOf(const std::vector<std::pair<std::string, std::string>>& xattrs) {
  Array list;
  for (const auto& [name, value] : xattrs) {
    list.push_back(NameOf(name));
    list.push_back(NameOf(value));
  }
  return {std::move(list)};
}

FieldValue ValueOf(const SystemFacts& system) {
  Known parts;
  parts.AddNumber("uid", system.uid);
  parts.AddNumber("gid", system.gid);
  parts.AddName("owner", system.owner);
  parts.AddName("group", system.group);
  parts.AddText("mode", system.mode);
  parts.AddNumber("inode", system.inode);
  parts.AddText("device", system.device);
  parts.AddNumber("links", system.links);
  if (!system.xattrs.empty()) parts.Add("xattrs", XattrsOf(system.xattrs));
  parts.AddName("acl", system.acl);
  parts.AddIf("holes", system.holes, BoolOf);
  return {std::move(parts).Take()};
}

FieldValue ValueOf(const Acquired& acquired) {
  Known parts;
  parts.AddIf("at", acquired.at, [](Moment at) { return TimeOf(at); });
  parts.AddText("by", acquired.by);
  parts.AddText("method", acquired.method);
  parts.AddIf("offset_ms", acquired.offset_ms, SignedOf);
  return {std::move(parts).Take()};
}

FieldValue ValueOf(const ToolFacts& tool) {
  Known parts;
  parts.Add("name", FieldValue(tool.name));
  parts.AddIf("sha256", tool.sha256, HexOf<crypto::Sha256Digest>);
  return {std::move(parts).Take()};
}

FieldValue ValueOf(const std::vector<ClaimedDigest>& claimed) {
  Array list;
  for (const ClaimedDigest& one : claimed) {
    list.push_back(FieldValue(Object{{"algorithm", FieldValue(ToText(one.algorithm))},
                                     {"value", FieldValue(ToHex(one.value))},
                                     {"matched", FieldValue::Bool(one.matched)}}));
  }
  return {std::move(list)};
}

FieldValue ValueOf(const PartialFacts& partial) {
  Known parts;
  parts.Add("why", FieldValue(partial.why));
  parts.Add("bytes", NumberOf(partial.bytes));
  parts.AddIf("exit", partial.exit, SignedOf);
  return {std::move(parts).Take()};
}

FieldValue ValueOf(const PartsSummary& parts) {
  return {Object{{"by", FieldValue(ToText(parts.by))}, {"count", NumberOf(parts.count)}, {"root", HexOf(parts.root)}}};
}

FieldValue TextsOf(const std::vector<std::string>& texts) {
  Array list;
  for (const std::string& text : texts) list.emplace_back(text);
  return {std::move(list)};
}
FieldValue CasesOf(const std::vector<std::string>& cases) {
  return cases.size() == 1 ? FieldValue(cases.front()) : TextsOf(cases);
}

// Reading. Each gives nothing for what has another form, and for a value that is not there.

std::optional<std::string> TextIn(const FieldValue* value) {
  return value != nullptr && value->Text() != nullptr ? std::optional(*value->Text()) : std::nullopt;
}
std::optional<std::string> NameIn(const FieldValue* value) {
  const auto bytes = value == nullptr ? std::nullopt : value->NameBytes();
  return bytes ? std::optional(std::string(TextOf(*bytes))) : std::nullopt;
}
std::optional<bool> BoolIn(const FieldValue* value) {
  return value != nullptr && value->Bool() != nullptr ? std::optional(*value->Bool()) : std::nullopt;
}
std::optional<std::int64_t> SignedIn(const FieldValue* value) {
  return value != nullptr && value->Number() != nullptr ? std::optional(*value->Number()) : std::nullopt;
}
// What `parse` makes of a text.
template <typename Parse>
auto ParsedIn(const FieldValue* value, Parse parse) {
  const auto text = TextIn(value);
  using Parsed = std::remove_cvref_t<decltype(*parse(*text))>;
  if (!text) return std::optional<Parsed>();
  auto parsed = parse(*text);
  return parsed ? std::optional<Parsed>(std::move(*parsed)) : std::nullopt;
}
std::optional<std::uint64_t> NumberIn(const FieldValue* value) {
  if (const auto number = SignedIn(value)) {
    return *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
  }
  const auto number = ParsedIn(value, FromDecimal);
  return number && *number > kMaxNumber ? number : std::nullopt;
}
std::optional<Moment> TimeIn(const FieldValue* value) {
  const auto time = ParsedIn(value, ParseEntryTime);
  return time ? std::optional(MomentOf(*time)) : std::nullopt;
}
std::optional<FileTime> FileTimeIn(const FieldValue* value) { return ParsedIn(value, ParseFileTime); }
template <typename Digest>
std::optional<Digest> HexIn(const FieldValue* value) {
  const auto bytes = ParsedIn(value, FromHex);
  return bytes ? Digest::From(*bytes) : std::nullopt;
}
template <HasWords Enum>
std::optional<Enum> WordIn(const FieldValue* value) {
  return ParsedIn(value, FromWord<Enum>);
}
const FieldValue* PartOf(const FieldValue* value, std::string_view key) {
  return value == nullptr ? nullptr : value->Find(key);
}
const Array& ListIn(const FieldValue* value) {
  static const Array kNone;
  return value == nullptr || value->AsArray() == nullptr ? kNone : *value->AsArray();
}
std::vector<std::string> TextsIn(const FieldValue* value) {
  std::vector<std::string> texts;
  for (const FieldValue& one : ListIn(value)) {
    if (one.Text() != nullptr) texts.push_back(*one.Text());
  }
  return texts;
}

std::optional<ItemState> StateIn(const FieldValue* value) {
  const auto whole = BoolIn(PartOf(value, "whole"));
  const auto changed = BoolIn(PartOf(value, "changed"));
  const auto claims = WordIn<Claims>(PartOf(value, "claims"));
  const auto derived = BoolIn(PartOf(value, "derived"));
  const auto content = WordIn<ContentPlace>(PartOf(value, "content"));
  if (!whole || !changed || !claims || !derived || !content) return std::nullopt;
  return ItemState{*whole, *changed, *claims, *derived, *content};
}

FileTimes TimesIn(const FieldValue* value) {
  return {FileTimeIn(PartOf(value, "modified")),
          FileTimeIn(PartOf(value, "changed")),
          FileTimeIn(PartOf(value, "accessed")),
          FileTimeIn(PartOf(value, "born")),
          {}};
}

std::vector<std::pair<std::string, std::string>> BeyondIn(const FieldValue* value) {
  std::vector<std::pair<std::string, std::string>> beyond;
  if (value == nullptr || value->AsObject() == nullptr) return beyond;
  for (const auto& [name, seconds] : *value->AsObject()) {
    if (seconds.Text() != nullptr) beyond.emplace_back(name, *seconds.Text());
  }
  return beyond;
}

std::vector<std::pair<std::string, std::string>> XattrsIn(const FieldValue* value) {
  std::vector<std::pair<std::string, std::string>> xattrs;
  const Array& list = ListIn(value);
  if (list.size() % 2 != 0) return xattrs;
  for (std::size_t i = 0; i < list.size(); i += 2) {
    auto name = NameIn(&list[i]);
    auto bytes = NameIn(&list[i + 1]);
    if (name && bytes) xattrs.emplace_back(std::move(*name), std::move(*bytes));
  }
  return xattrs;
}

SystemFacts SystemIn(const FieldValue* value) {
  SystemFacts system;
  system.uid = NumberIn(PartOf(value, "uid"));
  system.gid = NumberIn(PartOf(value, "gid"));
  system.owner = NameIn(PartOf(value, "owner"));
  system.group = NameIn(PartOf(value, "group"));
  system.mode = TextIn(PartOf(value, "mode"));
  system.inode = NumberIn(PartOf(value, "inode"));
  system.device = TextIn(PartOf(value, "device"));
  system.links = NumberIn(PartOf(value, "links"));
  system.xattrs = XattrsIn(PartOf(value, "xattrs"));
  system.acl = NameIn(PartOf(value, "acl"));
  system.holes = BoolIn(PartOf(value, "holes"));
  return system;
}

std::vector<ClaimedDigest> ClaimedIn(const FieldValue* value) {
  std::vector<ClaimedDigest> claimed;
  for (const FieldValue& one : ListIn(value)) {
    const auto algorithm = WordIn<DigestAlgorithm>(one.Find("algorithm"));
    const auto hex = TextIn(one.Find("value"));
    const auto matched = BoolIn(one.Find("matched"));
    if (!algorithm || !hex || !matched) continue;
    auto bytes = FromHex(*hex);
    if (bytes && bytes->size() == DigestBytes(*algorithm)) claimed.push_back({*algorithm, std::move(*bytes), *matched});
  }
  return claimed;
}

std::optional<ToolFacts> ToolIn(const FieldValue* value) {
  const auto name = TextIn(PartOf(value, "name"));
  if (!name) return std::nullopt;
  return ToolFacts{*name, HexIn<crypto::Sha256Digest>(PartOf(value, "sha256"))};
}

std::optional<PartialFacts> PartialIn(const FieldValue* value) {
  const auto why = TextIn(PartOf(value, "why"));
  const auto bytes = NumberIn(PartOf(value, "bytes"));
  if (!why || !bytes) return std::nullopt;
  return PartialFacts{*why, *bytes, SignedIn(PartOf(value, "exit"))};
}

std::optional<PartsSummary> PartsIn(const FieldValue* value) {
  const auto by = WordIn<PartsBy>(PartOf(value, "by"));
  const auto count = NumberIn(PartOf(value, "count"));
  const auto root = HexIn<tlog::RootHash>(PartOf(value, "root"));
  if (!by || !count || !root) return std::nullopt;
  return PartsSummary{*by, *count, *root};
}

std::vector<std::string> CasesIn(const FieldValue* value) {
  const auto one = TextIn(value);
  return one ? std::vector<std::string>{*one} : TextsIn(value);
}

}  // namespace

std::size_t DigestBytes(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kSha256: return crypto::Sha256Digest::kSize;
    case DigestAlgorithm::kSha512: return crypto::Sha512Digest::kSize;
    case DigestAlgorithm::kSha1: return crypto::Sha1Digest::kSize;
    case DigestAlgorithm::kMd5: return crypto::Md5Digest::kSize;
  }
  InternalError("a digest has no size", __FILE__, __LINE__);
}

bool FitsField(FileTime time) { return time.seconds >= kFirstSecond && time.seconds <= kLastSecond; }

ZeroBlocks ZeroBlocksOf(const ItemFacts& item) {
  return item.system.holes == true ? ZeroBlocks::kBecomeHoles : ZeroBlocks::kAreWritten;
}

std::string FormatFileTime(FileTime time) {
  if (time.seconds < kFirstSecond) time = {kFirstSecond, 0};
  if (time.seconds > kLastSecond) time = {kLastSecond, 999'999'999};
  const std::string to_milliseconds = FormatTime(Moment{time.seconds * 1000});
  return Format("{}{:09}Z", to_milliseconds.substr(0, kFractionAt), time.nanoseconds);
}

Result<FileTime> ParseFileTime(std::string_view text) {
  const Failure bad = Fail(ErrorCode::kInvalid, "time is not of the form 2026-11-25T19:12:46.135412776Z");
  if (text.size() != kFractionAt + kFractionDigits + 1) return bad;
  const auto seconds = ParseCanonicalTime(std::string(text.substr(0, kFractionAt)) + "000Z");
  if (!seconds) return bad;
  FileTime time{seconds->milliseconds / 1000, 0};
  for (const char digit : text.substr(kFractionAt, kFractionDigits)) {
    if (digit < '0' || digit > '9') return bad;
    time.nanoseconds = time.nanoseconds * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  if (text.back() != 'Z') return bad;
  return time;
}

std::string InWords(const PartialFacts& partial, std::optional<std::uint64_t> size) {
  if (partial.why == kUnreadable && size && partial.bytes <= *size) {
    return Format("has gaps: {} of its {} bytes could not be read", *size - partial.bytes, *size);
  }
  if (partial.why == kUnreadable) return Format("has gaps: {} bytes of it could be read", partial.bytes);
  if (partial.why == kProducerFailed) {
    const std::string how = partial.exit ? Format("with exit status {}", *partial.exit) : "by a signal";
    return Format("the program that made it failed ({}) after {} bytes", how, partial.bytes);
  }
  return Format("cut short ({}) after {} bytes", Printable(partial.why), partial.bytes);
}

std::vector<FieldList::Item> FieldsOf(const ItemFacts& facts) {
  Known fields;
  fields.AddIf("state", facts.state, [](const ItemState& state) { return ValueOf(state); });
  fields.AddIf("sha256", facts.sha256, HexOf<crypto::Sha256Digest>);
  fields.AddNumber("size", facts.size);
  fields.AddIf("sha512", facts.sha512, HexOf<crypto::Sha512Digest>);
  fields.AddIf("sha1", facts.sha1, HexOf<crypto::Sha1Digest>);
  fields.AddIf("md5", facts.md5, HexOf<crypto::Md5Digest>);
  fields.AddName("name", facts.name);
  fields.AddName("path", facts.path);
  fields.AddName("source", facts.source);
  if (!facts.cases.empty()) fields.Add("case", CasesOf(facts.cases));
  fields.AddIf("kind", facts.kind, [](Kind kind) { return FieldValue(ToText(kind)); });
  fields.AddText("description", facts.description);
  if (!facts.tags.empty()) fields.Add("tags", TextsOf(facts.tags));
  fields.AddIf("file-type", facts.file_type, [](FileType type) { return FieldValue(ToText(type)); });
  fields.AddName("link-target", facts.link_target);
  if (!facts.times.empty()) fields.Add("times", ValueOf(facts.times));
  if (!facts.times.beyond.empty()) fields.Add("times-beyond", BeyondOf(facts.times.beyond));
  if (!facts.system.empty()) fields.Add("system", ValueOf(facts.system));
  if (!facts.acquired.empty()) fields.Add("acquired", ValueOf(facts.acquired));
  fields.AddIf("tool", facts.tool, [](const ToolFacts& tool) { return ValueOf(tool); });
  if (!facts.claimed.empty()) fields.Add("claimed", ValueOf(facts.claimed));
  fields.AddIf("partial", facts.partial, [](const PartialFacts& partial) { return ValueOf(partial); });
  fields.AddIf("retain-until", facts.retain_until, [](Moment until) { return TimeOf(until); });
  fields.AddIf("parts", facts.parts, [](const PartsSummary& parts) { return ValueOf(parts); });
  fields.AddNumber("count", facts.count);
  return std::move(fields).Take();
}

ItemFacts ItemFactsIn(const FieldList& fields) {
  ItemFacts facts;
  facts.state = StateIn(fields.Find("state"));
  facts.sha256 = HexIn<crypto::Sha256Digest>(fields.Find("sha256"));
  facts.size = NumberIn(fields.Find("size"));
  facts.sha512 = HexIn<crypto::Sha512Digest>(fields.Find("sha512"));
  facts.sha1 = HexIn<crypto::Sha1Digest>(fields.Find("sha1"));
  facts.md5 = HexIn<crypto::Md5Digest>(fields.Find("md5"));
  facts.name = NameIn(fields.Find("name"));
  facts.path = NameIn(fields.Find("path"));
  facts.source = NameIn(fields.Find("source"));
  facts.cases = CasesIn(fields.Find("case"));
  facts.kind = WordIn<Kind>(fields.Find("kind"));
  facts.description = TextIn(fields.Find("description"));
  facts.tags = TextsIn(fields.Find("tags"));
  facts.file_type = WordIn<FileType>(fields.Find("file-type"));
  facts.link_target = NameIn(fields.Find("link-target"));
  facts.times = TimesIn(fields.Find("times"));
  facts.times.beyond = BeyondIn(fields.Find("times-beyond"));
  facts.system = SystemIn(fields.Find("system"));
  const FieldValue* const acquired = fields.Find("acquired");
  facts.acquired = {TimeIn(PartOf(acquired, "at")), TextIn(PartOf(acquired, "by")), TextIn(PartOf(acquired, "method")),
                    SignedIn(PartOf(acquired, "offset_ms"))};
  facts.tool = ToolIn(fields.Find("tool"));
  facts.claimed = ClaimedIn(fields.Find("claimed"));
  facts.partial = PartialIn(fields.Find("partial"));
  facts.retain_until = TimeIn(fields.Find("retain-until"));
  facts.parts = PartsIn(fields.Find("parts"));
  facts.count = NumberIn(fields.Find("count"));
  return facts;
}

}  // namespace exhibit::custody
