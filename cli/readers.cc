#include "cli/readers.h"

#include "cli/prompt.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {

std::string WhoIs(const custody::ReaderFacts& reader) {
  return Printable(reader.recipient) + (reader.name ? " (" + Printable(*reader.name) + ")" : "");
}

Result<void> ConfirmReaders(const Globals& globals, const VaultReader& vault,
                            const std::vector<custody::ReaderFacts>& readers, Answer answer) {
  const bool is_known = vault.kept_before() || !globals.pins.empty();
  if (readers.empty() || is_known || answer == Answer::kYes) return {};
  Say(Format("this user sees the vault for the first time; its fingerprint is {}", ToHex(vault.fingerprint().view())));
  Say("its key will be sealed to the readers that its log names, and to nobody else:");
  for (const custody::ReaderFacts& reader : readers) Say("  " + WhoIs(reader));
  return AskForYes(
      {"Are the fingerprint and the readers right? Type yes to go on: ", "whether the log names the right readers",
       "bring a checkpoint that you kept (--pin FILE), or answer it with --yes",
       "exhibit reader list -i FILE shows the readers, exhibit verify --fingerprint HEX whose vault it is"});
}

}  // namespace exhibit::cli
