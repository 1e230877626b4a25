#include "vault/witness/witness.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/read_if_there.h"
#include "vault/base/text.h"
#include "vault/crypto/hash.h"
#include "vault/custody/free_text.h"
#include "vault/witness/add_checkpoint.h"

namespace exhibit::witness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeyFile = "witness.key";
constexpr const char* kLogsFile = "logs";
constexpr const char* kHeadsFolder = "heads";
constexpr const char* kLockFile = "LOCK";
constexpr std::uint64_t kMaxHeadBytes = 64 * 1024;

std::string HashOfOrigin(std::string_view origin) { return ToHex(crypto::Sha256(ViewOf(origin)).view()); }

Answer Refuse(int status, std::string_view reason) { return {status, Answer().content_type, Printable(reason) + "\n"}; }

// Taken from the comparison with the kept checkpoint until the new one has its place: as long as it takes.
Result<FileLock> Lock(const fs::path& folder) {
  return FileLock::Acquire(folder / kHeadsFolder / kLockFile, {"is cosigning with this folder", {}}, std::nullopt);
}

// The checkpoint that was kept last; nothing for the first.
Result<std::optional<Claim>> ReadKept(const fs::path& path) {
  const auto bytes = ReadFile(path, kMaxHeadBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return std::optional<Claim>();
  if (!bytes) return Fail(bytes.error());
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(*bytes));
  TRY(Claim kept, DecodeClaim(note.text()));
  return std::optional(std::move(kept));
}

// The checkpoint with only the log's lines: a stranger's lines would be kept and shown as if they were checked.
std::string SignedByLog(const tlog::SignedNote& note, const std::vector<tlog::VerifierKey>& keys,
                        const std::vector<std::size_t>& signers) {
  std::string text = std::string(note.text()) + "\n";
  for (const tlog::NoteSignature& line : note.signatures()) {
    const bool is_of_log = std::ranges::any_of(
        signers, [&](std::size_t signer) { return line.name == keys[signer].name() && line.id == keys[signer].id(); });
    if (is_of_log) text += tlog::SignatureLine(line.name, line.id, line.bytes);
  }
  return text;
}

// Nothing if the checkpoint extends the one that was kept.
std::optional<Answer> CheckExtends(const AddCheckpoint& request, const std::optional<Claim>& kept, const Claim& next) {
  const std::uint64_t last = kept ? kept->size.value : 0;
  if (request.old_size.value != last) return Answer{409, "text/x.tlog.size", Format("{}\n", last)};
  if (next.size.value == 0 && next.root != tlog::EmptyRoot()) {
    return Refuse(422, "size 0 with a root that is not the empty tree's");
  }
  if (!kept || last == 0) {
    if (request.proof.empty()) return std::nullopt;
    return Refuse(422, "a request from size 0 needs no proof");
  }
  const auto extends = tlog::CheckConsistency({kept->size, kept->root}, {next.size, next.root}, request.proof);
  if (extends) return std::nullopt;
  return Refuse(422, Format("the checkpoint does not extend the one of size {}: {}", last, extends.error().message));
}

}  // namespace

namespace {

Result<tlog::CosigningKey> MakeKey(const InitRequest& request) {
  if (request.suite == InitRequest::Suite::kEd25519) {
    return tlog::CosigningKey(tlog::SigningKey::Generate(request.name, tlog::SignatureType::kCosignature));
  }
  TRY(tlog::MlDsaSigningKey key, tlog::MlDsaSigningKey::Generate(request.name));
  return tlog::CosigningKey(std::move(key));
}

}  // namespace

Result<tlog::CosignerKey> InitWitness(const InitRequest& request) {
  TRY_VOID(custody::CheckFreeText({"name", request.name.text()}));
  std::string logs = "# The logs that this witness knows. Their keys, one a line: log VKEY\n";
  for (const tlog::VerifierKey& log : request.logs) logs += Format("log {}\n", log.ToText());
  logs += "quorum none\n";
  TRY_VOID(tlog::Policy::Parse(logs));
  TRY(const tlog::CosigningKey key, MakeKey(request));
  TRY_VOID(CreateFolders(fs::absolute(request.folder).parent_path()));
  TRY(NewFolder making,
      NewFolder::Make(request.folder,
                      {.existing = NewFolder::Existing::kReplaceIfEmpty, .prefix = ".", .suffix = ".making"}));
  TRY_VOID(custody::SaveSecretLine(making.path() / kKeyFile, key.ToSecretText(), request.passphrase, request.work));
  TRY_VOID(WriteNewFile(making.path() / kLogsFile, ViewOf(logs), 0644));
  TRY_VOID(CreateFolders(making.path() / kHeadsFolder));
  TRY_VOID(making.Finish());
  return key.verifier();
}

namespace {

Result<tlog::CosigningKey> OpenKey(const fs::path& path, const custody::PassphraseProvider& passphrase) {
  TRY(const crypto::SecretText line,
      custody::LoadSecretLine(path, "signing key", custody::kPlainKeyPrefix, passphrase));
  auto key = tlog::CosigningKey::Parse(line.ExposeSecret());
  if (!key) return Fail(std::move(key).error().In(Printable(path.native())));
  return key;
}

}  // namespace

Result<Witness> Witness::Open(const fs::path& folder, const custody::PassphraseProvider& passphrase) {
  const auto bytes = ReadFile(folder / kLogsFile, tlog::kMaxPolicyBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound, Printable(folder.native()) + " is not a witness's folder",
                "make one: exhibit witness init DIR --name NAME --log VKEY");
  }
  if (!bytes) return Fail(bytes.error());
  auto policy = tlog::Policy::Parse(TextOf(*bytes));
  if (!policy) return Fail(std::move(policy).error().In(Printable((folder / kLogsFile).native())));
  TRY(tlog::CosigningKey key, OpenKey(folder / kKeyFile, passphrase));
  return Witness(folder, std::move(key), std::move(*policy));
}

fs::path Witness::HeadPath(std::string_view origin) const { return folder_ / kHeadsFolder / HashOfOrigin(origin); }

Answer Witness::Add(ByteView bytes, tlog::CosignatureTime now) const {
  const auto request = DecodeAddCheckpoint(bytes);
  if (!request) return Refuse(400, request.error().message);
  const auto note = tlog::SignedNote::Parse(request->checkpoint);
  if (!note) return Refuse(400, note.error().message);
  const auto next = DecodeClaim(note->text());
  if (!next) return Refuse(400, next.error().message);

  std::vector<tlog::VerifierKey> keys;
  for (const tlog::Policy::Log& log : policy_.logs()) {
    if (log.key.name().text() == next->origin) keys.push_back(log.key);
  }
  if (keys.empty()) return Refuse(404, "no log of this origin is known here");
  const auto signers = tlog::VerifyNote(*note, keys);
  if (!signers) return Refuse(403, signers.error().message);
  if (request->old_size > next->size) return Refuse(400, "the old size is beyond the checkpoint");

  const auto compare_and_keep = [&]() -> Result<Answer> {
    TRY(const FileLock lock, Lock(folder_));
    const fs::path path = HeadPath(next->origin);
    TRY(const std::optional<Claim> kept, ReadKept(path));
    if (auto refusal = CheckExtends(*request, kept, *next)) return std::move(*refusal);
    const auto line = tlog::Cosign(note->text(), now, key_);
    // What this witness's kind of key cannot sign, such as extension lines by ML-DSA-44.
    if (!line && line.error().code == ErrorCode::kInvalid) return Refuse(400, line.error().message);
    if (!line) return Fail(line.error());
    TRY_VOID(ReplaceFile(path, ViewOf(SignedByLog(*note, keys, *signers) + *line), 0644));
    return Answer{200, Answer().content_type, *line};
  };
  auto answer = compare_and_keep();
  if (!answer) return Refuse(500, answer.error().message);
  return std::move(*answer);
}

Result<std::optional<Bytes>> Witness::Latest(std::string_view origin_hash_hex) const {
  for (const tlog::Policy::Log& log : policy_.logs()) {
    if (HashOfOrigin(log.key.name().text()) != origin_hash_hex) continue;
    return ReadIfThere(folder_ / kHeadsFolder / std::string(origin_hash_hex), kMaxHeadBytes);
  }
  return std::optional<Bytes>();
}

}  // namespace exhibit::witness
