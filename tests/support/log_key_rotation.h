// Another key of the log, as `rotate-log-key` makes it, for tests that need no job of work/.
#pragma once

#include <cstdint>
#include <optional>

#include "tests/support/vault_fixture.h"
#include "vault/session/key_files.h"
#include "vault/session/writer_hands.h"

namespace exhibit::testing {

// How far it comes before it is cut short.
enum class RotateUpTo : std::uint8_t { kReady, kCommitted, kInPlace };

inline tlog::VerifierKey RotateLogKey(VaultFixture& vault, std::optional<custody::EntryTime> compromised_since = {},
                                      RotateUpTo end = RotateUpTo::kInPlace) {
  auto writer = Unwrap(vault.OpenWriterAs(vault.key(), custody::LogKeyChange::kForm));
  const WriterHands hands = WriterHands::Of(*writer);
  auto next = tlog::SigningKey::Generate(writer->head().origin.as_key_name());
  const tlog::VerifierKey key = next.verifier();
  REQUIRE_OK(custody::SavePlainKey(hands.paths.next_log_key, next));
  if (end == RotateUpTo::kReady) return key;
  hands.log_keys.ed25519.push_back(std::move(next));
  hands.appender.UseLogKeys(hands.log_keys.Signers());
  REQUIRE_OK(hands.appender.CommitLogKey({custody::LogKeyChange{{key}, compromised_since}, {{"reason", "test"}}}));
  if (end == RotateUpTo::kInPlace) REQUIRE_OK(key_files::PutNextLogKeysInPlace(hands.paths));
  return key;
}

}  // namespace exhibit::testing
