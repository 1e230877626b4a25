#include "vault/tlog/policy.h"

#include <algorithm>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::tlog {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kNone = "none";

Failure Broken(std::string rule) { return Fail(ErrorCode::kInvalid, std::move(rule)); }

std::string Quoted(std::string_view name) { return Format("\"{}\"", Printable(name.substr(0, 128))); }

std::vector<std::string_view> ItemsOf(std::string_view line) {
  std::vector<std::string_view> items;
  for (;;) {
    const std::size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return items;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
    items.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Result<void> CheckOctets(std::string_view line) {
  if (line.ends_with('\r')) {
    return Fail(ErrorCode::kInvalid, "ends in CR LF, as Windows ends lines, and not in LF alone",
                "write it with Unix line ends: tr -d '\\r' < FILE > NEW-FILE");
  }
  for (const char c : line) {
    const auto octet = static_cast<std::uint8_t>(c);
    if ((octet < 0x20 && octet != '\t') || octet == 0x7F) return Broken("has a control character");
  }
  return {};
}

}  // namespace

// Builds a Policy line by line, and checks which lines may come before which.
class Policy::Parser {
 public:
  Result<void> AddLine(std::string_view line) {
    TRY_VOID(CheckOctets(line));
    const std::vector<std::string_view> items = ItemsOf(line);
    if (items.empty() || items[0].front() == '#') return {};
    if (items[0] == "log") return AddLog(items);
    if (items[0] == "witness") return AddWitness(items);
    if (items[0] == "group") return AddGroup(items);
    if (items[0] == "quorum") return SetQuorum(items);
    if (items[0].starts_with(kByteOrderMark)) return Broken("begins with a byte order mark, which a policy has not");
    // It may be any file at all, a key too: nothing of it is shown.
    return Broken("does not begin with log, witness, group or quorum");
  }

  Result<Policy> Finish() && {
    if (!has_quorum_) return Broken("has no quorum line");
    return std::move(policy_);
  }

 private:
  using Items = std::vector<std::string_view>;

  Result<void> AddLog(const Items& items) {
    if (items.size() < 2 || items.size() > 3) return Broken("a log has a vkey and maybe a URL");
    if (policy_.logs_.size() == kMaxPolicyComponents) return Broken("more than 256 logs");
    TRY(const VerifierKey key, VerifierKey::Parse(items[1]));
    if (key.type() != SignatureType::kEd25519) {
      return Fail(ErrorCode::kUnsupported, "a log key of type 0x04 is not supported");
    }
    for (const Log& log : policy_.logs_) {
      if (log.key.public_key() == key.public_key()) return Broken("the key of an earlier log");
    }
    TRY_VOID(TakeId(key.name(), key.id()));
    policy_.logs_.push_back({key, std::string(items.size() == 3 ? items[2] : "")});
    return {};
  }

  Result<void> AddWitness(const Items& items) {
    if (items.size() < 3 || items.size() > 4) {
      return Broken("a witness has a name, a vkey and maybe a URL");
    }
    if (policy_.witnesses_.size() == kMaxPolicyComponents) return Broken("more than 256 witnesses");
    TRY_VOID(CheckNewName(items[1]));
    TRY(const CosignerKey key, CosignerKey::Parse(items[2]));
    for (const Witness& witness : policy_.witnesses_) {
      if (Equal(witness.key.public_key(), key.public_key())) {
        return Broken("the key of an earlier witness, " + Quoted(witness.name));
      }
    }
    TRY_VOID(TakeId(key.name(), key.id()));
    policy_.components_.push_back({std::string(items[1]), policy_.witnesses_.size(), 0, {}});
    policy_.witnesses_.push_back({std::string(items[1]), key, std::string(items.size() == 4 ? items[3] : "")});
    return {};
  }

  Result<void> AddGroup(const Items& items) {
    if (items.size() < 4) return Broken("a group has a name, a threshold and at least one member");
    if (group_count_ == kMaxPolicyComponents) return Broken("more than 256 groups");
    TRY_VOID(CheckNewName(items[1]));
    Component group{std::string(items[1]), std::nullopt, 0, {}};
    for (std::size_t i = 3; i < items.size(); ++i) {
      TRY(const std::size_t member, Find(items[i]));
      if (!members_.insert(member).second) {
        return Broken(Quoted(items[i]) + " is a member of a group already");
      }
      group.members.push_back(member);
    }
    TRY(group.threshold, ThresholdOf(items[2], group.members.size()));
    policy_.components_.push_back(std::move(group));
    ++group_count_;
    return {};
  }

  Result<void> SetQuorum(const Items& items) {
    if (items.size() != 2) return Broken("a quorum has one name");
    if (has_quorum_) return Broken("a second quorum line");
    if (items[1] != kNone) {
      TRY(policy_.quorum_, Find(items[1]));
    }
    has_quorum_ = true;
    return {};
  }

  static Result<std::size_t> ThresholdOf(std::string_view text, std::size_t member_count) {
    if (text == "all") return member_count;
    if (text == "any") return std::size_t{1};
    const auto number = FromDecimal(text);
    if (!number || *number < 1 || *number > member_count) {
      return Broken(Format("the threshold {} is not all, any, or 1 to {}", Quoted(text), member_count));
    }
    return static_cast<std::size_t>(*number);
  }

  Result<void> CheckNewName(std::string_view name) const {
    if (name == kNone) return Broken("the name \"none\" is reserved");
    if (Find(name)) return Broken(Format("the name {} is taken", Quoted(name)));
    return {};
  }

  Result<std::size_t> Find(std::string_view name) const {
    const auto& components = policy_.components_;
    const auto found = std::ranges::find(components, name, &Component::name);
    if (found == components.end()) {
      return Broken(Format("the name {} is not defined before", Quoted(name)));
    }
    return static_cast<std::size_t>(found - components.begin());
  }

  // A signature line names its key by name and id, so two keys may not share both.
  Result<void> TakeId(const KeyName& name, const KeyId& id) {
    if (!ids_.insert({name, id}).second) {
      return Broken("the name and id of an earlier key");
    }
    return {};
  }

  Policy policy_;
  bool has_quorum_ = false;
  std::size_t group_count_ = 0;
  std::set<std::size_t> members_;
  std::set<std::pair<KeyName, KeyId>> ids_;
};

Result<Policy> Policy::Parse(std::string_view file) {
  if (file.size() > kMaxPolicyBytes) return Broken("policy: longer than 256 KiB");
  if (file.starts_with("\xFF\xFE") || file.starts_with("\xFE\xFF")) {
    return Fail(ErrorCode::kInvalid, "policy: is in UTF-16, and a policy is in UTF-8",
                "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW-FILE");
  }
  if (!file.empty() && file.back() != '\n') {
    return Fail(ErrorCode::kInvalid, "policy: does not end in a line feed",
                "it may have been cut off: if its last line is whole, end it with a line feed");
  }
  Parser parser;
  for (std::size_t number = 1; !file.empty(); ++number) {
    const std::size_t end = file.find('\n');
    auto added = parser.AddLine(file.substr(0, end));
    if (!added) {
      Error error = std::move(added).error().In(Format("policy: line {}", number));
      const bool has_comment = file.substr(0, end).find('#') != std::string_view::npos;
      if (error.hint.empty() && has_comment) error.hint = "a comment is a line of its own, which begins with #";
      return Fail(std::move(error));
    }
    file.remove_prefix(end + 1);
  }
  auto policy = std::move(parser).Finish();
  if (!policy) return Fail(std::move(policy).error().In("policy"));
  return policy;
}

std::string Policy::ToText() const {
  const auto with_url = [](const std::string& url) { return (url.empty() ? "" : " ") + url + "\n"; };
  std::string text;
  for (const Log& log : logs_) text += Format("log {}{}", log.key.ToText(), with_url(log.url));
  for (const Witness& witness : witnesses_) {
    text += Format("witness {} {}{}", witness.name, witness.key.ToText(), with_url(witness.url));
  }
  for (const Component& group : components_) {
    if (group.witness) continue;
    const bool all = group.threshold == group.members.size();
    const std::string number = group.threshold == 1 ? "any" : std::to_string(group.threshold);
    text += Format("group {} {}", group.name, all ? "all" : number);
    for (const std::size_t member : group.members) text += " " + components_[member].name;
    text += "\n";
  }
  return text + Format("quorum {}\n", quorum_ ? components_[*quorum_].name : std::string(kNone));
}

Result<std::vector<Witnessed>> Policy::CheckQuorum(const SignedNote& note) const {
  std::vector<Witnessed> cosigned;
  // Members come before their groups, so one pass from the front decides all of them.
  std::vector<bool> satisfied;
  satisfied.reserve(components_.size());
  for (const Component& component : components_) {
    if (component.witness) {
      const Witness& witness = witnesses_[*component.witness];
      const auto time = CheckCosignature(note, witness.key);
      if (!time && time.error().code != ErrorCode::kDenied) return Fail(time.error());
      if (time) cosigned.push_back({witness.name, *time});
      satisfied.push_back(static_cast<bool>(time));
    } else {
      const auto count =
          std::ranges::count_if(component.members, [&](std::size_t member) -> bool { return satisfied[member]; });
      satisfied.push_back(static_cast<std::size_t>(count) >= component.threshold);
    }
  }
  if (quorum_ && !satisfied[*quorum_]) {
    return Fail(ErrorCode::kDenied, Format("policy: the quorum {} is not met: {} of {} witnesses cosigned",
                                           Quoted(components_[*quorum_].name), cosigned.size(), witnesses_.size()));
  }
  return cosigned;
}

std::optional<CosignatureTime> Policy::QuorumTime(const std::vector<Witnessed>& cosigned) const {
  if (!quorum_) return std::nullopt;
  // Members come before their groups.
  std::vector<std::optional<CosignatureTime>> at;
  at.reserve(components_.size());
  for (const Component& component : components_) {
    if (component.witness) {
      const auto found = std::ranges::find(cosigned, component.name, &Witnessed::name);
      at.push_back(found == cosigned.end() ? std::nullopt : std::optional(found->time));
      continue;
    }
    std::vector<CosignatureTime> times;
    for (const std::size_t member : component.members) {
      if (at[member]) times.push_back(*at[member]);
    }
    std::ranges::sort(times);
    const bool met = times.size() >= component.threshold;
    at.push_back(met ? std::optional(times[component.threshold - 1]) : std::nullopt);
  }
  return at[*quorum_];
}

Result<AcceptedCheckpoint> Policy::Accept(const SignedNote& note) const {
  std::vector<VerifierKey> keys;
  keys.reserve(logs_.size());
  for (const Log& log : logs_) keys.push_back(log.key);
  const auto signers = VerifyNote(note, keys);
  if (!signers && signers.error().code == ErrorCode::kDenied) {
    return Fail(ErrorCode::kDenied, "policy: not signed by a listed log");
  }
  if (!signers) return Fail(signers.error());
  TRY(Checkpoint checkpoint, DecodeCheckpoint(note.text()));
  const auto signer = std::ranges::find_if(
      *signers, [&](std::size_t place) { return keys[place].name() == checkpoint.origin.as_key_name(); });
  if (signer == signers->end()) {
    return Fail(ErrorCode::kTampered, Format("policy: log {} signed for another origin, {}",
                                             keys[signers->front()].name().text(), checkpoint.origin.text()));
  }
  TRY(std::vector<Witnessed> witnesses, CheckQuorum(note));
  return AcceptedCheckpoint{std::move(checkpoint), keys[*signer], std::move(witnesses)};
}

}  // namespace exhibit::tlog
