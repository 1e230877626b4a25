// Goal: a timestamp in the log proves what it is over, and a token put where it does not belong is found.
// Method: authorities made by openssl; tokens over this log, over other bytes, and by strangers, each in an
// entry that its rules allow.
#include "tests/support/findings.h"
#include "tests/support/stamp_fixture.h"

namespace exhibit::testing {
namespace {

using verify::Property;

}  // namespace

TEST_CASE_METHOD(StampFixture, "a token over the log's checkpoint holds, and one that renews it", "[stamp]") {
  const auto head = Head();
  const Bytes token = TokenOver(crypto::Sha256(head.note()));
  Commit({head, token});
  Commit({tlog::Sequence{2}, TokenOver(crypto::Sha256(token), "rsa")});
  auto report = Check(&roots);
  CHECK(report.ok());
  REQUIRE(report.stamps.size() == 2);
  CHECK(report.stamps[0].covers == tlog::TreeSize{2});
  CHECK(report.stamps[0].holds->authority == "CN=Test Authority P-256,O=Test");
  CHECK(report.stamps[1].entry == tlog::Sequence{3});
  CHECK(report.stamps[1].covers == tlog::TreeSize{2});
  CHECK(report.stamps[1].holds);

  report = Check(nullptr);
  CHECK(report.ok());
  CHECK_FALSE(report.stamps[0].holds);
  CHECK(report.remarks.empty());
}

TEST_CASE_METHOD(StampFixture, "a token of a stranger proves nothing and accuses nobody", "[stamp]") {
  const auto head = Head();
  Commit({head, TokenOver(crypto::Sha256(head.note()), "stranger")});
  Commit({head, TokenOver(crypto::Sha256(head.note()), "ended")});
  const auto report = Check(&roots);
  CHECK(report.ok());
  CHECK(report.remarks.size() == 2);
  CHECK_FALSE(report.stamps[0].holds);
  CHECK_FALSE(report.stamps[1].holds);
}

TEST_CASE_METHOD(StampFixture, "a token over other bytes is found, whoever made it", "[stamp]") {
  const auto head = Head();
  Commit({head, TokenOver(crypto::Sha256(ViewOf("other bytes")))});
  for (const crypto::TimestampRoots* trusted :
       {static_cast<const crypto::TimestampRoots*>(nullptr), static_cast<const crypto::TimestampRoots*>(&roots)}) {
    const auto report = Check(trusted);
    CHECK(Names(report, Property::kTimestamp, 2));
    CHECK(Says(report, "for other bytes"));
  }
}

TEST_CASE_METHOD(StampFixture, "a token that does not name its certificate is found with roots and without",
                 "[stamp]") {
  const auto head = Head();
  WriteText(path() / "answer", TextOf(TokenOver(crypto::Sha256(head.note()), "p256")));
  const std::string again = "cd " + tsa().native() +
                            " && openssl cms -verify -noverify -inform DER -in ../answer -out statement 2>/dev/null && "
                            "openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -econtent_type "
                            "1.2.840.113549.1.9.16.1.4 -in statement "
                            "-signer p256.crt -inkey p256.key -outform DER -out ../bare";
  REQUIRE(std::system(again.c_str()) == 0);
  Commit({head, ToBytes(Unwrap(crypto::TimestampToken::Parse(ViewOf(ReadText(path() / "bare")))).der())});
  for (const crypto::TimestampRoots* trusted :
       {static_cast<const crypto::TimestampRoots*>(nullptr), static_cast<const crypto::TimestampRoots*>(&roots)}) {
    const auto report = Check(trusted);
    CHECK(Names(report, Property::kTimestamp, 2));
    CHECK(Says(report, "does not name its certificate"));
  }
}

TEST_CASE_METHOD(StampFixture, "a checkpoint of a history that the log does not extend is found", "[stamp]") {
  // The log's own key signed it, as who owns the machine can let it.
  const auto key =
      Unwrap(custody::LoadKey(vault() / "keys" / "log.key", [](std::string_view) -> Result<crypto::SecretText> {
        return Fail(ErrorCode::kDenied, "none");
      }));
  tlog::RootHash root;
  root.mutable_view()[0] = 1;
  const auto forged = Unwrap(custody::NotedCheckpoint::Parse(
      Unwrap(tlog::SignCheckpoint({Unwrap(tlog::Origin::Parse("test.example/vault")), {2}, root}, key))));
  Commit({forged, TokenOver(crypto::Sha256(forged.note()))});
  const auto report = Check(&roots);
  CHECK(Names(report, Property::kTimestamp, 2));
  CHECK(Says(report, "does not extend the checkpoint that was stamped"));
}

}  // namespace exhibit::testing
