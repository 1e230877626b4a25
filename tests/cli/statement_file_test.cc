// Goal: a statement on its way is its field lines and the note over them, and nothing else passes for one.
#include "cli/statement_file.h"

#include "tests/support/check.h"
#include "vault/custody/statements/transfer.h"

namespace exhibit::cli {
namespace {

using File = StatementFile<custody::TransferStatement>;

tlog::SigningKey KeyNamed(std::string_view name) { return tlog::SigningKey::Generate(*tlog::KeyName::Parse(name)); }

File MakeFile() {
  const auto releaser = KeyNamed("x7.example/q4d2/k1");
  const auto receiver = KeyNamed("x7.example/q4d2/k2");
  auto fields = *custody::FieldList::Make({{"items", "3-7"}, {"purpose", "analysis"}});
  auto note = *custody::SignedTransfer::Sign({*tlog::Origin::Parse("x7.example/q4d2"),
                                              custody::DigestOf<custody::Fingerprint>(ViewOf("fingerprint")),
                                              custody::ActorOf(releaser.verifier()),
                                              custody::ActorOf(receiver.verifier()),
                                              {},
                                              fields.digest()},
                                             releaser);
  return {std::move(fields), std::move(note)};
}

}  // namespace

TEST_CASE("a statement is read back as it was written", "[cli]") {
  const File made = MakeFile();
  const auto read = ParseStatement<custody::TransferStatement>(ViewOf(made.Text()));
  REQUIRE(read);
  CHECK(read->note == made.note);
  CHECK(read->fields.Lines() == made.fields.Lines());
  CHECK(read->Text() == made.Text());
}

TEST_CASE("other lines than those that were signed are refused", "[cli]") {
  const File made = MakeFile();
  const auto others = *custody::FieldList::Make({{"items", "3-8"}, {"purpose", "analysis"}});
  const File changed{others, made.note};
  const auto read = ParseStatement<custody::TransferStatement>(ViewOf(changed.Text()));
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::kTampered);
}

TEST_CASE("what Windows made of a statement is named", "[cli]") {
  const std::string text = MakeFile().Text();
  std::string converted;
  for (const char c : text) converted += c == '\n' ? "\r\n" : std::string(1, c);
  for (const std::string& changed : {converted, "\xef\xbb\xbf" + text}) {
    const auto read = ParseStatement<custody::TransferStatement>(ViewOf(changed));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::kInvalid);
    CHECK(read.error().message == "its line ends or its encoding were changed on the way");
  }
}

TEST_CASE("a note alone, lines alone, and a file that was cut are no statement", "[cli]") {
  const std::string text = MakeFile().Text();
  const std::size_t note = text.find("{");
  for (const std::string& broken : {text.substr(note), text.substr(0, note), text.substr(0, 20), std::string()}) {
    CAPTURE(broken);
    CHECK_FALSE(ParseStatement<custody::TransferStatement>(ViewOf(broken)));
  }
}

}  // namespace exhibit::cli
