// Goal: what the log alone says is said, and no more: a newer version, recoveries, gaps of collectors, the entries of a case,
// and one finding for one fault. Method: logs of custody in memory, signed by keys of the tests.
#include "tests/support/findings.h"
#include "tests/verify/custody_source.h"
#include "vault/verify/forwarding_source.h"

namespace exhibit::testing {
namespace {

using verify::Property;

bool Remarks(const verify::Report& report, std::string_view words) {
  return std::ranges::any_of(report.remarks,
                             [&](const std::string& remark) { return remark.find(words) != std::string::npos; });
}

custody::StatementDigest DigestOf(const custody::SignedCollected& statement) { return statement.digest(); }

}  // namespace

TEST_CASE("a log of custody holds, and the report says what was checked", "[log]") {
  CustodyLog log;
  log.AdmitPersons(2);
  log.Add(CustodyLog::AnItem(), "k2");
  const auto report = CheckLogOf(CustodySource(log));
  CHECK(report.ok());
  CHECK(report.entries == 3);
  CHECK(report.log_key == CustodyLog::Key("log").verifier());
  CHECK(report.remarks.empty());
}

TEST_CASE("from an upgrade on nothing is read, and all before it was checked", "[log]") {
  CustodyLog log;
  log.Add(CustodyLog::AnItem());
  log.Add(custody::Upgrade{2, ",\"anything\":[1]"});
  std::vector<Bytes> entries = CustodySource::BytesOf(log);
  entries.push_back(ToBytes(ViewOf("{\"v\":2,\"seq\":3}\n\nan entry of tomorrow\n")));
  SECTION("whoever signs the head") {
    CustodySource source(entries);
    source.head_key = "log2";  // a later entry may name it
    const auto report = CheckLogOf(source);
    CHECK(report.findings.empty());
    CHECK_FALSE(report.ok());
    REQUIRE(report.newer_from);
    CHECK(report.newer_from->entry == tlog::Sequence{2});
    CHECK(report.newer_from->version == 2);
    CHECK(report.entries == 3);
    CHECK(verify::FirstProblem(report).find("entry 2") != std::string::npos);
  }
  SECTION("and a checkpoint that was kept before is compared all the same") {
    CustodySource source(entries);
    source.head_key = "log2";
    verify::Options options;
    options.kept = {{verify::KeptCheckpoint::Use::kCompare, "kept", ToBytes(log.Checkpoint(2).note())}};
    CHECK(CheckLogOf(source, options).extends.size() == 1);
    options.kept[0].note = Unwrap(tlog::SignCheckpoint({AnOrigin(), {2}, {}}, CustodyLog::Key("log")));
    CHECK(Names(CheckLogOf(source, options), Property::kConsistency));
  }
  SECTION("a fault before it counts first") {
    entries[1].back() ^= 1;
    CHECK_FALSE(CheckLogOf(CustodySource(entries)).findings.empty());
  }
  SECTION("the bytes of later entries make the tree") {
    const CustodySource source(entries);
    class OneChanged final : public verify::ForwardingSource {
     public:
      using ForwardingSource::ForwardingSource;
      Result<Bytes> ReadEntry(tlog::Sequence at) const override {
        return at.value == 3 ? ToBytes(ViewOf("another\n")) : ForwardingSource::ReadEntry(at);
      }
    };
    const auto report = CheckLogOf(OneChanged(source));
    CHECK(Names(report, Property::kTree));
    CHECK(Names(report, Property::kTile, 3));
  }
}

TEST_CASE("a genesis of a later version says that nothing was verified", "[log]") {
  const CustodyLog log;
  std::string text(TextOf(log.entries()[0].bytes()));
  text.replace(text.find("\"suite\":1"), 9, "\"suite\":3");
  const auto report = CheckLogOf(CustodySource(std::vector<Bytes>{ToBytes(ViewOf(text))}));
  CHECK(report.findings.empty());
  REQUIRE(report.newer_from);
  CHECK(report.newer_from->entry == tlog::Sequence{0});
  CHECK_FALSE(report.ok());
}

TEST_CASE("one entry that cannot be read is one fault, and what follows is judged by itself", "[log]") {
  CustodyLog log;
  log.AdmitPersons(2);
  log.Add(CustodyLog::AnItem(), "k2");
  log.Add(CustodyLog::AnItem(), "k1");
  std::vector<Bytes> entries = CustodySource::BytesOf(log);
  SECTION("an item") {
    entries[2] = ToBytes(ViewOf("junk\n"));
    const auto report = CheckLogOf(CustodySource(entries));
    // Its bytes are what the tree holds here; the entry after it says another predecessor.
    CHECK(Names(report, Property::kEntry, 2));
    CHECK(Names(report, Property::kChain, 3));
    CHECK(report.findings.size() == 2);
  }
  SECTION("an admission: who came by it is not known, and the law is not said to be false") {
    entries[1] = ToBytes(ViewOf("junk\n"));
    const auto report = CheckLogOf(CustodySource(entries));
    CHECK(Names(report, Property::kEntry, 1));
    CHECK(Names(report, Property::kChain, 2));
    CHECK_FALSE(Names(report, Property::kChain, 3));
    CHECK_FALSE(Says(report, "its law is"));
  }
}

TEST_CASE("a head that another key signed is no head of this log", "[log]") {
  CustodyLog log;
  log.Add(CustodyLog::AnItem());
  CustodySource source(log);
  source.head_key = "log2";
  const auto report = CheckLogOf(source);
  CHECK(Names(report, Property::kHead));
  CHECK(Says(report, "not signed by this vault's log key"));
}

TEST_CASE("a recovery is named for every verdict", "[log]") {
  CustodyLog log;
  log.Add(CustodyLog::AnItem());
  log.Add(custody::Recovery{CustodyLog::CustodianOf("k2", 2), std::nullopt}, "recovery", "k2");
  const auto report = CheckLogOf(CustodySource(log));
  CHECK(report.ok());
  CHECK(report.recoveries == std::vector<tlog::Sequence>{{2}});
  CHECK(Remarks(report, "entry 2: the readers took the vault back with the recovery key"));
}

TEST_CASE("what the rules only remark is in the report", "[log]") {
  CustodyLog log;
  custody::Entry early = log.Draft(CustodyLog::AnItem(), "k1");
  early.time.seconds -= 60;
  log.Add(CustodyLog::Sign(early, {"k1"}));
  const auto report = CheckLogOf(CustodySource(log));
  CHECK(report.ok());
  CHECK(Remarks(report, "entry 1 says an earlier time"));
}

TEST_CASE("a number that a collector used and that is not here is named, and a run without an end", "[log]") {
  CustodyLog log;
  log.Add(CustodyLog::AdmitOf("k2", 2, {custody::Role::kCollector}));
  const auto first = log.CollectedBy("k2", 1);
  const auto second = log.CollectedBy("k2", 2, DigestOf(first));
  const auto third = log.CollectedBy("k2", 3, DigestOf(second));
  log.Add(custody::Item{first, std::nullopt});
  SECTION("the second was kept back, and the run is open") {
    log.Add(custody::Item{third, std::nullopt});
    const auto report = CheckLogOf(CustodySource(log));
    CHECK(report.ok());
    CHECK(Remarks(report, "1 of the numbers up to 3 are not in the log, first 2"));
    CHECK(Remarks(report, "a statement follows one that is not in the log"));
    CHECK(Remarks(report, "has no closing statement"));
  }
  SECTION("all are here, and the run was closed") {
    log.Add(custody::Item{second, std::nullopt});
    log.Add(custody::Item{third, std::nullopt});
    log.Add(custody::Run{log.ClosedBy("k2", 3, DigestOf(third))});
    CHECK(CheckLogOf(CustodySource(log)).remarks.empty());
  }
  SECTION("the closing statement tells of what was kept back at the end") {
    log.Add(custody::Run{log.ClosedBy("k2", 3, DigestOf(third))});
    CHECK(Remarks(CheckLogOf(CustodySource(log)), "2 of the numbers up to 3 are not in the log, first 2"));
  }
}

TEST_CASE("a case key recognises the entries of its case, and nothing of another vault", "[log]") {
  CustodyLog log;
  const auto secret = custody::LabelSecret::Generate();
  const auto label = [&](custody::Entry entry) {
    entry.sealed->labels = Unwrap(
        custody::Labels::Make({secret.KeyOf("IR-1").LabelFor(log.state().fingerprint(), entry.sealed->header)}, {4}));
    return CustodyLog::Sign(entry, {"k1"});
  };
  log.Add(label(log.Draft(CustodyLog::AnItem(), "k1")));
  log.Add(CustodyLog::AnItem());
  log.Add(label(log.Draft(custody::Hold{Items("1")}, "k1")));

  std::vector<custody::GivenCaseKey> keys;
  keys.push_back({log.state().fingerprint(), "IR-1", secret.KeyOf("IR-1")});
  keys.push_back({log.state().fingerprint(), "IR-2", secret.KeyOf("IR-2")});
  keys.push_back({custody::Fingerprint(), "IR-3", secret.KeyOf("IR-3")});
  verify::Options options;
  options.case_keys = &keys;
  const auto report = CheckLogOf(CustodySource(log), options);
  REQUIRE(report.labelled.size() == 2);
  CHECK(report.labelled[0].case_name == "IR-1");
  CHECK(report.labelled[0].items == std::vector<tlog::Sequence>{{1}});
  CHECK(report.labelled[0].acts == std::vector<tlog::Sequence>{{3}});
  CHECK(report.labelled[1].items.empty());
  CHECK(Remarks(report, "case IR-1: its label is on 1 item and 1 act of the entries that were read: items 1"));
  CHECK(Remarks(report, "the key of case IR-3 is of another vault"));
}

}  // namespace exhibit::testing
