// Goal: for each size of a log exactly one key signs. Method: rotations written down, each size asked for.
#include "vault/custody/log_keys.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using custody::LogKeys;

tlog::SigningKey NewKey(std::string_view name = "log.example/a") {
  return tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(name)));
}

Bytes Signed(std::uint64_t size, const tlog::SigningKey& key, std::string_view origin = "log.example/a") {
  tlog::RootHash root;
  root.mutable_view()[0] = static_cast<std::uint8_t>(size);
  return Unwrap(
      tlog::SignCheckpoint({Unwrap(tlog::Origin::Parse(origin)), {size}, size == 0 ? tlog::EmptyRoot() : root}, key));
}

}  // namespace

TEST_CASE("a key signs from the checkpoint on that holds its rotation, and no earlier", "[log_keys]") {
  const auto first = NewKey();
  const auto second = NewKey();
  const auto third = NewKey();
  LogKeys keys(first.verifier());
  CHECK(keys.current() == first.verifier());
  keys.Rotate({4}, second.verifier());
  keys.Rotate({5}, third.verifier());
  CHECK(keys.current() == third.verifier());
  CHECK(keys.Knows(second.verifier()));
  CHECK_FALSE(keys.Knows(NewKey().verifier()));
  for (std::uint64_t size = 0; size < 9; ++size) {
    const tlog::SigningKey& key = size <= 4 ? first : size == 5 ? second : third;
    CAPTURE(size);
    CHECK(keys.For({size}) == key.verifier());
    const std::optional<tlog::Sequence> replaced_in =
        size <= 5 ? std::optional(tlog::Sequence{size <= 4 ? 4U : 5U}) : std::nullopt;
    CHECK(keys.ReplacedIn({size}) == replaced_in);
    CHECK(Unwrap(keys.Open(Signed(size, key))).size.value == size);
    for (const tlog::SigningKey* other : {&first, &second, &third}) {
      if (other == &key) continue;
      CHECK_FAILS(keys.Open(Signed(size, *other)), ErrorCode::kDenied, "for key");
    }
  }
}

TEST_CASE("checkpoints of strangers and of other origins are refused", "[log_keys]") {
  const auto key = NewKey();
  const LogKeys keys(key.verifier());
  CHECK_FAILS(keys.Open(Signed(3, NewKey())), ErrorCode::kDenied, "not signed by a known key");
  CHECK_FAILS(keys.Open(Signed(3, key, "log.example/b")), ErrorCode::kTampered, "another origin");
  CHECK_FAILS(keys.Open(ViewOf("log.example/a\n")), ErrorCode::kInvalid, "no empty line before signatures");
  Bytes note = Signed(3, key);
  note[note.size() - 10] = note[note.size() - 10] == 'A' ? 'B' : 'A';
  CHECK_FAILS(keys.Open(note), ErrorCode::kTampered, "does not fit the text");
}

}  // namespace exhibit::testing
