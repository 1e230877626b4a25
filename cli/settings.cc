#include "cli/settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "cli/meant.h"
#include "cli/toml_text.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/person_text.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxSettingsBytes = 1 << 20;

enum class Form : std::uint8_t {
  kText,
  kPath,
  kTextOrPath,  // a path unless it has the form of a URL, a recipient or a key
};
enum class Place : std::uint8_t { kAnywhere, kAbove };  // kAbove: not in the table of a vault

struct Key {
  std::string_view name;
  Form form;
  bool takes_list;
  Place place;
};
constexpr std::array<Key, 14> kKeys = {{{"vault", Form::kTextOrPath, false, Place::kAbove},
                                        {"readers", Form::kTextOrPath, true, Place::kAbove},
                                        {"organisation", Form::kText, false, Place::kAbove},
                                        {"case", Form::kText, true, Place::kAnywhere},
                                        {"source", Form::kText, false, Place::kAnywhere},
                                        {"key", Form::kPath, false, Place::kAnywhere},
                                        {"identity", Form::kPath, true, Place::kAnywhere},
                                        {"fingerprint", Form::kText, false, Place::kAnywhere},
                                        {"policy", Form::kPath, false, Place::kAnywhere},
                                        {"witnesses", Form::kTextOrPath, true, Place::kAnywhere},
                                        {"witness-keys", Form::kTextOrPath, true, Place::kAnywhere},
                                        {"tsa", Form::kText, false, Place::kAnywhere},
                                        {"tsa-roots", Form::kPath, true, Place::kAnywhere},
                                        {"ca-file", Form::kPath, false, Place::kAnywhere}}};

bool IsPath(Form form, std::string_view text) {
  if (form != Form::kTextOrPath) return form == Form::kPath;
  const bool is_recipient = text.starts_with("age1") || text.starts_with("ssh-");
  const bool is_key = text.find('+') != std::string_view::npos && text.find('/') == std::string_view::npos;
  return !is_recipient && !is_key && text.find("://") == std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file) {}

  Result<SettingValues> ReadTable(const toml::table& table, Place place) const {
    SettingValues values;
    for (const auto& [name, node] : table) {
      if (place == Place::kAbove && name.str() == "vaults") continue;
      TRY(const Key key, FindKey(name, place));
      TRY(values[std::string(key.name)], ReadValues(key, node));
    }
    return values;
  }

  Failure Wrong(const toml::source_region& where, const std::string& what, std::string_view hint = {}) const {
    return WrongInToml(file_.native(), where, what, hint);
  }

 private:
  Result<Key> FindKey(const toml::key& name, Place place) const {
    const auto key = std::ranges::find(kKeys, name.str(), &Key::name);
    if (key != kKeys.end() && (place == Place::kAbove || key->place == Place::kAnywhere)) return *key;
    if (key != kKeys.end())
      return Wrong(name.source(), Format("\"{}\" cannot differ from vault to vault", name.str()),
                   "write it above all tables");
    const bool is_secret =
        name.str().find("pass") != std::string_view::npos || name.str().find("secret") != std::string_view::npos;
    std::vector<std::string> known;
    for (const Key& one : kKeys) known.emplace_back(one.name);
    const auto meant = Meant(name.str(), known);
    return Wrong(name.source(), Format("there is no setting \"{}\"{}", Printable(name.str()), DidYouMean(meant)),
                 is_secret ? "secrets do not belong here: EXHIBIT_PASSPHRASE_COMMAND asks a password store"
                           : "exhibit help environment lists the settings");
  }

  Result<std::vector<std::string>> ReadValues(const Key& key, const toml::node& node) const {
    std::vector<std::string> values;
    const auto add = [&](const toml::node& one) -> Result<void> {
      const toml::value<std::string>* const text = one.as_string();
      if (text == nullptr || text->get().empty())
        return Wrong(one.source(), Format("\"{}\" takes a text between quotes, which is not empty", key.name));
      values.push_back(IsPath(key.form, text->get()) ? Resolved(text->get()) : text->get());
      return {};
    };
    const toml::array* const list = node.as_array();
    if (list == nullptr) {
      TRY_VOID(add(node));
      return values;
    }
    if (!key.takes_list) return Wrong(node.source(), Format("\"{}\" takes one value, and no list", key.name));
    for (const toml::node& one : *list) TRY_VOID(add(one));
    return values;
  }

  std::string Resolved(const std::string& text) const {
    const char* const home = std::getenv("HOME");
    if (text.starts_with("~/") && home != nullptr) return (fs::path(home) / text.substr(2)).native();
    return (file_.parent_path() / text).native();  // an absolute one replaces the folder
  }

  const fs::path& file_;
};

// It says whom to believe and where evidence goes: nobody else may have written it.
Result<void> CheckOwner(const fs::path& file) {
  struct ::stat status {};
  if (::stat(file.c_str(), &status) != 0) return Fail(SystemError("look at", file, errno).In("configuration"));
  if (!S_ISREG(status.st_mode)) return {};
  const bool is_own = status.st_uid == ::geteuid() || status.st_uid == 0;
  if (is_own && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  return Fail(ErrorCode::kDenied, Format("configuration {} can be changed by others", Printable(file.native())),
              is_own ? "chmod go-w it" : "a file of your own is wanted");
}

// ReadFile follows no link and opens no device; a configuration may be one, such as /dev/null.
Result<std::string> ReadText(const fs::path& file) {
  std::error_code none;
  if (fs::is_character_file(file, none)) return std::string();
  const fs::path real = fs::canonical(file, none);
  TRY(const Bytes bytes, ReadFile(none ? file : real, kMaxSettingsBytes));
  return std::string(TextOf(Utf8TextOf(bytes)));
}

}  // namespace

Result<Settings> Settings::Read(const fs::path& file) {
  TRY_VOID(CheckOwner(file));
  TRY(const std::string text, ReadText(file));
  const Reader reader(file);
  TRY(const toml::table table, ParseToml(file.native(), text));
  Settings settings;
  TRY(settings.general_, reader.ReadTable(table, Place::kAbove));
  const toml::node* const vaults = table.get("vaults");
  if (vaults == nullptr) return settings;
  if (vaults->as_table() == nullptr) return reader.Wrong(vaults->source(), "\"vaults\" is no table");
  for (const auto& [origin, node] : *vaults->as_table()) {
    if (node.as_table() == nullptr)
      return reader.Wrong(node.source(), Format("vaults.\"{}\" is no table", Printable(origin.str())));
    TRY(settings.vaults_[std::string(origin.str())], reader.ReadTable(*node.as_table(), Place::kAnywhere));
  }
  return settings;
}

SettingValues Settings::For(const std::optional<std::string>& origin) const {
  const auto own = origin ? vaults_.find(*origin) : vaults_.end();
  SettingValues values = own == vaults_.end() ? SettingValues() : own->second;
  values.insert(general_.begin(), general_.end());
  return values;
}

std::string Settings::Vault() const {
  const auto found = general_.find("vault");
  return found == general_.end() ? "" : found->second.front();
}

std::optional<fs::path> SettingsPlace(const std::string& given) {
  if (!given.empty()) return given;
  const char* const config = std::getenv("XDG_CONFIG_HOME");
  const char* const home = std::getenv("HOME");
  fs::path folder;
  if (config != nullptr && *config == '/') {
    folder = config;
  } else if (home != nullptr && *home == '/') {
    folder = fs::path(home) / ".config";
  } else {
    return std::nullopt;
  }
  const fs::path file = folder / "exhibit" / "config.toml";
  if (IsAbsent(file)) return std::nullopt;
  return file;
}

}  // namespace exhibit::cli
