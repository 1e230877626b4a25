// Goal: a log's ML-DSA-44 key is added and replaced together with its Ed25519 key, whole or not at all, and signs every head
// from there on. Method: a real vault; its key files as a crash at each step leaves them. Skipped where OpenSSL has none.
#include <sys/stat.h>

#include "tests/support/text_file.h"
#include "tests/support/vault_fixture.h"
#include "tests/support/vectors.h"
#include "vault/crypto/ml_dsa.h"
#include "vault/work/rotate_log_key.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using verify::Depth;

struct PostQuantumLogFixture : VaultFixture {
  PostQuantumLogFixture() { Add({{"a", "one"}}); }
  fs::path file() const { return vault() / "keys" / "log-pq.key"; }
  fs::path next() const { return vault() / "keys" / "log-pq.key.next"; }
  fs::path classical() const { return vault() / "keys" / "log.key"; }
  fs::path next_classical() const { return vault() / "keys" / "log.key.next"; }

  void Rotate(work::NewLogKey::MlDsa ml_dsa = work::NewLogKey::MlDsa::kAsBefore) {
    auto writer = Unwrap(OpenWriterAs(key(), custody::LogKeyChange::kForm));
    Unwrap(work::RotateLogKey(*writer, {.fields = {{"reason", "test"}}, .ml_dsa = ml_dsa}));
  }
  void Put(const fs::path& path, const std::string& text) const {
    WriteText(path, text);
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
  }
  std::size_t SignaturesOfHead() {
    const Bytes head = Unwrap(Unwrap(OpenReader())->ReadHead());
    return Unwrap(tlog::SignedNote::Parse(head)).signatures().size();
  }
};

}  // namespace

TEST_CASE_METHOD(PostQuantumLogFixture, "without ML-DSA-44 no log gets such a key, and nothing happened", "[log_key]") {
  if (crypto::HasMlDsa()) return;
  auto writer = Unwrap(OpenWriterAs(key(), custody::LogKeyChange::kForm));
  CHECK_FAILS(work::RotateLogKey(*writer, {.fields = {{"reason", "test"}}, .ml_dsa = work::NewLogKey::MlDsa::kAdd}),
              ErrorCode::kUnsupported, "ML-DSA-44 keys need OpenSSL 3.5");
  writer.reset();
  CHECK_FALSE(fs::exists(next()));
  CHECK_FALSE(fs::exists(next_classical()));
  CHECK(Verify(Depth::kLog).ok());
}

TEST_CASE_METHOD(PostQuantumLogFixture, "both keys of a log sign each head from the entry on that names them",
                 "[log_key][vectors]") {
  SKIP_WITHOUT(crypto::HasMlDsa(), "this machine's OpenSSL has no ML-DSA-44");
  CHECK(SignaturesOfHead() == 1);
  Rotate(work::NewLogKey::MlDsa::kAdd);
  CHECK(SignaturesOfHead() == 2);
  const std::string first = ReadText(file());
  Rotate();
  CHECK(ReadText(file()) != first);
  Add({{"b", "two"}});
  CHECK(SignaturesOfHead() == 2);
  const auto report = Verify(Depth::kContent);
  CHECK(report.ok());
  CHECK(report.unchecked_keys.empty());
  // A line of the key that was replaced, or of none.
  const tlog::Checkpoint head = Unwrap(OpenReader())->head();
  const auto keys = Unwrap(Unwrap(OpenReader())->ReadLogKeys());
  const auto now = Unwrap(custody::LoadKey(classical(), NoPassphrase));
  const auto old = Unwrap(tlog::MlDsaSigningKey::Parse(first.substr(0, first.size() - 1)));
  const Bytes alone = Unwrap(tlog::SignCheckpoint(head, now));
  CHECK_FAILS(keys.Open(alone), ErrorCode::kTampered, "is not signed by");
  const std::string text = tlog::EncodeCheckpoint(head);
  CHECK_FAILS(keys.Open(ViewOf(std::string(TextOf(alone)) + Unwrap(old.Sign(text, 0)))), ErrorCode::kTampered,
              "is not signed by");
}

TEST_CASE_METHOD(PostQuantumLogFixture, "a rotation of both keys that was cut short is undone or finished",
                 "[log_key][vectors]") {
  SKIP_WITHOUT(crypto::HasMlDsa(), "this machine's OpenSSL has no ML-DSA-44");
  SECTION("the first of a log, before its entry") {
    Put(next(), "PRIVATE+KEY+torn");
    Add({{"b", "two"}});
    CHECK_FALSE(fs::exists(next()));
    CHECK_FALSE(fs::exists(file()));
  }
  SECTION("before its entry") {
    Rotate(work::NewLogKey::MlDsa::kAdd);
    const std::string first = ReadText(file());
    const auto other = Unwrap(tlog::MlDsaSigningKey::Generate(Unwrap(tlog::KeyName::Parse("test.example/vault"))));
    Put(next(), std::string(other.ToSecretText().ExposeSecret()) + "\n");
    Add({{"b", "two"}});
    CHECK_FALSE(fs::exists(next()));
    CHECK(ReadText(file()) == first);
  }
  SECTION("behind its entry") {
    Rotate(work::NewLogKey::MlDsa::kAdd);
    const std::string first = ReadText(file());
    const std::string first_classical = ReadText(classical());
    Rotate();
    const std::string second = ReadText(file());
    const bool both = GENERATE(true, false);
    fs::rename(file(), next());
    if (GENERATE(true, false)) Put(file(), first);  // else it was overwritten, and its name taken away
    if (both) {
      fs::rename(classical(), next_classical());
      Put(classical(), first_classical);
    }
    Add({{"b", "two"}});
    CHECK_FALSE(fs::exists(next()));
    CHECK_FALSE(fs::exists(next_classical()));
    CHECK(ReadText(file()) == second);
  }
  CHECK(Verify(Depth::kContent).ok());
}

}  // namespace exhibit::testing
