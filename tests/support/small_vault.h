// Makes a vault of the lower parts alone (session/ and store/), for tests that need one and no job of work/: its keys at
// rest, its genesis, its first head.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/check.h"
#include "vault/base/clock.h"
#include "vault/base/file.h"
#include "vault/custody/entry.h"
#include "vault/custody/person_facts.h"
#include "vault/session/key_files.h"
#include "vault/session/vault.h"
#include "vault/store/appender.h"

namespace exhibit::testing {

inline constexpr std::string_view kVaultOrigin = "test.example/vault";

inline tlog::SigningKey CustodianKey(std::uint64_t number) {
  const auto origin = Unwrap(tlog::Origin::Parse(kVaultOrigin));
  return tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(custody::HandleOf(origin, number))));
}

struct SmallVault {
  std::filesystem::path folder;
  std::filesystem::path custodian_key;  // the file of person 1's key is written here
  std::vector<seal::Recipient> readers;
  const store::Engine& engine;
  bool has_recovery_key = true;
};

// The entry, its signature and its sealed fields.
struct FirstEntry {
  custody::SignedEntry entry;
  store::SealedEntry sealed;
};
inline FirstEntry SignGenesis(custody::Genesis genesis, const tlog::SigningKey& custodian,
                              const std::vector<seal::Recipient>& readers) {
  custody::PersonFacts person{.person = custody::Person{1}, .name = "Tester"};
  std::vector<custody::ReaderFacts> told;
  for (const seal::Recipient& reader : readers) told.push_back({seal::RecipientText(reader)});
  store::Fields fields = custody::FieldsOf(told);
  fields.emplace_back(custody::kCustodianField, custody::FieldOf(person));
  auto sealed = Unwrap(store::SealGenesis(genesis.recipient, genesis.label_count, std::move(fields)));
  const custody::Entry entry{Unwrap(tlog::Origin::Parse(kVaultOrigin)),
                             {0},
                             {},
                             {0},
                             custody::EntryTimeOf(Now()),
                             custody::ActorOf(custodian.verifier()),
                             std::move(genesis),
                             sealed.file};
  return {Unwrap(custody::SignedEntry::Sign(entry, custodian)), std::move(sealed)};
}

inline void Make(const SmallVault& wanted) {
  const auto origin = Unwrap(tlog::Origin::Parse(kVaultOrigin));
  const VaultPaths paths(wanted.folder);
  const auto log_key = tlog::SigningKey::Generate(origin.as_key_name());
  const auto custodian = CustodianKey(1);
  const auto recovery = GenerateRecoveryKey(origin);
  const seal::Identity vault_key = seal::X25519Identity::Generate();
  const KeyFileSeal seal{wanted.readers};

  REQUIRE_OK(CreateFolders(paths.keys));
  REQUIRE_OK(custody::SavePlainKey(wanted.custodian_key, custodian));
  REQUIRE_OK(custody::SavePlainKey(paths.log_key, log_key));
  REQUIRE_OK(SaveLabelSecret(paths.label_key, custody::LabelSecret::Generate(), nullptr));
  const Bytes reader_file = Unwrap(SealKeyFile({&vault_key, 1}, seal));
  REQUIRE_OK(WriteNewFile(paths.reader_key, reader_file, 0600));
  std::vector<std::filesystem::path> files = {paths.log_key, paths.label_key, paths.reader_key};
  if (wanted.has_recovery_key) {
    REQUIRE_OK(WriteNewFile(paths.recovery_key, Unwrap(SealRecoveryKey(recovery, seal)), 0600));
    files.push_back(paths.recovery_key);
  }
  for (const auto& file : files) REQUIRE_OK(key_files::NoteDigest(file));

  custody::Genesis genesis{
      .suite = custody::Suite::kX25519,
      .label_count = {},
      .pad = {},
      .recipient = Unwrap(custody::VaultRecipient::Parse(seal::RecipientText(Unwrap(seal::RecipientOf(vault_key))))),
      .log = {log_key.verifier()},
      .custodian = {custody::Person{1}, custodian.verifier(), {custody::Role::kCustodian}},
      .key_file = custody::DigestOf<custody::KeyFileDigest>(reader_file),
      .recovery = {},
      .continues = {}};
  if (wanted.has_recovery_key) genesis.recovery = recovery.verifier();
  const FirstEntry first = SignGenesis(std::move(genesis), custodian, wanted.readers);
  REQUIRE_OK(CreateFolders(paths.store));
  const auto store = Unwrap(wanted.engine.Create(paths.store));
  REQUIRE_OK(
      store::Appender::Begin(*store, first.entry, first.sealed, {std::span(&log_key, 1)},
                             {store::HeadFile(paths.head), store::HeadFile(Unwrap(store::UserHeadPath(origin)))}));
}

}  // namespace exhibit::testing
