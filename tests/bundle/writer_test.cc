// Goal: what is handed over was verified first; a failed export leaves nothing, and says why.
#include "tests/bundle/bundle_fixture.h"
#include "tests/support/tampered_source.h"
#include "vault/verify/forwarding_source.h"

namespace exhibit::testing {

TEST_CASE_METHOD(BundleFixture, "nothing is exported over what is there", "[bundle]") {
  const auto target = path() / "target";
  const auto refused = [&] {
    CHECK_FAILS(ExportFrom(*reader, {target, {{1}}, {}}), ErrorCode::kExists, "target is there already");
  };
  SECTION("a file") {
    WriteText(target, "mine");
    refused();
    CHECK(ReadText(target) == "mine");
  }
  SECTION("an empty folder") {
    fs::create_directory(target);
    refused();
    CHECK(fs::is_empty(target));
  }
  SECTION("a bundle") {
    const auto before = ReadText(Export("target", {{1}}) / "data/1.age");
    refused();
    CHECK(ReadText(target / "data/1.age") == before);
  }
  SECTION("a link to nothing") {
    fs::create_symlink(path() / "elsewhere", target);
    refused();
    CHECK_FALSE(fs::exists(path() / "elsewhere"));
  }
  CHECK_FAILS(ExportFrom(*reader, {path() / "none" / "target", {{1}}, {}}), ErrorCode::kNotFound, "create folder");
}

TEST_CASE_METHOD(BundleFixture, "what cannot be exported is refused by its number", "[bundle]") {
  const auto target = path() / "target";
  CHECK_FAILS(ExportFrom(*reader, {target, {{0}}, {}}), ErrorCode::kInvalid, "entry 0 is the genesis");
  CHECK_FAILS(ExportFrom(*reader, {target, {{1}, {0}}, {}}), ErrorCode::kInvalid, "entry 0 is the genesis");
  CHECK_FAILS(ExportFrom(*reader, {target, {{1}, {9}}, {}}), ErrorCode::kInvalid,
              "item 9 is not an entry before this one");
  CHECK_FAILS(ExportFrom(*reader, {target, {}, {}}), ErrorCode::kInvalid, "no items");
  const auto stranger = seal::X25519Identity::Generate();
  ExportRequest request{target, {{1}}, {}};
  request.signer = &signer;
  tell::Papers papers;
  CHECK_FAILS(bundle::WriteBundle(Unwrap(Grant({{1}})), *reader, std::span(&stranger, 1), request, papers, pool()),
              ErrorCode::kDenied, "entry 1: age header: not sealed to this key");
  CheckNothingAt(target);
}

TEST_CASE_METHOD(BundleFixture, "nothing leaves without the entry that says so", "[bundle]") {
  ExportRequest request{path() / "target", {{2}}, {}};
  request.signer = &signer;
  tell::Papers papers;
  const auto refuse = [&](const custody::AccessGrant& grant) {
    CHECK_FAILS(bundle::WriteBundle(grant, *reader, VaultKey(), request, papers, pool()), ErrorCode::kDenied,
                "does not say that these items are exported to these recipients");
    CheckNothingAt(request.target);
  };
  SECTION("of other items") { refuse(Unwrap(Grant({{1}}))); }
  SECTION("to other recipients") {
    refuse(Unwrap(Grant({{2}}, {VaultReaderRecipient().ToText()})));
    const custody::AccessGrant plain = Unwrap(Grant({{2}}));
    request.recipients = {VaultReaderRecipient()};
    refuse(plain);
  }
  SECTION("of items that are read here") {
    refuse(Unwrap(work::RecordAccess(*Unwrap(OpenWriter()), custody::Access::Way::kRead, {{2}}, "triage")));
  }
  SECTION("of another vault") {
    BundleFixture other;
    refuse(Unwrap(other.Grant({{2}})));
  }
}

TEST_CASE_METHOD(BundleFixture, "a list of omissions is handed over as what it is: a sealed file", "[bundle]") {
  {
    auto writer = Unwrap(OpenWriter());
    intake::Adder adder(
        std::make_unique<work::VaultDestination>(std::move(writer)), pool(), {}, [](const intake::Added&) {},
        [](const intake::Refused&) {});
    adder.Refuse({"/dev/absent", {ErrorCode::kNotFound, "no such file", {}}});
    CHECK(Unwrap(adder.Finish()).omission == tlog::Sequence{3});
  }
  reader = Unwrap(OpenReader());
  const auto folder = Export("plain", {{3}});
  CHECK(ReadText(folder / "data/3-omissions.jsonl").find("/dev/absent") != std::string::npos);
  const auto report = Check(folder);
  CHECK(report.ok());
  CHECK(report.contents == 1);
}

TEST_CASE_METHOD(BundleFixture, "what is not what was signed is not exported", "[bundle]") {
  const auto target = path() / "target";
  TamperedSource source(*reader);
  const auto flipped = [](Bytes bytes, std::size_t at) {
    bytes[at] ^= 1;
    return bytes;
  };
  SECTION("a block") {
    const Bytes tail = ReadBlock(*reader, {1}, 1);
    for (const std::size_t at : {std::size_t{0}, tail.size() / 2, tail.size() - 1}) {
      source.blocks[{1, 1}] = flipped(tail, at);
      CHECK_FAILS(ExportFrom(source, {target, {{1}}, {}}), ErrorCode::kTampered, "entry 1");
    }
  }
  SECTION("a block, to a recipient: nothing is decrypted on the way") {
    source.blocks[{1, 1}] = flipped(ReadBlock(*reader, {1}, 1), 5);
    const auto friends = seal::X25519Identity::Generate().recipient();
    CHECK_FAILS(ExportFrom(source, {target, {{1}}, {friends}}), ErrorCode::kTampered, "entry 1: ");
  }
  SECTION("a nonce") {
    source.blocks[{1, 0}] = flipped(ReadBlock(*reader, {1}, 0), 0);
    CHECK_FAILS(ExportFrom(source, {target, {{1}}, {}}), ErrorCode::kTampered, "entry 1");
  }
  SECTION("a nonce that is none") {
    source.blocks[{1, 0}] = Bytes(15);
    CHECK_FAILS(ExportFrom(source, {target, {{1}}, {}}), ErrorCode::kTampered, "block 0 is not a nonce");
  }
  SECTION("a header, exchanged for another of the same key") {
    source.headers[1] = Unwrap(reader->ReadHeader({2}));
    CHECK_FAILS(ExportFrom(source, {target, {{1}}, {seal::X25519Identity::Generate().recipient()}}),
                ErrorCode::kTampered, "entry 1: the age header is not the one");
  }
  SECTION("an entry") {
    source.entries[1] = Unwrap(reader->ReadEntry({2}));
    CHECK_FAILS(ExportFrom(source, {target, {{1}}, {}}), ErrorCode::kTampered, "entry 1: says that it is entry 2");
  }
  SECTION("an entry's signature") {
    const Bytes entry = Unwrap(reader->ReadEntry({1}));
    source.entries[1] = flipped(entry, entry.size() - 8);
    CHECK_FALSE(ExportFrom(source, {target, {{1}}, {}}));
  }
  SECTION("a tile") {
    const Bytes tile = Unwrap(reader->ReadTile({0, 0, 3}));
    source.tiles[{0, 0}] = flipped(tile, 0);
    CHECK_FALSE(ExportFrom(source, {target, {{1}}, {}}));
  }
  SECTION("the head") {
    const Bytes head = Unwrap(reader->ReadHead());
    source.head = TamperedSource::Value(flipped(head, head.size() - 8));
    CHECK_FALSE(ExportFrom(source, {target, {{1}}, {}}));
  }
  SECTION("something that is gone") {
    source.blocks[{1, 1}] = std::nullopt;
    CHECK_FAILS(ExportFrom(source, {target, {{1}}, {}}), ErrorCode::kNotFound, "entry 1: gone");
  }
  CheckNothingAt(target);
}

namespace {

// Asks to stop as the n-th block is read.
class InterruptingSource final : public verify::ForwardingSource {
 public:
  InterruptingSource(const verify::Source& good, int reads, std::atomic<bool>& flag)
      : ForwardingSource(good), left_(reads), flag_(flag) {}
  Result<Bytes> ReadPayload(tlog::Sequence at, ByteRange range) const override {
    if (--left_ == 0) flag_ = true;
    if (left_ < 0) ++after_;
    return ForwardingSource::ReadPayload(at, range);
  }
  int left() const { return left_; }
  int reads_after() const { return after_; }

 private:
  mutable std::atomic<int> left_;
  mutable std::atomic<int> after_ = 0;
  std::atomic<bool>& flag_;
};

}  // namespace

TEST_CASE("an export that is interrupted at any block leaves nothing, and soon", "[bundle]") {
  BundleFixture vault(Items{{"disk.img", Noise(2'500'000)}, {"b.txt", "three\n"}});
  const auto target = vault.path() / "target";
  const auto friends = seal::X25519Identity::Generate().recipient();
  for (const bool plain : {true, false}) {
    int block = 1;
    for (;; ++block) {
      std::atomic<bool> flag{false};
      const InterruptingSource source(*vault.reader, block, flag);
      ExportRequest request{target, {{1}, {2}}, {}, &flag};
      if (!plain) request.recipients = {friends};
      const auto exported = vault.ExportFrom(source, request);
      if (source.left() > 0) {
        REQUIRE_OK(exported);
        fs::remove_all(target);
        break;
      }
      CAPTURE(plain, block);
      CHECK_FAILS(exported, ErrorCode::kInterrupted, "interrupted");
      // Two items of two streams each, and a stream of originals begins with two blocks besides.
      CHECK(source.reads_after() <= 8);
      vault.CheckNothingAt(target);
    }
    CHECK(block > (plain ? 10 : 5));
  }
}

TEST_CASE("an export that was asked to stop before it began leaves nothing", "[bundle]") {
  BundleFixture vault;
  const std::atomic<bool> flag{true};
  CHECK_FAILS(vault.ExportFrom(*vault.reader, {vault.path() / "target", {{1}}, {}, &flag}), ErrorCode::kInterrupted,
              "interrupted");
  vault.CheckNothingAt(vault.path() / "target");
}

}  // namespace exhibit::testing
