// exhibit keygen: an age identity for a reader, or a signing key for a custodian.
#include <memory>

#include "cli/command.h"
#include "cli/key_warning.h"
#include "cli/passphrase.h"
#include "cli/people.h"
#include "cli/terminal.h"
#include "vault/base/clock.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/seal/age_file.h"
#include "vault/seal/armor.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string out;
  bool signing = false;
  std::string handle;
  bool post_quantum = false;
  bool no_passphrase = false;
  bool json = false;
};

void PrintPublic(const Arguments& arguments, const char* what, const std::string& text) {
  if (!arguments.json) return Print(text + "\n");
  Json json = {{"file", arguments.out}};
  json[what] = text;
  PrintJson(json);
}

Result<seal::Identity> GenerateIdentity(const Arguments& arguments) {
  if (!arguments.post_quantum) return seal::Identity(seal::X25519Identity::Generate());
  TRY(seal::HybridIdentity identity, seal::HybridIdentity::Generate());
  return seal::Identity(std::move(identity));
}

crypto::SecretText SecretOf(const seal::Identity& identity) {
  if (const auto* const hybrid = std::get_if<seal::HybridIdentity>(&identity)) return hybrid->ToSecretText();
  return std::get<seal::X25519Identity>(identity).ToSecretText();
}

// The form that age-keygen writes, so that `age -i` takes it.
Result<ExitCode> MakeIdentity(const Arguments& arguments) {
  TRY(const seal::Identity identity, GenerateIdentity(arguments));
  TRY(const seal::Recipient public_half, seal::RecipientOf(identity));
  const crypto::SecretText secret = SecretOf(identity);
  const std::string recipient = seal::RecipientText(public_half);
  const std::string comment = Format("# created: {}\n# public key: {}\n", FormatTime(Now()), recipient);
  Bytes file;
  file.reserve(comment.size() + secret.ExposeSecret().size() + 1);
  Append(file, ViewOf(comment));
  Append(file, ViewOf(secret.ExposeSecret()));
  file.push_back('\n');
  Result<void> written;
  if (arguments.no_passphrase) {
    written = WriteNewFile(arguments.out, file, 0600);
  } else {
    const auto passphrase = AskNewPassphrase("the identity");
    const auto sealed =
        passphrase ? seal::SealSmallFileToPassphrase(file, *passphrase) : Result<Bytes>(Fail(passphrase.error()));
    written =
        sealed ? WriteNewFile(arguments.out, ViewOf(seal::Armor(*sealed)), 0600) : Result<void>(Fail(sealed.error()));
  }
  crypto::Wipe(file);
  TRY_VOID(written);
  PrintPublic(arguments, "recipient", recipient);
  return ExitCode::kOk;
}

// What was given, or the next free handle of the vault.
Result<std::string> NameOfKey(const Arguments& arguments, const Globals& globals) {
  if (!arguments.handle.empty()) return arguments.handle;
  auto vault = OpenVault(globals);
  if (!vault) {
    return Fail(
        Error(std::move(vault).error())
            .Hint("the key's name is a handle that a vault gives: name the vault (--vault DIR), or the handle that "
                  "its custodian told you (--handle x7.example/q4d2/k2)"));
  }
  TRY(const custody::State state, (*vault)->State());
  return NextHandle(state);
}

Result<ExitCode> MakeSigningKey(const Arguments& arguments, const Globals& globals) {
  TRY(const std::string handle, NameOfKey(arguments, globals));
  TRY(tlog::KeyName name, tlog::KeyName::Parse(handle));
  const auto key = tlog::SigningKey::Generate(std::move(name));
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase) {
    TRY(passphrase, AskNewPassphrase("the signing key"));
  }
  TRY_VOID(custody::CheckFreeText({"handle", handle}));
  TRY_VOID(passphrase ? custody::SaveSealedKey(arguments.out, key, *passphrase)
                      : custody::SavePlainKey(arguments.out, key));
  if (!passphrase) WarnOfOpenKey(arguments.out);
  PrintPublic(arguments, "key", key.verifier().ToText());
  return ExitCode::kOk;
}

Result<ExitCode> Keygen(const Arguments& arguments, const Globals& globals) {
  if (!arguments.signing) return MakeIdentity(arguments);
  if (!arguments.handle.empty()) return MakeSigningKey(arguments, globals);
  return WithVault(globals, [&] { return MakeSigningKey(arguments, globals); });
}

}  // namespace

void RegisterKeygen(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("keygen", "make an age identity for a reader, or a signing key");
  command.AddOption("-o,--out", arguments->out, "the file to write; it must not exist").Required().TypeName("FILE");
  const Option signing = command.AddFlag("--signing", arguments->signing,
                                         "make a signing key instead, for a custodian, a collector or a receiver");
  command
      .AddOption("--handle", arguments->handle,
                 "with --signing: the key's name (default: the next free handle of the vault)")
      .TypeName("NAME")
      .Needs(signing);
  command
      .AddFlag("--post-quantum", arguments->post_quantum,
               "make an identity that a quantum computer does not open either (age1pq...)")
      .Excludes(signing);
  command.AddFlag("--no-passphrase", arguments->no_passphrase, "write the key plain, readable by you only");
  command.AddJson(arguments->json);
  command.Footer(
      "Prints the public half: a recipient (age1...) or a vkey. A handle says nothing of its owner, because the log "
      "is\n"
      "public: `exhibit custodian list` tells which one is next. A receiver who signs receipts may take any name.\n\n"
      "Examples:\n  exhibit keygen -o reader.txt\n  exhibit --vault case keygen --signing -o bob.key\n"
      "  exhibit keygen --signing --handle x7.example/q4d2/k2 -o bob.key");
  commands.RunWithoutVault(command, arguments, Keygen);
}

}  // namespace exhibit::cli
