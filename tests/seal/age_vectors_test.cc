// Goal: we open exactly the age files that the reference opens. Method: the public conformance
// vectors (C2SP/CCTV, age/testdata), each of them with the outcome that its own header states, the
// plaintext given out before a failure included.
//
// Where the crypto library has no ML-KEM, the vectors for mlkem768x25519 (files "hybrid…") that are
// well-formed must be refused by the kind's name, with a word on what is missing. An unknown key in a vector's
// header, or a number of vectors that is neither the selection's nor the whole collection's, fails
// the test.
#include <map>

#include "tests/seal/inflate.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "vault/crypto/hash.h"
#include "vault/seal/age_file.h"
#include "vault/seal/armor.h"

namespace exhibit::seal {
namespace {

namespace fs = std::filesystem;
using testing::Unwrap;

// How many vectors expect what.
using Counts = std::map<std::string, std::size_t>;
// ../shared/vectors/age: a selection of 96.
const Counts kSelection = {
    {"success", 21}, {"no match", 10}, {"header failure", 40}, {"armor failure", 13}, {"payload failure", 12}};
// All 143 of CCTV's age/testdata.
const Counts kCollection = {{"success", 26},       {"no match", 13},        {"header failure", 62},
                            {"armor failure", 22}, {"payload failure", 19}, {"HMAC failure", 1}};
constexpr std::string_view kHybridIdentity = "AGE-SECRET-KEY-PQ-1";

struct Vector {
  std::string expect;
  std::string payload_sha256;
  std::vector<std::string> identities;
  std::vector<std::string> passphrases;
  bool armored = false;
  Bytes file;
};

Vector ReadAgeVector(const fs::path& path) {
  const Bytes bytes = testing::ReadVector(path);
  std::string_view text = TextOf(bytes);
  Vector vector;
  bool compressed = false;
  for (;;) {
    const std::size_t end = text.find('\n');
    REQUIRE(end != std::string_view::npos);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    REQUIRE(colon != std::string_view::npos);
    const std::string_view key = line.substr(0, colon);
    const std::string value(line.substr(colon + 2));
    if (key == "expect")
      vector.expect = value;
    else if (key == "payload")
      vector.payload_sha256 = value;
    else if (key == "identity")
      vector.identities.push_back(value);
    else if (key == "passphrase")
      vector.passphrases.push_back(value);
    else if (key == "armored")
      vector.armored = value == "yes";
    else if (key == "compressed")
      compressed = value == "zlib";
    else if (key != "file key" && key != "comment")
      FAIL("unknown key " << key);
  }
  if (compressed) {
    const auto inflated = testing::InflateZlib(ViewOf(text));
    REQUIRE(inflated);
    vector.file = *inflated;
  } else {
    vector.file = ToBytes(ViewOf(text));
  }
  return vector;
}

// What happened to a file, in the words of the vectors.
struct Outcome {
  std::string result;
  std::string released_sha256;  // of the plaintext given out, whole or in part
  std::string message;
};

// The word for a header that did not open. A kind of recipient that we do not have is no match,
// too.
std::string WordFor(const Error& error) {
  switch (error.code) {
    case ErrorCode::kTampered: return "HMAC failure";
    case ErrorCode::kDenied: return "no match";
    case ErrorCode::kUnsupported: return "no match";
    default: return "header failure";
  }
}

Result<FileKey> OpenWith(const AgeHeader& header, const Vector& vector) {
  if (!vector.passphrases.empty()) {
    return OpenHeaderWithPassphrase(header, crypto::SecretText(vector.passphrases.front()));
  }
  std::vector<Identity> identities;
  for (const std::string& text : vector.identities) identities.push_back(Unwrap(ParseIdentity(text)));
  return OpenHeader(header, identities);
}

// Opens the file with the payload in pieces of `piece` bytes.
Outcome Open(const Vector& vector, std::size_t piece) {
  Bytes binary = vector.file;
  if (vector.armored) {
    auto removed = RemoveArmor(TextOf(vector.file));
    if (!removed) return {"armor failure", {}, removed.error().message};
    binary = std::move(*removed);
  }
  const auto parsed = ParseHeader(binary);
  if (!parsed) return {"header failure", {}, parsed.error().message};
  auto file_key = OpenWith(parsed->header, vector);
  if (!file_key) return {WordFor(file_key.error()), {}, file_key.error().message};
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha256);
  PayloadOpener opener(std::move(*file_key), [&](ByteView plaintext) -> Result<void> {
    hasher.Update(plaintext);
    return {};
  });
  ByteView payload = ByteView(binary).subspan(parsed->size_bytes);
  const bool nonce_is_whole = payload.size() >= PayloadNonce::kSize;
  Result<void> status;
  while (status && !payload.empty()) {
    const ByteView next = payload.first(std::min(piece, payload.size()));
    status = opener.Push(next);
    payload = payload.subspan(next.size());
  }
  if (status) status = opener.Finish();
  if (status) return {"success", ToHex(hasher.Finish()), {}};
  // The vectors count the nonce as part of the header.
  if (!nonce_is_whole) return {"header failure", {}, status.error().message};
  return {"payload failure", ToHex(hasher.Finish()), status.error().message};
}

bool HasHybridIdentity(const Vector& vector) {
  return std::ranges::any_of(vector.identities,
                             [](const std::string& identity) { return identity.starts_with(kHybridIdentity); });
}

// A vector for a hybrid identity where there is no ML-KEM: nothing is given out. What breaks a rule is refused as in the
// reference; else the refusal names the kind and what is missing, if there is no stanza of another kind. True if so.
bool CheckHybridWithoutMlKem(const Vector& vector) {
  const Outcome outcome = Open(vector, 1 << 20);
  CAPTURE(outcome.result, outcome.message);
  CHECK(outcome.released_sha256.empty());
  if (outcome.result == "header failure") {
    CHECK(vector.expect == "header failure");
    return false;
  }
  CHECK(outcome.result == "no match");
  return outcome.message.find("a kind that is not supported: ") != std::string::npos &&
         outcome.message.find("mlkem768x25519") != std::string::npos;
}

void CheckVector(const Vector& vector) {
  for (const std::size_t piece : {std::size_t{1} << 24, std::size_t{65552}, std::size_t{70001}}) {
    CAPTURE(piece);
    const Outcome outcome = Open(vector, piece);
    CAPTURE(outcome.message);
    CHECK(outcome.result == vector.expect);
    if (!vector.payload_sha256.empty()) CHECK(outcome.released_sha256 == vector.payload_sha256);
  }
}

TEST_CASE("every age vector comes out as its header says", "[seal][vectors]") {
  const auto folder = testing::VectorFolder("age");
  SKIP_WITHOUT(folder, "the age vectors are not on this machine");
  Counts counts;
  std::size_t named_as_unsupported = 0;
  for (const fs::path& path : testing::FilesBelow(*folder)) {
    CAPTURE(path.filename().string());
    const Vector vector = ReadAgeVector(path);
    ++counts[vector.expect];
    if (!HasHybridIdentity(vector) || crypto::HasMlKem()) {
      CheckVector(vector);
    } else if (CheckHybridWithoutMlKem(vector)) {
      ++named_as_unsupported;
    }
  }
  const bool whole_collection = counts == kCollection;
  CHECK((whole_collection || counts == kSelection));
  CHECK(crypto::HasMlKem() == (named_as_unsupported == 0));
}

// What was parsed is written again to the same bytes: the header with the file key that made it.
TEST_CASE("every age vector that opens has a header that encodes to the same bytes", "[seal][vectors]") {
  const auto folder = testing::VectorFolder("age");
  SKIP_WITHOUT(folder, "the age vectors are not on this machine");
  std::size_t checked = 0;
  for (const fs::path& path : testing::FilesBelow(*folder)) {
    CAPTURE(path.filename().string());
    const Vector vector = ReadAgeVector(path);
    if (vector.expect != "success" || (HasHybridIdentity(vector) && !crypto::HasMlKem())) continue;
    const Bytes binary = vector.armored ? Unwrap(RemoveArmor(TextOf(vector.file))) : vector.file;
    const ParsedHeader parsed = Unwrap(ParseHeader(binary));
    const FileKey file_key = Unwrap(OpenWith(parsed.header, vector));
    CHECK(EncodeHeader(parsed.header.stanzas, file_key) == ToBytes(ByteView(binary).first(parsed.size_bytes)));
    ++checked;
  }
  CHECK(checked >= 17);
}

}  // namespace
}  // namespace exhibit::seal
