// Goal: an error of the store at any call, whether the store did its work or not, costs what was being added and never
// what was acknowledged; and the next writer goes on.
// Method: an appender over a disk in memory that fails at call 0, 1, 2 … until a commit passes without harm; and again
// with its power cut at that moment.
#include "vault/store/appender.h"

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "vault/store/head_check.h"
#include "vault/store/memory_store.h"
#include "vault/verify/source.h"

namespace exhibit::testing {
namespace {

using store::MemoryDisk;

struct AppenderFixture {
  AppenderFixture() {
    const auto store = Unwrap(disk.Create());
    REQUIRE_OK(store::Appender::Begin(*store, genesis, log_key, heads));
  }

  store::SealedSmallItem Sealed(std::string_view text) const {
    store::SealRequest request{vault_key.recipient(), {}, {}, {}};
    request.metadata.name = std::string(text);
    return Unwrap(store::SealSmall(ViewOf(text), std::move(request)));
  }
  std::vector<store::Pending> Group() const {
    std::vector<store::Pending> group;
    for (const std::string_view text : {"one", "two", "three"}) {
      store::SealedSmallItem item = Sealed(text);
      group.push_back({custody::Item{}, std::move(item.item), std::move(item.blocks), std::nullopt});
    }
    return group;
  }

  // As a writer opens a vault: at its head, then what was not acknowledged is signed over.
  struct Writer {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<store::Appender> appender;
  };
  Result<Writer> OpenAt(const MemoryDisk& at) {
    Writer writer;
    TRY(writer.store, at.Open());
    TRY(const auto note, heads.front().Read());
    TRY(const tlog::Checkpoint head, custody::LogKeys(log_key.verifier()).Open(*note));
    TRY(tlog::GrowingTree tree, store::CheckHead(*writer.store, head));
    TRY(custody::State state, custody::State::Begin(genesis));
    for (std::uint64_t entry = 1; entry < head.size.value; ++entry) {
      TRY(Bytes bytes, writer.store->ReadEntry({entry}));
      TRY(const custody::SignedEntry parsed, custody::SignedEntry::Parse(std::move(bytes)));
      TRY_VOID(state.Accept(parsed));
    }
    writer.appender =
        std::make_unique<store::Appender>(*writer.store, pool, std::move(state), std::move(tree),
                                          store::Appender::Keys{std::span(&log_key, 1), custodian_key}, heads);
    TRY_VOID(writer.appender->AdoptUnacknowledged());
    TRY_VOID(writer.store->DropUnreferenced());
    return writer;
  }
  std::uint64_t Acknowledged() const {
    const auto note = Unwrap(heads.front().Read());
    return Unwrap(custody::LogKeys(log_key.verifier()).Open(*note)).size.value;
  }

  TemporaryFolder folder;
  Pool pool{2};
  MemoryDisk disk;
  tlog::Origin origin = Unwrap(tlog::Origin::Parse("test.example/appender"));
  tlog::SigningKey log_key = tlog::SigningKey::Generate(origin.as_key_name());
  tlog::SigningKey custodian_key = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("tester")));
  seal::X25519Identity vault_key = seal::X25519Identity::Generate();
  std::vector<store::HeadFile> heads = {store::HeadFile(folder.path() / "HEAD")};
  custody::SignedEntry genesis = Unwrap(
      custody::SignedEntry::Sign({origin,
                                  {0},
                                  {},
                                  Now(),
                                  custody::ActorOf(custodian_key.verifier()),
                                  custody::Genesis{vault_key.recipient(),
                                                   log_key.verifier(),
                                                   {"Tester", custodian_key.verifier(), {custody::Role::kCustodian}}}},
                                 custodian_key));
};

}  // namespace

TEST_CASE_METHOD(AppenderFixture, "a store that fails at any call costs what was being added, and nothing else",
                 "[store][appender]") {
  const auto fault = GENERATE(MemoryDisk::Fault::kNotDone, MemoryDisk::Fault::kDone);
  std::uint64_t acknowledged = 1;
  std::uint64_t failed = 0;
  for (std::uint64_t calls = 0;; ++calls) {
    CAPTURE(calls, static_cast<int>(fault));
    auto writer = Unwrap(OpenAt(disk));
    acknowledged = Acknowledged();
    disk.FailAfter(calls, fault);
    const auto committed = writer.appender->Commit(Group(), nullptr);
    const bool has_failed = disk.HasFailed();
    disk.FailAt({}, fault);
    if (!committed) CHECK_FAILS(committed, ErrorCode::kIo, "the disk in memory fails");
    CHECK(committed.has_value() == !has_failed);
    CHECK(Acknowledged() == acknowledged + (committed ? 3 : 0));
    // A reader finds what was acknowledged, whichever way it went.
    const MemoryDisk after = calls % 2 == 0 ? disk : disk.AfterPowerCut();
    writer = {};
    const auto next = Unwrap(OpenAt(after));
    const std::uint64_t count = Unwrap(next.store->CountEntries()).value;
    CHECK((count == acknowledged || count == acknowledged + 3));
    CHECK(Acknowledged() == count);
    CHECK(Unwrap(next.store->CheckMedium()).empty());
    for (std::uint64_t at = acknowledged; at < count; ++at) {
      REQUIRE_OK(next.store->ReadHeader({at}));
      REQUIRE_OK(next.store->ReadBlockHashes({at}));
    }
    disk = after;
    if (!has_failed) break;
    ++failed;
  }
  CHECK(failed > 20);
}

}  // namespace exhibit::testing
