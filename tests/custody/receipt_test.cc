// Goal: a receipt has one form, is signed by the key that it names, and may stand in a log only where it is of that
// log, of a head before it and of a bundle by somebody known there, once. Method: bytes there and back; each rule of
// the form and of the log broken alone.
#include "tests/custody/custody_log.h"
#include "tests/custody/signed_head.h"
#include "vault/custody/act_index.h"
#include "vault/custody/json_fields.h"

namespace exhibit::testing {
namespace {

using custody::NotedCheckpoint;
using custody::Receipt;
using custody::Received;
using custody::SignedReceipt;

struct ReceiptLog : CustodyLog {
  ReceiptLog() {
    Add(custody::Item{AnySealedFile()});
    Add(custody::Item{AnySealedFile()});
    Add(custody::Item{AnySealedFile()});
  }
  // By somebody whom the vault does not know.
  Receipt ReceiptOf(const std::string& items = "1-2") {
    return {state().origin(),
            crypto::Sha256(ViewOf("bundle.note")),
            Head(3),
            Actor("alice"),
            {1795481054000},
            Key("agent").verifier(),
            {1795481055000},
            Receipt::Depth::kContent,
            {Receipt::Belief::kFingerprint},
            Items(items)};
  }
  Received Signed(const Receipt& receipt, const std::string& by = "agent") {
    return {Unwrap(SignedReceipt::Sign(receipt, Key(by)))};
  }
  std::string TextOfReceipt(const Receipt& receipt) {
    const std::string note(TextOf(Signed(receipt).receipt.bytes()));
    return note.substr(0, note.find("\n\n") + 1);
  }
  // With the signature that belongs to the text.
  Result<SignedReceipt> Parse(const std::string& text) {
    return SignedReceipt::Parse(Unwrap(tlog::SignNote(text, Key("agent"))));
  }
};

}  // namespace

TEST_CASE("a receipt comes back to its bytes", "[receipt]") {
  ReceiptLog log;
  Receipt failing = log.ReceiptOf("1-3");
  failing.depth = Receipt::Depth::kSealed;
  failing.believed = {Receipt::Belief::kFingerprint, Receipt::Belief::kPolicy};
  failing.failed = Items("2");
  failing.finding = "item 2: block 1: does not match";
  Receipt bare = log.ReceiptOf("3");
  bare.believed = {};
  for (const Receipt& receipt : {log.ReceiptOf(), failing, bare}) {
    const std::string text = log.TextOfReceipt(receipt);
    CAPTURE(text);
    const SignedReceipt parsed = Unwrap(log.Parse(text));
    REQUIRE_OK(parsed.CheckSignatures({&parsed.receipt().received_by, 1}));
    CHECK(log.TextOfReceipt(parsed.receipt()) == text);
    CHECK(parsed.receipt().finding == receipt.finding);
    CHECK(parsed.receipt().failed == receipt.failed);
    CHECK(parsed.receipt().believed == receipt.believed);
    const auto entry = log.Make(Received{parsed}, "alice");
    const std::string line = custody::EncodeEntryText(entry.parsed());
    CHECK(line.find(R"("type":"receipt")") != std::string::npos);
    CHECK(custody::EncodeEntryText(Unwrap(custody::DecodeEntryText(line))) == line);
  }
  const auto rows = custody::ActRowsOf({9}, log.Signed(log.ReceiptOf()));
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].subject == custody::kStateSubject);
  CHECK(rows[1].subject == 1);
  CHECK(rows[2].subject == 2);
}

TEST_CASE("a receipt of another form is refused", "[receipt]") {
  ReceiptLog log;
  const std::string good = log.TextOfReceipt(log.ReceiptOf());
  REQUIRE_OK(log.Parse(good));
  Receipt with_finding = log.ReceiptOf();
  with_finding.failed = Items("2");
  with_finding.finding = "x";
  const std::string failing = log.TextOfReceipt(with_finding);
  const std::string cosigned = [&] {
    const Bytes note = Unwrap(tlog::AddSignature(Unwrap(tlog::SignedNote::Parse(Head(3).note())), log.Key("witness")));
    return Json(TextOf(note)).Dump();
  }();
  const std::string head = Json(TextOf(Head(3).note())).Dump();
  const std::vector<std::pair<std::string, std::string>> bad = {
      {Replaced(good, R"("v":1)", R"("v":2)"), "version 2 is not known"},
      {Replaced(good, R"("statement":"receipt")", R"("statement":"transfer")"), "\"transfer\" is no receipt"},
      {Replaced(good, R"("outcome":"holds")", R"("outcome":"lost")"), "\"outcome\" is neither"},
      {Replaced(good, R"("outcome":"holds")", R"("outcome":"fails")"), "without a \"finding\""},
      {Replaced(failing, R"("outcome":"fails")", R"("outcome":"holds")"), "with a finding"},
      {Replaced(failing, R"(,"finding":"x")", ""), "without a \"finding\""},
      {Replaced(failing, R"("failed":"2")", R"("failed":"2-3")"), "what is not in \"items\""},
      {Replaced(good, R"("depth":"content")", R"("depth":"log")"), "\"depth\" is neither"},
      {Replaced(good, R"(["fingerprint"])", R"(["luck"])"), "unknown \"luck\""},
      {Replaced(good, R"(["fingerprint"])", R"(["policy","fingerprint"])"), "not in order"},
      {Replaced(good, R"(["fingerprint"])", "[]"), "not in the one form"},
      {Replaced(good, R"("items":"1-2")", R"("items":"1,2")"), "\"items\": "},
      {Replaced(good, head, cosigned), "other signatures than the log's"},
      {Replaced(good, head, "\"x\""), "note: "},
      {Replaced(good, R"("items")", R"("more":1,"items")"), "not in the one form"},
  };
  for (const auto& [text, words] : bad) {
    CAPTURE(text);
    const auto parsed = log.Parse(text);
    REQUIRE_FALSE(parsed);
    INFO(parsed.error().message);
    CHECK(parsed.error().message.find(words) != std::string::npos);
  }
  Bytes endless = Unwrap(tlog::SignNote(good, log.Key("agent")));
  endless.resize(custody::kMaxReceiptBytes + 1, 'x');
  CHECK_FAILS(SignedReceipt::Parse(endless), ErrorCode::kInvalid, "longer than");
}

TEST_CASE("a receipt is signed by the key that it names", "[receipt]") {
  ReceiptLog log;
  const std::string text = log.TextOfReceipt(log.ReceiptOf());
  const auto refused = [&](Bytes note) {
    const SignedReceipt parsed = Unwrap(SignedReceipt::Parse(std::move(note)));
    CHECK(parsed.CheckSignatures({&parsed.receipt().received_by, 1}).error().code == ErrorCode::kTampered);
    CHECK_FAILS(log.Try(Received{parsed}, "alice"), ErrorCode::kTampered, "receipt");
  };
  refused(Unwrap(tlog::SignNote(text, log.Key("alice"))));
  const Bytes good = Unwrap(tlog::SignNote(text, log.Key("agent")));
  refused(Unwrap(tlog::AddSignature(Unwrap(tlog::SignedNote::Parse(good)), log.Key("alice"))));
  refused(Unwrap(tlog::SignNote(Replaced(text, R"("items":"1-2")", R"("items":"1-3")"), log.Key("bob"))));
}

TEST_CASE("a receipt is of this log, of a head before it, and of a bundle by somebody known", "[receipt]") {
  ReceiptLog log;
  log.Add(log.AdmitOf("carl", {custody::Role::kCollector}));
  log.Add(log.AdmitOf("bob", {custody::Role::kCustodian}));
  const auto refused = [&](const Receipt& receipt, std::string_view words, const std::string& by = "alice") {
    CHECK_FAILS(log.Try(log.Signed(receipt), by), ErrorCode::kTampered, words);
  };
  Receipt other = log.ReceiptOf();
  other.origin = Unwrap(tlog::Origin::Parse("vault.example/case-2"));
  refused(other, "of another vault");
  other = log.ReceiptOf();
  other.checkpoint = Head(3, ExampleLogKey(), "vault.example/case-1");
  refused(log.ReceiptOf(), "holds no role", "carl");
  other.checkpoint = Head(7);
  refused(other, "not one before this entry");
  other.checkpoint = Head(3, tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("vault.example/case-1"))));
  refused(other, "not signed by the log's key");
  other = log.ReceiptOf();
  other.made_by = log.Actor("mallory");
  refused(other, "whom this vault does not know");
  refused(log.ReceiptOf("4"), "is no item");
  refused(log.ReceiptOf("9"), "not an entry before this one");

  log.Add(log.Signed(log.ReceiptOf()));
  refused(log.ReceiptOf(), "in the log already");
  // Of what was shredded since, by one who was retired since.
  log.Add(custody::Shred{{1}, "order", "reason"});
  Receipt late = log.ReceiptOf();
  late.made_by = log.Actor("bob");
  log.Add(log.RetireOf("bob"));
  log.Add(log.Signed(late));
  CHECK(log.state().facts().statements.size() == 2);
}

}  // namespace exhibit::testing
