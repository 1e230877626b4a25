// The golden log of tests/vectors/tlog/own-vectors.json: seven entries, a log key and two
// witnesses, all made from fixed strings, so that every byte of it can be made again.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/cosignature.h"

namespace exhibit::testing {

inline const nlohmann::json& GoldenLog() {
  static const nlohmann::json vectors =
      nlohmann::json::parse(ReadVector(OwnVector("tlog/own-vectors.json"))).at("golden_log");
  return vectors;
}
inline std::string Golden(const char* name) { return GoldenLog().at(name).get<std::string>(); }

inline tlog::VerifierKey GoldenVerifier(const char* name) { return Unwrap(tlog::VerifierKey::Parse(Golden(name))); }

// The key of a 32-byte seed that is SHA-256 of a published string.
inline tlog::SigningKey KeyOfSeed(std::string_view name, tlog::SignatureType type, std::string_view seed_hex) {
  crypto::Ed25519Seed seed;
  const Bytes bytes = Hex(seed_hex);
  REQUIRE(bytes.size() == crypto::Ed25519Seed::kSize);
  std::ranges::copy(bytes, seed.ExposeSecretForWriting().begin());
  return tlog::SigningKey::FromSeed(Unwrap(tlog::KeyName::Parse(name)), type, std::move(seed));
}

inline tlog::SigningKey GoldenLogKey() {
  return KeyOfSeed(Golden("origin"), tlog::SignatureType::kEd25519, Golden("log_seed_hex"));
}
inline tlog::SigningKey GoldenWitness(int number) {
  const std::string which = "witness" + std::to_string(number);
  return KeyOfSeed("witness.example/w" + std::to_string(number), tlog::SignatureType::kCosignature,
                   Golden((which + "_seed_hex").c_str()));
}

// `text` with the first occurrence of `from` replaced; the test is wrong if there is none.
inline std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace exhibit::testing
