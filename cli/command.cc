#include "cli/command.h"

#include <algorithm>
#include <cstdlib>

#include "cli/identities.h"
#include "cli/passphrase.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/kept_heads.h"
#include "vault/tlog/note.h"

namespace exhibit::cli {
namespace {

constexpr std::string_view kAskForPassphrase = "-";

bool IsSet(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

std::string Globals::VaultName() const { return vault.empty() ? "." : vault; }

std::filesystem::path Globals::VaultFolder() const {
  if (remote != nullptr) return remote->folder();
  return VaultName();
}

Result<void> Globals::Locate() const {
  if (remote != nullptr || !net::S3Place::LooksLikeOne(vault)) return {};
  TRY(const net::S3Place place, net::S3Place::Parse(vault));
  TRY(remote, RemoteVault::Of(place, &Interrupted()));
  TRY_VOID(remote->MakeFolder());
  const VaultPaths paths(remote->folder());
  // What commands read before they open a vault.
  if (IsAbsent(paths.head)) TRY_VOID(remote->engine().Refresh(paths.store, store::HeadFile(paths.head)));
  return remote->FetchKeyFiles();
}

Result<void> Globals::ShareKeyFiles() const { return remote == nullptr ? Result<void>() : remote->ShareKeyFiles(); }

Result<SettingValues> Globals::ReadSettings() const {
  const auto place = SettingsPlace(config);
  if (!place) return SettingValues();
  TRY(const Settings settings, Settings::Read(*place));
  Globals meant = *this;
  if (meant.vault.empty()) meant.vault = settings.Vault();
  // Where this user has the rest of a vault on an object store; nobody is asked.
  if (const auto remote_place = net::S3Place::Parse(meant.vault)) {
    meant.remote = RemoteVault::Of(*remote_place, nullptr).value_or(nullptr);
  }
  const auto origin = OriginOf(meant);
  return settings.For(origin ? std::optional(std::string(origin->text())) : std::nullopt);
}

void Globals::AddTo(const Command& program) {
  program
      .AddOption("--vault", vault,
                 "the vault's folder, or s3://HOST/BUCKET/PREFIX (or EXHIBIT_VAULT; else the current folder)")
      .TypeName("DIR")
      .Environment("EXHIBIT_VAULT")
      .Setting("vault");
  program.AddOption("--config", config, "a configuration file (exhibit help environment)")
      .TypeName("FILE")
      .Environment("EXHIBIT_CONFIG");
  program.AddOption("--pin", pins, "a signed checkpoint that you kept; the log must extend it, or nothing is done")
      .TypeName("FILE")
      .OneEachTime();
  program.AddFlag("-q,--quiet", quiet, "say nothing but results and errors");
}

std::span<char* const> Globals::PassOver(std::span<char* const> words) {
  while (!words.empty()) {
    const std::string_view word = words.front();
    const bool is_flag = word == "-q" || word == "--quiet";
    const bool has_value = word == "--vault" || word == "--config" || word == "--pin";
    if (!is_flag && !has_value) break;
    words = words.subspan(std::min<std::size_t>(words.size(), has_value ? 2 : 1));
  }
  return words;
}

void ReaderOptions::AddTo(const Command& command) {
  command
      .AddOption("-i,--identity", identity_files,
                 "a reader's age identity file (or EXHIBIT_IDENTITY); - asks for the vault's passphrase")
      .TypeName("FILE")
      .Setting("identity", "EXHIBIT_IDENTITY");
}

Result<tlog::Origin> OriginOf(const Globals& globals) {
  TRY(const Bytes head, ReadFile(VaultPaths(globals.VaultFolder()).head, store::kMaxHeadBytes));
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(head));
  TRY(tlog::Checkpoint claimed, tlog::DecodeCheckpoint(note.text()));
  return std::move(claimed.origin);
}

custody::PassphraseProvider PassphrasesOf(const Globals& globals) {
  return [globals](const custody::PassphraseRequest& request) {
    const auto origin = OriginOf(globals);
    return GivePassphrase(request, origin ? origin->text() : std::string_view());
  };
}

std::vector<std::string> IdentityFilesOf(const ReaderOptions& options) {
  std::vector<std::string> files = options.identity_files;
  if (files.empty() && IsSet("EXHIBIT_IDENTITY")) files.emplace_back(std::getenv("EXHIBIT_IDENTITY"));
  std::erase(files, kAskForPassphrase);
  return files;
}

Result<std::optional<VaultKeys>> FindVaultKeys(const Globals& globals, const ReaderOptions& options, Ask ask) {
  const std::vector<std::string> files = IdentityFilesOf(options);
  if (std::ranges::find(options.identity_files, kAskForPassphrase) != options.identity_files.end())
    ask = Ask::kIfNeeded;
  const bool passphrase_given = IsSet("EXHIBIT_PASSPHRASE_FILE") || IsSet("EXHIBIT_PASSPHRASE_COMMAND");
  if (files.empty() && !passphrase_given && ask == Ask::kNever) return std::optional<VaultKeys>();
  TRY(const std::vector<seal::Identity> identities, LoadAllIdentities(files));
  auto reader = OpenReaderKeys(globals.VaultFolder(), identities, PassphrasesOf(globals));
  if (reader) return std::optional(std::move(*reader));
  // A passphrase in the environment may be for something else: without -i, listing goes on
  // without the key rather than failing.
  if (files.empty() && ask == Ask::kNever && reader.error().code == ErrorCode::kDenied) {
    return std::optional<VaultKeys>();
  }
  if (!files.empty() && reader.error().code == ErrorCode::kWrongKey) {
    return Fail(ErrorCode::kWrongKey,
                Format("the identity in {}{} opens nothing of this vault: {}", Printable(files.front()),
                       files.size() > 1 ? " and others" : "", reader.error().message),
                "`exhibit reader list` shows to whom the vault's key is sealed");
  }
  return Fail(std::move(reader).error());
}

Result<std::vector<tlog::Sequence>> ParsePositions(const std::vector<std::string>& words) {
  constexpr std::uint64_t kMostAtOnce = 10'000'000;
  std::vector<tlog::Sequence> positions;
  for (const std::string& word : words) {
    const std::size_t dash = word.find('-');
    const auto first = FromDecimal(std::string_view(word).substr(0, dash));
    const auto last = dash == std::string::npos ? first : FromDecimal(std::string_view(word).substr(dash + 1));
    if (!first || !last || *last < *first || *last - *first > kMostAtOnce) {
      return Fail(ErrorCode::kInvalid, Format("\"{}\" is not the number of an entry", Printable(word)),
                  "write 7, or 3-9 for a range");
    }
    // By their count: there is no number after the last one there is.
    for (std::uint64_t i = 0; i <= *last - *first; ++i) positions.push_back({*first + i});
  }
  return positions;
}

Result<std::unique_ptr<VaultReader>> OpenVault(const Globals& globals) {
  TRY(auto vault, VaultReader::Open(globals.VaultFolder(), globals.Opening()));
  if (!globals.quiet) {
    for (const std::string& remark : vault->remarks()) Say(remark);
  }
  return vault;
}

}  // namespace exhibit::cli
