// Goal: what the log says of itself (timestamps, recoveries, a new log key) has one form, may stand only
// where the rules allow it, and moves the state that verifies what follows. Method: exact bytes there and
// back; a log of custody in memory; each rule broken alone.
#include "tests/custody/custody_log.h"
#include "tests/custody/signed_head.h"
#include "tests/support/vectors.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/act_index.h"
#include "vault/custody/json_fields.h"
#include "vault/tlog/stamped_checkpoint.h"

namespace exhibit::testing {
namespace {

using custody::NotedCheckpoint;
using custody::Timestamped;

Bytes ExampleToken() {
  const Bytes answer = ReadVector(std::filesystem::path(EXHIBIT_SOURCE_DIR) / "docs/example/timestamp/head.tsr");
  return ToBytes(Unwrap(crypto::TimestampToken::Parse(answer)).der());
}

tlog::SigningKey NewLogKey(std::string_view name = "vault.example/case-1") {
  return tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(name)));
}

struct TrustLog : CustodyLog {
  custody::SignedEntry RotateLogTo(const tlog::SigningKey& next, const std::vector<const tlog::SigningKey*>& behind) {
    return Unwrap(custody::SignedEntry::SignWith({state().origin(),
                                                  state().next_sequence(),
                                                  state().previous(),
                                                  {1795481054000},
                                                  Actor("alice"),
                                                  custody::RotateLog{next.verifier()}},
                                                 Key("alice"), behind));
  }
};

}  // namespace

TEST_CASE("what the log says of itself comes back to its bytes", "[trust]") {
  TrustLog log;
  const std::string token = ToBase64(ExampleToken(), Base64::kPadded);
  const std::vector<std::pair<custody::EntryBody, std::string>> bodies = {
      {Timestamped{Head(1), ExampleToken()}, R"("type":"timestamp")"},
      {Timestamped{tlog::Sequence{7}, ExampleToken()}, R"("renews":7,"token":")" + token + "\"}"},
      {custody::Recovery{Head(9), "disk failed"}, R"("type":"recovery")"},
      {custody::RotateLog{NewLogKey().verifier()}, R"("type":"log-key")"},
      {custody::RotateLog{NewLogKey().verifier(), Moment{1795481054000}}, R"("compromised_since":"2026-11-24T)"},
  };
  for (const auto& [body, words] : bodies) {
    const auto entry = log.Make(body, "alice");
    const std::string text = custody::EncodeEntryText(entry.parsed());
    CAPTURE(text);
    CHECK(text.find(words) != std::string::npos);
    CHECK(custody::EncodeEntryText(Unwrap(custody::DecodeEntryText(text))) == text);
    CHECK(custody::ActRowsOf({3}, body).size() == 1);
  }
  const std::string stamp =
      custody::EncodeEntryText(log.Make(Timestamped{tlog::Sequence{7}, ExampleToken()}, "alice").parsed());
  const std::string lost = custody::EncodeEntryText(log.Make(custody::Recovery{Head(9), "x"}, "alice").parsed());
  const std::string answer = ToBase64(
      ReadVector(std::filesystem::path(EXHIBIT_SOURCE_DIR) / "docs/example/timestamp/head.tsr"), Base64::kPadded);
  const std::vector<std::pair<std::string, std::string>> bad = {
      {Replaced(stamp, token, "AAAA"), "cut off"},
      {Replaced(stamp, token, token + "="), "base64"},
      {Replaced(stamp, token, answer), "an answer and not the token"},
      {Replaced(stamp, "\"renews\":7", "\"renews\":\"7\""), "\"renews\" is not a whole number"},
      {Replaced(stamp, "\"renews\":7,", ""), "\"checkpoint\" is not a string"},
      {Replaced(stamp, "\"renews\":7", R"("checkpoint":"x","renews":7)"), "not in the one form"},
      {Replaced(stamp, "\"renews\":7", R"("checkpoint":"x")"), "note: "},
      {Replaced(lost, "\\n9\\n", "\\n09\\n"), "checkpoint"},
      {Replaced(lost, "\"reason\":\"x\"", "\"reason\":\"\""), "\"reason\""},
  };
  for (const auto& [text, words] : bad) {
    CAPTURE(text);
    const auto read = custody::DecodeEntryText(text);
    REQUIRE_FALSE(read);
    INFO(read.error().message);
    CHECK(read.error().message.find(words) != std::string::npos);
  }
  // A cosignature on it was not stamped.
  const auto witness = NewLogKey("witness.example");
  const Bytes cosigned = Unwrap(tlog::AddSignature(Unwrap(tlog::SignedNote::Parse(Head(1).note())), witness));
  const std::string two =
      custody::EncodeEntryText(log.Make(Timestamped{tlog::Sequence{7}, ExampleToken()}, "alice").parsed());
  CHECK_FAILS(
      custody::DecodeEntryText(Replaced(two, "\"renews\":7", "\"checkpoint\":" + Json(TextOf(cosigned)).Dump())),
      ErrorCode::kInvalid, "which are not stamped");
}

TEST_CASE("timestamps are of a checkpoint before them, or of one another", "[trust]") {
  TrustLog log;
  log.Add(custody::Item{AnySealedFile()});
  CHECK_FAILS(log.Try(Timestamped{Head(0), ExampleToken()}, "alice"), ErrorCode::kTampered,
              "not one before this entry");
  CHECK_FAILS(log.Try(Timestamped{Head(3), ExampleToken()}, "alice"), ErrorCode::kTampered,
              "not one before this entry");
  CHECK_FAILS(log.Try(Timestamped{Head(2, NewLogKey()), ExampleToken()}, "alice"), ErrorCode::kTampered,
              "not signed by the log's key");
  CHECK_FAILS(
      log.Try(Timestamped{Head(2, NewLogKey("vault.example/case-2"), "vault.example/case-2"), ExampleToken()}, "alice"),
      ErrorCode::kTampered, "of another log");
  CHECK_FAILS(log.Try(Timestamped{tlog::Sequence{1}, ExampleToken()}, "alice"), ErrorCode::kTampered,
              "entry 1 is no timestamp");
  log.Add(Timestamped{Head(2), ExampleToken()});
  log.Add(Timestamped{tlog::Sequence{2}, ExampleToken()});
  const auto& stamps = log.state().facts().stamps;
  REQUIRE(stamps.size() == 2);
  CHECK(stamps.at({2}).covers == tlog::TreeSize{2});
  CHECK(stamps.at({2}).imprint == crypto::Sha256(Unwrap(tlog::FindStamped(Head(2).note())).bytes));
  CHECK(stamps.at({3}).covers == tlog::TreeSize{2});
  CHECK(stamps.at({3}).imprint == crypto::Sha256(ExampleToken()));
}

TEST_CASE("a recovery names a head that this log signed", "[trust]") {
  TrustLog log;
  CHECK_FAILS(log.Try(custody::Recovery{Head(9, NewLogKey()), "x"}, "alice"), ErrorCode::kTampered,
              "not signed by the log's key");
  log.Add(log.AdmitOf("carl", {custody::Role::kCollector}));
  CHECK_FAILS(log.Try(custody::Recovery{Head(9), "x"}, "carl"), ErrorCode::kTampered, "holds no role");
  log.Add(custody::Recovery{Head(9), "disk failed"});
  CHECK(log.state().facts().recoveries.at({2}).lost.size == tlog::TreeSize{9});
}

TEST_CASE("a log key gives its place to another if both sign, and what follows is for the new one", "[trust]") {
  TrustLog log;
  const auto old_key = ExampleLogKey();
  const auto next = NewLogKey();
  const auto refused = [&](const custody::SignedEntry& entry, std::string_view words) {
    CHECK_FAILS(log.Try(entry), ErrorCode::kTampered, words);
  };
  refused(log.RotateLogTo(next, {&next, &old_key}), "not in its place");
  refused(log.RotateLogTo(next, {&old_key}), "carries 2 signatures");
  refused(log.RotateLogTo(next, {&next}), "carries 2 signatures");
  const auto stranger = NewLogKey();
  refused(log.RotateLogTo(next, {&stranger, &next}), "signature by");
  const auto elsewhere = NewLogKey("vault.example/case-2");
  refused(log.RotateLogTo(elsewhere, {&old_key, &elsewhere}), "name is not the origin");
  refused(log.RotateLogTo(old_key, {&old_key, &old_key}), "had this key before");
  REQUIRE_OK(log.Try(log.RotateLogTo(next, {&old_key, &next})));
  const auto& keys = log.state().log_keys();
  CHECK(keys.For({1}) == old_key.verifier());
  CHECK(keys.For({2}) == next.verifier());

  CHECK_FAILS(log.Try(Timestamped{Head(2, old_key), ExampleToken()}, "alice"), ErrorCode::kTampered,
              "not signed by the log's key");
  log.Add(Timestamped{Head(1, old_key), ExampleToken()});
  log.Add(Timestamped{Head(2, next), ExampleToken()});
  // Nobody who has the old one brings it back.
  refused(log.RotateLogTo(old_key, {&next, &old_key}), "had this key before");
  refused(log.RotateLogTo(stranger, {&old_key, &stranger}), "signature by");

  SECTION("a state that is resumed has the same keys and stamps") {
    const auto& entries = log.entries();
    const auto resumed = Unwrap(custody::State::Resume(entries[0], std::span(entries).subspan(1), entries.back(), {}));
    CHECK(resumed.facts() == log.state().facts());
  }
}

}  // namespace exhibit::testing
