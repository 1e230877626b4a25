// A vault in a folder of its own, with verbs: make it, add to it, damage it, look at it again.
//
// Its store is in memory, and its keys and heads are in the folder. A test that looks at files of the store, or copies the
// whole folder, takes VaultOnDisk.
//
// Each fixture has its own home and state folder, so that tests do not see each other's keys and heads.
#pragma once

#include <stdlib.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "vault/base/file.h"
#include "vault/crypto/hash.h"
#include "vault/intake/adder.h"
#include "vault/session/vault.h"
#include "vault/store/memory_store.h"
#include "vault/verify/file_key.h"
#include "vault/verify/verifier.h"
#include "vault/work/add.h"
#include "vault/work/make_vault.h"
#include "vault/work/read.h"

namespace exhibit::testing {

inline void WriteText(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

inline std::string ReadText(const std::filesystem::path& path) {
  return ToText(Unwrap(ReadFile(path, std::uint64_t{1} << 32)));
}

// As a manifest writes it.
inline std::string HashOf(std::string_view text) { return ToHex(crypto::Sha256(ViewOf(text)).view()); }

class VaultFixture {
 public:
  enum class Keep : std::uint8_t { kInMemory, kOnDisk };

  explicit VaultFixture(Keep keep = Keep::kInMemory) : keep_(keep), reader_(seal::X25519Identity::Generate()) {
    UseState("state");
    ::setenv("XDG_CONFIG_HOME", (folder_.path() / "config").c_str(), 1);
    Unwrap(work::MakeVault({vault(),
                            Unwrap(tlog::Origin::Parse("test.example/vault")),
                            "Tester",
                            {reader_.recipient()},
                            nullptr,
                            nullptr,
                            key(),
                            seal::kWritingWorkFactor,
                            Opening().engine}));
  }

  std::filesystem::path path() const { return folder_.path(); }
  std::filesystem::path vault() const { return folder_.path() / "vault"; }
  std::filesystem::path key() const { return folder_.path() / "tester.key"; }

  // Another user, who has seen nothing yet.
  void UseState(std::string_view name) { ::setenv("XDG_STATE_HOME", (folder_.path() / name).c_str(), 1); }

  // Adds texts under their names; gives the entries' positions.
  std::vector<tlog::Sequence> Add(const std::vector<std::pair<std::string, std::string>>& items) {
    std::vector<tlog::Sequence> added;
    auto writer = Unwrap(OpenWriter());
    intake::Adder adder(
        std::make_unique<work::VaultDestination>(std::move(writer)), pool_, {},
        [&](const intake::Added& item) { added.push_back(item.sequence); },
        [](const intake::Refused& refused) { FAIL_CHECK("refused: " << refused.reason.message); });
    for (const auto& [name, text] : items) {
      const auto file = folder_.path() / "input" / name;
      WriteText(file, text);
      REQUIRE_OK(adder.Add(InputOf(file)));
    }
    Unwrap(adder.Finish());
    return added;
  }

  static intake::Input InputOf(const std::filesystem::path& file) {
    struct ::stat status {};
    REQUIRE(::lstat(file.c_str(), &status) == 0);
    intake::Input input;
    input.metadata.name = file.filename().native();
    input.size_hint = static_cast<std::uint64_t>(status.st_size);
    input.open = [file, status] { return intake::FileSource::Open(file, status); };
    return input;
  }

  OpenOptions Opening(std::vector<std::filesystem::path> pins = {}) const {
    return {std::move(pins), keep_ == Keep::kInMemory ? &disk_ : nullptr};
  }
  Result<std::unique_ptr<VaultWriter>> OpenWriter() { return OpenWriterAs(key()); }
  // With the key in this file, which must be permitted to do this.
  Result<std::unique_ptr<VaultWriter>> OpenWriterAs(const std::filesystem::path& key_file,
                                                    custody::Act act = custody::Act::kItem,
                                                    std::vector<std::filesystem::path> pins = {}) {
    return VaultWriter::Open(
        {vault(), key_file, std::chrono::milliseconds(0), act, Opening(std::move(pins))},
        [](std::string_view) -> Result<crypto::SecretText> {
          return Fail(ErrorCode::kDenied, "no passphrase in tests");
        },
        pool_);
  }
  Result<std::unique_ptr<VaultReader>> OpenReader(std::vector<std::filesystem::path> pins = {}) const {
    return VaultReader::Open(vault(), Opening(std::move(pins)));
  }

  VaultKeys VaultKey() {
    return Unwrap(OpenReaderKeys(vault(), std::span(&reader_, 1), [](std::string_view) -> Result<crypto::SecretText> {
      return Fail(ErrorCode::kDenied, "no passphrase in tests");
    }));
  }

  // Of the one reader that the vault was made with.
  const seal::X25519Recipient& VaultReaderRecipient() const { return reader_.recipient(); }

  verify::Report Verify(verify::Depth depth) {
    const auto reader = Unwrap(OpenReader());
    return VerifySource(*reader, depth);
  }
  verify::Report VerifySource(const verify::Source& source, verify::Depth depth) {
    const VaultKeys keys = VaultKey();
    verify::Options options;
    options.depth = depth;
    options.open_key = [&](tlog::Sequence sequence, const seal::AgeHeader& header) {
      return verify::OpenFileKey(source, sequence, header, keys);
    };
    return Unwrap(verify::Verify(source, options, pool_));
  }

  std::string Cat(tlog::Sequence position) {
    const auto reader = Unwrap(OpenReader());
    std::string content;
    Unwrap(work::Read(*reader, WriterDoor(), VaultKey(), {position, "test"}, [&](ByteView original) {
      content += TextOf(original);
      return Result<void>();
    }));
    return content;
  }

  work::OpenWriter WriterDoor() {
    return [this](custody::Act, Pool&) { return OpenWriter(); };
  }

  // The right to export these items to these recipients, recorded.
  Result<custody::AccessGrant> Grant(const std::vector<tlog::Sequence>& items,
                                     const std::vector<std::string>& recipients = {}) {
    TRY(const auto writer, OpenWriter());
    return work::RecordAccess(*writer, custody::Access::Way::kExport, items, "test", recipients);
  }

  Pool& pool() { return pool_; }

 private:
  TemporaryFolder folder_;
  Keep keep_;
  store::MemoryDisk disk_;
  seal::X25519Identity reader_;
  Pool pool_{2};
};

class VaultOnDisk : public VaultFixture {
 public:
  VaultOnDisk() : VaultFixture(Keep::kOnDisk) {}
};

}  // namespace exhibit::testing
