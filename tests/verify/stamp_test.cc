// Goal: a timestamp in the log proves what it is over, and a token put where it does not belong is found.
// Method: authorities made by openssl; tokens over this log, over other bytes, and by strangers, each in an
// entry that its rules allow.
#include "tests/support/findings.h"
#include "tests/support/stamp_fixture.h"
#include "vault/verify/stamp_check.h"

namespace exhibit::testing {
namespace {

using verify::Property;

}  // namespace

TEST_CASE_METHOD(StampFixture, "a token over the log's checkpoint holds, and one that renews it", "[stamp]") {
  const auto head = Head();
  const Bytes token = TokenOver(crypto::Sha256(head.note()));
  Stamp(head, token);
  Renew({2}, TokenOver(crypto::Sha256(token), "rsa"));
  auto report = Check(&roots);
  CHECK(report.ok());
  REQUIRE(report.stamps.size() == 2);
  CHECK(report.stamps[0].covers == tlog::TreeSize{2});
  CHECK(report.stamps[0].holds->authority == "CN=Test Authority P-256,O=Test");
  CHECK(report.stamps[1].entry == tlog::Sequence{3});
  CHECK_FALSE(report.stamps[1].covers);
  CHECK(report.stamps[1].renews == tlog::Sequence{2});
  CHECK(report.stamps[1].holds);

  report = Check(nullptr);
  CHECK(report.ok());
  CHECK_FALSE(report.stamps[0].holds);
  CHECK(report.remarks.empty());
}

TEST_CASE_METHOD(StampFixture, "who has a timestamp is told in time to renew it", "[stamp]") {
  const auto head = Head();
  const Bytes token = TokenOver(crypto::Sha256(head.note()));
  Stamp(head, token);
  const auto alone = Check(&roots);
  const Moment end = alone.stamps[0].holds->chain_end;
  CHECK(alone.remarks.empty());  // the end is far
  const auto at = [&](std::int64_t days) { return Moment{end.milliseconds + days * 86'400'000}; };
  CHECK(verify::RenewalsDue(alone.stamps, at(-370)).empty());
  const auto soon = verify::RenewalsDue(alone.stamps, at(-300));
  REQUIRE(soon.size() == 1);
  CHECK(soon[0].find("end " + FormatTime(end)) != std::string::npos);
  CHECK(soon[0].ends_with("exhibit timestamp add --renew 2 --tsa URL"));
  CHECK(verify::RenewalsDue(alone.stamps, at(1)).at(0).find("it still holds") != std::string::npos);
  // Once it is renewed, the renewal alone is; and who trusts no root of it is told nothing.
  Renew({2}, TokenOver(crypto::Sha256(token), "rsa"));
  const auto renewed = verify::RenewalsDue(Check(&roots).stamps, at(-300));
  REQUIRE(renewed.size() == 1);
  CHECK(renewed[0].starts_with("entry 3: "));
  CHECK(verify::RenewalsDue(Check(nullptr).stamps, at(1)).empty());
}

TEST_CASE_METHOD(StampFixture, "a token of a stranger proves nothing and accuses nobody", "[stamp]") {
  const auto head = Head();
  Stamp(head, TokenOver(crypto::Sha256(head.note()), "stranger"));
  Stamp(head, TokenOver(crypto::Sha256(head.note()), "ended"));
  const auto report = Check(&roots);
  CHECK(report.ok());
  CHECK(report.remarks.size() == 2);
  CHECK_FALSE(report.stamps[0].holds);
  CHECK_FALSE(report.stamps[1].holds);
}

TEST_CASE_METHOD(StampFixture, "a token over other bytes is found, whoever made it", "[stamp]") {
  const auto head = Head();
  Stamp(head, TokenOver(crypto::Sha256(ViewOf("other bytes"))));
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
  Stamp(head, ToBytes(Unwrap(crypto::TimestampToken::Parse(ViewOf(ReadText(path() / "bare")))).der()));
  for (const crypto::TimestampRoots* trusted :
       {static_cast<const crypto::TimestampRoots*>(nullptr), static_cast<const crypto::TimestampRoots*>(&roots)}) {
    const auto report = Check(trusted);
    CHECK(Names(report, Property::kTimestamp, 2));
    CHECK(Says(report, "does not name its certificate"));
  }
}

TEST_CASE_METHOD(StampFixture, "a checkpoint of a history that the log does not extend is found", "[stamp]") {
  // The log's own key signed it, as who owns the machine can let it.
  const auto key = Unwrap(custody::LoadKey(vault() / "keys" / "log.key", NoPassphrase));
  tlog::RootHash root;
  root.mutable_view()[0] = 1;
  const auto forged = Unwrap(custody::NotedCheckpoint::Parse(
      Unwrap(tlog::SignCheckpoint({Unwrap(tlog::Origin::Parse("test.example/vault")), {2}, root}, key))));
  Stamp(forged, TokenOver(crypto::Sha256(forged.note())));
  const auto report = Check(&roots);
  CHECK(Names(report, Property::kTimestamp, 2));
  CHECK(Says(report, "does not extend the checkpoint that was stamped"));
}

}  // namespace exhibit::testing
