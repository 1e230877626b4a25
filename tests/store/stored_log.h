// A log in a store in memory, with the keys that write and read it: what an appender needs, and nothing of a vault's folder.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "vault/seal/recipient.h"
#include "vault/store/appender.h"
#include "vault/store/head_check.h"
#include "vault/store/memory_store.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"

namespace exhibit::testing {

class StoredLog {
 public:
  StoredLog() {
    const auto store = Unwrap(disk.Create());
    REQUIRE_OK(store::Appender::Begin(*store, genesis, genesis_file, {log_keys}, heads));
  }
  StoredLog(const StoredLog&) = delete;
  StoredLog& operator=(const StoredLog&) = delete;

  tlog::SigningKey KeyOf(const std::string& after_origin) const {
    return tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(std::string(origin.text()) + after_origin)));
  }
  static custody::VaultRecipient RecipientOf(const seal::Identity& identity) {
    const auto recipient = Unwrap(seal::RecipientOf(identity));
    return Unwrap(custody::VaultRecipient::Parse(seal::RecipientText(recipient)));
  }

  // As a writer opens a vault: at its head, then what was not acknowledged is signed over.
  struct Writer {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<store::Appender> appender;

    Result<store::Committed> Act(custody::EntryBody body, const tlog::SigningKey* cosigner = nullptr) {
      return appender->CommitAct({std::move(body), {{"reason", "a test"}}, {}, cosigner});
    }
  };
  Result<Writer> Open() { return OpenAt(disk); }
  Result<Writer> OpenAt(const store::MemoryDisk& at) {
    TRY(auto store, at.Open());
    return OpenStore(std::move(store), heads);
  }
  // `kept` are the heads of the machine that opens.
  Result<Writer> OpenStore(std::unique_ptr<store::Store> store, const std::vector<store::HeadFile>& kept) {
    Writer writer{std::move(store), nullptr};
    TRY(custody::State state, custody::State::Begin(genesis));
    TRY(const auto note, kept.front().Read());
    TRY(const tlog::Checkpoint claimed, tlog::DecodeCheckpoint(Unwrap(tlog::SignedNote::Parse(*note)).text()));
    for (std::uint64_t entry = 1; entry < claimed.size.value; ++entry) {
      TRY(const custody::SignedEntry parsed, verify::ReadEntryAt(*writer.store, {entry}));
      TRY_VOID(state.Accept(parsed));
    }
    TRY(const custody::LogKeys::Head head, state.log_keys().Open(*note));
    TRY(tlog::GrowingTree tree, store::CheckHead(*writer.store, head.checkpoint));
    writer.appender = std::make_unique<store::Appender>(*writer.store, pool, std::move(state), std::move(tree),
                                                        store::Appender::Keys{{log_keys}, custodian_key},
                                                        store::CaseKeys(Copy(label_secret)), kept);
    TRY_VOID(writer.appender->AdoptUnacknowledged());
    TRY_VOID(writer.store->DropUnreferenced());
    return writer;
  }

  // The size of the head that was acknowledged.
  std::uint64_t Acknowledged() const {
    const auto note = Unwrap(heads.front().Read());
    return Unwrap(tlog::DecodeCheckpoint(Unwrap(tlog::SignedNote::Parse(*note)).text())).size.value;
  }

  static std::vector<store::Pending> Group(const store::EntrySealer& sealer, const std::vector<std::string>& texts) {
    std::vector<store::Pending> group;
    for (const std::string& text : texts) {
      group.push_back({custody::Item(), Unwrap(sealer.Seal({{"name", text}}, {}, ViewOf(text)))});
    }
    return group;
  }

  static custody::SignedEntry EntryAt(const store::ReadableStore& store, std::uint64_t at) {
    return Unwrap(verify::ReadEntryAt(store, {at}));
  }
  static Result<custody::FieldList> FieldsAt(const store::ReadableStore& store, std::uint64_t at,
                                             const seal::Identity& identity) {
    return verify::ReadFields(store, {at}, *EntryAt(store, at).parsed().sealed, {&identity, 1});
  }

  static custody::LabelSecret Copy(const custody::LabelSecret& secret) {
    const crypto::SecretText text = secret.ToSecretText();
    return Unwrap(custody::LabelSecret::Parse(text.ExposeSecret()));
  }

  TemporaryFolder folder;
  Pool pool{2};
  store::MemoryDisk disk;
  tlog::Origin origin = Unwrap(tlog::Origin::Parse("test.example/log"));
  std::vector<tlog::SigningKey> log_keys = MakeKeys(2, "");  // the log's, and one that may take its place
  tlog::SigningKey custodian_key = KeyOf("/k1");
  tlog::SigningKey recovery_key = KeyOf("/recovery");
  seal::Identity vault_key = seal::X25519Identity::Generate();
  custody::LabelSecret label_secret = custody::LabelSecret::Generate();
  std::vector<store::HeadFile> heads = {store::HeadFile(folder.path() / "HEAD")};
  store::SealedEntry genesis_file = Unwrap(store::SealGenesis(RecipientOf(vault_key), {}, {{"reason", "a test"}}));
  custody::SignedEntry genesis = Unwrap(custody::SignedEntry::Sign(
      {origin,
       {0},
       {},
       {0},
       custody::EntryTimeOf(Now()),
       custody::ActorOf(custodian_key.verifier()),
       custody::Genesis{.suite = custody::Suite::kX25519,
                        .label_count = {},
                        .pad = {},
                        .recipient = RecipientOf(vault_key),
                        .log = {log_keys[0].verifier()},
                        .custodian = {custody::Person{1}, custodian_key.verifier(), {custody::Role::kCustodian}},
                        .key_file = {},
                        .recovery = recovery_key.verifier(),
                        .continues = {}},
       genesis_file.file},
      custodian_key));

 private:
  std::vector<tlog::SigningKey> MakeKeys(int count, const std::string& after_origin) const {
    std::vector<tlog::SigningKey> keys;
    for (int i = 0; i < count; ++i) keys.push_back(KeyOf(after_origin));
    return keys;
  }
};

}  // namespace exhibit::testing
