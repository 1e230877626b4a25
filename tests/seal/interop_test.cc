// Goal: nothing of ours is needed to open what we wrote, and we open what others wrote. Method: the
// stock commands age, age-keygen and zstd, at every size around a chunk's and a frame's, and at
// random sizes of a printed seed. Where a command is not installed its tests say that they were
// skipped.
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp, setenv

#include <filesystem>

#include "tests/seal/example_bytes.h"
#include "tests/seal/plaintexts.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/vectors.h"
#include "vault/base/file.h"
#include "vault/crypto/random.h"
#include "vault/seal/age_file.h"
#include "vault/seal/armor.h"
#include "vault/seal/plaintext_reader.h"

namespace exhibit::seal {
namespace {

namespace fs = std::filesystem;
using testing::LogLikeBytes;
using testing::RandomBytes;
using testing::TestSeed;
using testing::Unwrap;

constexpr std::uint64_t kReadLimit = 64 << 20;

std::optional<std::string> Installed(std::string_view command) {
  const std::string probe = "command -v " + std::string(command) + " > /dev/null 2>&1";
  if (std::system(probe.c_str()) != 0) return std::nullopt;
  return std::string(command);
}

std::vector<std::size_t> Sizes() {
  constexpr std::size_t kMiB = 1 << 20;
  std::vector<std::size_t> sizes = {0, 1, 65535, 65536, 65537, kMiB - 1, kMiB, kMiB + 1, 10 * kMiB};
  std::mt19937_64 generator(TestSeed());
  for (int i = 0; i < 3; ++i) sizes.push_back(generator() % (3 * kMiB));
  return sizes;
}

// A folder to pass files through, and the verbs of the stock tools in it.
class Tools {
 protected:
  void Put(std::string_view name, ByteView bytes) const {
    std::error_code ignored;
    fs::remove(folder_ / name, ignored);
    REQUIRE_OK(WriteNewFile(folder_ / name, bytes, 0600));
  }
  Bytes Get(std::string_view name) const { return Unwrap(ReadFile(folder_ / name, kReadLimit)); }
  void PutIdentity(std::string_view name, const Identity& identity) const {
    Put(name, ViewOf(std::string(std::get<X25519Identity>(identity).ToSecretText().ExposeSecret()) + "\n"));
  }

  // Runs `command` in the folder; true if it went well.
  bool Run(const std::string& command) const {
    const std::string line = "cd '" + folder_.string() + "' && rm -f out && " + command;
    const std::string messages = "'" + (folder_ / "messages").string() + "'";
    return std::system(("{ " + line + "; } 2> " + messages).c_str()) == 0;
  }

  const testing::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

Bytes SealWhole(ByteView plaintext, const std::vector<Recipient>& recipients) {
  const FileKey file_key = crypto::RandomSecret<FileKeyTag, 16>();
  Bytes file = Unwrap(SealHeader(file_key, recipients));
  const PayloadNonce nonce = NewPayloadNonce();
  Bytes sealed;
  ChunkCipher(DerivePayloadKey(file_key, nonce)).Seal(0, RunEnd::kFinal, plaintext, sealed);
  Append(file, nonce.view());
  Append(file, sealed);
  return file;
}

Result<Bytes> OpenWhole(ByteView file, Identities identities) {
  TRY(const ParsedHeader parsed, ParseHeader(file));
  TRY(FileKey file_key, OpenHeader(parsed.header, identities));
  Bytes plaintext;
  PayloadOpener opener(std::move(file_key), [&](ByteView piece) -> Result<void> {
    Append(plaintext, piece);
    return {};
  });
  TRY_VOID(opener.Push(file.subspan(parsed.size_bytes)));
  TRY_VOID(opener.Finish());
  return plaintext;
}

std::vector<Identity> MakeIdentities(std::size_t count) {
  std::vector<Identity> identities;
  for (std::size_t i = 0; i < count; ++i) identities.emplace_back(X25519Identity::Generate());
  return identities;
}

std::vector<Recipient> RecipientsOf(Identities identities) {
  std::vector<Recipient> recipients;
  for (const Identity& identity : identities) recipients.push_back(Unwrap(RecipientOf(identity)));
  return recipients;
}

TEST_CASE_METHOD(Tools, "age opens what we seal, at every size", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age"), "the command age is not installed");
  const auto identities = MakeIdentities(1);
  PutIdentity("key", identities[0]);
  CAPTURE(TestSeed());
  for (const std::size_t size : Sizes()) {
    CAPTURE(size);
    const Bytes plaintext = RandomBytes(size, TestSeed() + size);
    Put("in", SealWhole(plaintext, RecipientsOf(identities)));
    REQUIRE(Run("age -d -i key in > out"));
    CHECK(Get("out") == plaintext);
  }
}

TEST_CASE_METHOD(Tools, "we open what age seals, at every size", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age"), "the command age is not installed");
  const auto identities = MakeIdentities(1);
  CAPTURE(TestSeed());
  for (const std::size_t size : Sizes()) {
    CAPTURE(size);
    const Bytes plaintext = RandomBytes(size, TestSeed() + size);
    Put("in", plaintext);
    REQUIRE(Run("age -r " + RecipientText(Unwrap(RecipientOf(identities[0]))) + " -o out in"));
    CHECK(Unwrap(OpenWhole(Get("out"), identities)) == plaintext);
  }
}

TEST_CASE_METHOD(Tools, "with several recipients each of them opens, by age and by us", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age"), "the command age is not installed");
  const auto identities = MakeIdentities(5);
  const Bytes plaintext = LogLikeBytes(70'000);
  Put("in", SealWhole(plaintext, RecipientsOf(identities)));
  for (const Identity& identity : identities) {
    PutIdentity("key", identity);
    REQUIRE(Run("age -d -i key in > out"));
    CHECK(Get("out") == plaintext);
  }
  PutIdentity("key", X25519Identity::Generate());
  CHECK_FALSE(Run("age -d -i key in > out"));

  Put("plain", plaintext);
  std::string command = "age";
  for (const Recipient& recipient : RecipientsOf(identities)) {
    command += " -r " + RecipientText(recipient);
  }
  REQUIRE(Run(command + " -o out plain"));
  const Bytes file = Get("out");
  for (std::size_t i = 0; i < identities.size(); ++i) {
    CAPTURE(i);
    CHECK(Unwrap(OpenWhole(file, Identities(identities).subspan(i, 1))) == plaintext);
  }
  const auto stranger = MakeIdentities(1);
  CHECK_FAILS(OpenWhole(file, stranger), ErrorCode::kDenied, "not sealed to this key");
}

TEST_CASE_METHOD(Tools, "armor goes both ways", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age"), "the command age is not installed");
  const auto identities = MakeIdentities(1);
  PutIdentity("key", identities[0]);
  for (const std::size_t size : {0U, 1U, 47U, 48U, 49U, 1000U, 100'000U}) {
    CAPTURE(size);
    const Bytes plaintext = LogLikeBytes(size);
    Put("in", ViewOf(Armor(Unwrap(SealSmallFile(plaintext, RecipientsOf(identities))))));
    REQUIRE(Run("age -d -i key in > out"));
    CHECK(Get("out") == plaintext);

    Put("in", plaintext);
    REQUIRE(Run("age -a -r " + RecipientText(Unwrap(RecipientOf(identities[0]))) + " -o out in"));
    const Bytes armored = Get("out");
    CHECK(Armor(Unwrap(RemoveArmor(TextOf(armored)))) == TextOf(armored));
    const auto opened = Unwrap(OpenSmallFile(armored, WithIdentities(identities)));
    CHECK(opened.ExposeSecret() == TextOf(plaintext));
  }
}

TEST_CASE_METHOD(Tools, "a header made anew for the same file key opens the same payload with age", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age"), "the command age is not installed");
  const auto identities = MakeIdentities(2);
  const Bytes plaintext = LogLikeBytes(200'000);
  const Bytes file = SealWhole(plaintext, RecipientsOf(Identities(identities).first(1)));
  const ParsedHeader parsed = Unwrap(ParseHeader(file));
  const FileKey file_key = Unwrap(OpenHeader(parsed.header, Identities(identities).first(1)));
  Bytes exported = Unwrap(SealHeader(file_key, RecipientsOf(Identities(identities).subspan(1))));
  Append(exported, ByteView(file).subspan(parsed.size_bytes));
  Put("in", exported);
  PutIdentity("key", identities[1]);
  REQUIRE(Run("age -d -i key in > out"));
  CHECK(Get("out") == plaintext);
}

TEST_CASE_METHOD(Tools, "age opens none of ours that was damaged", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age"), "the command age is not installed");
  const auto identities = MakeIdentities(1);
  PutIdentity("key", identities[0]);
  Bytes file = SealWhole(LogLikeBytes(70'000), RecipientsOf(identities));
  file.back() ^= 1;
  Put("in", file);
  CHECK_FALSE(Run("age -d -i key in > out"));
}

TEST_CASE_METHOD(Tools, "keys of age-keygen are ours, and ours have its public half", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age-keygen"), "the command age-keygen is not installed");
  REQUIRE(Run("age-keygen -o out"));
  const Bytes identity_file = Get("out");
  const auto theirs = Unwrap(ParseIdentityFile(TextOf(identity_file)));
  REQUIRE(theirs.size() == 1);
  // "# public key: age1…" stands in the file.
  CHECK(TextOf(identity_file).find(RecipientText(Unwrap(RecipientOf(theirs[0])))) != std::string_view::npos);

  const Identity ours = X25519Identity::Generate();
  PutIdentity("key", ours);
  REQUIRE(Run("age-keygen -y -o out key"));
  CHECK(ToText(Get("out")) == RecipientText(Unwrap(RecipientOf(ours))) + "\n");
}

TEST_CASE_METHOD(Tools, "age and zstd give the original of a sealed file back", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age"), "the command age is not installed");
  SKIP_WITHOUT(Installed("zstd"), "the command zstd is not installed");
  const auto identities = MakeIdentities(1);
  PutIdentity("key", identities[0]);
  CAPTURE(TestSeed());
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20, (std::size_t{3} << 20) + 17}) {
    for (const Bytes& original : {LogLikeBytes(size), RandomBytes(size, TestSeed())}) {
      CAPTURE(size);
      Put("in", SealWhole(testing_parts::Written(original), RecipientsOf(identities)));
      REQUIRE(Run("age -d -i key in > plain && zstd -q -d -c < plain > out"));
      CHECK(Get("out") == original);
      // And what the stock tools saw is what we see.
      Bytes ours;
      PlaintextReader reader(original.size(), [&](ByteView piece) -> Result<void> {
        Append(ours, piece);
        return {};
      });
      REQUIRE_OK(reader.Push(Get("plain")));
      CHECK(Unwrap(reader.Finish()).field_lines == testing_parts::kFieldLines);
      CHECK(ours == original);
    }
  }
}

TEST_CASE_METHOD(Tools, "SSH keys of ssh-keygen open what is sealed to them, by age and by us", "[seal][interop]") {
  SKIP_WITHOUT(Installed("age"), "the command age is not installed");
  SKIP_WITHOUT(Installed("ssh-keygen"), "the command ssh-keygen is not installed");
  REQUIRE(Run("rm -f id id.pub && ssh-keygen -q -t ed25519 -N '' -C 'agent@fbi laptop' -f id"));
  const Recipient recipient = Unwrap(ParseRecipientFile(TextOf(Get("id.pub"))))[0];
  const auto identities = Unwrap(ParseIdentityFile(TextOf(Get("id"))));
  REQUIRE(identities.size() == 1);
  CHECK(Unwrap(RecipientOf(identities[0])) == recipient);
  const Bytes plaintext = LogLikeBytes(100'000);
  Put("in", SealWhole(plaintext, {recipient}));
  REQUIRE(Run("age -d -i id in > out"));
  CHECK(Get("out") == plaintext);
  CHECK(Unwrap(OpenWhole(Get("in"), identities)) == plaintext);
  Put("plain", plaintext);
  REQUIRE(Run("age -R id.pub -o out plain"));
  CHECK(Unwrap(OpenWhole(Get("out"), identities)) == plaintext);
  REQUIRE(Run("ssh-keygen -q -p -P '' -N secret -f id"));
  CHECK_FAILS(ParseIdentityFile(TextOf(Get("id"))), ErrorCode::kUnsupported, "SSH secret key under a passphrase");
  REQUIRE(Run("rm -f id id.pub && ssh-keygen -q -t ecdsa -N '' -f id"));
  CHECK_FAILS(ParseIdentityFile(TextOf(Get("id"))), ErrorCode::kUnsupported, "kind \"ecdsa-sha2-nistp256\"");
  CHECK_FAILS(ParseRecipientFile(TextOf(Get("id.pub"))), ErrorCode::kUnsupported, "kind \"ecdsa-sha2-nistp256\"");
  REQUIRE(Run("rm -f id id.pub && ssh-keygen -q -t rsa -m PEM -N '' -f id"));
  CHECK_FAILS(ParseIdentityFile(TextOf(Get("id"))), ErrorCode::kUnsupported, "BEGIN RSA PRIVATE KEY");
}

}  // namespace
}  // namespace exhibit::seal
