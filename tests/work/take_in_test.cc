// Goal: what a collector seals comes into the log once, checked to the last byte, and whoever carries it changes
// nothing unseen. Method: a collector's folder, a drop and a vault; the drop's files changed one by one, numbers
// and statements made by hand.
#include "vault/work/take_in.h"

#include <sys/stat.h>

#include "tests/work/drop_fixture.h"
#include "vault/intake/drop_reader.h"
#include "vault/work/reseal.h"

namespace exhibit::testing {

TEST_CASE_METHOD(DropFixture, "what was collected is taken in once, small and large, with the end of its run",
                 "[drop]") {
  std::string large;
  for (std::uint64_t i = 0; large.size() < (9U << 20); ++i) large += HashOf(std::to_string(i));
  // Hex compresses to a half; what is staged is above 8 MiB.
  large += large + large;
  Collect({{"a", "one"}, {"b", ""}, {"large", large}});
  const Seen first = TakeIn();
  CHECK(first.outcome.taken == 3);
  CHECK(first.outcome.runs == 1);
  CHECK(first.refused.empty());
  CHECK(first.remarks.empty());
  CHECK(Cat({2}) == "one");
  CHECK(Cat({3}).empty());
  CHECK(Cat({4}) == large);
  const Seen second = TakeIn();
  CHECK(second.outcome.taken == 0);
  CHECK(second.outcome.runs == 0);
  CHECK(second.outcome.already == 3);
  CHECK_FALSE(second.outcome.checkpoint);
  CheckWhole();
  CHECK(Verify(verify::Depth::kLog).remarks.empty());
}

TEST_CASE_METHOD(DropFixture, "a collected item has the fields that its collector sealed, and labels of its cases",
                 "[drop]") {
  Collect({{"a.log", "one\n"}});
  TakeIn();
  const custody::ItemFacts facts = custody::ItemFactsIn(Fields({2}));
  CHECK(facts.name == "a.log");
  CHECK(facts.cases == std::vector<std::string>{"IR-2025-014"});
  const auto reader = Unwrap(OpenReader());
  const auto secret = Unwrap(LoadLabelSecret(VaultPaths(vault()), NoPassphrase));
  const custody::SealedFile sealed = *Unwrap(reader->Entry({2})).parsed().sealed;
  CHECK(sealed.labels.Has(secret.KeyOf("IR-2025-014").LabelFor(reader->fingerprint(), sealed.header)));
}

TEST_CASE_METHOD(DropFixture, "a number is taken for good before it is used", "[drop]") {
  Collect({{"a", "one"}});
  {
    auto collector = OpenCollector();
    CHECK_FAILS(intake::Collector::Open(stick(), NoPassphrase), ErrorCode::kBusy, "is collecting with this folder");
    // A crash after this, and before anything of it is in the drop.
    const auto sealed = Unwrap(collector.sealer().Seal(custody::FieldsOf(FactsOf("lost")), {}, ViewOf("lost")));
    CHECK(Unwrap(collector.Sign({{sealed.file, sealed.file, sealed.file}})).front().said().number == 2);
  }
  Collect({{"b", "two"}});
  CHECK(fs::exists(Stem(5) + ".collected"));
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 2);
  CHECK(seen.remarks ==
        std::vector<std::string>{"number 2 to 4 of test.example/vault/k2 is neither in this drop nor in the log"});
  CheckWhole();
}

TEST_CASE_METHOD(DropFixture, "a run that was not closed, and a run that is missing, are named", "[drop]") {
  Collect({{"a", "one"}}, End::kCrashed);
  CHECK(TakeIn().remarks == std::vector<std::string>{"the run of test.example/vault/k2 that ends with number 1 was not "
                                                     "closed: items after it may be missing"});
  fs::remove_all(drop());
  Collect({{"b", "two"}});
  // Its first statement names the end of the run before, which somebody kept back.
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 1);
  REQUIRE(seen.remarks.size() == 1);
  CHECK(seen.remarks.front().starts_with("a statement of test.example/vault/k2 between number 2 and the one before"));
  CHECK_FALSE(Verify(verify::Depth::kLog).remarks.empty());
}

TEST_CASE_METHOD(DropFixture,
                 "a sealed file whose statement was lost is refused, and one that was never finished is named",
                 "[drop]") {
  Collect({{"a", "one"}, {"b", "two"}}, End::kCrashed);
  const bool was_lost = GENERATE(true, false);
  fs::remove(Stem(was_lost ? 1 : 2) + ".collected");
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 1);
  if (was_lost) {
    REQUIRE(seen.refused.size() == 1);
    CHECK(seen.refused.front().ends_with("-1.collected, is missing"));
  } else {
    CHECK(seen.refused.empty());
    CHECK(seen.remarks.front().find("-2.age was never finished") != std::string::npos);
  }
}

TEST_CASE_METHOD(DropFixture, "a folder that is no drop is no drop of nothing", "[drop]") {
  work::TakeInRequest request;
  request.on_remark = [](const std::string&) {};
  const auto take = [&](const fs::path& folder) {
    intake::FolderDrop files(folder);
    request.drop = &files;
    return work::TakeIn(*Unwrap(OpenWriter()), request);
  };
  CHECK_FAILS(take(vault()), ErrorCode::kInvalid, "is no drop: no collector wrote anything in it");
  CHECK_FAILS(take(stick()), ErrorCode::kInvalid, "is no drop");
  Collect({{"a", "one"}});
  fs::create_directories(path() / "sticks");
  fs::rename(drop(), path() / "sticks" / "fs01");
  const auto several = take(path() / "sticks");
  CHECK_FAILS(several, ErrorCode::kInvalid, "is no drop, and holds folders that are");
  CHECK(several.error().hint.ends_with("sticks/fs01"));
  fs::create_directory(path() / "empty");
  CHECK(Unwrap(take(path() / "empty")).taken == 0);
}

TEST_CASE_METHOD(DropFixture, "a drop is made in no folder that is something else", "[drop]") {
  auto collector = OpenCollector();
  CHECK_FAILS(intake::DropDestination::Open(collector, vault()), ErrorCode::kInvalid,
              "is a vault, and no place for a drop");
  CHECK_FAILS(intake::DropDestination::Open(collector, stick()), ErrorCode::kInvalid, "is a collector's folder");
  WriteText(path() / "file", "x");
  CHECK_FAILS(intake::DropDestination::Open(collector, path() / "file"), ErrorCode::kInvalid, "is no folder");
}

TEST_CASE_METHOD(DropFixture, "runs on several sticks are one chain, in whatever order they come", "[drop]") {
  Collect({{"a", "one"}});
  fs::rename(drop(), path() / "first");
  Collect({{"b", "two"}});
  CHECK(TakeIn().remarks.size() == 1);  // number 1 is missing
  fs::remove_all(drop());
  fs::rename(path() / "first", drop());
  CHECK(TakeIn().remarks.empty());
  CHECK(Verify(verify::Depth::kLog).remarks.empty());
}

TEST_CASE_METHOD(DropFixture, "a run that collected nothing is closed, and no end is made twice", "[drop]") {
  Collect({});
  CHECK(fs::exists(Stem(0) + ".closed"));
  const std::string end = ReadText(Stem(0) + ".closed");
  Collect({});
  CHECK(ReadText(Stem(0) + ".closed") == end);
  const Seen seen = TakeIn();
  CHECK(seen.outcome.runs == 1);
  CHECK(seen.remarks.empty());
}

TEST_CASE_METHOD(DropFixture, "a run that is interrupted is closed after what it collected", "[drop]") {
  std::atomic<bool> interrupted{false};
  {
    auto collector = OpenCollector();
    intake::Adder adder(
        Unwrap(intake::DropDestination::Open(collector, drop())), pool(), {{}, nullptr, &interrupted},
        [](const intake::Added&) {}, [](const intake::Refused&) {});
    WriteText(path() / "input/a", "one");
    REQUIRE_OK(adder.Add(InputOf(path() / "input/a")));
    interrupted = true;
    REQUIRE_OK(adder.Add(InputOf(path() / "input/a")));
    CHECK_FAILS(adder.Finish(), ErrorCode::kInterrupted, "1 item was taken in");
  }
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 1);
  CHECK(seen.outcome.runs == 1);
  CHECK(seen.remarks.empty());
}

TEST_CASE_METHOD(DropFixture, "a sealed file comes in pieces, where a medium needs it", "[drop]") {
  Collect({{"a", "some text that is cut into pieces"}});
  const std::string sealed = ReadText(Stem(1) + ".age");
  fs::remove(Stem(1) + ".age");
  const std::size_t third = GENERATE(std::size_t{1}, std::size_t{100}, std::size_t{1000});
  WriteText(Stem(1) + ".age.1", sealed.substr(0, third));
  WriteText(Stem(1) + ".age.2", sealed.substr(third, third));
  const Seen missing = TakeIn();
  CHECK(missing.outcome.taken == 0);
  REQUIRE(missing.refused.size() == 1);
  CHECK(missing.refused.front().find("the next one is missing") != std::string::npos);
  WriteText(Stem(1) + ".age.3", sealed.substr(2 * third));
  CHECK(TakeIn().outcome.taken == 1);
  CHECK(Cat({3}) == "some text that is cut into pieces");  // after the end of the run, which came first
}

TEST_CASE_METHOD(DropFixture, "a piece that the sealed file is whole without is foreign", "[drop]") {
  Collect({{"a", "some text that is cut into pieces"}});
  const std::string sealed = ReadText(Stem(1) + ".age");
  const std::size_t half = sealed.size() / 2;
  const bool is_cut = GENERATE(true, false);
  if (is_cut) {
    fs::remove(Stem(1) + ".age");
    WriteText(Stem(1) + ".age.1", sealed.substr(0, half));
    WriteText(Stem(1) + ".age.2", sealed.substr(half));
  }
  // Of an earlier cut, into more pieces; one of them far away.
  WriteText(Stem(1) + ".age.3", sealed.substr(0, half));
  WriteText(Stem(1) + ".age.7", "x");
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 1);
  CHECK(seen.refused.empty());
  const auto is_named = [&](std::string_view name) {
    return std::ranges::any_of(seen.remarks, [&](const std::string& remark) {
      return remark.find(name) != std::string::npos &&
             remark.find("is no part of the sealed file") != std::string::npos;
    });
  };
  CHECK(is_named(".age.3"));
  CHECK(is_named(".age.7"));
  CHECK_FALSE(is_named(".age.2"));
  CHECK(Cat({2}) == "some text that is cut into pieces");
}

TEST_CASE_METHOD(DropFixture, "pieces of two cuts are refused, and nobody is accused", "[drop]") {
  Collect({{"a", "some text that is cut into pieces"}});
  const std::string sealed = ReadText(Stem(1) + ".age");
  fs::remove(Stem(1) + ".age");
  const std::size_t third = sealed.size() / 3;
  WriteText(Stem(1) + ".age.1", sealed.substr(0, 2 * third));
  WriteText(Stem(1) + ".age.2", sealed.substr(third, third + 1));
  WriteText(Stem(1) + ".age.3", sealed.substr(2 * third));
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 0);
  REQUIRE(seen.refused.size() == 1);
  CAPTURE(seen.refused.front());
  CHECK(seen.refused.front().find("its pieces do not fit together") != std::string::npos);
}

TEST_CASE_METHOD(DropFixture, "another item under a number that is in the log is refused, and so is a swapped file",
                 "[drop]") {
  Collect({{"a", "one"}});
  const std::string state = ReadText(stick() / "state");
  CHECK(TakeIn().outcome.taken == 1);
  fs::remove_all(drop());
  // A collector that lost its memory, or was copied.
  WriteText(stick() / "state", "{\"v\":1,\"number\":0,\"prev\":\"" + std::string(64, '0') + "\"}\n");
  Collect({{"b", "two"}, {"c", "three"}});
  const Seen again = TakeIn();
  CHECK(again.outcome.taken == 1);
  REQUIRE(again.refused.size() == 1);
  CHECK(again.refused.front().find("another item with this number of its collector is entry 2") != std::string::npos);

  Collect({{"d", "four"}, {"e", "five"}});
  fs::rename(Stem(3) + ".age", Stem(3) + ".t");
  fs::rename(Stem(4) + ".age", Stem(3) + ".age");
  fs::rename(Stem(3) + ".t", Stem(4) + ".age");
  CHECK(TakeIn().refused.size() == 3);  // with the one of before
  fs::rename(Stem(3) + ".collected", Stem(9) + ".collected");
  const Seen renamed = TakeIn();
  CHECK(std::ranges::any_of(renamed.refused, [](const std::string& text) {
    return text.find("its name does not say") != std::string::npos;
  }));
  CheckWhole();
}

TEST_CASE_METHOD(DropFixture, "every cut and every flip of a drop's files is found, and nothing of them enters the log",
                 "[drop]") {
  Collect({{"a", "some text that is long enough to be cut"}});
  fs::remove(Stem(1) + ".closed");
  const std::string sealed = ReadText(Stem(1) + ".age");
  const std::string statement = ReadText(Stem(1) + ".collected");
  const auto vault = Unwrap(OpenWriter());
  const auto is_refused = [&] {
    const Seen seen = TakeIn(*vault);
    return seen.outcome.taken == 0 && seen.refused.size() == 1;
  };
  for (std::size_t at = 0; at < sealed.size(); at += 97) {
    CAPTURE(at);
    WriteText(Stem(1) + ".age", sealed.substr(0, at));
    CHECK(is_refused());
    std::string flipped = sealed;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    WriteText(Stem(1) + ".age", flipped);
    CHECK(is_refused());
  }
  WriteText(Stem(1) + ".age", sealed);
  for (std::size_t at = 0; at < statement.size(); at += 53) {
    CAPTURE(at);
    WriteText(Stem(1) + ".collected", statement.substr(0, at));
    CHECK(is_refused());
    std::string flipped = statement;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    WriteText(Stem(1) + ".collected", flipped);
    CHECK(is_refused());
  }
  WriteText(Stem(1) + ".collected", statement);
  CHECK(TakeIn(*vault).outcome.taken == 1);
}

TEST_CASE_METHOD(DropFixture, "what a retired collector signed is taken in by a custodian who says why", "[drop]") {
  Collect({{"a", "one"}, {"b", "two"}});
  Act(custody::Retire{custody::ActorOf(*key_), {}});
  const Seen refused = TakeIn();
  CHECK(refused.outcome.taken == 0);
  REQUIRE(refused.refused.size() == 2);
  CHECK(refused.refused.front() == "the collector's key is not admitted");
  const Seen seen = TakeIn({Accepted::kRetired});
  CHECK(seen.outcome.taken == 2);
  CHECK(seen.refused.empty());
  const auto reader = Unwrap(OpenReader());
  const auto item = std::get<custody::Item>(Unwrap(reader->Entry({4})).parsed().body);
  CHECK(item.accepted == custody::WordSet<Accepted>{Accepted::kRetired});
  const custody::FieldList note = Fields({6});
  CHECK(*note.Find("items")->Text() == "4-5");
  CHECK(*note.Find("text")->Text() == "the stick was found");
  CheckWhole();
}

TEST_CASE_METHOD(DropFixture, "what was sealed to an earlier key of the vault is taken in likewise", "[drop]") {
  Collect({{"a", "one"}});
  {
    const VaultKeys keys = VaultKey();
    const work::ResealRequest request{.keys = keys,
                                      .readers = {{seal::RecipientText(VaultReaderRecipient()), std::nullopt}},
                                      .fields = {{"reason", "test"}}};
    Unwrap(work::Reseal(*Unwrap(OpenWriterAs(key(), custody::Reseal::kForm)), request, pool()));
  }
  CHECK(TakeIn({Accepted::kRetired}).outcome.taken == 0);
  CHECK(TakeIn({Accepted::kEarlierKey}).outcome.taken == 1);
  CHECK(Cat({4}) == "one");
  const VaultKeys keys = VaultKey();
  const work::ResealRequest request{.keys = keys,
                                    .readers = {{seal::RecipientText(VaultReaderRecipient()), std::nullopt}},
                                    .fields = {{"reason", "test"}}};
  CHECK_FAILS(work::RetireEarlierKeys(*Unwrap(OpenWriterAs(key(), custody::Reseal::kForm)), request),
              ErrorCode::kInvalid, "1 item is sealed to an earlier key alone");
  CheckWhole();
}

TEST_CASE_METHOD(DropFixture, "a key that follows the collector's signs from its statement on", "[drop]") {
  const auto next = CustodianKey(2);
  Collect({{"a", "one"}});
  // The end of the run, signed anew, names the next key; and an item of that key comes in the same drop.
  const auto ended = Unwrap(intake::ReadEnd(intake::FolderDrop(drop()), {ToHex(key_->id().view()), 1})).said();
  auto said = ended;
  said.next = next.verifier();
  const auto key = Unwrap(custody::LoadKey(stick() / "collector.key", NoPassphrase));
  const auto end = Unwrap(custody::SignedClosedRun::Sign(said, key));
  WriteText(Stem(1) + ".closed", TextOf(end.bytes()));
  fs::remove(stick() / "collector.key");
  REQUIRE_OK(custody::SavePlainKey(stick() / "collector.key", next));
  WriteText(stick() / "state", "{\"v\":1,\"number\":1,\"prev\":\"" + ToHex(end.digest().view()) + "\"}\n");
  key_ = next.verifier();
  Collect({{"b", "two"}});
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 2);
  CHECK(seen.refused.empty());
  CHECK(seen.remarks.empty());
  const auto state = Unwrap(Unwrap(OpenReader())->State());
  CHECK(state.facts().FindPresent(custody::ActorOf(next.verifier())) != nullptr);
  CheckWhole();
}

TEST_CASE_METHOD(DropFixture, "what strangers signed is refused unread", "[drop]") {
  Collect({{"a", "one"}});
  const auto stranger = CustodianKey(2);
  fs::remove(stick() / "collector.key");
  REQUIRE_OK(custody::SavePlainKey(stick() / "collector.key", stranger));
  Collect({{"b", "two"}});
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 1);
  CHECK(seen.refused.size() == 2);  // an item, and the end of its run
  CHECK(seen.refused.front().find("was never admitted to this vault") != std::string::npos);
}

TEST_CASE_METHOD(DropFixture, "files that nobody finished, and others, are named and passed over", "[drop]") {
  Collect({{"a", "one"}});
  WriteText(Stem(7) + ".age.part", "half");
  WriteText(Stem(8) + ".age", "sealed, without a statement");
  WriteText(drop() / "README", "text");
  const Seen seen = TakeIn();
  CHECK(seen.outcome.taken == 1);
  CHECK(seen.remarks.size() == 3);
}

TEST_CASE_METHOD(DropFixture, "a stream that was never finished stays in the drop when its number is used", "[drop]") {
  fs::create_directories(drop());
  WriteText(Stem(1) + ".age.part", "all that there is of a stream");
  Collect({{"a", "one"}});
  CHECK(ReadText(Stem(1) + ".age.part-1.part") == "all that there is of a stream");
  CHECK(TakeIn().outcome.taken == 1);
}

TEST_CASE_METHOD(DropFixture, "a collector's folder of another form is refused by the file's name", "[drop]") {
  const auto open = [&] { return intake::Collector::Open(stick(), NoPassphrase); };
  CHECK_FAILS(intake::Collector::Open(path() / "none", NoPassphrase), ErrorCode::kNotFound, "is no collector's folder");
  const std::string setup = ReadText(stick() / "vault");
  SECTION("a newer version") {
    WriteText(stick() / "vault", "{\"v\":2" + setup.substr(6));
    CHECK_FAILS(open(), ErrorCode::kUnsupported, "version 2 is not known");
  }
  SECTION("another spelling") {
    WriteText(stick() / "vault", setup + " ");
    CHECK_FAILS(open(), ErrorCode::kInvalid, "vault");
  }
  SECTION("a state that is none") {
    WriteText(stick() / "state", "7\n");
    CHECK_FAILS(open(), ErrorCode::kInvalid, "state");
  }
  SECTION("a case key of another vault") {
    const std::string cases = ReadText(stick() / "cases");
    WriteText(stick() / "cases",
              "{\"v\":1,\"fingerprint\":\"" + std::string(64, '0') + cases.substr(cases.find("\",\"case")));
    CHECK_FAILS(open(), ErrorCode::kInvalid, "is of another vault");
  }
  SECTION("a case twice") {
    const std::string cases = ReadText(stick() / "cases");
    WriteText(stick() / "cases", cases + cases);
    CHECK_FAILS(open(), ErrorCode::kInvalid, "is there twice");
  }
}

TEST_CASE_METHOD(DropFixture, "a take-in that is told to stop keeps what was checked, and goes on", "[drop]") {
  Collect({{"a", "one"}, {"b", "two"}});
  std::atomic<bool> stop{true};
  intake::FolderDrop files(drop());
  work::TakeInRequest request;
  request.drop = &files;
  request.on_taken = [](const work::TakenIn&) {};
  request.on_refused = [](const intake::Refused&) {};
  request.on_remark = [](const std::string&) {};
  request.interrupted = &stop;
  CHECK_FAILS(work::TakeIn(*Unwrap(OpenWriter()), request), ErrorCode::kInterrupted, "interrupted");
  CHECK(TakeIn().outcome.taken == 2);
  intake::FolderDrop missing(path() / "missing");
  request.drop = &missing;
  CHECK_FAILS(work::TakeIn(*Unwrap(OpenWriter()), request), ErrorCode::kNotFound, "missing");
}

}  // namespace exhibit::testing
