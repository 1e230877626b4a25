// exhibit keygen: an age identity for a reader, or a signing key for a custodian.
#include <memory>

#include "cli/command.h"
#include "cli/passphrase.h"
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
  std::string signing_name;
  bool no_passphrase = false;
};

// The form that age-keygen writes, so that `age -i` takes it.
Result<ExitCode> MakeIdentity(const Arguments& arguments) {
  const auto identity = seal::X25519Identity::Generate();
  const crypto::SecretText secret = identity.ToSecretText();
  const std::string recipient = identity.recipient().ToText();
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
  Print(recipient + "\n");
  return ExitCode::kOk;
}

Result<ExitCode> MakeSigningKey(const Arguments& arguments) {
  TRY(tlog::KeyName name, tlog::KeyName::Parse(arguments.signing_name));
  const auto key = tlog::SigningKey::Generate(std::move(name));
  if (arguments.no_passphrase) {
    TRY_VOID(custody::SavePlainKey(arguments.out, key));
  } else {
    TRY(const crypto::SecretText passphrase, AskNewPassphrase("the signing key"));
    TRY_VOID(custody::CheckFreeText({"name", arguments.signing_name}));
    TRY_VOID(custody::SaveSealedKey(arguments.out, key, passphrase));
  }
  Print(key.verifier().ToText() + "\n");
  return ExitCode::kOk;
}

}  // namespace

void RegisterKeygen(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("keygen", "make an age identity for a reader, or a signing key");
  command.AddOption("-o,--out", arguments->out, "the file to write; it must not exist").Required().TypeName("FILE");
  command.AddOption("--signing", arguments->signing_name, "make a signing key of this name instead").TypeName("NAME");
  command.AddFlag("--no-passphrase", arguments->no_passphrase, "write the key plain, readable by you only");
  command.Footer(
      "Prints the public half: a recipient (age1...) or a vkey.\n\n"
      "Examples:\n  exhibit keygen -o reader.txt\n  exhibit keygen --signing bob@stmary.example -o bob.key");
  command.Runs(
      [arguments] { return arguments->signing_name.empty() ? MakeIdentity(*arguments) : MakeSigningKey(*arguments); });
}

}  // namespace exhibit::cli
