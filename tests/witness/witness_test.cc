// Goal: of one origin a witness never cosigns two checkpoints of which neither extends the other. Method: each
// status of tlog-witness; then thousands of random requests of honest and forked logs, with every cosigned pair
// compared; threads and copies of the witness racing for one state.
#include "vault/witness/witness.h"

#include <random>
#include <thread>

#include "tests/support/temporary_folder.h"
#include "tests/tlog/golden_log.h"
#include "tests/tlog/log_on_tiles.h"
#include "vault/base/file.h"
#include "vault/crypto/hash.h"
#include "vault/witness/add_checkpoint.h"

namespace exhibit::testing {
namespace {

using witness::Answer;
using witness::Witness;

Result<crypto::SecretText> NoPassphrase(std::string_view) { return Fail(ErrorCode::kDenied, "none"); }

tlog::SigningKey LogKey(std::string_view name = "log.example/a") {
  return tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(name)));
}

// Every size of a history is at hand; histories share what stands before `fork_at`.
struct History {
  History(std::string_view name, std::uint64_t size, std::uint64_t fork_at) {
    roots.push_back(tlog::EmptyRoot());
    for (std::uint64_t i = 0; i < size; ++i) {
      log.AppendEntry(i < fork_at ? LeafText(i) : std::string(name) + LeafText(i));
      roots.push_back(log.tree.Root());
    }
  }
  Bytes Signed(std::uint64_t size, const tlog::SigningKey& key) const {
    return Unwrap(
        tlog::SignCheckpoint({Unwrap(tlog::Origin::Parse(key.verifier().name().text())), {size}, roots[size]}, key));
  }
  Bytes Request(std::uint64_t old_size, std::uint64_t size, const tlog::SigningKey& key) const {
    witness::AddCheckpoint request{{old_size}, {}, Signed(size, key)};
    if (old_size > 0 && old_size <= size) request.proof = Unwrap(tlog::ProveConsistency(log.tiles, {old_size}, {size}));
    return witness::EncodeAddCheckpoint(request);
  }
  LogOnTiles log;
  std::vector<tlog::RootHash> roots;
};

struct WitnessFixture {
  WitnessFixture()
      : key(Unwrap(witness::InitWitness(
            {folder.path() / "w", Unwrap(tlog::KeyName::Parse("witness.example/w1")), {log_key.verifier()}}))),
        witness(Open()) {}
  Witness Open() const { return Unwrap(Witness::Open(folder.path() / "w", NoPassphrase)); }
  Answer Ask(const Bytes& request) const { return witness.Add(request, {1700000000}); }

  TemporaryFolder folder;
  tlog::SigningKey log_key = LogKey();
  tlog::CosignerKey key;
  Witness witness;
};

}  // namespace

TEST_CASE_METHOD(WitnessFixture, "each status is the one of the specification", "[witness]") {
  const History good("a", 9, 9);
  const History fork("b", 9, 3);
  const auto status = [&](const Bytes& request) { return Ask(request).status; };
  CHECK(status(ToBytes(ViewOf("nonsense"))) == 400);
  CHECK(status(good.Request(0, 4, LogKey("log.example/unknown"))) == 404);
  CHECK(status(good.Request(0, 4, LogKey())) == 403);  // the name is known, the key is not
  Bytes bad = good.Request(0, 4, log_key);
  bad[bad.size() - 10] = bad[bad.size() - 10] == 'A' ? 'B' : 'A';
  CHECK(status(bad) == 403);
  CHECK(status(good.Request(5, 4, log_key)) == 400);
  CHECK(status(witness::EncodeAddCheckpoint({{0}, {tlog::NodeHash()}, good.Signed(4, log_key)})) == 422);

  const auto first = Ask(good.Request(0, 4, log_key));
  REQUIRE(first.status == 200);
  const Bytes cosigned = Unwrap(witness::WithCosignatures(good.Signed(4, log_key), first.body, {&key, 1}));
  CHECK(Unwrap(tlog::CheckCosignature(Unwrap(tlog::SignedNote::Parse(cosigned)), key)).seconds == 1700000000);

  const auto conflict = Ask(good.Request(0, 5, log_key));
  CHECK(conflict.status == 409);
  CHECK(conflict.content_type == "text/x.tlog.size");
  CHECK(conflict.body == "4\n");
  CHECK(status(good.Request(3, 5, log_key)) == 409);
  CHECK(status(fork.Request(4, 6, log_key)) == 422);
  CHECK(status(fork.Request(4, 4, log_key)) == 422);
  CHECK(status(witness::EncodeAddCheckpoint({{4}, {}, good.Signed(6, log_key)})) == 422);
  CHECK(status(good.Request(4, 4, log_key)) == 200);  // again, for who did not hear the answer
  CHECK(status(good.Request(4, 9, log_key)) == 200);
  CHECK(status(good.Request(4, 6, log_key)) == 409);

  const std::string hash = ToHex(crypto::Sha256(ViewOf("log.example/a")).view());
  const auto latest = Unwrap(witness.Latest(hash));
  REQUIRE(latest);
  CHECK(TextOf(*latest).find("\n9\n") != std::string::npos);
  REQUIRE_OK(tlog::CheckCosignature(Unwrap(tlog::SignedNote::Parse(*latest)), key));
  CHECK_FALSE(Unwrap(witness.Latest(std::string(64, '0'))));
}

TEST_CASE_METHOD(WitnessFixture, "a checkpoint of size 0 is one like others, with the empty root", "[witness]") {
  const History good("a", 3, 3);
  CHECK(Ask(good.Request(0, 0, log_key)).status == 200);
  CHECK(Ask(good.Request(0, 0, log_key)).status == 200);
  std::string text = "log.example/a\n0\n" + ToBase64(good.roots[1].view(), Base64::kPadded) + "\n";
  CHECK(Ask(witness::EncodeAddCheckpoint({{0}, {}, Unwrap(tlog::SignNote(text, log_key))})).status == 422);
  CHECK(Ask(good.Request(0, 2, log_key)).status == 200);
  CHECK(Ask(good.Request(2, 3, log_key)).status == 200);
}

TEST_CASE_METHOD(WitnessFixture, "whose log it is comes before what is asked of it", "[witness]") {
  const std::string root = ToBase64(History("a", 1, 1).roots[1].view(), Base64::kPadded) + "\n";
  const auto status = [&](const std::string& text, const tlog::SigningKey& signer, std::uint64_t old_size = 0) {
    return Ask(witness::EncodeAddCheckpoint({{old_size}, {}, Unwrap(tlog::SignNote(text, signer))})).status;
  };
  const auto stranger = LogKey("log.example/b");
  CHECK(status("log.example/b\n0\n" + root, stranger) == 404);
  CHECK(status("an origin with spaces\n1\n" + root, stranger) == 404);
  CHECK(status("log.example/a\n0\n" + root, stranger) == 403);
  CHECK(status("log.example/a\n0\n" + root, log_key, 1) == 400);
  CHECK(status("log.example/a\n01\n" + root, log_key) == 400);
  CHECK(status("log.example/a\n1\n" + root.substr(4), log_key) == 400);
  CHECK(status("\n1\n" + root, log_key) == 400);
  CHECK(status("log.example/a\n1\n", log_key) == 400);
}

TEST_CASE_METHOD(WitnessFixture, "lines that a log adds to its checkpoints are cosigned with them", "[witness]") {
  const History good("a", 2, 2);
  const auto request = [&](std::uint64_t old_size, std::uint64_t size, const std::string& lines) {
    const std::string text = "log.example/a\n" + std::to_string(size) + "\n" +
                             ToBase64(good.roots[size].view(), Base64::kPadded) + "\n" + lines;
    witness::AddCheckpoint made{{old_size}, {}, Unwrap(tlog::SignNote(text, log_key))};
    if (old_size > 0) made.proof = Unwrap(tlog::ProveConsistency(good.log.tiles, {old_size}, {size}));
    return made;
  };
  const auto first = request(0, 1, "one\ntwo\n");
  const auto answer = Ask(witness::EncodeAddCheckpoint(first));
  REQUIRE(answer.status == 200);
  REQUIRE_OK(witness::WithCosignatures(first.checkpoint, answer.body, {&key, 1}));
  CHECK(Ask(witness::EncodeAddCheckpoint(request(1, 2, ""))).status == 200);
}

TEST_CASE_METHOD(WitnessFixture, "10,000 requests of three histories: what is cosigned is always one history",
                 "[witness]") {
  constexpr std::uint64_t kSize = 40;
  const std::vector<History> histories = {History("a", kSize, 12), History("b", kSize, 12), History("c", kSize, 25)};
  std::mt19937 random(2026);
  std::uint64_t last = 0;
  tlog::RootHash last_root = tlog::EmptyRoot();
  std::size_t history = 0;
  int cosigned = 0;
  int refused = 0;
  Witness current = Open();
  for (int i = 0; i < 10'000; ++i) {
    if (last == kSize) {  // another witness begins
      std::filesystem::remove_all(folder.path() / "w" / "heads");
      std::filesystem::create_directories(folder.path() / "w" / "heads");
      last = 0;
      last_root = tlog::EmptyRoot();
    }
    if (random() % 50 == 0) current = Open();  // it was started again
    const History& asked = histories[random() % histories.size()];
    const std::uint64_t old_size = random() % 3 == 0 ? random() % (kSize + 1) : last;
    const std::uint64_t size = std::min(kSize, old_size + random() % 4);
    const Answer answer = current.Add(asked.Request(old_size, size, log_key), {1});
    const bool extends = old_size == last && asked.roots[last] == last_root;
    CAPTURE(i, old_size, size, last);
    REQUIRE(answer.status == (old_size != last ? 409 : extends ? 200 : 422));
    if (answer.status != 200) {
      ++refused;
      continue;
    }
    ++cosigned;
    last = size;
    last_root = asked.roots[size];
    history = static_cast<std::size_t>(&asked - histories.data());
  }
  CHECK(cosigned > 100);
  CHECK(refused > 1'000);
  CHECK(history < histories.size());
}

TEST_CASE_METHOD(WitnessFixture, "copies of one witness that race give one history", "[witness]") {
  const std::vector<History> histories = {History("a", 30, 0), History("b", 30, 0), History("c", 30, 0)};
  std::vector<std::vector<std::uint64_t>> sizes(histories.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < histories.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto mine = Witness::Open(folder.path() / "w", NoPassphrase);
      std::uint64_t old_size = 0;
      for (std::uint64_t size = 1; mine && size <= 30; ++size) {
        const Answer answer = mine->Add(histories[i].Request(old_size, size, log_key), {1});
        if (answer.status != 200) continue;
        sizes[i].push_back(size);
        old_size = size;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::size_t winners = 0;
  for (const auto& cosigned : sizes) winners += cosigned.empty() ? 0U : 1U;
  CHECK(winners == 1);
}

TEST_CASE_METHOD(WitnessFixture, "a state that cannot be read or written signs nothing", "[witness]") {
  const History good("a", 9, 9);
  REQUIRE(Ask(good.Request(0, 4, log_key)).status == 200);
  const auto head = folder.path() / "w" / "heads" / ToHex(crypto::Sha256(ViewOf("log.example/a")).view());
  const Bytes kept = Unwrap(ReadFile(head, 65536));
  std::filesystem::remove(head);
  Unwrap(WriteNewFile(head, ViewOf("damaged"), 0644));
  CHECK(Ask(good.Request(4, 6, log_key)).status == 500);
  CHECK(Ask(good.Request(0, 6, log_key)).status == 500);
  std::filesystem::remove(head);
  Unwrap(WriteNewFile(head, kept, 0644));
  CHECK(Ask(good.Request(4, 6, log_key)).status == 200);
  std::filesystem::remove_all(folder.path() / "w" / "heads");
  CHECK(Ask(good.Request(6, 7, log_key)).status == 500);
}

TEST_CASE("what a witness is made of is checked when it is made and when it is opened", "[witness]") {
  const TemporaryFolder folder;
  const auto key = LogKey();
  const auto name = Unwrap(tlog::KeyName::Parse("witness.example/w1"));
  const auto path = folder.path() / "w";
  CHECK_FAILS(witness::InitWitness({path, name, {key.verifier(), key.verifier()}}), ErrorCode::kInvalid, "");
  CHECK_FALSE(std::filesystem::exists(path));
  Unwrap(witness::InitWitness({path, name, {key.verifier()}}));
  CHECK_FAILS(witness::InitWitness({path, name, {key.verifier()}}), ErrorCode::kExists, "");
  CHECK_FAILS(Witness::Open(folder.path(), NoPassphrase), ErrorCode::kNotFound, "not a witness's folder");
  std::filesystem::remove(path / "witness.key");
  Unwrap(custody::SavePlainKey(path / "witness.key", key));
  CHECK_FAILS(Witness::Open(path, NoPassphrase), ErrorCode::kInvalid, "not a key for cosignatures");
}

TEST_CASE("a witness may have an ML-DSA-44 key, which signs no extension lines", "[witness][vectors]") {
  SKIP_WITHOUT(crypto::HasMlDsa(), "this machine's OpenSSL has no ML-DSA-44");
  TemporaryFolder folder;
  const tlog::SigningKey log_key = LogKey();
  const auto key = Unwrap(witness::InitWitness({.folder = folder.path() / "w",
                                                .name = Unwrap(tlog::KeyName::Parse("witness.example/pq")),
                                                .logs = {log_key.verifier()},
                                                .suite = witness::InitRequest::Suite::kMlDsa}));
  const Witness witness = Unwrap(Witness::Open(folder.path() / "w", NoPassphrase));
  CHECK(witness.key() == key);
  const History good("a", 4, 4);
  const Bytes checkpoint = good.Signed(2, log_key);
  const Answer answer = witness.Add(good.Request(0, 2, log_key), {1700000000});
  REQUIRE(answer.status == 200);
  const Bytes cosigned = Unwrap(witness::WithCosignatures(checkpoint, answer.body, {&key, 1}));
  CHECK(Unwrap(tlog::CheckCosignature(Unwrap(tlog::SignedNote::Parse(cosigned)), key)).seconds == 1700000000);
  const std::string text = "log.example/a\n3\n" + ToBase64(good.roots[3].view(), Base64::kPadded) + "\nan extension\n";
  witness::AddCheckpoint extended{
      {2}, Unwrap(tlog::ProveConsistency(good.log.tiles, {2}, {3})), Unwrap(tlog::SignNote(text, log_key))};
  const Answer refused = witness.Add(witness::EncodeAddCheckpoint(extended), {1700000001});
  CHECK(refused.status == 400);
  CHECK(refused.body.find("extension lines") != std::string::npos);
}

TEST_CASE("a witness cosigns the checkpoint of a public log, and keeps the lines of the log alone", "[witness]") {
  const auto published = nlohmann::json::parse(ReadVector(OwnVector("tlog/published.json"))).at("witnessed");
  const auto log_key = Unwrap(tlog::VerifierKey::Parse(published.at("log_vkey").get<std::string>()));
  TemporaryFolder folder;
  const auto key = Unwrap(
      witness::InitWitness({folder.path() / "w", Unwrap(tlog::KeyName::Parse("witness.example/w1")), {log_key}}));
  const Witness witness = Unwrap(Witness::Open(folder.path() / "w", NoPassphrase));
  const std::string checkpoint = published.at("checkpoint").get<std::string>();
  const Answer answer = witness.Add(ViewOf("old 0\n\n" + checkpoint), {1791066100});
  REQUIRE(answer.status == 200);
  const Bytes cosigned = Unwrap(witness::WithCosignatures(ViewOf(checkpoint), answer.body, {&key, 1}));
  CHECK(Unwrap(tlog::SignedNote::Parse(cosigned)).signatures().size() == 3);
  const auto kept = Unwrap(witness.Latest(ToHex(crypto::Sha256(ViewOf(log_key.name().text())).view())));
  REQUIRE(kept);
  CHECK(Unwrap(tlog::SignedNote::Parse(*kept)).signatures().size() == 2);
}

}  // namespace exhibit::testing
