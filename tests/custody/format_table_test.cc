// The table of types in docs/FORMAT.md and the acts of vault/custody/acts/ say the same: types, law, sealed files, own members
// in their order, who signs. The tables of members of statements and of a sealed file, too.
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/check.h"
#include "vault/custody/body.h"
#include "vault/custody/sealed_file.h"
#include "vault/custody/statements/bundle_note.h"
#include "vault/custody/statements/collected.h"
#include "vault/custody/statements/receipt.h"
#include "vault/custody/statements/transfer.h"

using namespace exhibit;
using namespace exhibit::custody;

namespace {

std::vector<std::string> FormatLines() {
  std::ifstream file(EXHIBIT_SOURCE_DIR "/docs/FORMAT.md");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  REQUIRE(lines.size() > 500);
  return lines;
}

// The rows of the table that has this heading.
std::vector<std::string> RowsUnder(const std::string& heading) {
  std::vector<std::string> rows;
  bool is_inside = false;
  for (const std::string& line : FormatLines()) {
    if (line == heading) {
      is_inside = true;
    } else if (is_inside && !line.starts_with("|")) {
      break;
    } else if (is_inside && !line.starts_with("|---")) {
      rows.push_back(line);
    }
  }
  return rows;
}

std::string CellOf(LawRule law) {
  switch (law) {
    case LawRule::kNo: return "";
    case LawRule::kYes: return "yes";
    case LawRule::kIfRecipient: return "if it has `recipient`";
  }
  return "?";
}
std::string CellOf(SealedRule sealed) {
  switch (sealed) {
    case SealedRule::kNo: return "no";
    case SealedRule::kFields: return "yes";
    case SealedRule::kContent: return "content";
    case SealedRule::kAsItLikes: return "as it likes";
  }
  return "?";
}

// "`hold`, [`items`]": in brackets what may be missing. Brackets of neighbours are one where the page has them so.
std::string Listed(const std::vector<MemberName>& members) {
  std::string listed;
  for (const MemberName& one : members) {
    if (!listed.empty()) listed += ", ";
    listed += one.may_be_missing ? "[`" + std::string(one.name) + "`]" : "`" + std::string(one.name) + "`";
  }
  return listed;
}

// Which members are there together is said in prose and by nested brackets, which this test does not read.
std::string WithoutNesting(const std::string& cell) {
  std::string flat;
  int depth = 0;
  bool is_name = false;
  for (const char c : cell) {
    if (c == '[') {
      ++depth;
    } else if (c == ']') {
      --depth;
    } else if (c == '`') {
      is_name = !is_name;
      if (depth > 0 && is_name) flat += '[';
      flat += '`';
      if (depth > 0 && !is_name) flat += ']';
    } else {
      flat += c;
    }
  }
  return flat;
}

std::string Row(const std::string& type, const std::string& law, const std::string& sealed, const std::string& own,
                const std::string& signers) {
  const auto cell = [](const std::string& text) { return text.empty() ? std::string(" |") : " " + text + " |"; };
  return "|" + cell(type) + cell(law) + cell(sealed) + cell(own) + cell(signers);
}

template <typename Statement>
std::string StatementMembers() {
  std::string members = "`v`, `statement`, ";
  if constexpr (requires { &Statement::sealed; }) {
    members += Listed({{"origin"},
                       {"fingerprint"},
                       {"collector"},
                       {"number"},
                       {"prev"},
                       {"next", true},
                       {"recipient"},
                       {"time"}}) +
               ", " + Listed(MemberNames<SealedFile>());
  } else {
    members += Listed(MemberNames<Statement>());
  }
  return members;
}

}  // namespace

TEST_CASE("the table of types in docs/FORMAT.md is the table of acts", "[format]") {
  std::vector<std::string> page;
  for (std::string row : RowsUnder("| type | law | sealed | its own members | actor; cosigner |"))
    page.push_back(WithoutNesting(row));
  std::vector<std::string> ours;
  std::string_view last_type;
  AllActs::ForEach([&]<typename Act>() {
    const ActForm& form = Act::kForm;
    std::string own = form.act.empty() ? "" : "`act`: `" + std::string(form.act) + "`";
    const std::string members = Listed(MemberNames<Act>());
    if (!members.empty()) own += (own.empty() ? "" : ", ") + members;
    if (form.type == "upgrade") own += ", then anything";
    if (form.type == "timestamp") own = "`checkpoint` or `renews`; `token`";  // one of the two, which CheckForm asks
    const std::string type = form.type == last_type ? "" : "`" + std::string(form.type) + "`";
    ours.push_back(WithoutNesting(Row(type, CellOf(form.law), CellOf(form.sealed), own, std::string(form.signers))));
    last_type = form.type;
  });
  REQUIRE(page.size() == ours.size());
  for (std::size_t i = 0; i < page.size(); ++i) CHECK(ours[i] == page[i]);
}

TEST_CASE("the table of statements in docs/FORMAT.md is the table of their members", "[format]") {
  std::map<std::string, std::string> page;
  for (const std::string& row : RowsUnder("| statement | its text, in this order | signed by |")) {
    std::istringstream cells(row);
    std::string empty, name, members;
    std::getline(cells, empty, '|');
    std::getline(cells, name, '|');
    std::getline(cells, members, '|');
    page[name] = members;
  }
  REQUIRE(page.size() == 4);
  CHECK(page[" `collected` "] == " " + StatementMembers<Collected>() + " ");
  CHECK(page[" `closed` "] == " " + StatementMembers<ClosedRun>() + " ");
  CHECK(page[" `transfer` "] == " " + StatementMembers<TransferStatement>() + " ");
  CHECK(page[" `receipt` "] == " " + StatementMembers<Receipt>() + " ");
}

TEST_CASE("limits are those of docs/FORMAT.md", "[format]") {
  const std::vector<std::string> lines = FormatLines();
  const auto has = [&](const std::string& line) { return std::ranges::find(lines, line) != lines.end(); };
  CHECK(has("| `collected`, `closed`, `transfer` statement; `bundle.note` | 8,192 bytes |"));
  CHECK((Collected::kMaxBytes == 8192 && ClosedRun::kMaxBytes == 8192 && TransferStatement::kMaxBytes == 8192 &&
         BundleNote::kMaxBytes == 8192));
  CHECK(has("| `receipt` statement | 24,576 bytes |"));
  CHECK(Receipt::kMaxBytes == 24576);
  CHECK(has("| items of one `reseal` entry | 1,000 |"));
  CHECK(Reseal::kMaxItems == 1000);
  CHECK(has("| RFC 3161 token | 32,768 bytes, DER |"));
  CHECK(Timestamped::kMaxTokenBytes == 32768);
  CHECK(has("| labels | 4 to 64 an entry, the same number for all |"));
  CHECK((LabelCount::kLeast == 4 && LabelCount::kMost == 64));
  CHECK(has("| item set | 65,536 positions |"));
  CHECK(ItemSet::kMaxItems == 65'536);
}
