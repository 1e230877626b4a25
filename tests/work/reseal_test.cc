// Goal: readers change and a vault moves to a new key whole or not at all; what was there stays readable by who may, and what
// somebody puts in the place of a new header is found and opens nothing else.
// Method: a real vault, its files as a crash at each step leaves them, and sources with single values replaced.
#include "vault/work/reseal.h"

#include "tests/support/findings.h"
#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"
#include "vault/session/recovery_key.h"
#include "vault/work/change_readers.h"
#include "vault/work/shred.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using custody::ReaderFacts;
using verify::Depth;
using verify::Property;

// Entries: 0 genesis, 1 to 3 items.
struct ResealFixture : VaultFixture {
  ResealFixture() { Add({{"a", "one"}, {"b", "two"}, {"c", "three"}}); }

  fs::path key_file() const { return VaultPaths(vault()).reader_key; }
  fs::path next_file() const { return VaultPaths(vault()).next_reader_key; }

  std::vector<ReaderFacts> Readers() const { return {{seal::RecipientText(VaultReaderRecipient()), "Carol"}}; }
  work::ResealRequest Request(const VaultKeys& keys) const {
    return {.keys = keys, .readers = Readers(), .fields = {{"reason", "test"}}};
  }
  std::unique_ptr<VaultWriter> Writer() { return Unwrap(OpenWriterAs(key(), custody::Reseal::kForm)); }
  work::Resealed Reseal(std::size_t group = 1000) {
    const VaultKeys keys = VaultKey();
    work::ResealRequest request = Request(keys);
    request.group = group;
    return Unwrap(work::Reseal(*Writer(), request, pool()));
  }
  // Stops after the first group of one.
  void ResealBegun() {
    const VaultKeys keys = VaultKey();
    std::atomic<bool> stop{false};
    work::ResealRequest request = Request(keys);
    request.group = 1;
    request.interrupted = &stop;
    request.on_progress = [&](std::uint64_t, std::uint64_t) { stop = true; };
    CHECK_FAILS(work::Reseal(*Writer(), request, pool()), ErrorCode::kInterrupted, "interrupted");
  }
  Result<store::Committed> Retire() {
    const VaultKeys keys = VaultKey();
    return work::RetireEarlierKeys(*Writer(), Request(keys));
  }
  Result<work::Resealed> Destroy(const tlog::SigningKey* cosigner = nullptr) {
    const VaultKeys keys = VaultKey();
    work::ResealRequest request = Request(keys);
    request.cosigner = cosigner;
    return work::DestroyEarlierHeaders(*Writer(), request, pool());
  }
  Result<store::Committed> ChangeReaders(const std::vector<ReaderFacts>& readers) {
    const VaultKeys keys = VaultKey();
    return work::ChangeReaders(*Unwrap(OpenWriterAs(key(), custody::ReaderChange::kForm)),
                               {.readers = readers, .keys = keys, .fields = {{"reason", "test"}}});
  }
  void CheckAll() {
    CHECK(Cat({1}) == "one");
    CHECK(Cat({2}) == "two");
    CHECK(Cat({3}) == "three");
    const auto report = Verify(Depth::kContent);
    INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
    CHECK(report.ok());
  }
  Result<VaultKeys> KeysOf(const seal::Identity& reader) { return OpenReaderKeys(vault(), {&reader, 1}, NoPassphrase); }
  Result<custody::FieldList> FieldsWith(tlog::Sequence at, const VaultKeys& keys) {
    const auto reader = Unwrap(OpenReader());
    return reader->ReadFields(Unwrap(reader->Entry(at)), keys);
  }
  static ReaderFacts FactsOfReader(const seal::Identity& reader, std::string name) {
    return {seal::RecipientText(Unwrap(seal::RecipientOf(reader))), std::move(name)};
  }
};

}  // namespace

TEST_CASE_METHOD(ResealFixture, "a reader is added and removed, and the log says who there is", "[reader]") {
  const seal::Identity bob = seal::X25519Identity::Generate();
  const auto recovery = *Unwrap(Unwrap(OpenReader())->State()).facts().recovery();
  std::vector<ReaderFacts> both = Readers();
  both.push_back(FactsOfReader(bob, "Bob"));
  Unwrap(ChangeReaders(both));
  CHECK_FALSE(fs::exists(next_file()));
  CHECK(Unwrap(KeysOf(bob)).size() == 1);
  CHECK(VaultKey().size() == 1);
  CHECK(Unwrap(work::PresentReaders(*Unwrap(OpenReader()), VaultKey())) == both);
  const auto facts = Unwrap(Unwrap(OpenReader())->State()).facts();
  CHECK(facts.key_file == Unwrap(LookAtKeyFile(key_file())).digest);
  // Whoever left knows the recovery key.
  CHECK(*facts.recovery() != recovery);
  CHECK(Unwrap(OpenRecoveryKey(vault(), {&bob, 1}, NoPassphrase)).verifier() == *facts.recovery());
  Unwrap(ChangeReaders(Readers()));
  CHECK_FAILS(KeysOf(bob), ErrorCode::kWrongKey, "reader key");
  CHECK_FAILS(OpenRecoveryKey(vault(), {&bob, 1}, NoPassphrase), ErrorCode::kWrongKey, "recovery");
  CheckAll();
}

TEST_CASE_METHOD(ResealFixture, "what is refused from the start leaves no file", "[reader]") {
  CHECK_FAILS(ChangeReaders({{"age1nothing", "Bob"}}), ErrorCode::kInvalid, "reader age1nothing");
  std::vector<ReaderFacts> twice = Readers();
  twice.push_back(twice.front());
  CHECK_FAILS(ChangeReaders(twice), ErrorCode::kInvalid, "the same reader twice");
  Admit(2);
  Act(custody::Rule{{custody::Ruled::kCustodian, custody::Ruled::kReader}, {}});
  CHECK_FAILS(ChangeReaders(Readers()), ErrorCode::kDenied, "two");
  CHECK_FALSE(fs::exists(next_file()));
}

TEST_CASE_METHOD(ResealFixture, "a change of readers that was cut short is ended or undone by the next writer",
                 "[reader]") {
  const std::string before = ReadText(key_file());
  SECTION("before its entry") {
    WriteText(next_file(), "half of");
    CheckAll();
    Add({{"d", "four"}});
    CHECK_FALSE(fs::exists(next_file()));
    CHECK(ReadText(key_file()) == before);
  }
  SECTION("after its entry") {
    const seal::Identity bob = seal::X25519Identity::Generate();
    std::vector<ReaderFacts> both = Readers();
    both.push_back(FactsOfReader(bob, "Bob"));
    Unwrap(ChangeReaders(both));
    fs::rename(key_file(), next_file());
    WriteText(key_file(), before);
    CheckAll();
    Add({{"d", "four"}});
    CHECK_FALSE(fs::exists(next_file()));
    CHECK(KeysOf(bob));
  }
  CheckAll();
}

TEST_CASE_METHOD(ResealFixture, "a vault moves to a new key, and the old one opens nothing that comes", "[reseal]") {
  const VaultKeys old = VaultKey();
  const auto header = Unwrap(Unwrap(OpenReader())->ReadHeader({2}));
  const auto done = Reseal();
  CHECK(done.items == 4);  // the words of the genesis, too
  CHECK(done.entries == std::vector<tlog::Sequence>{{4}});
  CHECK(Unwrap(Unwrap(OpenReader())->State()).recipient() == done.recipient);
  CHECK(Unwrap(Unwrap(OpenReader())->ReadHeader({2})) == header);
  CheckAll();
  const tlog::Sequence added = Add({{"d", "four"}}).front();
  CHECK(Cat(added) == "four");
  CHECK(FieldsWith({2}, old));
  CHECK_FAILS(FieldsWith({4}, old), ErrorCode::kDenied, "not sealed to this key");
  CHECK_FAILS(FieldsWith(added, old), ErrorCode::kDenied, "not sealed to this key");

  SECTION("and once more") {
    CHECK(Reseal().items == added.value + 2);  // with the entry of Cat
    CheckAll();
    CHECK(Cat(added) == "four");
  }
  SECTION("and its items are shredded with their new headers") {
    const auto again = Reseal();
    Unwrap(work::Shred(*Unwrap(OpenWriter()),
                       {custody::Shred{Unwrap(custody::ItemSet::Parse("2"))}, {{"reason", "test"}}}));
    const auto after = Unwrap(OpenReader());
    CHECK_FAILS(after->ReadHeader({2}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(after->ReadRewrapped({2}, {4}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(after->ReadRewrapped({2}, again.entries.front()), ErrorCode::kNotFound, "destroyed");
    CHECK(after->ReadRewrapped({3}, {4}));
    CHECK(Verify(Depth::kContent).ok());
    Reseal();
    CHECK(Verify(Depth::kContent).ok());
  }
}

TEST_CASE_METHOD(ResealFixture, "the earlier secret stays until it is retired", "[reseal]") {
  Reseal();
  CHECK(VaultKey().size() == 2);
  Unwrap(Retire());
  CHECK(VaultKey().size() == 1);
  CHECK(Unwrap(Unwrap(OpenReader())->State()).facts().key_file == Unwrap(LookAtKeyFile(key_file())).digest);
  CheckAll();
  CHECK(custody::PersonFactsIn(Fields({0})).has_value());
}

TEST_CASE_METHOD(ResealFixture, "earlier headers are destroyed, which two persons sign where there are two",
                 "[reseal]") {
  const VaultKeys old = VaultKey();
  CHECK_FAILS(Destroy(), ErrorCode::kNotFound, "no item has a header for an earlier key");
  const auto bob = Admit(2);
  Reseal();
  CHECK_FAILS(Destroy(), ErrorCode::kDenied, "two");
  const auto done = Unwrap(Destroy(&bob));
  CHECK(done.items == 5);  // three items, the admission, and the words of the genesis
  const auto after = Unwrap(OpenReader());
  CHECK_FAILS(after->ReadHeader({2}), ErrorCode::kNotFound, "destroyed");
  CHECK_FAILS(FieldsWith({2}, old), ErrorCode::kDenied, "not sealed to this key");
  CHECK_FAILS(FieldsWith({0}, old), ErrorCode::kDenied, "not sealed to this key");
  CHECK_FAILS(after->ReadHeader({0}), ErrorCode::kNotFound, "destroyed");
  CHECK(custody::PersonFactsIn(Fields({0})).has_value());
  CHECK(Unwrap(after->State()).facts().key_file == Unwrap(LookAtKeyFile(key_file())).digest);
  CheckAll();
  CHECK_FAILS(Destroy(&bob), ErrorCode::kNotFound, "no item has a header for an earlier key");
  Reseal();
  CheckAll();
}

TEST_CASE_METHOD(ResealFixture, "a reseal that was interrupted goes on where it was", "[reseal]") {
  ResealBegun();
  CHECK(VaultKey().size() == 2);
  CheckAll();
  CHECK(Unwrap(work::IsResealing(*Writer())));
  CHECK_FAILS(Retire(), ErrorCode::kInvalid, "3 items are sealed to an earlier key alone");
  const tlog::Sequence four = Add({{"d", "four"}}).front();
  CHECK(Cat(four) == "four");
  const auto wanted = Unwrap(Unwrap(OpenReader())->State()).recipient();
  const auto done = Reseal(1);
  CHECK(done.recipient == wanted);
  CHECK(done.items == 3);
  CHECK_FALSE(Unwrap(work::IsResealing(*Writer())));
  Unwrap(Retire());
  CheckAll();
  CHECK(Cat(four) == "four");
}

TEST_CASE_METHOD(ResealFixture, "a reseal whose file did not follow its entry is ended by the next writer",
                 "[reseal]") {
  const std::string before = ReadText(key_file());
  Reseal();
  const std::string after = ReadText(key_file());
  CHECK(after != before);
  fs::rename(key_file(), next_file());
  WriteText(key_file(), before);
  const tlog::Sequence four = Add({{"d", "four"}}).front();
  CHECK(ReadText(key_file()) == after);
  CheckAll();
  CHECK(Cat(four) == "four");
}

TEST_CASE_METHOD(ResealFixture, "a new header that is missing, damaged or swapped is named, and opens nothing else",
                 "[reseal]") {
  Reseal();
  Unwrap(Retire());
  const VaultKeys keys = VaultKey();
  const auto reader = Unwrap(OpenReader());
  TamperedSource source(*reader);
  const auto key_of = [](std::uint64_t item) { return std::pair(item, std::uint64_t{4}); };
  const auto opened = [&](tlog::Sequence item) {
    return verify::OpenFileKey(source, item, *Unwrap(reader->Entry(item)).parsed().sealed, keys);
  };
  const Bytes good = Unwrap(reader->ReadRewrapped({2}, {4}));
  SECTION("gone") {
    source.rewrapped[key_of(2)] = std::nullopt;
    CHECK_FAILS(opened({2}), ErrorCode::kNotFound, "under entry 4 is missing");
  }
  SECTION("a bit flipped") {
    Bytes bad = good;
    bad[60] ^= 1;
    source.rewrapped[key_of(2)] = bad;
    CHECK_FAILS(opened({2}), ErrorCode::kTampered, "is not the one that this entry names");
  }
  SECTION("another item's") {
    source.rewrapped[key_of(2)] = Unwrap(reader->ReadRewrapped({3}, {4}));
    CHECK_FAILS(opened({2}), ErrorCode::kTampered, "is not the one that this entry names");
  }
  const auto sealed = VerifySource(source, Depth::kSealed);
  CHECK(Names(sealed, Property::kHeader, 2));
  CHECK(sealed.findings.size() == 1);
  CHECK_FALSE(VerifySource(source, Depth::kContent).ok());
}

}  // namespace exhibit::testing
