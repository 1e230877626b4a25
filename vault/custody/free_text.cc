#include "vault/custody/free_text.h"

#include <optional>
#include <string>

#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"

namespace exhibit::custody {
namespace {

using FreeTexts = std::vector<FreeText>;

void AddGiven(FreeTexts& texts, std::string_view field, const std::optional<std::string>& text) {
  if (text) texts.push_back({field, *text});
}

FreeTexts OfCustodian(const Custodian& custodian) {
  FreeTexts texts = {{"name", custodian.name}};
  AddGiven(texts, "organisation", custodian.organisation);
  AddGiven(texts, "contact", custodian.contact);
  return texts;
}

FreeTexts OfReaders(FreeTexts texts, const std::vector<Reader>& readers) {
  for (const Reader& reader : readers) AddGiven(texts, "name", reader.name);
  return texts;
}

// One for each body: a new act does not compile until it says which of its fields people write.
FreeTexts Of(const Genesis& genesis) { return OfReaders(OfCustodian(genesis.custodian), genesis.readers); }
FreeTexts Of(const Item&) { return {}; }
FreeTexts Of(const Omission&) { return {}; }
FreeTexts Of(const Note&) { return {}; }
FreeTexts Of(const CaseRecord&) { return {}; }
FreeTexts Of(const Admit& admit) { return OfCustodian(admit.custodian); }
FreeTexts Of(const Retire& retire) { return {{"key", retire.key}, {"reason", retire.reason}}; }
FreeTexts Of(const Rotate&) { return {}; }
FreeTexts Of(const Rule&) { return {}; }
FreeTexts Of(const Hold& hold) { return {{"authority", hold.authority}, {"reason", hold.reason}}; }
FreeTexts Of(const Release& release) { return {{"authority", release.authority}, {"reason", release.reason}}; }
FreeTexts Of(const Shred& shred) { return {{"authority", shred.authority}, {"reason", shred.reason}}; }
FreeTexts Of(const Access& access) {
  FreeTexts texts = {{"purpose", access.purpose}};
  for (const std::string& recipient : access.recipients) texts.push_back({"recipient", recipient});
  return texts;
}
FreeTexts Of(const Transfer&) { return {}; }
FreeTexts Of(const Received&) { return {}; }
FreeTexts Of(const Timestamped&) { return {}; }
FreeTexts Of(const Recovery& recovery) { return {{"reason", recovery.reason}}; }
FreeTexts Of(const RotateLog&) { return {}; }
FreeTexts Of(const ReaderChange& change) { return OfReaders({}, change.readers); }
FreeTexts Of(const Reseal&) { return {}; }

}  // namespace

Result<void> CheckFreeText(const FreeText& written) {
  if (written.text.empty()) return {};
  const std::string field = "the " + std::string(written.field);
  if (IsBlank(written.text))
    return Fail(ErrorCode::kInvalid, field + " is blank; nothing was written", "say it in words");
  if (!crypto::HoldsGiven(written.text)) return {};
  return Fail(ErrorCode::kInvalid, field + " holds a passphrase or a secret key; nothing was written",
              "a signed entry stays for ever: use other words. If anybody saw the secret, replace it");
}

Result<void> CheckFreeTexts(const FreeTexts& written) {
  for (const FreeText& one : written) TRY_VOID(CheckFreeText(one));
  return {};
}

FreeTexts FreeTextsOf(const EntryBody& body) {
  return std::visit([](const auto& one) { return Of(one); }, body);
}

FreeTexts FreeTextsOf(const Statement& statement) {
  FreeTexts texts = {{"purpose", statement.purpose}};
  AddGiven(texts, "authority", statement.authority);
  AddGiven(texts, "condition", statement.condition);
  AddGiven(texts, "location", statement.location);
  AddGiven(texts, "transport", statement.transport);
  return texts;
}

FreeTexts FreeTextsOf(const Receipt& receipt) {
  FreeTexts texts;
  AddGiven(texts, "finding", receipt.finding);
  return texts;
}

}  // namespace exhibit::custody
