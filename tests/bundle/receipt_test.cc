// Goal: a receiver's receipt says which bundle came and what was found, and a vault can take it into its log.
#include "vault/bundle/receipt.h"

#include "tests/bundle/bundle_fixture.h"

namespace exhibit::testing {
namespace {

struct ReceiptFixture : BundleFixture {
  Result<bundle::GivenReceipt> ReceiptFor(const fs::path& folder, const VerifyRequest& request = {}) {
    TRY(const bundle::CheckedBundle checked, bundle::CheckBundle(folder, request, pool()));
    return bundle::MakeReceipt(checked, {bundle::Belief::kFingerprint}, {{}, "Rae", "Court", {}}, receiver,
                               {1'800'000'000});
  }
  static std::string TextIn(const custody::FieldList& fields, std::string_view key) {
    const custody::FieldValue* const value = fields.Find(key);
    return value == nullptr || value->Text() == nullptr ? std::string() : *value->Text();
  }
  tlog::SigningKey receiver = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("rae")));
};

}  // namespace

TEST_CASE_METHOD(ReceiptFixture, "a receipt of a bundle that holds", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  const auto given = Unwrap(ReceiptFor(folder));
  const custody::Receipt& said = given.receipt.said();
  CHECK(said.outcome == custody::ReceiptOutcome::kHolds);
  CHECK(ToHex(said.bundle.view()) == HashOf(ReadText(folder / "bundle.note")));
  CHECK(said.fields == given.fields.digest());
  CHECK(said.received_by.name().text() == std::string(reader->head().origin.text()) + "/receiver");
  CHECK(Equal(said.received_by.public_key().view(), receiver.verifier().public_key().view()));
  REQUIRE_OK(given.receipt.CheckSignatures({&said.received_by, 1}));
  CHECK(TextIn(given.fields, "items") == "1-2");
  CHECK(TextIn(given.fields, "depth") == "content");
  CHECK_FALSE(given.fields.Tells("failed"));
}

TEST_CASE_METHOD(ReceiptFixture, "a receipt of a bundle that does not hold says of which items, and why", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  Flip(folder / "data/fs01/logs/b.txt");
  const auto given = Unwrap(ReceiptFor(folder));
  CHECK(given.receipt.said().outcome == custody::ReceiptOutcome::kFails);
  CHECK(TextIn(given.fields, "failed") == "2");
  CHECK(TextIn(given.fields, "finding").find("data/fs01/logs/b.txt") != std::string::npos);
}

TEST_CASE_METHOD(ReceiptFixture, "nobody signs for a bundle that does not say who made it", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  Flip(folder / "bundle.note");
  CHECK_FAILS(ReceiptFor(folder), ErrorCode::kTampered, "does not prove who made it");
}

}  // namespace exhibit::testing
