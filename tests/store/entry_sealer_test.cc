// Goal: what an entry says of its sealed file is so, and nothing is sealed for a case whose key is not here.
// Method: seal, then take header, layout and payload apart with the keys of seal/.
#include "vault/store/entry_sealer.h"

#include <algorithm>

#include "tests/support/check.h"
#include "vault/base/bech32.h"
#include "vault/base/bytes_source.h"
#include "vault/seal/item_reader.h"
#include "vault/seal/padding.h"

namespace exhibit::testing {
namespace {

using store::CaseKeys;
using store::EntrySealer;

struct Memory final : seal::SealedSink {
  Result<void> Begin(ByteView bytes) override {
    header = ToBytes(bytes);
    return {};
  }
  Result<void> Put(ByteView bytes) override {
    Append(payload, bytes);
    return {};
  }
  Bytes header;
  Bytes payload;
};

struct SealerFixture {
  EntrySealer Sealer(CaseKeys keys) const { return {{recipient, vault, {4}}, std::move(keys)}; }

  // All that the entry says, checked; then the original.
  std::string Open(const store::SealedEntry& sealed, const Bytes& payload) const {
    const custody::SealedFile& file = sealed.file;
    CHECK(file.header == custody::DigestOf<custody::HeaderDigest>(sealed.header));
    CHECK(Equal(file.payload.view(), sealed.layout.Digest().view()));
    CHECK(file.fields == sealed.fields->digest());
    CHECK(sealed.layout.payload_bytes() == payload.size());
    CHECK(seal::PaddedLength(sealed.layout.plaintext_bytes()) == sealed.layout.plaintext_bytes());
    const auto header = Unwrap(seal::ParseHeader(sealed.header));
    const auto file_key = Unwrap(seal::OpenHeader(header.header, {&identity, 1}));
    const auto commitment = *seal::KeyCommitment::From(file.key.view());
    REQUIRE_OK(seal::CheckCommitment(commitment, file_key));
    const auto source = [&](ByteRange range) -> Result<Bytes> {
      return ToBytes(
          ByteView(payload).subspan(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.bytes)));
    };
    const auto reader = Unwrap(seal::ItemReader::Open(file_key, {commitment, sealed.layout, source}));
    CHECK(reader.field_lines() == sealed.fields->Lines());
    std::string original;
    REQUIRE_OK(reader.ReadOriginal([&](ByteView piece) {
      original += TextOf(piece);
      return Result<void>();
    }));
    return original;
  }

  seal::Identity identity = seal::X25519Identity::Generate();
  custody::VaultRecipient recipient =
      Unwrap(custody::VaultRecipient::Parse(seal::RecipientText(Unwrap(seal::RecipientOf(identity)))));
  custody::Fingerprint vault = custody::DigestOf<custody::Fingerprint>(ViewOf("a vault"));
  Pool pool{2};
};

}  // namespace

TEST_CASE_METHOD(SealerFixture, "an entry says of its sealed file what is so", "[store][sealer]") {
  const EntrySealer sealer = Sealer({});
  SECTION("of an act") {
    const auto sealed = Unwrap(sealer.Seal({{"reason", "an order"}}, {}));
    CHECK(Open(sealed, sealed.payload).empty());
  }
  SECTION("of content at hand") {
    const auto sealed = Unwrap(sealer.Seal({{"name", "a.log"}}, {}, ViewOf("content")));
    CHECK(Open(sealed, sealed.payload) == "content");
  }
  SECTION("of a stream, whose fields are made at its end") {
    const std::string content(3'000'000, 'x');
    BytesSource source(ViewOf(content));
    Memory sink;
    std::uint64_t seen = 0;
    EntrySealer::Stream stream;
    stream.see = [&](ByteView piece) { seen += piece.size(); };
    stream.fields = [&](std::uint64_t bytes) -> Result<store::Fields> {
      return store::Fields{{"size", custody::FieldValue::Number(static_cast<std::int64_t>(bytes))}};
    };
    const auto sealed = Unwrap(sealer.Seal(source, stream, pool, sink));
    CHECK(seen == content.size());
    CHECK(sink.header == sealed.header);
    CHECK(Open(sealed, sink.payload) == content);
  }
}

TEST_CASE_METHOD(SealerFixture, "a stream whose fields are refused is not sealed to its end", "[store][sealer]") {
  BytesSource source(ViewOf("content"));
  Memory sink;
  EntrySealer::Stream stream;
  stream.fields = [](std::uint64_t) -> Result<store::Fields> { return Fail(ErrorCode::kInvalid, "it does not match"); };
  CHECK_FAILS(Sealer({}).Seal(source, stream, pool, sink), ErrorCode::kInvalid, "it does not match");
}

TEST_CASE_METHOD(SealerFixture, "a case is labelled with its key, and with no other", "[store][sealer]") {
  const auto secret = custody::LabelSecret::Generate();
  std::map<std::string, custody::CaseKey> given;
  given.emplace("IR-1", secret.KeyOf("IR-1"));
  const EntrySealer collector = Sealer(CaseKeys(std::move(given)));
  const auto sealed = Unwrap(collector.Seal({{"name", "a.log"}}, {"IR-1"}, ViewOf("content")));
  CHECK(sealed.file.labels.Has(secret.KeyOf("IR-1").LabelFor(vault, sealed.file.header)));
  CHECK_FAILS(collector.Seal({{"name", "a.log"}}, {"IR-2"}), ErrorCode::kInvalid,
              "the key of the case IR-2 is not here");

  const EntrySealer machine = Sealer(CaseKeys(custody::LabelSecret::Generate()));
  REQUIRE_OK(machine.Seal({{"name", "a.log"}}, {"1", "2", "3", "4"}));
  CHECK_FAILS(machine.Seal({{"name", "a.log"}}, {"1", "2", "3", "4", "5"}), ErrorCode::kInvalid, "label");
}

TEST_CASE_METHOD(SealerFixture, "labels of one case do not show that it is one", "[store][sealer]") {
  const EntrySealer sealer = Sealer(CaseKeys(custody::LabelSecret::Generate()));
  const auto first = Unwrap(sealer.Seal({{"name", "a.log"}}, {"IR-1"}));
  const auto second = Unwrap(sealer.Seal({{"name", "a.log"}}, {"IR-1"}));
  CHECK(first.file.labels != second.file.labels);
  CHECK(first.file.header != second.file.header);
}

TEST_CASE("a recipient of the right shape that is no key seals nothing", "[store][sealer]") {
  const Bytes zeros(32, 0);
  const auto recipient = Unwrap(custody::VaultRecipient::Parse(EncodeBech32("age", zeros)));
  CHECK_FAILS(store::SealGenesis(recipient, {}, {{"reason", "a test"}}), ErrorCode::kInvalid, "the vault's recipient");
}

}  // namespace exhibit::testing
