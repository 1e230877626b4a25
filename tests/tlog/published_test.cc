// Goal: what others publish is read as they meant it. Method: checkpoints of public logs with the keys that their
// operators publish (tests/vectors/tlog/published.json says where they are from), and the same with a byte changed.
#include <nlohmann/json.hpp>

#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "vault/base/encoding.h"
#include "vault/tlog/policy.h"
#include "vault/tlog/proof.h"

namespace exhibit::testing {
namespace {

using namespace tlog;

const nlohmann::json& Published(const char* which) {
  static const nlohmann::json vectors = nlohmann::json::parse(ReadVector(OwnVector("tlog/published.json")));
  return vectors.at(which);
}

std::string Text(const nlohmann::json& from, const char* name) { return from.at(name).get<std::string>(); }

VerifierKey Key(const nlohmann::json& from, const char* name) { return Unwrap(VerifierKey::Parse(Text(from, name))); }

}  // namespace

TEST_CASE("the checkpoints of Rekor open with its key, and its proof leads to their root", "[published]") {
  const auto& rekor = Published("rekor");
  const VerifierKey key = Key(rekor, "vkey");
  CHECK(Unwrap(OpenCheckpoint(ViewOf(Text(rekor, "checkpoint")), key)).size == TreeSize{34'356'369});
  const Checkpoint earlier = Unwrap(OpenCheckpoint(ViewOf(Text(rekor, "earlier_checkpoint")), key));
  CHECK(earlier.origin.text() == "log2025-1.rekor.sigstore.dev");
  ProofHashes hashes;
  for (const auto& hash : rekor.at("hashes")) {
    hashes.push_back(Unwrap(FixedFromBase64<NodeHash>(hash.get<std::string>(), "hash")));
  }
  Bytes entry = Unwrap(FromBase64(Text(rekor, "entry_base64"), Base64::kPadded));
  const Sequence index{rekor.at("index").get<std::uint64_t>()};
  REQUIRE_OK(CheckInclusion(HashLeaf(entry), index, earlier.size, hashes, earlier.root));
  CHECK_FAILS(CheckInclusion(HashLeaf(entry), {index.value - 1}, earlier.size, hashes, earlier.root),
              ErrorCode::kTampered, "inclusion proof");
  entry.back() ^= 1;
  CHECK_FAILS(CheckInclusion(HashLeaf(entry), index, earlier.size, hashes, earlier.root), ErrorCode::kTampered, "root");
  std::string other = Text(rekor, "checkpoint");
  other.replace(other.find("34356369"), 8, "34356368");
  CHECK_FAILS(OpenCheckpoint(ViewOf(other), key), ErrorCode::kTampered, "does not fit");
}

TEST_CASE("a public log that a public witness cosigned is accepted by a policy of the two", "[published]") {
  const auto& witnessed = Published("witnessed");
  const Policy policy = Unwrap(Policy::Parse("log " + Text(witnessed, "log_vkey") + "\nwitness geomys " +
                                             Text(witnessed, "witness_vkey") + "\nquorum geomys\n"));
  const std::string text = Text(witnessed, "checkpoint");
  const auto accepted = Unwrap(policy.Accept(Unwrap(SignedNote::Parse(text))));
  CHECK(accepted.checkpoint.size == TreeSize{9266});
  const CosignatureTime time{witnessed.at("time").get<std::uint64_t>()};
  CHECK(accepted.witnesses == std::vector<Witnessed>{{"geomys", time}});
  CHECK(policy.QuorumTime(accepted.witnesses) == time);
  std::string other = text;
  other.replace(other.find("9266"), 4, "9267");
  CHECK_FAILS(policy.Accept(Unwrap(SignedNote::Parse(other))), ErrorCode::kTampered, "does not fit");
}

TEST_CASE("a witness's line is checked beside a log's of a type that is not known here", "[published]") {
  const auto& certificates = Published("certificates");
  const SignedNote note = Unwrap(SignedNote::Parse(Text(certificates, "checkpoint")));
  CHECK(Unwrap(DecodeCheckpoint(note.text())).size == TreeSize{185'550'722});
  CHECK(Unwrap(CheckCosignature(note, Key(Published("witnessed"), "witness_vkey"))).seconds ==
        certificates.at("time").get<std::uint64_t>());
}

}  // namespace exhibit::testing
