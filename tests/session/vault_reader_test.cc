// What an open vault gives to who reads it: fields, and originals under an entry that says so.
#include "vault/session/vault_reader.h"

#include "tests/support/log_key_rotation.h"
#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

using custody::AccessWay;

const auto kIgnore = [](ByteView) { return Result<void>(); };

struct ReaderFixture : VaultFixture {
  Result<custody::ItemFacts> Read(const custody::AccessGrant& grant, tlog::Sequence at,
                                  std::string* content = nullptr) {
    const auto reader = Unwrap(OpenReader());
    return reader->ReadContent(grant, Unwrap(reader->Entry(at)), VaultKey(), [&](ByteView original) {
      if (content != nullptr) *content += TextOf(original);
      return Result<void>();
    });
  }
  custody::AccessGrant Allow(const std::vector<tlog::Sequence>& items, AccessWay way = AccessWay::kRead) {
    return Unwrap(Unwrap(OpenWriter())->CommitAccess(way, items, {{"purpose", "test"}}));
  }
};

}  // namespace

TEST_CASE_METHOD(ReaderFixture, "fields are read with a key alone, and an act has them too", "[session]") {
  const tlog::Sequence item = Add({{"a.log", "one"}}).front();
  const tlog::Sequence hold = Act(custody::Hold{Unwrap(custody::ItemSet::Of({item}))}, {{"authority", "court"}});
  CHECK(custody::ItemFactsIn(Fields(item)) == FactsOf("one", "a.log"));
  CHECK(*Fields(hold).Find("authority")->Text() == "court");

  const auto reader = Unwrap(OpenReader());
  const seal::Identity stranger = seal::X25519Identity::Generate();
  CHECK_FAILS(reader->ReadFields(Unwrap(reader->Entry(item)), {&stranger, 1}), ErrorCode::kDenied, "entry 1");
}

TEST_CASE_METHOD(ReaderFixture, "an original comes out under an entry that says so, and under no other", "[session]") {
  const auto added = Add({{"a", "one"}, {"b", std::string(3 << 20, 'b')}});
  const auto grant = Allow({added[1]});
  std::string content;
  CHECK(Unwrap(Read(grant, added[1], &content)).size == std::uint64_t{3 << 20});
  CHECK(content == std::string(3 << 20, 'b'));

  CHECK_FAILS(Read(grant, added[0]), ErrorCode::kDenied, "does not say that item 1 is read");
  CHECK_FAILS(Read(Allow(added, AccessWay::kExport), added[0]), ErrorCode::kDenied, "does not say that item 1 is read");
  const tlog::Sequence note = Act(custody::Note(), {{"text", "seen"}});
  CHECK_FAILS(Read(Allow({note}), note), ErrorCode::kInvalid, "it is of type note");
}

TEST_CASE_METHOD(ReaderFixture, "an original that is not the one of its fields is refused", "[session]") {
  auto facts = FactsOf("one");
  SECTION("its SHA-256") { facts.sha256 = crypto::Sha256(ViewOf("two")); }
  SECTION("another digest") { facts.md5 = crypto::Md5Digest(); }
  SECTION("its size") { facts.size = 4; }
  const tlog::Sequence item = AddItem("one", facts);
  CHECK_FAILS(Read(Allow({item}), item), ErrorCode::kTampered, "entry 1: ");
}

TEST_CASE_METHOD(ReaderFixture, "what is kept elsewhere has fields and no original here", "[session]") {
  auto facts = FactsOf("an image of a disk");
  facts.state->content = custody::ContentPlace::kElsewhere;
  const tlog::Sequence item = AddItem("", facts);
  CHECK(custody::ItemFactsIn(Fields(item)) == facts);
  CHECK_FAILS(Read(Allow({item}), item), ErrorCode::kInvalid, "kept elsewhere");
}

TEST_CASE_METHOD(ReaderFixture, "a stretch is read alone, across frames", "[session]") {
  std::string text;
  for (int line = 0; text.size() < (5 << 20); ++line) text += "line " + std::to_string(line) + "\n";
  const tlog::Sequence item = Add({{"big", text}}).front();
  const auto grant = Allow({item});
  const auto reader = Unwrap(OpenReader());
  const auto entry = Unwrap(reader->Entry(item));
  std::string got;
  const auto take = [&](ByteView part) {
    got += TextOf(part);
    return Result<void>();
  };
  const std::uint64_t at = (std::uint64_t{2} << 20) - 5;
  REQUIRE_OK(reader->ReadContentRange(grant, entry, VaultKey(), {at, 10}, take));
  CHECK(got == text.substr(at, 10));
  CHECK_FAILS(reader->ReadContentRange(grant, entry, VaultKey(), {text.size() - 1, 2}, kIgnore), ErrorCode::kInvalid,
              "has only");
}

TEST_CASE_METHOD(ReaderFixture, "the state is resumed from the index of acts", "[session]") {
  Add({{"a", "one"}, {"b", "two"}});
  Act(custody::Hold{Unwrap(custody::ItemSet::Parse("1"))});
  const auto bob = Admit(2);
  const auto key = RotateLogKey(*this);
  const auto state = Unwrap(Unwrap(OpenReader())->State());
  CHECK(state.facts().FindPresent(custody::ActorOf(bob.verifier())) != nullptr);
  CHECK(state.facts().holds->held.size() == 1);
  CHECK(state.log_keys().present().ed25519 == key);
  CHECK(state.next_sequence() == tlog::Sequence{6});
}

TEST_CASE_METHOD(ReaderFixture, "what is no head is tampering, and not a fault of the disk", "[session]") {
  const auto head = vault() / "HEAD";
  const auto put_aside = vault() / "HEAD.aside";
  std::filesystem::rename(head, put_aside);
  SECTION("nothing") {}
  SECTION("a folder") { std::filesystem::create_directory(head); }
  SECTION("a loop of links") { std::filesystem::create_symlink("HEAD", head); }
  SECTION("another text") { WriteText(head, "no head\n"); }
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "head file");
}

TEST_CASE_METHOD(ReaderFixture, "a kept head that the log does not extend opens for showing alone", "[session]") {
  const auto reader = Unwrap(OpenReader());
  CHECK(Unwrap(VaultReader::OpenContradicted(vault(), Opening())).lost.empty());
  const Bytes old_head = ToBytes(reader->head_note());
  Add({{"a", "one"}});
  const auto user_head = Unwrap(store::UserHeadPath(reader->head().origin));
  const Bytes kept = Unwrap(ReadFile(user_head, 1 << 16));
  // The log's owner goes back: HEAD is the old one, which the store bears out.
  REQUIRE_OK(ReplaceFile(vault() / "HEAD", old_head, 0644));
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "size 2");
  const auto shown = Unwrap(VaultReader::OpenContradicted(vault(), Opening()));
  REQUIRE(shown.lost.size() == 1);
  CHECK(shown.lost[0].note == kept);
  CHECK(shown.vault->head().size == tlog::TreeSize{1});
}

}  // namespace exhibit::testing
