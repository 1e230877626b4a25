// Goal: what an entry or a statement says of a checkpoint is its three lines with the log's Ed25519 line alone, whatever other
// lines the head has that somebody brings. Method: heads with lines of an ML-DSA key and of a witness, as FORMAT.md has them.
#include "vault/custody/log_keys.h"

#include "tests/custody/custody_log.h"
#include "vault/tlog/note.h"

namespace exhibit::testing {
namespace {

class Heads {
 protected:
  custody::LogKeys Keys() const { return {custody::LogKeyList{log_key_.verifier()}, kNoon}; }
  Bytes Head(const tlog::SigningKey& key) const { return Unwrap(tlog::SignCheckpoint(checkpoint_, key)); }
  // Of a key of that name, over any text: whoever reads it has no use for it.
  static Bytes With(Bytes head, std::string_view name, std::size_t bytes) {
    Append(head,
           ViewOf(tlog::SignatureLine(Unwrap(tlog::KeyName::Parse(name)), tlog::KeyId({1, 2, 3, 4}), Bytes(bytes, 9))));
    return head;
  }

  tlog::Checkpoint checkpoint_ = {AnOrigin(), {4}, *tlog::RootHash::From(crypto::Sha256(ViewOf("a root")).view())};
  tlog::SigningKey log_key_ = KeyNamed(kOrigin, "log");
};

TEST_CASE_METHOD(Heads, "a checkpoint is noted with the line of the log's Ed25519 key alone", "[log_keys]") {
  const Bytes alone = Head(log_key_);
  const Bytes with_ml_dsa = With(alone, kOrigin, 2428);
  const Bytes cosigned = With(with_ml_dsa, "witness.example/w", 72);
  for (const Bytes& head : {alone, with_ml_dsa, cosigned}) {
    const custody::NotedCheckpoint noted = Unwrap(Keys().Noted(head));
    CHECK(Equal(noted.note(), alone));
    CHECK(noted.checkpoint() == checkpoint_);
    REQUIRE_OK(Keys().Check(noted));
  }
}

TEST_CASE_METHOD(Heads, "a checkpoint that the log's key did not sign is not noted", "[log_keys]") {
  CHECK_FAILS(Keys().Noted(Head(KeyNamed(kOrigin, "another"))), ErrorCode::kTampered, "is not signed by");
  CHECK_FAILS(Keys().Noted(With({}, kOrigin, 64)), ErrorCode::kInvalid, "");
  Bytes changed = With(Head(log_key_), kOrigin, 2428);
  changed[kOrigin.size() + 1] = '5';  // its size
  CHECK_FAILS(Keys().Noted(changed), ErrorCode::kTampered, "does not fit the text");
  checkpoint_.origin = Unwrap(tlog::Origin::Parse("other.example/log"));
  CHECK_FAILS(Keys().Noted(Head(KeyNamed("other.example/log", "log"))), ErrorCode::kTampered, "of another log");
}

}  // namespace
}  // namespace exhibit::testing
