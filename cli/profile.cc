#include "cli/profile.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "cli/documents.h"
#include "cli/evidence_options.h"
#include "cli/meant.h"
#include "cli/toml_text.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"

namespace exhibit::cli {
namespace {

constexpr std::uint64_t kMaxProfileBytes = 1 << 20;
constexpr std::int64_t kMaxSeconds = 24 * 3600;

class ProfileReader {
 public:
  ProfileReader(std::string name, const std::string& place) : place_(place) { profile_.name = std::move(name); }

  Result<intake::Profile> Read(std::string_view text) {
    TRY(const toml::table table, ParseToml(place_, text));
    TRY_VOID(CheckKeys(table, kKeys));
    TRY(profile_.title, ReadText(table, "title"));
    TRY(const std::int64_t seconds, ReadSeconds(table, kDefaultSeconds));
    TRY(profile_.exclude, ReadTexts(table, "exclude"));
    const toml::node* const steps = table.get("step");
    if (steps == nullptr || steps->as_array() == nullptr)
      return Wrong(table.source(), "no [[step]] says what is to be taken");
    for (const toml::node& step : *steps->as_array()) {
      if (step.as_table() == nullptr) return Wrong(step.source(), "a step is a table: [[step]]");
      TRY_VOID(ReadStep(*step.as_table(), seconds));
    }
    return std::move(profile_);
  }

 private:
  static constexpr std::int64_t kDefaultSeconds = 60;
  static constexpr std::array<std::string_view, 4> kKeys = {"title", "seconds", "exclude", "step"};
  static constexpr std::array<std::string_view, 5> kStepKeys = {"name", "run", "kind", "seconds", "files"};

  Failure Wrong(const toml::source_region& where, const std::string& what, std::string_view hint = {}) const {
    return WrongInToml(place_, where, what, hint);
  }

  template <std::size_t N>
  Result<void> CheckKeys(const toml::table& table, const std::array<std::string_view, N>& keys) const {
    for (const auto& [key, node] : table) {
      if (std::ranges::find(keys, key.str()) != keys.end()) continue;
      return Wrong(key.source(), Format("there is no \"{}\" here{}", Printable(key.str()),
                                        DidYouMean(Meant(key.str(), {keys.begin(), keys.end()}))));
    }
    return {};
  }

  // Empty if it is not there.
  Result<std::string> ReadText(const toml::table& table, std::string_view key) const {
    const toml::node* const node = table.get(key);
    if (node == nullptr) return std::string();
    const toml::value<std::string>* const text = node->as_string();
    if (text == nullptr || text->get().empty())
      return Wrong(node->source(), Format("\"{}\" takes a text between quotes, which is not empty", key));
    TRY_VOID(custody::CheckFreeText({key, text->get()}));
    return text->get();
  }

  Result<std::vector<std::string>> ReadTexts(const toml::table& table, std::string_view key) const {
    std::vector<std::string> texts;
    const toml::node* const node = table.get(key);
    if (node == nullptr) return texts;
    if (node->as_array() == nullptr) return Wrong(node->source(), Format("\"{}\" takes a list of texts", key));
    for (const toml::node& one : *node->as_array()) {
      if (one.as_string() == nullptr || one.as_string()->get().empty())
        return Wrong(one.source(), Format("\"{}\" takes a list of texts", key));
      texts.push_back(one.as_string()->get());
    }
    return texts;
  }

  Result<std::int64_t> ReadSeconds(const toml::table& table, std::int64_t without) const {
    const toml::node* const node = table.get("seconds");
    if (node == nullptr) return without;
    const toml::value<std::int64_t>* const number = node->as_integer();
    if (number == nullptr || number->get() < 1 || number->get() > kMaxSeconds)
      return Wrong(node->source(), Format("\"seconds\" takes a number from 1 to {}", kMaxSeconds));
    return number->get();
  }

  Result<void> ReadStep(const toml::table& step, std::int64_t seconds) {
    TRY_VOID(CheckKeys(step, kStepKeys));
    const bool runs = step.contains("run");
    if (runs == step.contains("files")) return Wrong(step.source(), "a step has either \"run\" or \"files\"");
    if (runs) return ReadCommand(step, seconds);
    for (const std::string_view key : {"name", "kind", "seconds"}) {
      if (step.contains(key)) return Wrong(step.source(), Format("\"{}\" belongs to a step with \"run\"", key));
    }
    TRY(std::vector<std::string> patterns, ReadTexts(step, "files"));
    for (const std::string& pattern : patterns) {
      if (!pattern.starts_with('/'))
        return Wrong(step.source(), Format("\"{}\" does not begin with /", Printable(pattern)));
    }
    profile_.steps.emplace_back(intake::Profile::Files{std::move(patterns)});
    return {};
  }

  Result<void> ReadCommand(const toml::table& step, std::int64_t seconds) {
    intake::Profile::Command command;
    TRY(command.name, ReadText(step, "name"));
    if (command.name.empty()) return Wrong(step.source(), "what a command writes needs a \"name\"");
    TRY(command.run.command, ReadText(step, "run"));
    TRY(seconds, ReadSeconds(step, seconds));
    command.run.limit = std::chrono::seconds(seconds);
    TRY(const std::string kind, ReadText(step, "kind"));
    if (!kind.empty()) {
      auto parsed = ParseKind(kind);
      if (!parsed) return Wrong(step.source(), parsed.error().message, parsed.error().hint);
      command.kind = *parsed;
    }
    profile_.steps.emplace_back(std::move(command));
    return {};
  }

  const std::string& place_;
  intake::Profile profile_;
};

}  // namespace

const std::vector<BuiltInProfile>& BuiltInProfiles() {
  static const std::vector<BuiltInProfile> profiles = {
      {"linux-triage", LinuxTriageText()}, {"web-server", WebServerText()}, {"hospital-ehr", HospitalEhrText()}};
  return profiles;
}

Result<intake::Profile> ParseProfile(const std::string& name, const std::string& place, std::string_view text) {
  return ProfileReader(name, place).Read(text);
}

Result<NamedProfile> ReadProfile(const std::string& named) {
  if (named.find('/') != std::string::npos || named.ends_with(".toml")) {
    TRY(const Bytes text, ReadFile(named, kMaxProfileBytes));
    NamedProfile profile{std::filesystem::path(named).stem().native(), named, std::string(TextOf(Utf8TextOf(text)))};
    TRY_VOID(ParseProfile(profile.name, profile.place, profile.text));
    return profile;
  }
  std::vector<std::string> names;
  for (const BuiltInProfile& profile : BuiltInProfiles()) {
    if (profile.name == named) return NamedProfile{named, "profile " + named, std::string(profile.text)};
    names.emplace_back(profile.name);
  }
  return Fail(ErrorCode::kNotFound,
              Format("there is no profile \"{}\"{}", Printable(named), DidYouMean(Meant(named, names))),
              "exhibit help profiles lists them; a file of your own ends with .toml");
}

Result<intake::Profile> FindProfile(const std::string& named) {
  TRY(const NamedProfile profile, ReadProfile(named));
  return ParseProfile(profile.name, profile.place, profile.text);
}

}  // namespace exhibit::cli
