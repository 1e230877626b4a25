// A vault beside timestamp authorities that openssl plays (make_tsa.sh): tokens over what is asked, entries with
// them, and the roots to believe them by.
#pragma once

#include <cstdlib>

#include "tests/support/vault_fixture.h"
#include "vault/tlog/stamped_checkpoint.h"

namespace exhibit::testing {

struct StampFixture : VaultFixture {
  StampFixture() {
    std::filesystem::create_directories(tsa());
    const std::string make = "sh " +
                             (std::filesystem::path(EXHIBIT_SOURCE_DIR) / "tests/support/make_tsa.sh").native() + " " +
                             tsa().native();
    REQUIRE(std::system(make.c_str()) == 0);
    Unwrap(roots.AddPem(ReadText(tsa() / "root.crt")));
    Add({{"a", "one"}});
  }
  std::filesystem::path tsa() const { return path() / "tsa"; }

  Bytes TokenOver(const crypto::Sha256Digest& imprint, const std::string& authority = "p256") {
    const auto request = crypto::TimestampRequest::Make(imprint);
    WriteText(path() / "q", TextOf(request.der()));
    const std::string reply = "cd " + tsa().native() + " && openssl ts -reply -config " + authority +
                              ".cnf -section tsa -queryfile ../q -out ../r 2>/dev/null";
    REQUIRE(std::system(reply.c_str()) == 0);
    return ToBytes(Unwrap(crypto::TimestampToken::Parse(ViewOf(ReadText(path() / "r")))).der());
  }
  custody::NotedCheckpoint Head() {
    return Unwrap(
        custody::NotedCheckpoint::Parse(Unwrap(tlog::FindStamped(Unwrap(Unwrap(OpenReader())->ReadHead()))).bytes));
  }
  // An entry with a token over a checkpoint, or over the token of an earlier entry.
  void Stamp(const custody::NotedCheckpoint& head, Bytes token) {
    Act(custody::Timestamped{head, std::nullopt, std::move(token)});
  }
  void Renew(tlog::Sequence earlier, Bytes token) {
    Act(custody::Timestamped{std::nullopt, earlier, std::move(token)});
  }
  verify::Report Check(const crypto::TimestampRoots* trusted) {
    verify::Options options;
    options.depth = verify::Depth::kLog;
    options.timestamp_roots = trusted;
    return Unwrap(verify::Verify(*Unwrap(OpenReader()), options, pool()));
  }
  crypto::TimestampRoots roots;
};

}  // namespace exhibit::testing
