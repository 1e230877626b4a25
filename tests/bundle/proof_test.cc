// Goal: a proof file proves an item to who has the original, and parts of one to who has nothing else; what would give the
// hidden parts away is not in it. What no reader may accept, format_examples_test.cc runs.
#include "tests/bundle/bundle_fixture.h"
#include "vault/bundle/proof_check.h"
#include "vault/bundle/proof_file.h"
#include "vault/bundle/proof_writer.h"
#include "vault/custody/parts.h"
#include "vault/tlog/tlog_proof.h"

namespace exhibit::testing {
namespace {

constexpr std::string_view kText = "date\nname: Mallory\npin: 12345678\nend\n";

struct ProofFixture : BundleFixture {
  ProofFixture() {
    const auto seed = custody::PartsSeed::Generate();
    custody::PartsTree tree(custody::PartsBy::kLines, seed);
    tree.Update(ViewOf(kText));
    custody::ItemFacts facts = FactsOf(kText, "form.txt");
    facts.parts = tree.Finish();
    auto fields = custody::FieldsOf(facts);
    fields.emplace_back("parts-seed", seed.ToFieldText());
    auto writer = Unwrap(OpenWriter());
    std::vector<store::Pending> group;
    group.push_back({custody::Item(), Unwrap(writer->sealer().Seal(std::move(fields), {}, ViewOf(kText)))});
    form = Unwrap(writer->Commit(std::move(group), nullptr)).first;
  }

  Result<std::string> Prove(const bundle::ProofRequest& request) {
    const auto grant =
        Unwrap(Unwrap(OpenWriter())->CommitAccess(custody::AccessWay::kProve, {request.entry}, {{"purpose", "court"}}));
    const auto source = Unwrap(OpenReader());
    const VaultKeys keys = VaultKey();
    return bundle::MakeProof(grant, *source, keys, request, pool());
  }
  Result<verify::Report> CheckText(const std::string& proof, const std::vector<fs::path>& originals = {}) {
    WriteText(path() / "proof", proof);
    return bundle::CheckProof(path() / "proof", originals, {.fingerprint = reader->fingerprint()}, pool());
  }

  tlog::Sequence form;
};

}  // namespace

TEST_CASE_METHOD(ProofFixture, "a proof holds with the original, and with no other file", "[bundle]") {
  const std::string proof = Unwrap(Prove({form}));
  WriteText(path() / "form.txt", kText);
  WriteText(path() / "other.txt", "other");
  CHECK(Unwrap(CheckText(proof)).ok());
  const auto report = Unwrap(CheckText(proof, {path() / "form.txt"}));
  INFO(Everything(report));
  CHECK(report.ok());
  CHECK(report.contents == 1);
  CHECK(Says(Unwrap(CheckText(proof, {path() / "other.txt"})), "is no original that is proven here"));
  CHECK(proof.find("parts-seed\",") == std::string::npos);
}

TEST_CASE_METHOD(ProofFixture, "a part is shown, and what would give the others away is not", "[bundle]") {
  const std::string proof = Unwrap(Prove({.entry = form, .lines = {{2, 2}}}));
  const auto report = Unwrap(CheckText(proof));
  INFO(Everything(report));
  CHECK(report.ok());
  CHECK(proof.find("12345678") == std::string::npos);
  CHECK(proof.find(HashOf(kText)) == std::string::npos);
  const auto sections = Unwrap(bundle::ParseProofFile(proof));
  const auto shown = Unwrap(bundle::ParseShownParts(*sections.parts, *sections.part_hashes));
  REQUIRE(shown.parts.size() == 1);
  CHECK(TextOf(shown.parts.front().bytes) == "name: Mallory\n");
  CHECK(bundle::EncodeProofFile(sections) == proof);
}

TEST_CASE_METHOD(ProofFixture, "where all parts are shown, nothing is hidden", "[bundle]") {
  const std::string proof = Unwrap(Prove({.entry = form, .lines = {{1, 4}}}));
  CHECK(Unwrap(CheckText(proof)).ok());
  CHECK(Unwrap(bundle::ParseProofFile(proof)).part_hashes->empty());
}

TEST_CASE_METHOD(ProofFixture, "a part in another place, or another part, is refused", "[bundle]") {
  const std::string proof = Unwrap(Prove({.entry = form, .lines = {{2, 2}}}));
  auto sections = Unwrap(bundle::ParseProofFile(proof));
  auto shown = Unwrap(bundle::ParseShownParts(*sections.parts, *sections.part_hashes));
  SECTION("in another place") { shown.parts.front().index = 2; }
  SECTION("another") { shown.parts.front().bytes = ToBytes(ViewOf("name: Alice\n")); }
  sections.parts = bundle::EncodeParts(shown.parts);
  CHECK(Names(Unwrap(CheckText(bundle::EncodeProofFile(sections))), Property::kContent, form.value));
}

TEST_CASE_METHOD(ProofFixture, "what cannot be proven is refused", "[bundle]") {
  CHECK_FAILS(Prove({.entry = {1}, .lines = {{1, 1}}}), ErrorCode::kInvalid, "was taken in without parts");
  CHECK_FAILS(Prove({.entry = form, .lines = {{5, 5}}}), ErrorCode::kInvalid, "has 4 lines");
  CHECK_FAILS(Prove({.entry = form, .withhold = {"size"}}), ErrorCode::kInvalid, "size");
  const auto source = Unwrap(OpenReader());
  CHECK_FAILS(bundle::MakeProof(Unwrap(Grant({form})), *source, ReaderIdentities(), {form}, pool()), ErrorCode::kDenied,
              "does not say that entry");
  CHECK_FAILS(CheckText("something else\n"), ErrorCode::kInvalid, "is no proof file");
  CHECK_FAILS(CheckText("exhibit-proof@v2\n"), ErrorCode::kTampered, "another version");
  CHECK_FAILS(CheckText("exhibit-proof@v1\r\n"), ErrorCode::kTampered, "its line ends were converted on the way");
}

TEST_CASE_METHOD(ProofFixture, "other programs get a tlog-proof", "[bundle]") {
  const auto source = Unwrap(OpenReader());
  const auto proof = Unwrap(tlog::DecodeTlogProof(Unwrap(bundle::MakeTlogProof(*source, form))));
  CHECK(proof.index == form);
  const auto key = Unwrap(source->ReadLogKeys()).present().ed25519;
  CHECK(Unwrap(tlog::CheckTlogProof(proof, Unwrap(source->ReadEntry(form)), key)) == source->head());
}

}  // namespace exhibit::testing
