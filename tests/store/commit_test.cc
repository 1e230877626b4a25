// Goal: what a commit writes is what its act asks for: sealed to whom, signed by whom, marked for which cases; and what
// the rules forbid leaves nothing behind.
// Method: an appender over a disk in memory; what it wrote is opened with the keys that must open it, and with others.
#include "tests/store/stored_log.h"
#include "vault/crypto/given_secrets.h"
#include "vault/store/appender.h"

namespace exhibit::testing {
namespace {

struct CommitFixture : StoredLog {
  CommitFixture() : writer(Unwrap(Open())) {
    REQUIRE_OK(writer.appender->Commit(Group(writer.appender->sealer(), {"first", "second"}), nullptr));
  }

  custody::SignedEntry Entry(std::uint64_t at) const { return EntryAt(*writer.store, at); }
  Result<std::string> ReasonOf(std::uint64_t at, const seal::Identity& identity) const {
    TRY(const custody::FieldList fields, FieldsAt(*writer.store, at, identity));
    return std::string(*fields.Find("reason")->Text());
  }
  // Nothing was stored, and the writer can go on.
  void CheckNothingHappened(std::uint64_t count) {
    CHECK(Unwrap(writer.store->CountEntries()).value == count);
    CHECK(Acknowledged() == count);
    CHECK(Unwrap(writer.store->CheckMedium()).empty());
    REQUIRE_OK(writer.Act(custody::Note()));
  }
  static custody::ItemSet Items(std::string_view text) { return Unwrap(custody::ItemSet::Parse(text)); }

  // Another key of the vault, with headers for the items of `items` made anew.
  struct Resealing {
    seal::Identity key;
    store::Appender::Act act;
    std::vector<Bytes> headers;
  };
  Resealing ResealTo(seal::Identity next, std::string_view items, const seal::Identity& present) const {
    custody::Reseal reseal;
    reseal.recipient = RecipientOf(next);
    reseal.items = Items(items);
    std::vector<Bytes> headers;
    std::vector<custody::HeaderDigest> digests;
    for (const tlog::Sequence item : reseal.items->Items()) {
      const auto file_key =
          Unwrap(verify::OpenFileKey(*writer.store, item, *Entry(item.value).parsed().sealed, {&present, 1}));
      headers.push_back(Unwrap(seal::SealHeader(file_key, {Unwrap(seal::RecipientOf(next))})));
      digests.push_back(custody::DigestOf<custody::HeaderDigest>(headers.back()));
    }
    reseal.SetHeaders(digests);
    return {std::move(next), {std::move(reseal), {{"reason", "another key"}}}, std::move(headers)};
  }

  Writer writer;
};

}  // namespace

TEST_CASE_METHOD(CommitFixture, "an act's words are sealed with it, and who holds its case's key finds it",
                 "[store][appender]") {
  const store::Appender::Act hold{
      custody::Hold{Items("1")}, {{"authority", "a court"}, {"reason", "an order"}}, {"IR-1"}};
  REQUIRE_OK(writer.appender->MayCommit(hold));
  const auto committed = Unwrap(writer.appender->CommitAct({hold.body, hold.fields, hold.cases}));
  CHECK(committed.first.value == 3);
  const custody::SignedEntry entry = Entry(3);
  CHECK(TextOf(entry.bytes()).find("court") == std::string_view::npos);
  CHECK(Unwrap(ReasonOf(3, vault_key)) == "an order");
  CHECK_FAILS(ReasonOf(3, seal::X25519Identity::Generate()), ErrorCode::kDenied, "");

  const custody::SealedFile& file = *entry.parsed().sealed;
  const custody::Fingerprint vault = writer.appender->state().fingerprint();
  CHECK(file.labels.count() == custody::LabelCount{});
  CHECK(file.labels.Has(label_secret.KeyOf("IR-1").LabelFor(vault, file.header)));
  CHECK_FALSE(file.labels.Has(label_secret.KeyOf("IR-2").LabelFor(vault, file.header)));
}

TEST_CASE_METHOD(CommitFixture, "fields that others signed are sealed as they are", "[store][appender]") {
  const auto lines = Unwrap(custody::FieldList::Make({{"text", "signed elsewhere"}}));
  REQUIRE_OK(writer.appender->CommitAct({.body = custody::Note(), .lines = lines}));
  CHECK(Entry(3).parsed().sealed->fields == lines.digest());
  CHECK(Unwrap(FieldsAt(*writer.store, 3, vault_key)).Lines() == lines.Lines());
}

TEST_CASE_METHOD(CommitFixture, "the entries of a commit have one time, and each has the law of its place",
                 "[store][appender]") {
  std::vector<store::Pending> group = Group(writer.appender->sealer(), {"third"});
  group.push_back({custody::Admit{{custody::Person{2}, KeyOf("/k2").verifier(), {custody::Role::kCollector}}},
                   Unwrap(writer.appender->sealer().Seal({{"reason", "a test"}}, {}))});
  group.push_back(std::move(Group(writer.appender->sealer(), {"fourth"}).front()));
  const auto committed = Unwrap(writer.appender->Commit(std::move(group), nullptr));
  CHECK(committed.first.value == 3);
  CHECK(committed.checkpoint.size.value == 6);
  CHECK(Entry(3).parsed().law.value == 0);
  CHECK(Entry(4).parsed().law.value == 0);
  CHECK(Entry(5).parsed().law.value == 4);
  CHECK(Entry(3).parsed().time == Entry(5).parsed().time);
  CHECK(Unwrap(writer.store->ReadActs({0, 0})).size() == 2);  // the genesis and the admission
}

TEST_CASE_METHOD(CommitFixture, "what the rules forbid is neither sealed nor stored", "[store][appender]") {
  SECTION("by its actor") {
    const tlog::SigningKey second = KeyOf("/k2");
    REQUIRE_OK(writer.Act(custody::Admit{{custody::Person{2}, second.verifier(), {custody::Role::kCustodian}}}));
    REQUIRE_OK(writer.Act(custody::Rule{{custody::Ruled::kCustodian, custody::Ruled::kShred}, std::nullopt}));
    CHECK_FAILS(writer.Act(custody::Shred{Items("1")}), ErrorCode::kDenied, "two persons");
    CheckNothingHappened(5);
    const auto committed = Unwrap(writer.Act(custody::Shred{Items("1")}, &second));
    CHECK(Entry(committed.first.value).parsed().cosigner == custody::ActorOf(second.verifier()));
  }
  SECTION("by its items") {
    CHECK_FAILS(writer.Act(custody::Hold{Items("7")}), ErrorCode::kInvalid, "entry 7 is not an earlier one");
    CheckNothingHappened(3);
  }
  SECTION("in a group") {
    std::vector<store::Pending> group = Group(writer.appender->sealer(), {"third"});
    group.push_back({custody::Hold{Items("7")}, Unwrap(writer.appender->sealer().Seal({{"reason", "a test"}}, {}))});
    CHECK_FAILS(writer.appender->Commit(std::move(group), nullptr), ErrorCode::kInvalid, "entry 7");
    CheckNothingHappened(3);
  }
  SECTION("by its words: a secret stays for ever once it is signed") {
    crypto::RememberGiven("correct horse battery");
    CHECK_FAILS(writer.appender->CommitAct({custody::Hold{Items("1")}, {{"reason", "it is correct horse battery"}}}),
                ErrorCode::kInvalid, "the reason holds a passphrase or a secret key");
    CHECK_FAILS(writer.appender->CommitAct({custody::Hold{Items("1")}, {{"reason", " \t"}}}), ErrorCode::kInvalid,
                "the reason is blank");
    CheckNothingHappened(3);
  }
  SECTION("without a word of why") {
    CHECK_FAILS(writer.appender->CommitAct({custody::Hold{Items("1")}}), ErrorCode::kInvalid, "field");
    CheckNothingHappened(3);
  }
}

TEST_CASE_METHOD(CommitFixture, "after another key of the vault all is sealed to it, the entry that brings it too",
                 "[store][appender]") {
  Resealing resealing = ResealTo(seal::X25519Identity::Generate(), "1-2", vault_key);
  REQUIRE_OK(writer.appender->CommitReseal(std::move(resealing.act), resealing.headers));
  REQUIRE_OK(writer.Act(custody::Note()));
  const seal::Identity& next = resealing.key;
  CHECK(Unwrap(ReasonOf(3, next)) == "another key");
  CHECK(Unwrap(ReasonOf(4, next)) == "a test");
  CHECK_FAILS(ReasonOf(3, vault_key), ErrorCode::kDenied, "");
  CHECK_FAILS(ReasonOf(4, vault_key), ErrorCode::kDenied, "");
  REQUIRE_OK(FieldsAt(*writer.store, 1, next));
  REQUIRE_OK(FieldsAt(*writer.store, 1, vault_key));

  // The next writer knows it from the log.
  writer = Unwrap(Open());
  REQUIRE_OK(writer.Act(custody::Note()));
  CHECK(Unwrap(ReasonOf(5, next)) == "a test");
}

TEST_CASE_METHOD(CommitFixture, "a reseal that is refused leaves the vault's key as it was", "[store][appender]") {
  Resealing resealing = ResealTo(seal::X25519Identity::Generate(), "1", vault_key);
  std::get<custody::Reseal>(resealing.act.body).recipient = RecipientOf(vault_key);
  CHECK_FAILS(writer.appender->CommitReseal(std::move(resealing.act), resealing.headers), ErrorCode::kInvalid,
              "the vault had this key before");
  CheckNothingHappened(3);
  CHECK(Unwrap(ReasonOf(3, vault_key)) == "a test");
}

TEST_CASE_METHOD(CommitFixture, "headers that a reseal destroys open nothing any more, and those made anew do",
                 "[store][appender]") {
  Resealing resealing = ResealTo(seal::X25519Identity::Generate(), "1", vault_key);
  std::get<custody::Reseal>(resealing.act.body).destroy = custody::Yes();
  REQUIRE_OK(writer.appender->CommitReseal(std::move(resealing.act), resealing.headers));
  REQUIRE_OK(writer.store->DestroyHeaders({1}, {3}));
  REQUIRE_OK(FieldsAt(*writer.store, 1, resealing.key));
  CHECK_FALSE(FieldsAt(*writer.store, 1, vault_key).has_value());
  REQUIRE_OK(FieldsAt(*writer.store, 2, vault_key));
}

TEST_CASE_METHOD(CommitFixture, "the log's next key signs with the one before, and every head from then on",
                 "[store][appender]") {
  const store::Appender::Act change{custody::LogKeyChange{{log_keys[1].verifier()}, std::nullopt},
                                    {{"reason", "a test"}}};
  SECTION("both are at hand") {
    REQUIRE_OK(writer.appender->CommitLogKey({change.body, change.fields}));
    const std::vector signers = {custodian_key.verifier(), log_keys[0].verifier(), log_keys[1].verifier()};
    REQUIRE_OK(Entry(3).CheckSignatures(signers));
    const Bytes head = *Unwrap(heads.front().Read());
    REQUIRE_OK(tlog::OpenCheckpoint(head, log_keys[1].verifier()));
    CHECK_FAILS(tlog::OpenCheckpoint(head, log_keys[0].verifier()), ErrorCode::kDenied, "");
    REQUIRE_OK(writer.Act(custody::Note()));
    writer = Unwrap(Open());
    CHECK(writer.appender->head().size.value == 5);
  }
  SECTION("the next one is not") {
    writer.appender->UseLogKeys({std::span(log_keys.data(), 1)});
    CHECK_FAILS(writer.appender->CommitLogKey({change.body, change.fields}), ErrorCode::kDenied, "is not at hand");
    CheckNothingHappened(3);
  }
  SECTION("it has an ML-DSA-44 key that is not at hand") {
    const std::string name(origin.text());
    Bytes public_key(1 + tlog::MlDsaKey::kPublicBytes, 7);
    public_key[0] = 6;
    Bytes named = ToBytes(ViewOf(name + "\n"));
    Append(named, public_key);
    const std::string id = ToHex(crypto::Sha256(named).view().first(4));
    custody::LogKeyList with_ml_dsa{log_keys[1].verifier()};
    with_ml_dsa.ml_dsa = Unwrap(tlog::MlDsaKey::Parse(name + "+" + id + "+" + ToBase64(public_key, Base64::kPadded)));
    CHECK_FAILS(
        writer.appender->CommitLogKey({custody::LogKeyChange{with_ml_dsa, std::nullopt}, {{"reason", "a test"}}}),
        crypto::HasMlDsa() ? ErrorCode::kDenied : ErrorCode::kUnsupported, "the log's key test.example/log+");
    CheckNothingHappened(3);
  }
}

TEST_CASE_METHOD(CommitFixture,
                 "a recovery is signed by the recovery key and the key that it admits, who acts from then on",
                 "[store][appender]") {
  const tlog::SigningKey admitted = KeyOf("/k2");
  const store::Appender::Act recovery{
      custody::Recovery{{custody::Person{2}, admitted.verifier(), {custody::Role::kCustodian}},
                        recovery_key.verifier()},
      {{"reason", "a lost key"}}};
  SECTION("by the recovery key") {
    REQUIRE_OK(writer.appender->CommitRecovery({recovery.body, recovery.fields}, recovery_key, admitted));
    REQUIRE_OK(Entry(3).CheckSignatures(std::vector{recovery_key.verifier(), admitted.verifier()}));
    REQUIRE_OK(writer.Act(custody::Note()));
    CHECK(Entry(4).parsed().actor == custody::ActorOf(admitted.verifier()));
  }
  SECTION("by another key") {
    const tlog::SigningKey other = KeyOf("/recovery");
    CHECK_FAILS(writer.appender->CommitRecovery({recovery.body, recovery.fields}, other, admitted), ErrorCode::kDenied,
                "not signed by the recovery key");
    CheckNothingHappened(3);
    CHECK(Entry(3).parsed().actor == custody::ActorOf(custodian_key.verifier()));
  }
}

TEST_CASE_METHOD(CommitFixture, "the genesis has its fields, and no case can be told from its labels",
                 "[store][appender]") {
  CHECK(Unwrap(ReasonOf(0, vault_key)) == "a test");
  const custody::SealedFile& file = *genesis.parsed().sealed;
  CHECK(file.labels.count() == custody::LabelCount{});
  CHECK(Unwrap(writer.store->ReadLayout({0})) == ToBytes(ViewOf(genesis_file.layout.Line())));
}

}  // namespace exhibit::testing
