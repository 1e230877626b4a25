// exhibit init: makes a vault, its keys and its first entry.
#include <pwd.h>
#include <unistd.h>

#include <memory>

#include "cli/command.h"
#include "cli/identities.h"
#include "cli/key_warning.h"
#include "cli/passphrase.h"
#include "cli/remote_init.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/work/make_vault.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string folder;
  std::string origin;
  std::vector<std::string> readers;
  std::string name;
  std::string organisation;
  std::string contact;
  std::string key;
  std::uint64_t label_count = custody::LabelCount::kLeast;
  bool no_recovery = false;
  bool post_quantum = false;
  bool classical = false;
  bool no_passphrase = false;
  RemoteOptions remote;
  bool json = false;
};

std::string DefaultName() {
  std::string host(256, '\0');
  if (::gethostname(host.data(), host.size() - 1) != 0) host = "localhost";
  host.resize(host.find('\0') == std::string::npos ? host.size() : host.find('\0'));
  const passwd* const user = ::getpwuid(::getuid());
  return (user != nullptr ? std::string(user->pw_name) : "custodian") + "@" + host;
}

Json JsonOf(const Arguments& arguments, const work::NewVault& options, const work::MadeVault& made) {
  const VaultPaths paths(options.folder);
  Json files = {{"custodian_key", options.custodian_key.native()},
                {"log_key", paths.log_key.native()},
                {"label_key", paths.label_key.native()},
                {"reader_key", paths.reader_key.native()}};
  if (made.recovery_key) files["recovery_key"] = paths.recovery_key.native();
  Json json = {{"vault", arguments.folder},
               {"origin", arguments.origin},
               {"fingerprint", ToHex(made.fingerprint.view())},
               {"log_key", made.log_key.ToText()},
               {"custodian_key", made.custodian_key.ToText()}};
  if (made.recovery_key) json["recovery_key"] = made.recovery_key->ToText();
  json["recipient"] = made.recipient.text();
  json["files"] = std::move(files);
  return json;
}

Json JsonOf(const std::vector<work::Probe>& trials) {
  Json list = Json::List();
  for (const work::Probe& one : trials) list.push_back({{"name", one.name}, {"holds", one.holds}, {"seen", one.seen}});
  return list;
}

// What the object store does not do, and what is nobody's concern but of who uses its buckets by other programs.
std::string TextOf(const std::vector<work::Probe>& trials) {
  std::string text;
  for (const work::Probe& one : trials) {
    if (!one.holds) text += Format("  {}: {}\n", one.name, Printable(one.seen));
  }
  return text.empty() ? text : "\nTried on the object store, and does not hold:\n" + text;
}

std::string KeysText(const work::NewVault& options, const work::MadeVault& made) {
  const VaultPaths paths(options.folder);
  const bool plain = options.key_passphrase == nullptr;
  const std::string readers =
      options.readers.empty() ? "your passphrase" : Counted(options.readers.size(), "reader", "readers");
  std::string text =
      Format("  {}\n      signs what you add{}\n", Printable(options.custodian_key.native()),
             plain ? " (no passphrase: anybody who can read this file signs as you)" : " (under your passphrase)");
  text += Format("  {}\n      signs the vault's checkpoints{}\n", Printable(paths.log_key.native()),
                 plain ? " (no passphrase)" : " (under your passphrase)");
  text += Format("  {}\n      makes the labels of cases{}\n", Printable(paths.label_key.native()),
                 plain ? " (no passphrase)" : " (under your passphrase)");
  text += Format("  {}\n      opens the evidence; sealed to {}. Keep a copy elsewhere: without it nobody can read.\n",
                 Printable(paths.reader_key.native()), readers);
  if (made.recovery_key) {
    text += Format("  {}\n      lets the readers name a new custodian if all keys are lost; sealed to {}\n",
                   Printable(paths.recovery_key.native()), readers);
  }
  return text;
}

void Report(const Arguments& arguments, const work::NewVault& options, const work::MadeVault& made,
            const std::optional<RemotePlace>& remote) {
  if (arguments.json) {
    Json json = JsonOf(arguments, options, made);
    if (remote) json["trials"] = JsonOf(remote->probes);
    return PrintJson(json);
  }
  Print(
      Format("vault        {}\norigin       {}\nfingerprint  {}\nlog key      {}\ncustodian    {}\n",
             Printable(arguments.folder), arguments.origin,
             Styled(Stream::kOutput, Style::kBold, ToHex(made.fingerprint.view())), made.log_key.ToText(),
             made.custodian_key.ToText()) +
      "\nWrite the fingerprint down outside of this machine. Whoever knows it can verify the vault and\n"
      "every bundle of it, and needs to trust nothing that is stored in them.\n\nKeys:\n" +
      KeysText(options, made) + (remote ? TextOf(remote->probes) : std::string()) +
      Format(
          "\nMake a kit: what must be kept elsewhere to mend a loss of this machine (`exhibit status` reminds of it)\n"
          "  exhibit --vault {0} kit --out DIR{1}\n\nNext:  exhibit --vault {0} add PATH...\n",
          Printable(arguments.folder), options.readers.empty() ? "" : " -i READER"));
}

Result<work::NewVault> OptionsOf(const Arguments& arguments) {
  TRY(tlog::Origin origin, tlog::Origin::Parse(arguments.origin));
  TRY(const std::vector<seal::Recipient> readers, LoadReaders(arguments.readers));
  std::filesystem::path key_path = arguments.key;
  if (key_path.empty()) {
    TRY(key_path, UserKeyPath(origin));
  }
  work::NewVault options{.folder = arguments.folder,
                         .origin = std::move(origin),
                         .custodian = {custody::Person{1}, arguments.name.empty() ? DefaultName() : arguments.name,
                                       Given(arguments.organisation), Given(arguments.contact)},
                         .custodian_key = std::move(key_path),
                         .label_count = {arguments.label_count}};
  for (const seal::Recipient& reader : readers) options.readers.push_back({seal::RecipientText(reader)});
  if (arguments.post_quantum) options.suite = custody::Suite::kHybrid;
  if (arguments.classical) options.suite = custody::Suite::kX25519;
  if (arguments.no_recovery) options.recovery = work::NewVault::Recovery::kNone;
  return options;
}

Result<ExitCode> Init(const Arguments& arguments) {
  TRY(work::NewVault options, OptionsOf(arguments));
  std::optional<RemotePlace> remote;
  if (net::S3Place::LooksLikeOne(arguments.folder)) {
    TRY(remote, FindRemotePlace(arguments.folder, arguments.remote));
    options.folder = remote->vault->folder();
    options.engine = &remote->vault->engine();
  }
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase || options.readers.empty()) {
    TRY(passphrase, AskNewPassphrase(arguments.no_passphrase ? "the vault's reader key" : "the vault's keys"));
    if (!arguments.no_passphrase) options.key_passphrase = &*passphrase;
    options.reader_passphrase = &*passphrase;
  }
  TRY(const work::MadeVault made, work::MakeVault(options));
  if (remote) TRY_VOID(FinishRemote(*remote, options));
  if (options.key_passphrase == nullptr) {
    WarnOfOpenKey(options.custodian_key);
    WarnOfOpenKey(VaultPaths(options.folder).log_key);
  }
  Report(arguments, options, made, remote);
  return ExitCode::kOk;
}

}  // namespace

void RegisterInit(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("init", "make a vault");
  command.AddOption("DIR", arguments->folder, "the folder to make, or s3://HOST/BUCKET/PREFIX").Required();
  command
      .AddOption("--origin", arguments->origin,
                 "the vault's name in every signature, a URL without scheme; public, so choose one that says nothing: "
                 "x7.example/q4d2")
      .Required();
  command
      .AddOption("--reader", arguments->readers,
                 "who may read: an age recipient (age1...) or a file of them; repeat for several")
      .TypeName("RECIPIENT")
      .Setting("readers");
  command.AddOption("--name", arguments->name, "the first custodian's name (default: you@this-host); sealed");
  command.AddOption("--organisation", arguments->organisation, "whom the first custodian works for; sealed")
      .Setting("organisation");
  command.AddOption("--contact", arguments->contact, "how to reach the first custodian; sealed");
  command.AddOption("--key", arguments->key, "where to write the custodian's signing key").TypeName("FILE");
  command
      .AddOption("--label-count", arguments->label_count,
                 "labels of each entry: how many cases one item can be found by")
      .Between(custody::LabelCount::kLeast, custody::LabelCount::kMost)
      .ShowDefault();
  command.AddFlag("--no-recovery", arguments->no_recovery,
                  "make no recovery key: who loses all custodians' keys then keeps what is there, and adds nothing");
  const Option post_quantum =
      command.AddFlag("--post-quantum", arguments->post_quantum,
                      "keys that stand against a quantum computer, too (the default where OpenSSL is 3.5 or newer)");
  command
      .AddFlag("--classical", arguments->classical,
               "keys that age before 1.3 and machines with an older OpenSSL can use, too")
      .Excludes(post_quantum);
  command.AddFlag("--no-passphrase", arguments->no_passphrase,
                  "keep the signing keys as plain files, for a machine that runs unattended");
  arguments->remote.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "Without --reader, the evidence opens with the passphrase.\n\n"
      "Examples:\n"
      "  exhibit init case --origin x7.example/q4d2\n"
      "  exhibit init case --origin x7.example/q4d2 --reader age1... --name \"Alice Examiner\"\n"
      "  exhibit init s3://s3.example.org/evidence/q4d2 --origin x7.example/q4d2");
  command.Runs([arguments] { return Init(*arguments); });
}

}  // namespace exhibit::cli
