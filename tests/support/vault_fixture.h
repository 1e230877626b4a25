// A vault in a folder of its own, with verbs: make it, add to it, act on it, damage it, look at it again.
//
// Its store is in memory, and its keys and heads are in the folder. A test that looks at files of the store, or copies the
// whole folder, takes VaultOnDisk. It has one reader, one custodian ("Tester", person 1, handle k1), a label secret and a
// recovery key. Nothing here needs work/ or intake/.
//
// Each fixture has its own home and state folder, so that tests do not see each other's keys and heads.
#pragma once

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/check.h"
#include "tests/support/small_vault.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/base/bytes_source.h"
#include "vault/base/encoding.h"
#include "vault/crypto/hash.h"
#include "vault/custody/item_facts.h"
#include "vault/session/vault.h"
#include "vault/store/memory_store.h"
#include "vault/store/rocks_store.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/verifier.h"

namespace exhibit::testing {

// As a manifest writes it.
inline std::string HashOf(std::string_view text) { return ToHex(crypto::Sha256(ViewOf(text)).view()); }

// What the fields of an item of this content must say, at least.
inline custody::ItemFacts FactsOf(std::string_view content, std::string_view name = {}) {
  custody::ItemFacts facts;
  facts.state = custody::ItemState{};
  facts.sha256 = crypto::Sha256(ViewOf(content));
  facts.size = content.size();
  if (!name.empty()) facts.name = std::string(name);
  return facts;
}

inline Result<crypto::SecretText> NoPassphrase(const custody::PassphraseRequest&) {
  return Fail(ErrorCode::kDenied, "no passphrase in tests");
}

class VaultFixture {
 public:
  enum class Keep : std::uint8_t { kInMemory, kOnDisk };

  explicit VaultFixture(Keep keep = Keep::kInMemory) : keep_(keep), reader_(seal::X25519Identity::Generate()) {
    UseState("state");
    ::setenv("XDG_CONFIG_HOME", (folder_.path() / "config").c_str(), 1);
    Make({vault(), key(), {VaultReaderRecipient()}, engine()});
  }

  std::filesystem::path path() const { return folder_.path(); }
  std::filesystem::path vault() const { return folder_.path() / "vault"; }
  std::filesystem::path key() const { return folder_.path() / "tester.key"; }

  // Another user, who has seen nothing yet.
  void UseState(std::string_view name) { ::setenv("XDG_STATE_HOME", (folder_.path() / name).c_str(), 1); }

  // Adds texts of any length under their names, in one commit; gives the entries' positions.
  std::vector<tlog::Sequence> Add(const std::vector<std::pair<std::string, std::string>>& items) {
    auto writer = Unwrap(OpenWriter());
    auto stage = Unwrap(writer->NewStage());
    std::vector<store::Pending> group;
    for (const auto& [name, text] : items) group.push_back(SealStaged(*writer, *stage, text, FactsOf(text, name)));
    const auto committed = Unwrap(writer->Commit(std::move(group), std::move(stage)));
    std::vector<tlog::Sequence> added;
    for (std::size_t i = 0; i < items.size(); ++i) added.push_back({committed.first.value + i});
    return added;
  }
  // One item with these facts, which say its cases too.
  tlog::Sequence AddItem(std::string_view content, const custody::ItemFacts& facts) {
    auto writer = Unwrap(OpenWriter());
    std::vector<store::Pending> group;
    group.push_back(
        {custody::Item(), Unwrap(writer->sealer().Seal(custody::FieldsOf(facts), facts.cases, ViewOf(content)))});
    return Unwrap(writer->Commit(std::move(group), nullptr)).first;
  }
  // One act. It gets a `reason` if its type is sealed and nothing is told of it.
  tlog::Sequence Act(custody::EntryBody body, store::Fields fields = {}, std::vector<std::string> cases = {},
                     const tlog::SigningKey* cosigner = nullptr) {
    if (fields.empty() && custody::HasSealedFile(body)) fields.emplace_back("reason", "test");
    auto writer = Unwrap(OpenWriterAs(key(), custody::FormOf(body)));
    return Unwrap(writer->CommitAct({std::move(body), std::move(fields), std::move(cases), cosigner})).first;
  }
  // Admits a key of a new person, and gives it. Its file is path() / "k<number>.key".
  tlog::SigningKey Admit(std::uint64_t number, custody::Roles roles = {custody::Role::kCustodian}) {
    auto custodian = CustodianKey(number);
    REQUIRE_OK(custody::SavePlainKey(path() / ("k" + std::to_string(number) + ".key"), custodian));
    const custody::Person next{Unwrap(Unwrap(OpenReader())->State()).facts().highest.number + 1};
    Act(custody::Admit{{next, custodian.verifier(), roles}});
    return custodian;
  }

  OpenOptions Opening(std::vector<std::filesystem::path> pins = {}) const { return {std::move(pins), &engine()}; }
  Result<std::unique_ptr<VaultWriter>> OpenWriter() { return OpenWriterAs(key()); }
  // With the key in this file, which must be permitted to do this.
  Result<std::unique_ptr<VaultWriter>> OpenWriterAs(const std::filesystem::path& key_file,
                                                    const custody::ActForm& act = custody::Item::kForm,
                                                    std::vector<std::filesystem::path> pins = {}) {
    return VaultWriter::Open({vault(), key_file, std::chrono::milliseconds(0), act, Opening(std::move(pins))},
                             NoPassphrase, pool_);
  }
  // As work::OpenWriter.
  auto WriterDoor() {
    return [this](const custody::ActForm& act, Pool&) { return OpenWriterAs(key(), act); };
  }
  Result<std::unique_ptr<VaultReader>> OpenReader(std::vector<std::filesystem::path> pins = {}) const {
    return VaultReader::Open(vault(), Opening(std::move(pins)));
  }

  seal::Identities ReaderIdentities() const { return {&reader_, 1}; }
  VaultKeys VaultKey() const { return Unwrap(OpenReaderKeys(vault(), ReaderIdentities(), NoPassphrase)); }
  // Of the one reader that the vault was made with.
  seal::Recipient VaultReaderRecipient() const { return Unwrap(seal::RecipientOf(reader_)); }

  verify::Report Verify(verify::Depth depth) {
    const auto reader = Unwrap(OpenReader());
    return VerifySource(*reader, depth);
  }
  verify::Report VerifySource(const verify::Source& source, verify::Depth depth) {
    const VaultKeys keys = VaultKey();
    verify::Options options;
    options.depth = depth;
    options.open_key = [&](tlog::Sequence sequence, const custody::SealedFile& file) {
      return verify::OpenFileKey(source, sequence, file, keys);
    };
    return Unwrap(verify::Verify(source, options, pool_));
  }

  // The original, read under an entry that says so.
  std::string Cat(tlog::Sequence position) {
    const auto grant =
        Unwrap(Unwrap(OpenWriter())->CommitAccess(custody::AccessWay::kRead, {position}, {{"purpose", "test"}}));
    const auto reader = Unwrap(OpenReader());
    std::string content;
    REQUIRE_OK(reader->ReadContent(grant, Unwrap(reader->Entry(position)), VaultKey(), [&](ByteView original) {
      content += TextOf(original);
      return Result<void>();
    }));
    return content;
  }

  custody::FieldList Fields(tlog::Sequence position) const {
    const auto reader = Unwrap(OpenReader());
    return Unwrap(reader->ReadFields(Unwrap(reader->Entry(position)), VaultKey()));
  }

  // The right to export these items to these recipients, recorded.
  Result<custody::AccessGrant> Grant(const std::vector<tlog::Sequence>& items,
                                     const std::vector<std::string>& recipients = {}) {
    TRY(const auto writer, OpenWriter());
    store::Fields fields = {{"purpose", "test"}};
    if (!recipients.empty()) {
      fields.emplace_back("recipients", custody::FieldValue::Array(recipients.begin(), recipients.end()));
    }
    return writer->CommitAccess(custody::AccessWay::kExport, items, fields);
  }

  Pool& pool() { return pool_; }
  // Of the store in memory, to let it fail.
  const store::MemoryDisk& disk() const { return disk_; }

 private:
  store::Pending SealStaged(VaultWriter& writer, store::SealedStage& stage, std::string_view text,
                            const custody::ItemFacts& facts) {
    BytesSource source(ViewOf(text));
    store::EntrySealer::Stream stream;
    stream.fields = [&](std::uint64_t) -> Result<store::Fields> { return custody::FieldsOf(facts); };
    auto sealed = Unwrap(writer.sealer().Seal(source, stream, pool_, stage));
    auto place = Unwrap(stage.End(sealed.block_hashes, sealed.layout.Line()));
    return {custody::Item(), std::move(sealed), std::move(place)};
  }

  const store::Engine& engine() const {
    static const store::RocksEngine rocks;
    return keep_ == Keep::kInMemory ? static_cast<const store::Engine&>(disk_) : rocks;
  }

  TemporaryFolder folder_;
  Keep keep_;
  store::MemoryDisk disk_;
  seal::Identity reader_;
  Pool pool_{2};
};

class VaultOnDisk : public VaultFixture {
 public:
  VaultOnDisk() : VaultFixture(Keep::kOnDisk) {}
};

}  // namespace exhibit::testing
