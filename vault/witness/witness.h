// A witness: it sees one history of each log that it knows, and cosigns the checkpoints of that history.
//
//   DIR/witness.key        its key, of type 0x04 or 0x06; an age file under a passphrase, or plain (0600)
//   DIR/logs               the keys of the logs that it knows: a tlog-policy of "log" lines and "quorum none"
//   DIR/heads/<sha256>     the last checkpoint that it cosigned of the log whose origin has that SHA-256 (hex)
//   DIR/heads/LOCK         held from the comparison with that checkpoint until the new one has replaced it
//
// It promises: it never cosigns two checkpoints of one origin of which neither extends the other, in
// any number of processes, even if one is killed. So comparing, signing and replacing are one step under a
// lock, and no signature leaves before its checkpoint is on the disk. A crash between them leaves a
// checkpoint that was kept and not answered; the log asks again from there and gets the answer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/custody/key_file.h"
#include "vault/tlog/cosignature.h"
#include "vault/tlog/policy.h"

namespace exhibit::witness {

// As tlog-witness says it over HTTP.
struct Answer {
  int status = 500;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;  // cosignature lines for 200, the size for 409, else a reason for people
};

struct InitRequest {
  std::filesystem::path folder;
  tlog::KeyName name;
  std::vector<tlog::VerifierKey> logs;
  const crypto::SecretText* passphrase = nullptr;  // null keeps the key plain
  enum class Suite : std::uint8_t { kEd25519, kMlDsa } suite = Suite::kEd25519;
  seal::WorkFactor work = seal::kWritingWorkFactor;
};
// Makes a witness's folder, whole or not at all. kExists if the folder exists and is not empty; kInvalid for two keys that
// are one, or of another type; kUnsupported for an ML-DSA-44 key where this program has none.
Result<tlog::CosignerKey> InitWitness(const InitRequest& request);

class Witness {
 public:
  static Result<Witness> Open(const std::filesystem::path& folder, const custody::PassphraseProvider& passphrase);

  tlog::CosignerKey key() const { return key_.verifier(); }
  const std::vector<tlog::Policy::Log>& logs() const { return policy_.logs(); }

  // Cosigns the checkpoint of the request, if it extends what was cosigned before. From several threads.
  //   200  the cosignature's line
  //   400  no request, an old size beyond the checkpoint, or extension lines where the key is of type 0x06
  //   403  not signed by a key that is known for its origin, or by one that does not fit
  //   404  no log of this origin is known
  //   409  the old size is not that of the last checkpoint; the body says which is
  //   422  the proof does not show that the checkpoint extends the last one, or size 0 with another root than the
  //        empty tree's
  //   500  the disk failed; nothing was signed
  Answer Add(ByteView request, tlog::CosignatureTime now) const;

  // The last checkpoint that was cosigned of the origin whose SHA-256 is this, with the cosignature.
  Result<std::optional<Bytes>> Latest(std::string_view origin_hash_hex) const;

 private:
  Witness(std::filesystem::path folder, tlog::CosigningKey key, tlog::Policy policy)
      : folder_(std::move(folder)), key_(std::move(key)), policy_(std::move(policy)) {}
  std::filesystem::path HeadPath(std::string_view origin) const;

  std::filesystem::path folder_;
  tlog::CosigningKey key_;
  tlog::Policy policy_;
};

}  // namespace exhibit::witness
