// Goal: who made a bundle is known by a signature over all of it, so that whoever rewrites the manifests is found.
// Method: exports of custodians who come and go, changed consistently. Every other form of the note is for the second
// opinion (tests/second_opinion), where two verifiers judge it.
#include "vault/bundle/bundle_note.h"

#include "tests/bundle/bundle_fixture.h"

namespace exhibit::testing {
namespace {

using custody::Role;

struct NoteFixture : BundleFixture {
  tlog::SigningKey bob = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("bob")));

  void Commit(custody::EntryBody body) {
    const auto writer = Unwrap(OpenWriter());
    Unwrap(writer->CommitAct(std::move(body), nullptr));
    reader = Unwrap(OpenReader());
  }
  std::string Bob() const { return custody::ActorOf(bob.verifier()); }
  // A bundle of item 1 that Bob signs, who need not be allowed to.
  fs::path SignedByBob() {
    const fs::path folder = CopyOf(Export("by-tester", {{1}}));
    SignAnew(folder, bob);
    return folder;
  }
};

}  // namespace

TEST_CASE_METHOD(NoteFixture, "a bag whose manifests were rewritten consistently is found by the note", "[note]") {
  const auto folder = Export("plain", {{1}});
  WriteText(folder / "items.csv", "other");
  RewriteManifests(folder);
  const auto report = Check(folder);
  CHECK(report.findings.size() == 1);
  CHECK(Says(report, "bundle.note: is of other tag manifests than these"));
}

TEST_CASE_METHOD(NoteFixture, "an item that was left out of a bundle consistently is found by the note", "[note]") {
  const auto folder = Export("plain", {{1}, {2}});
  for (const std::string& name : FilesOf(folder)) {
    if (fs::path(name).filename().native().starts_with("2")) fs::remove(folder / name);
  }
  RewriteManifests(folder);
  const auto report = Check(folder);
  CHECK(report.findings.size() == 1);
  CHECK(report.items == 1);
}

TEST_CASE_METHOD(NoteFixture, "a bundle without its note is refused", "[note]") {
  const auto folder = Export("plain", {{1}});
  fs::remove(folder / "bundle.note");
  CHECK(Says(Check(folder), "bundle.note: "));
}

TEST_CASE_METHOD(NoteFixture, "a note says what was handed over, and when", "[note]") {
  const auto folder = Export("plain", {{2}});
  const auto statement = Unwrap(bundle::ParseBundleNote(ViewOf(ReadText(folder / "bundle.note"))));
  CHECK(statement.origin == reader->head().origin);
  CHECK(statement.size == reader->head().size);
  CHECK(statement.range.ToText() == "2");
  CHECK(statement.sealed_files == 1);
  CHECK(statement.made_by == custody::ActorOf(signer.verifier()));
}

TEST_CASE_METHOD(NoteFixture, "only who is a custodian behind the bundle's last entry hands it over", "[note]") {
  SECTION("a stranger") {
    CHECK(Says(Check(SignedByBob()), "bundle.note: key " + Bob() + " is not admitted to this vault"));
  }
  SECTION("a custodian") {
    Commit(custody::Admit{{"Bob", bob.verifier(), {Role::kCustodian}}});
    CHECK(Check(SignedByBob()).ok());
  }
  SECTION("a collector") {
    Commit(custody::Admit{{"Bob", bob.verifier(), {Role::kCollector}}});
    CHECK(Says(Check(SignedByBob()), "bundle.note: "));
  }
  SECTION("one who was retired") {
    Commit(custody::Admit{{"Bob", bob.verifier(), {Role::kCustodian}}});
    Commit(custody::Retire{Bob(), "left"});
    CHECK(Says(Check(SignedByBob()), "bundle.note: key " + Bob() + " was retired in entry 4"));
  }
}

TEST_CASE_METHOD(NoteFixture, "nobody exports a bundle that its receiver would refuse", "[note]") {
  ExportRequest request{path() / "target", {{1}}, {}};
  request.signer = &bob;
  tell::Papers papers;
  CHECK_FAILS(bundle::WriteBundle(Unwrap(Grant({{1}})), *reader, VaultKey(), request, papers, pool()),
              ErrorCode::kTampered, "is not admitted to this vault");
  CheckNothingAt(path() / "target");
}

}  // namespace exhibit::testing
