// Goal: readers change and a vault moves to a new key whole or not at all; what was there stays readable by who
// may, and what somebody puts in the place of a new header is found and opens nothing else.
// Method: a real vault, its files as a crash at each step leaves them, and sources with single values replaced.
#include "vault/work/reseal.h"

#include "tests/support/findings.h"
#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"
#include "vault/work/change_readers.h"
#include "vault/work/shred.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using verify::Depth;
using verify::Property;

struct ResealFixture : VaultFixture {
  ResealFixture() { Add({{"a", "one"}, {"b", "two"}, {"c", "three"}}); }

  fs::path key_file() const { return VaultPaths(vault()).reader_key; }
  fs::path next_file() const { return VaultPaths(vault()).next_reader_key; }

  work::Resealed Reseal(std::size_t group = 1000) {
    const VaultKeys keys = VaultKey();
    work::ResealRequest request{.keys = keys};
    request.group = group;
    return Unwrap(work::Reseal(*Unwrap(OpenWriter()), request, pool()));
  }
  // Stops behind the first group of one.
  void ResealBegun() {
    const VaultKeys keys = VaultKey();
    std::atomic<bool> stop{false};
    work::ResealRequest request{.keys = keys};
    request.group = 1;
    request.interrupted = &stop;
    request.on_progress = [&](std::uint64_t, std::uint64_t) { stop = true; };
    CHECK_FAILS(work::Reseal(*Unwrap(OpenWriter()), request, pool()), ErrorCode::kInterrupted, "interrupted");
  }
  void CheckAll() {
    CHECK(Cat({1}) == "one");
    CHECK(Cat({2}) == "two");
    CHECK(Cat({3}) == "three");
    const auto report = Verify(Depth::kContent);
    INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
    CHECK(report.ok());
  }
  static tlog::VerifierKey AnyKey(const std::string& name) {
    return tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(name))).verifier();
  }
  VaultKeys KeysOf(const seal::X25519Identity& reader) {
    return Unwrap(OpenReaderKeys(vault(), {&reader, 1}, [](std::string_view) -> Result<crypto::SecretText> {
      return Fail(ErrorCode::kDenied, "none");
    }));
  }
};

}  // namespace

TEST_CASE_METHOD(ResealFixture, "a reader is added and removed, and the log says who there is", "[reader]") {
  const auto bob = seal::X25519Identity::Generate();
  const VaultKeys keys = VaultKey();
  Unwrap(
      work::ChangeReaders(*Unwrap(OpenWriter()), {{VaultReaderRecipient()}, {bob.recipient(), "Bob"}}, keys, nullptr));
  CHECK_FALSE(fs::exists(next_file()));
  CHECK(KeysOf(bob).front().recipient() == keys.front().recipient());
  CHECK(VaultKey().front().recipient() == keys.front().recipient());
  const auto facts = Unwrap(Unwrap(OpenReader())->State()).facts();
  CHECK(facts.key_file == crypto::Sha256(ViewOf(ReadText(key_file()))));
  CHECK(facts.PresentReaders().size() == 2);
  Unwrap(work::ChangeReaders(*Unwrap(OpenWriter()), {{VaultReaderRecipient()}}, keys, nullptr));
  CHECK_FALSE(OpenReaderKeys(vault(), {&bob, 1}, {}));
  CheckAll();
  // What is refused from the start leaves no file.
  Unwrap(Unwrap(OpenWriter())->CommitAct(custody::Admit{{"Eve", AnyKey("eve"), {custody::Role::kCustodian}}}));
  Unwrap(Unwrap(OpenWriter())->CommitAct(custody::Rule{{custody::EntryType::kReader}}));
  CHECK_FAILS(work::ChangeReaders(*Unwrap(OpenWriter()), {{bob.recipient()}}, keys, nullptr), ErrorCode::kDenied,
              "two custodians");
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
  SECTION("behind its entry") {
    const auto bob = seal::X25519Identity::Generate();
    const VaultKeys keys = VaultKey();
    Unwrap(work::ChangeReaders(*Unwrap(OpenWriter()), {{VaultReaderRecipient()}, {bob.recipient()}}, keys, nullptr));
    fs::rename(key_file(), next_file());
    WriteText(key_file(), before);
    CheckAll();
    Add({{"d", "four"}});
    CHECK_FALSE(fs::exists(next_file()));
    CHECK(KeysOf(bob).size() == 1);
  }
  CheckAll();
}

TEST_CASE_METHOD(ResealFixture, "a vault moves to a new key, and the old one opens nothing that comes", "[reseal]") {
  const VaultKeys old = VaultKey();
  const auto header = Unwrap(Unwrap(OpenReader())->ReadHeader({2}));
  const auto done = Reseal();
  CHECK(done.items == 3);
  CHECK(done.entries == std::vector<tlog::Sequence>{{4}});
  const VaultKeys now = VaultKey();
  REQUIRE(now.size() == 1);
  CHECK(now.front().recipient() == done.recipient);
  CHECK(done.recipient != old.front().recipient());
  CHECK(Unwrap(Unwrap(OpenReader())->ReadHeader({2})) == header);
  CheckAll();
  const tlog::Sequence four = Add({{"d", "four"}}).front();
  CHECK(Cat(four) == "four");
  const auto reader = Unwrap(OpenReader());
  CHECK(reader->ReadMetadata(Unwrap(reader->Entry({2})), old));
  CHECK_FAILS(reader->ReadMetadata(Unwrap(reader->Entry(four)), old), ErrorCode::kDenied, "not sealed to this key");

  SECTION("and once more") {
    CHECK(Reseal().items == 4);
    CheckAll();
    CHECK(Cat(four) == "four");
  }
  SECTION("and its items are shredded with their new headers") {
    const auto again = Reseal();
    Unwrap(work::Shred(*Unwrap(OpenWriter()), {{2}, "order", "reason"}, nullptr));
    const auto after = Unwrap(OpenReader());
    CHECK_FAILS(after->ReadHeader({2}), ErrorCode::kNotFound, "it was destroyed");
    CHECK_FAILS(after->ReadRewrapped({2}, {4}), ErrorCode::kNotFound, "it was destroyed");
    CHECK_FAILS(after->ReadRewrapped({2}, again.entries.front()), ErrorCode::kNotFound, "it was destroyed");
    CHECK(after->ReadRewrapped({3}, {4}));
    CHECK(Verify(Depth::kContent).ok());
    CHECK(Reseal().items == 3);
    CHECK(Verify(Depth::kContent).ok());
  }
}

TEST_CASE_METHOD(ResealFixture, "a reseal that was interrupted goes on where it was", "[reseal]") {
  ResealBegun();
  CHECK(VaultKey().size() == 2);
  CheckAll();
  const auto begun = Verify(Depth::kSealed);
  REQUIRE(begun.remarks.size() == 1);
  CHECK(begun.remarks.front().find("2 items are not sealed to the new one yet") != std::string::npos);
  CHECK(Unwrap(work::IsResealing(*Unwrap(OpenWriter()))));
  const tlog::Sequence four = Add({{"d", "four"}}).front();
  CHECK(Cat(four) == "four");
  const auto wanted = Unwrap(Unwrap(OpenReader())->State()).recipient();
  const auto done = Reseal(1);
  CHECK(done.recipient == wanted);
  CHECK(done.items == 2);
  CHECK(VaultKey().size() == 1);
  CHECK_FALSE(Unwrap(work::IsResealing(*Unwrap(OpenWriter()))));
  CheckAll();
  CHECK(Cat(four) == "four");
  CHECK(Verify(Depth::kSealed).remarks.empty());
}

TEST_CASE_METHOD(ResealFixture, "a reseal whose file did not follow its entry is ended by the next writer",
                 "[reseal]") {
  const std::string before = ReadText(key_file());
  Reseal();
  const std::string after = ReadText(key_file());
  CHECK(after != before);
  fs::rename(key_file(), next_file());
  WriteText(key_file(), before);
  CheckAll();  // the old key opens the original headers
  const tlog::Sequence four = Add({{"d", "four"}}).front();
  CHECK(ReadText(key_file()) == after);
  CheckAll();
  CHECK(Cat(four) == "four");
}

TEST_CASE_METHOD(ResealFixture, "a new header that is missing, damaged or swapped is named, and opens nothing else",
                 "[reseal]") {
  Reseal();
  const VaultKeys keys = VaultKey();
  const auto reader = Unwrap(OpenReader());
  TamperedSource source(*reader);
  const auto key_of = [](std::uint64_t item) { return std::pair(item, std::uint64_t{4}); };
  const auto opened = [&](tlog::Sequence item) {
    const auto entry = Unwrap(reader->Entry(item));
    return verify::OpenFileKey(source, item, *custody::SealedFileOf(entry.parsed().body), keys);
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
  SECTION("one that holds another file key, and an entry that names it") {
    // Who signs such an entry is a custodian; the original header's MAC still tells.
    const auto other = seal::SealHeader(seal::FileKey(), {&keys.front().recipient(), 1});
    const auto original = Unwrap(seal::ParseHeader(Unwrap(reader->ReadHeader({2})))).header;
    const auto parsed = Unwrap(seal::ParseHeader(other)).header;
    CHECK_FAILS(seal::CheckHeaderMac(original, Unwrap(seal::OpenHeader(parsed, keys))), ErrorCode::kTampered, "MAC");
    source.rewrapped[key_of(2)] = other;
  }
  const auto sealed = VerifySource(source, Depth::kSealed);
  CHECK(Names(sealed, Property::kHeader, 2));
  CHECK(sealed.findings.size() == 1);
  CHECK_FALSE(VerifySource(source, Depth::kContent).ok());
}

}  // namespace exhibit::testing
