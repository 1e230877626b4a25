// Goal: what is handed over was verified first; a failed export leaves nothing, and says why.
#include "tests/bundle/bundle_fixture.h"
#include "tests/support/tampered_source.h"
#include "vault/custody/statements/bundle_note.h"
#include "vault/verify/forwarding_source.h"

namespace exhibit::testing {

TEST_CASE_METHOD(BundleFixture, "nothing is exported over what is there", "[bundle]") {
  const auto target = path() / "target";
  const auto refused = [&] {
    CHECK_FAILS(ExportFrom(*reader, {target, {{1}}}), ErrorCode::kExists, "target is there already");
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
  SECTION("a link to nothing") {
    fs::create_symlink(path() / "elsewhere", target);
    refused();
    CHECK_FALSE(fs::exists(path() / "elsewhere"));
  }
  CHECK_FAILS(ExportFrom(*reader, {path() / "none" / "target", {{1}}}), ErrorCode::kNotFound, "create folder");
}

TEST_CASE_METHOD(BundleFixture, "what cannot be exported is refused by its number", "[bundle]") {
  const auto target = path() / "target";
  CHECK_FAILS(ExportFrom(*reader, {target, {{1}, {0}}}), ErrorCode::kInvalid, "entry 0: is an act, not an item");
  const seal::Identity stranger = seal::X25519Identity::Generate();
  CHECK_FAILS(bundle::BundleWriter::Begin(Unwrap(Grant({{1}})), *reader, {&stranger, 1}, {target, {{1}}}, pool()),
              ErrorCode::kDenied, "entry 1: ");
  CHECK_FAILS(bundle::BundleWriter::Begin(Unwrap(Grant({{1}})), *reader, ReaderIdentities(), {target, {}}, pool()),
              ErrorCode::kInvalid, "no items");
  CheckNothingAt(target);
}

TEST_CASE_METHOD(BundleFixture, "nothing leaves without the entry that says so", "[bundle]") {
  ExportRequest request{path() / "target", {{2}}};
  const VaultKeys keys = VaultKey();
  const auto refuse = [&](const custody::AccessGrant& grant) {
    CHECK_FAILS(bundle::BundleWriter::Begin(grant, *reader, keys, request, pool()), ErrorCode::kDenied,
                "does not say that these items are exported to these recipients");
    CheckNothingAt(request.target);
  };
  SECTION("of other items") { refuse(Unwrap(Grant({{1}}))); }
  SECTION("to other recipients") {
    refuse(Unwrap(Grant({{2}}, {seal::RecipientText(VaultReaderRecipient())})));
    const custody::AccessGrant plain = Unwrap(Grant({{2}}));
    request.recipients = {VaultReaderRecipient()};
    refuse(plain);
  }
  SECTION("of items that are read here") {
    refuse(Unwrap(Unwrap(OpenWriter())->CommitAccess(custody::AccessWay::kRead, {{2}}, {{"purpose", "triage"}})));
  }
  SECTION("of another vault") {
    BundleFixture other;
    refuse(Unwrap(other.Grant({{2}})));
  }
}

TEST_CASE_METHOD(BundleFixture, "nothing is finished without the act that says what was written", "[bundle]") {
  const VaultKeys keys = VaultKey();
  const custody::AccessGrant grant = Unwrap(Grant({{1}}));
  auto writer = Unwrap(bundle::BundleWriter::Begin(grant, *reader, keys, {path() / "target", {{1}}}, pool()));
  const auto refuse = [&](const store::Fields& fields, custody::AccessWay way = custody::AccessWay::kExported) {
    const auto act = Unwrap(Unwrap(OpenWriter())->CommitAccess(way, {{1}}, fields));
    const auto source = Unwrap(OpenReader());
    const auto finished = writer.Finish(*source, {act.entry(), signer}, companion);
    REQUIRE_FALSE(finished);
    CHECK(finished.error().code == ErrorCode::kInvalid);
  };
  const store::Fields good = {{"export", custody::FieldValue::Number(3)},
                              {"manifest", ToHex(writer.manifest().view())},
                              {"checked", custody::FieldValue::Bool(true)}};
  SECTION("of another manifest") { refuse({good[0], {"manifest", std::string(64, '0')}, good[2]}); }
  SECTION("of another export") { refuse({{"export", custody::FieldValue::Number(2)}, good[1], good[2]}); }
  SECTION("that does not say whether it was checked") { refuse({good[0], good[1]}); }
  SECTION("that only begins one") { refuse(good, custody::AccessWay::kExport); }
  SECTION("signed by another key") {
    const auto act = Unwrap(Unwrap(OpenWriter())->CommitAccess(custody::AccessWay::kExported, {{1}}, good));
    const auto source = Unwrap(OpenReader());
    const auto other = tlog::SigningKey::Generate(signer.verifier().name());
    CHECK_FAILS(writer.Finish(*source, {act.entry(), other}, companion), ErrorCode::kInvalid, "under this key");
  }
}

TEST_CASE_METHOD(BundleFixture, "a bundle that was not finished leaves nothing", "[bundle]") {
  const VaultKeys keys = VaultKey();
  {
    const auto writer =
        Unwrap(bundle::BundleWriter::Begin(Unwrap(Grant({{1}})), *reader, keys, {path() / "target", {{1}}}, pool()));
    CHECK_FALSE(fs::exists(path() / "target"));
  }
  CheckNothingAt(path() / "target");
}

TEST_CASE_METHOD(BundleFixture, "the note names the act, and the act the manifest", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  const auto note = Unwrap(custody::SignedBundleNote::Parse(ToBytes(ViewOf(ReadText(folder / "bundle.note")))));
  CHECK(note.said().exported == tlog::Sequence{4});
  CHECK(note.said().size == 5);
  CHECK(note.said().made_by == custody::ActorOf(signer.verifier()));
  CHECK(ToHex(note.said().tagmanifest.view()) == HashOf(ReadText(folder / "tagmanifest-sha256.txt")));
  const custody::FieldList& exported = companion.fields.at({4});
  CHECK(*exported.Find("manifest")->Text() == HashOf(ReadText(folder / "manifest-sha256.txt")));
  CHECK(*exported.Find("export")->Number() == 3);
  CHECK(*exported.Find("checked")->Bool());
  CHECK(*exported.Find("items")->Text() == "1-2");
}

TEST_CASE_METHOD(BundleFixture, "recipients are named by what an entry has room for", "[bundle]") {
  const seal::Recipient x25519 = VaultReaderRecipient();
  const std::vector<std::string> names = bundle::NamesOf({x25519});
  CHECK(names == std::vector<std::string>{seal::RecipientText(x25519)});
  CHECK(names.front().size() < 256);
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
      CHECK_FAILS(ExportFrom(source, {target, {{1}}}), ErrorCode::kTampered, "entry 1");
    }
  }
  SECTION("a block, to a recipient") {
    source.blocks[{1, 1}] = flipped(ReadBlock(*reader, {1}, 1), 5);
    CHECK_FAILS(ExportFrom(source, {target, {{1}}, {VaultReaderRecipient()}}), ErrorCode::kTampered, "entry 1: ");
  }
  SECTION("a nonce") {
    source.blocks[{1, 0}] = flipped(ReadBlock(*reader, {1}, 0), 0);
    CHECK_FAILS(ExportFrom(source, {target, {{1}}}), ErrorCode::kTampered, "entry 1");
  }
  SECTION("a layout") {
    source.layouts[1] = Unwrap(reader->ReadLayout({2}));
    CHECK_FAILS(ExportFrom(source, {target, {{1}}}), ErrorCode::kTampered, "entry 1");
  }
  SECTION("a header") {
    source.headers[1] = Unwrap(reader->ReadHeader({2}));
    CHECK_FAILS(ExportFrom(source, {target, {{1}}, {VaultReaderRecipient()}}), ErrorCode::kTampered, "entry 1");
  }
  SECTION("an entry") {
    source.entries[1] = Unwrap(reader->ReadEntry({2}));
    CHECK_FAILS(ExportFrom(source, {target, {{1}}}), ErrorCode::kTampered, "entry 1: says that it is entry 2");
  }
  SECTION("something that is gone") {
    source.blocks[{1, 1}] = std::nullopt;
    CHECK_FAILS(ExportFrom(source, {target, {{1}}}), ErrorCode::kNotFound, "entry 1: gone");
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
  const VaultKeys keys = vault.VaultKey();
  for (const bool plain : {true, false}) {
    ExportRequest request{target, {{1}, {2}}};
    if (!plain) request.recipients = {vault.VaultReaderRecipient()};
    const auto grant = Unwrap(vault.Grant(request.items, bundle::NamesOf(request.recipients)));
    int block = 1;
    for (;; ++block) {
      std::atomic<bool> flag{false};
      request.interrupted = &flag;
      const InterruptingSource source(*vault.reader, block, flag);
      const auto begun = bundle::BundleWriter::Begin(grant, source, keys, request, vault.pool());
      if (source.left() > 0) {
        REQUIRE_OK(begun);
        break;
      }
      CAPTURE(plain, block);
      if (begun) continue;  // the last block was read before anybody looked
      CHECK(begun.error().code == ErrorCode::kInterrupted);
      CHECK(source.reads_after() <= 8);  // two items, some blocks ahead
      vault.CheckNothingAt(target);
    }
    CHECK(block > 4);
  }
}

}  // namespace exhibit::testing
