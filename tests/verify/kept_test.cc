// Goal: nobody who kept a checkpoint is fooled, and what is verified since then is said to be no more
// than that. Method: a real vault and checkpoints kept of it; sources with single values replaced; a
// second history signed by the same keys.
#include "tests/support/findings.h"
#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

using verify::Depth;
using verify::KeptCheckpoint;
using verify::Property;
namespace fs = std::filesystem;

struct KeptFixture : VaultFixture {
  using VaultFixture::VaultFixture;
  KeptCheckpoint Keep(std::string where, KeptCheckpoint::Use use = KeptCheckpoint::Use::kResume) {
    return {use, std::move(where), Unwrap(Unwrap(OpenReader())->ReadHead())};
  }
  verify::Report Since(const verify::Source& source, std::vector<KeptCheckpoint> kept, Depth depth = Depth::kLog,
                       std::set<tlog::Sequence> selected = {}) {
    verify::Options options;
    options.depth = depth;
    options.kept = std::move(kept);
    options.selected = std::move(selected);
    return Unwrap(verify::Verify(source, options, pool()));
  }
};

struct KeptOnDisk : KeptFixture {
  KeptOnDisk() : KeptFixture(VaultFixture::Keep::kOnDisk) {}
};

}  // namespace

TEST_CASE_METHOD(KeptFixture, "only what is behind the newest kept checkpoint is replayed", "[kept]") {
  const auto at_1 = Keep("first");
  Add({{"a", "one"}, {"b", "two"}});
  const auto at_3 = Keep("second");
  Add({{"c", "three"}});
  const auto vault = Unwrap(OpenReader());
  const auto report = Since(*vault, {at_3, at_1}, Depth::kSealed);
  CHECK(report.ok());
  CHECK(report.entries == 1);
  CHECK(report.items == 1);
  REQUIRE(report.extends.size() == 2);
  CHECK(report.extends[0].where == "second");
  REQUIRE(report.resumed);
  CHECK(report.resumed->checkpoint.size == tlog::TreeSize{3});

  // What was asked for by its number is read wherever it stands.
  CHECK(Since(*vault, {at_3}, Depth::kSealed, {{1}, {3}}).items == 2);
  // A checkpoint to compare with is no place to resume from.
  const auto compared = Since(*vault, {{KeptCheckpoint::Use::kCompare, "pin", at_3.note}});
  CHECK(compared.entries == 4);
  CHECK_FALSE(compared.resumed);
  // All of it is known already.
  const auto nothing_new = Since(*vault, {Keep("now")});
  CHECK(nothing_new.ok());
  CHECK(nothing_new.entries == 0);
}

TEST_CASE_METHOD(KeptFixture, "the state is resumed across acts, tiles and the index", "[kept]") {
  Add({{"a", "one"}});
  Admit(2);
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 300; ++i) many.emplace_back("n" + std::to_string(i), "x");
  Add(many);
  const auto kept = Keep("kept");
  {
    auto writer = Unwrap(OpenWriterAs(path() / "k2.key", custody::Hold::kForm));
    Unwrap(writer->CommitAct({custody::Hold{Unwrap(custody::ItemSet::Parse("1,5"))}, {{"authority", "court"}}}));
  }
  Add(std::vector(many.begin(), many.begin() + 230));
  const auto reader = Unwrap(OpenReader());
  const auto report = Since(*reader, {kept});
  INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
  CHECK(report.ok());
  CHECK(report.entries == 231);

  SECTION("an act before the checkpoint that was replaced does not fit its tree") {
    TamperedSource source(*reader);
    source.entries[2] = Unwrap(reader->ReadEntry({1}));
    const auto found = Since(source, {kept});
    CHECK(Names(found, Property::kConsistency));
    CHECK(Says(found, "not as it was"));
    CHECK(Names(found, Property::kChain, 2));  // the whole was replayed
  }
  SECTION("an index that leaves out the act leaves its signer unknown") {
    TamperedSource source(*reader);
    source.acts = std::vector<custody::ActRow>();
    const auto found = Since(source, {kept});
    CHECK(Names(found, Property::kChain, 303));
    CHECK(Names(found, Property::kIndex, 303));
  }
  SECTION("entries behind it are checked as ever") {
    TamperedSource source(*reader);
    source.entries[304] = Unwrap(reader->ReadEntry({305}));
    const auto found = Since(source, {kept});
    CHECK(Names(found, Property::kChain, 304));
    CHECK(Names(found, Property::kTree));
  }
  SECTION("an entry before it is not read, and the report does not say that it was") {
    TamperedSource source(*reader);
    source.entries[100] = Bytes{1};
    const auto found = Since(source, {kept});
    CHECK(found.ok());
    CHECK(found.entries == 231);
    CHECK(Names(Since(source, {kept}, Depth::kSealed, {{100}}), Property::kEntry, 100));
  }
}

TEST_CASE_METHOD(KeptOnDisk, "a log that does not extend what was kept is found, with both heads", "[kept]") {
  Add({{"a", "one"}});
  fs::copy(vault(), path() / "copy", fs::copy_options::recursive);
  Add({{"b", "two"}, {"c", "three"}});
  const auto longer = Keep("longer");
  fs::remove_all(vault());
  fs::rename(path() / "copy", vault());
  UseState("another");

  const auto rolled_back = Since(*Unwrap(OpenReader()), {longer});
  CHECK(Names(rolled_back, Property::kConsistency));
  CHECK(Says(rolled_back, "rolled back: its head has size 2"));
  CHECK(Says(rolled_back, "longer has size 4"));
  CHECK(rolled_back.entries == 2);

  Add({{"b", "other"}, {"c", "other"}, {"d", "other"}});
  const auto forked = Since(*Unwrap(OpenReader()), {longer});
  CHECK(Says(forked, "not the one that was seen before"));
  CHECK(forked.entries == 5);
  CHECK_FALSE(forked.resumed);

  SECTION("a pin refuses the vault to readers and writers") {
    WriteText(path() / "pin", TextOf(longer.note));
    CHECK_FAILS(OpenReader({path() / "pin"}), ErrorCode::kTampered, "not the one that was seen before");
    CHECK_FAILS(OpenWriterAs(key(), custody::Item::kForm, {path() / "pin"}), ErrorCode::kTampered,
                "not the one that was seen before");
    CHECK_FAILS(OpenReader({path() / "absent"}), ErrorCode::kNotFound, "absent");
  }
}

TEST_CASE_METHOD(KeptFixture, "what is no checkpoint of this log proves nothing", "[kept]") {
  const auto reader = Unwrap(OpenReader());
  const auto stranger = tlog::SigningKey::Generate(reader->head().origin.as_key_name());
  CHECK(Says(Since(*reader, {{KeptCheckpoint::Use::kResume, "stranger",
                              Unwrap(tlog::SignCheckpoint(reader->head(), stranger))}}),
             "stranger: "));
  CHECK(Says(Since(*reader, {{KeptCheckpoint::Use::kResume, "junk", ToBytes(ViewOf("junk"))}}), "junk: "));
}

}  // namespace exhibit::testing
