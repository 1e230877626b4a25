// Goal: what a key signed that others had too gets the answer that evidence bears out, and no other. Method: a
// vault with a second custodian, stamped between two of his acts; his key said to be in other hands since before
// the stamp and since after it; the same with witnesses, and of the log's key.
#include "tests/support/findings.h"
#include "tests/support/log_key_rotation.h"
#include "tests/support/stamp_fixture.h"
#include "vault/tlog/cosignature.h"
#include "vault/witness/add_checkpoint.h"

namespace exhibit::testing {
namespace {

using verify::Property;

custody::EntryTime HoursFromNow(int hours) {
  return custody::EntryTimeOf({Now().milliseconds + std::int64_t{hours} * 3'600'000});
}

// Entry 0 genesis, 1 an item, 2 admits Bob, 3 and 4 are Bob's holds, 5 a stamp over the log of size 4, 6 a hold of Bob's,
// 7 admits Carol, 8 retires Bob.
struct CompromiseFixture : StampFixture {
  void AdmitBob() { bob.emplace(Admit(2)); }
  void AdmitCarol() { carol.emplace(Admit(3)); }
  void HoldAsBob() {
    auto writer = Unwrap(OpenWriterAs(path() / "k2.key", custody::Hold::kForm));
    Unwrap(writer->CommitAct({custody::Hold{Unwrap(custody::ItemSet::Parse("1"))}, {{"authority", "a court"}}}));
  }
  // A time before what was proven needs two.
  void Retire(std::optional<custody::EntryTime> since, const tlog::SigningKey* cosigner = nullptr) {
    Act(custody::Retire{custody::ActorOf(bob->verifier()), since}, {{"reason", "laptop stolen"}}, {}, cosigner);
  }
  void MakeLog() {
    AdmitBob();
    HoldAsBob();
    const auto seen = Head();  // of size 4
    HoldAsBob();
    Stamp(seen, TokenOver(crypto::Sha256(seen.note())));
    HoldAsBob();
    AdmitCarol();
  }
  verify::Report CheckSince(const crypto::TimestampRoots* trusted, const tlog::Policy* policy = nullptr,
                            std::vector<verify::KeptCheckpoint> kept = {}) {
    const auto reader = Unwrap(OpenReader());
    verify::Options options;
    options.depth = verify::Depth::kLog;
    options.timestamp_roots = trusted;
    options.policy = policy;
    options.kept = std::move(kept);
    options.find_cosigned = [&reader] { return Unwrap(reader->ReadCosigned()); };
    return Unwrap(verify::Verify(*reader, options, pool()));
  }
  std::optional<tlog::SigningKey> bob;
  std::optional<tlog::SigningKey> carol;
};

std::vector<tlog::Sequence> Entries(std::initializer_list<std::uint64_t> numbers) {
  std::vector<tlog::Sequence> entries;
  for (const std::uint64_t number : numbers) entries.push_back({number});
  return entries;
}

}  // namespace

TEST_CASE_METHOD(CompromiseFixture, "a key that is retired and was nobody else's has no answers", "[compromise]") {
  MakeLog();
  Retire({});
  CHECK(CheckSince(&roots).compromised.empty());
}

TEST_CASE_METHOD(CompromiseFixture,
                 "what was stamped before a key was stolen is valid, and the rest only if it is older",
                 "[compromise]") {
  MakeLog();
  Retire(HoursFromNow(1));
  auto report = CheckSince(&roots);
  CHECK(report.ok());
  REQUIRE(report.compromised.size() == 1);
  CHECK(report.compromised[0].what.key == custody::ActorOf(bob->verifier()));
  CHECK(report.compromised[0].said_in == tlog::Sequence{8});
  CHECK(report.compromised[0].valid == 1);
  CHECK(report.compromised[0].valid_by == "the timestamp in entry 5");
  CHECK(report.compromised[0].only_if_before == Entries({4, 6}));
  CHECK(report.compromised[0].invalid.empty());

  // Who believes no authority is shown nothing.
  report = CheckSince(nullptr);
  CHECK(report.ok());
  CHECK(report.compromised[0].valid == 0);
  CHECK(report.compromised[0].only_if_before == Entries({3, 4, 6}));
}

TEST_CASE_METHOD(CompromiseFixture, "an entry after a later stamp was signed by who had the key then", "[compromise]") {
  MakeLog();
  Retire(HoursFromNow(-1), &*carol);
  const auto report = CheckSince(&roots);
  CHECK_FALSE(report.ok());
  CHECK(report.findings.size() == 1);
  CHECK(Names(report, Property::kSignature, 6));
  CHECK(Says(report, "after the timestamp in entry 5"));
  CHECK(report.compromised[0].valid == 0);
  CHECK(report.compromised[0].only_if_before == Entries({3, 4}));
  CHECK(report.compromised[0].invalid == Entries({6}));
  CHECK(CheckSince(nullptr).ok());
}

TEST_CASE_METHOD(CompromiseFixture, "entries that were not replayed were not looked at", "[compromise]") {
  MakeLog();
  const Bytes kept = Unwrap(Unwrap(OpenReader())->ReadHead());
  Retire(HoursFromNow(1));
  const auto report = CheckSince(&roots, nullptr, {{verify::KeptCheckpoint::Use::kResume, "kept", kept}});
  REQUIRE(report.compromised.size() == 1);
  CHECK(report.compromised[0].first == tlog::Sequence{8});
  CHECK(report.compromised[0].only_if_before.empty());
}

TEST_CASE_METHOD(CompromiseFixture, "a statement that the key signed counts, in the entry of another", "[compromise]") {
  AdmitBob();
  const auto reader = Unwrap(OpenReader());
  auto writer = Unwrap(OpenWriter());
  auto sealed = Unwrap(writer->sealer().Seal({{"items", "1"}, {"purpose", "test"}}, {}));
  const tlog::SigningKey own = Unwrap(custody::LoadKey(key(), NoPassphrase));
  const auto statement = Unwrap(
      custody::SignedTransfer::Sign({reader->head().origin, reader->fingerprint(), custody::ActorOf(bob->verifier()),
                                     custody::ActorOf(own.verifier()), custody::EntryTimeOf(Now()), sealed.file.fields},
                                    *bob));
  std::vector<store::Pending> group;
  group.push_back({custody::Transfer{custody::TransferOutcome::kRefused, statement}, std::move(sealed)});
  Unwrap(writer->Commit(std::move(group), nullptr));
  writer.reset();
  Retire(HoursFromNow(1));
  CHECK(CheckSince(nullptr).compromised.at(0).only_if_before == Entries({3}));
}

TEST_CASE_METHOD(CompromiseFixture, "a quorum of witnesses shows it too, by the clock that completes it",
                 "[compromise]") {
  const auto witness = [](const std::string& name) {
    return tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(name)), tlog::SignatureType::kCosignature);
  };
  const std::vector<tlog::SigningKey> witnesses = [&] {
    std::vector<tlog::SigningKey> all;
    for (const char* const name : {"w1", "w2", "w3"}) all.push_back(witness(name));
    return all;
  }();
  const auto reader = Unwrap(OpenReader());
  std::string text = "log " + Unwrap(reader->ReadLogKeys()).present().ed25519.ToText() + "\n";
  for (const auto& one : witnesses)
    text += "witness " + std::string(one.verifier().name().text()) + " " + one.verifier().ToText() + "\n";
  const tlog::Policy policy = Unwrap(tlog::Policy::Parse(text + "group g 2 w1 w2 w3\nquorum g\n"));
  const auto cosign = [&](const std::vector<std::pair<std::size_t, std::uint64_t>>& by) {
    const auto now = Unwrap(OpenReader());
    const tlog::SignedNote head = Unwrap(tlog::SignedNote::Parse(Unwrap(now->ReadHead())));
    for (const auto& [which, seconds] : by) {
      const tlog::CosignerKey key = witnesses[which].verifier();
      Unwrap(now->KeepCosignatures(Unwrap(tlog::Cosign(head.text(), {seconds}, witnesses[which])), {&key, 1}));
    }
  };
  AdmitBob();
  HoldAsBob();
  cosign({{0, 1000}, {1, 3000}});
  HoldAsBob();
  AdmitCarol();
  Retire(custody::EntryTime{2000}, &*carol);
  cosign({{0, 9000}, {1, 9000}});
  // One of two saw it in time, and that is no quorum.
  auto report = CheckSince(nullptr, &policy);
  INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
  CHECK(report.ok());
  CHECK(report.compromised.at(0).valid == 0);

  SECTION("another witness completes it") {
    const auto file = vault() / "cosigned" / "4";
    const tlog::SignedNote then = Unwrap(tlog::SignedNote::Parse(ViewOf(ReadText(file))));
    WriteText(file, ReadText(file) + Unwrap(tlog::Cosign(then.text(), {1999}, witnesses[2])));
    report = CheckSince(nullptr, &policy);
    CHECK(report.compromised.at(0).valid == 1);
    CHECK(report.compromised.at(0).only_if_before == Entries({4}));
    // Not for who asks for all of them.
    const tlog::Policy strict = Unwrap(tlog::Policy::Parse(text + "group g all w1 w2 w3\nquorum g\n"));
    CHECK(CheckSince(nullptr, &strict).compromised.at(0).valid == 0);
    CHECK(CheckSince(nullptr).compromised.at(0).valid == 0);
  }
  SECTION("a time that is to the second is taken to its end") {
    const auto file = vault() / "cosigned" / "4";
    const tlog::SignedNote then = Unwrap(tlog::SignedNote::Parse(ViewOf(ReadText(file))));
    WriteText(file, ReadText(file) + Unwrap(tlog::Cosign(then.text(), {2000}, witnesses[2])));
    CHECK(CheckSince(nullptr, &policy).compromised.at(0).valid == 0);
  }
  SECTION("what the log does not extend is no evidence, and no failure") {
    WriteText(vault() / "cosigned" / "99", "junk");
    CHECK(CheckSince(nullptr, &policy).ok());
  }
}

TEST_CASE_METHOD(CompromiseFixture, "of the log's key it is told up to where others saw the order in time",
                 "[compromise]") {
  MakeLog();
  RotateLogKey(*this, HoursFromNow(1));
  const auto report = CheckSince(&roots);
  CHECK(report.ok());
  REQUIRE(report.compromised.size() == 1);
  CHECK(report.compromised[0].what.is_the_logs);
  CHECK(report.compromised[0].valid == 4);
  CHECK(report.compromised[0].only_if_before == Entries({4, 5, 6, 7}));
}

}  // namespace exhibit::testing
