// Goal: originals come out of a vault as a tree, under one entry that says so first; what cannot be opened keeps nothing else
// inside. Method: items of a real vault, of which one is shredded, and a key of somebody else.
#include "vault/work/restore.h"

#include "tests/support/vault_fixture.h"
#include "vault/work/shred.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct RestoreFixture : VaultFixture {
  RestoreFixture() {
    for (const auto& [at, text] : {std::pair("a", "one"), {"b", "two"}, {"c", "three"}}) {
      custody::ItemFacts facts = FactsOf(text, at);
      facts.source = "fs01";
      facts.path = std::string("share/") + at;
      AddItem(text, facts);
    }
  }
  Result<work::Restored> Restore(std::vector<tlog::Sequence> items, std::optional<seal::Identity> stranger = {}) {
    work::RestoreJob job;
    job.target = path() / "out";
    job.choose = [items](const VaultReader&) { return items; };
    job.purpose = "triage";
    job.open_reader = [this] { return OpenReader(); };
    job.open_writer = WriterDoor();
    job.interrupted = interrupted;
    const VaultKeys keys = VaultKey();
    return work::Restore(job, stranger ? seal::Identities{&*stranger, 1} : seal::Identities(keys));
  }
  const std::atomic<bool>* interrupted = nullptr;
  tlog::TreeSize size() const { return Unwrap(OpenReader())->head().size; }
};

}  // namespace

TEST_CASE_METHOD(RestoreFixture, "originals come out under one entry, which says so first", "[restore]") {
  const auto restored = Unwrap(Restore({{1}, {3}, {1}}));
  CHECK(restored.extracted.files == 2);
  CHECK(restored.entry == tlog::Sequence{4});
  CHECK(ReadText(path() / "out/fs01/share/a") == "one");
  CHECK(ReadText(path() / "out/fs01/share/c") == "three");
  CHECK_FALSE(fs::exists(path() / "out/fs01/share/b"));
  const custody::FieldList fields = Fields({4});
  CHECK(*fields.Find("act")->Text() == "read");
  CHECK(*fields.Find("purpose")->Text() == "triage");
  CHECK(*fields.Find("items")->Text() == "1,3");
}

TEST_CASE_METHOD(RestoreFixture, "an interruption leaves nothing that is not told, and no empty folder", "[restore]") {
  const std::atomic<bool> stop{true};
  interrupted = &stop;
  CHECK_FAILS(Restore({{1}}), ErrorCode::kInterrupted, "interrupted");
  CHECK_FALSE(fs::exists(path() / "out"));
}

TEST_CASE_METHOD(RestoreFixture, "what was shredded, and acts, keep nothing else inside", "[restore]") {
  {
    auto writer = Unwrap(OpenWriterAs(key(), custody::Shred::kForm));
    REQUIRE_OK(work::Shred(*writer, {custody::Shred{Unwrap(custody::ItemSet::Parse("2"))}, {{"reason", "over"}}}));
  }
  const auto restored = Unwrap(Restore({{1}, {2}, {3}, {4}}));
  CHECK(restored.extracted.files == 2);
  CHECK(restored.extracted.failed.contains({2}));
  CHECK(restored.acts == std::vector<tlog::Sequence>{{4}});
  CHECK(*Fields({5}).Find("items")->Text() == "1,3");
}

TEST_CASE_METHOD(RestoreFixture, "what cannot be opened at all is not recorded as read", "[restore]") {
  CHECK_FAILS(Restore({{1}}, seal::Identity(seal::X25519Identity::Generate())), ErrorCode::kDenied, "entry 1");
  CHECK_FAILS(Restore({{0}}), ErrorCode::kInvalid, "nothing is chosen that has an original");
  fs::create_directory(path() / "out");
  CHECK_FAILS(Restore({{1}}), ErrorCode::kExists, "is there already");
  CHECK(size() == tlog::TreeSize{4});
  CHECK(fs::is_empty(path() / "out"));
}

}  // namespace exhibit::testing
