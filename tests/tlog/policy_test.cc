// Goal: a policy is read strictly and no checkpoint is accepted that it does not allow. Method: the
// rules of tlog-policy one by one, and quorums over fresh witnesses.
#include "vault/tlog/policy.h"

#include <bit>

#include "tests/support/check.h"
#include "tests/tlog/golden_log.h"

namespace exhibit::tlog {
namespace {

using testing::Golden;
using testing::Unwrap;

std::string Vkey(std::string_view name, SignatureType type) {
  return SigningKey::Generate(Unwrap(KeyName::Parse(name)), type).verifier().ToText();
}
std::string LogVkey(std::string_view name = "log.example/1") { return Vkey(name, SignatureType::kEd25519); }
std::string WitnessVkey(std::string_view name = "witness.example/x") { return Vkey(name, SignatureType::kCosignature); }

// The golden log's checkpoint of seven entries under five witnesses w1 to w5 made for the test.
class Witnesses {
 public:
  Witnesses() {
    for (int i = 1; i <= 5; ++i) {
      keys_.push_back(SigningKey::Generate(Unwrap(KeyName::Parse("witness.example/" + std::to_string(i))),
                                           SignatureType::kCosignature));
    }
  }

  // "log ...", "witness w1 ..." to "witness w5 ...".
  std::string Lines() const {
    std::string lines = "log " + Golden("log_vkey") + "\n";
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      lines += "witness w" + std::to_string(i + 1) + " " + keys_[i].verifier().ToText() + "\n";
    }
    return lines;
  }

  SignedNote CosignedBy(const std::vector<std::size_t>& numbers) const {
    const SignedNote golden = Unwrap(SignedNote::Parse(Golden("checkpoint7")));
    const NoteSignature& log = golden.signatures()[0];
    std::string note = std::string(golden.text()) + "\n" + SignatureLine(log.name, log.id, log.bytes);
    for (const std::size_t number : numbers) {
      note += Unwrap(Cosign(golden.text(), {1'700'000'000 + number}, keys_[number - 1]));
    }
    return Unwrap(SignedNote::Parse(note));
  }

 private:
  std::vector<SigningKey> keys_;
};

// ---- Reading.

TEST_CASE("a policy is read with comments, blanks, tabs and URLs", "[policy]") {
  const std::string log = LogVkey();
  const std::string one = WitnessVkey();
  const std::string two = WitnessVkey();
  const Policy policy = Unwrap(Policy::Parse("# whom we believe\n\n \t\n  # indented\n\tlog\t" + log +
                                             "  https://log.example/ \nwitness W1 " + one + "\nwitness \xE2\x84\xAA " +
                                             two + " https://w.example\ngroup g any W1 \xE2\x84\xAA\nquorum g\n"));
  REQUIRE(policy.logs().size() == 1);
  CHECK(policy.logs()[0].key.ToText() == log);
  CHECK(policy.logs()[0].url == "https://log.example/");
  REQUIRE(policy.witnesses().size() == 2);
  CHECK(policy.witnesses()[0].name == "W1");
  CHECK(policy.witnesses()[0].url.empty());
  CHECK(policy.witnesses()[1].name == "\xE2\x84\xAA");
  CHECK(policy.witnesses()[1].url == "https://w.example");

  const std::string canonical = "log " + log + " https://log.example/\nwitness W1 " + one + "\nwitness \xE2\x84\xAA " +
                                two + " https://w.example\ngroup g any W1 \xE2\x84\xAA\nquorum g\n";
  CHECK(policy.ToText() == canonical);
  CHECK(Unwrap(Policy::Parse(canonical)).ToText() == canonical);
}

TEST_CASE("the smallest policies", "[policy]") {
  CHECK(Unwrap(Policy::Parse("quorum none\n")).ToText() == "quorum none\n");
  const std::string single = "witness w " + WitnessVkey() + "\nquorum w\n";
  CHECK(Unwrap(Policy::Parse(single)).ToText() == single);
}

TEST_CASE("thresholds are written in one way", "[policy]") {
  const Witnesses witnesses;
  const auto group_line = [&](const std::string& threshold) {
    const std::string text =
        Unwrap(Policy::Parse(witnesses.Lines() + "group g " + threshold + " w1 w2 w3\nquorum g\n")).ToText();
    const std::size_t begin = text.find("group");
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  CHECK(group_line("1") == "group g any w1 w2 w3");
  CHECK(group_line("any") == "group g any w1 w2 w3");
  CHECK(group_line("2") == "group g 2 w1 w2 w3");
  CHECK(group_line("3") == "group g all w1 w2 w3");
  CHECK(group_line("all") == "group g all w1 w2 w3");
}

TEST_CASE("32 logs, witnesses and groups are read, and 256 but not 257", "[policy]") {
  for (const int count : {32, 256, 257}) {
    std::string logs;
    std::string witnesses;
    std::string groups;
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      logs += "log " + LogVkey("log.example/" + number) + "\n";
      witnesses += "witness w" + number + " " + WitnessVkey("witness.example/" + number) + "\n";
      groups += "group g" + number + " all " + (i == 0 ? "w0" : "g" + std::to_string(i - 1)) + "\n";
    }
    const std::string quorum = "quorum none\n";
    if (count <= 256) {
      REQUIRE_OK(Policy::Parse(logs + witnesses + groups + quorum));
      continue;
    }
    CHECK_FAILS(Policy::Parse(logs + quorum), ErrorCode::kInvalid, "line 257: more than 256 logs");
    CHECK_FAILS(Policy::Parse(witnesses + quorum), ErrorCode::kInvalid, "line 257: more than 256 witnesses");
    const std::string first = witnesses.substr(0, witnesses.find('\n') + 1);
    CHECK_FAILS(Policy::Parse(first + groups + quorum), ErrorCode::kInvalid, "line 258: more than 256 groups");
  }
}

TEST_CASE("a malformed policy names the line and the rule", "[policy]") {
  struct Row {
    std::string file;
    std::string words;
  };
  const std::string one = WitnessVkey();
  const std::string two = WitnessVkey();
  const std::string w1 = "witness w1 " + one + "\n";
  const std::string w2 = "witness w2 " + two + "\n";
  const std::string log = "log " + LogVkey() + "\n";
  const std::vector<Row> rows = {
      {"", "policy: has no quorum line"},
      {w1, "policy: has no quorum line"},
      {"quorum none", "policy: does not end in a line feed"},
      {"quorum none\nquorum none\n", "policy: line 2: a second quorum line"},
      {"quorum\n", "line 1: a quorum has one name"},
      {"quorum none # why not\n", "line 1: a quorum has one name"},
      {"quorum w1\n" + w1, "line 1: the name \"w1\" is not defined before"},
      {"Quorum none\n", "line 1: does not begin with log, witness, group or quorum"},
      {"quorum none\r\n", "line 1: ends in CR LF, as Windows ends lines"},
      {"# \r x\nquorum none\n", "line 1: has a control character"},
      {"\xEF\xBB\xBFquorum none\n", "line 1: begins with a byte order mark"},
      {"quorum none\f\n", "line 1: has a control character"},
      {"quorum\xC2\xA0none\n",
       "line 1: does not begin with log, witness, group or quorum"},  // what is white in Unicode is not here
      {"# bell \a\nquorum none\n", "line 1: has a control character"},
      {"# delete \x7F\nquorum none\n", "line 1: has a control character"},
      {std::string("# nul \0\nquorum none\n", 20), "line 1: has a control character"},
      {"log\nquorum none\n", "line 1: a log has a vkey and maybe a URL"},
      {"log a b c\nquorum none\n", "line 1: a log has a vkey and maybe a URL"},
      {"log nonsense\nquorum none\n", "line 1: vkey: does not have three parts"},
      {log + log + "quorum none\n", "line 2: the key of an earlier log"},
      {"witness w1\nquorum none\n", "line 1: a witness has a name, a vkey and maybe a URL"},
      {"witness w1 " + one + " url more\nquorum none\n", "line 1: a witness has a name"},
      {"witness w1 " + LogVkey() + "\nquorum w1\n", "the key of a witness must be of type 0x04 or 0x06, not 0x01"},
      {w1 + "witness w2 " + one + "\nquorum none\n", "line 2: the key of an earlier witness, \"w1\""},
      {w1 + "witness w1 " + two + "\nquorum none\n", "line 2: the name \"w1\" is taken"},
      {"witness none " + one + "\nquorum none\n", "the name \"none\" is reserved"},
      {w1 + "group none all w1\nquorum none\n", "line 2: the name \"none\" is reserved"},
      {w1 + "group w1 all w1\nquorum w1\n", "line 2: the name \"w1\" is taken"},
      {w1 + "group g all\nquorum g\n", "line 2: a group has a name, a threshold and at least one member"},
      {w1 + "group g all none\nquorum g\n", "line 2: the name \"none\" is not defined before"},
      {w1 + "group g all g\nquorum g\n", "line 2: the name \"g\" is not defined before"},
      {w1 + "group g any w1 w1\nquorum g\n", "line 2: \"w1\" is a member of a group already"},
      {w1 + w2 + "group g all w1\ngroup h all w1 w2\nquorum h\n", "line 4: \"w1\" is a member"},
      {w1 + "group g 0 w1\nquorum g\n", "line 2: the threshold \"0\" is not all, any, or 1 to 1"},
      {w1 + "group g 2 w1\nquorum g\n", "the threshold \"2\" is not"},
      {w1 + "group g -1 w1\nquorum g\n", "the threshold \"-1\" is not"},
      {w1 + "group g 01 w1\nquorum g\n", "the threshold \"01\" is not"},
      {w1 + "group g most w1\nquorum g\n", "the threshold \"most\" is not"}};
  for (const Row& row : rows) {
    CAPTURE(row.file);
    CHECK_FAILS(Policy::Parse(row.file), ErrorCode::kInvalid, row.words);
  }
  CHECK_FAILS(Policy::Parse(std::string(kMaxPolicyBytes, '\n') + "\n"), ErrorCode::kInvalid, "longer than 256 KiB");
}

TEST_CASE("the specification's example is read as it stands there", "[policy]") {
  std::string text =
      "log <vkey>\n\nwitness X1 <vkey>\nwitness X2 <vkey>\nwitness X3 <vkey>\ngroup X-witnesses 2 X1 X2 X3\n\n"
      "witness Y1 <vkey>\nwitness Y2 <vkey>\nwitness Y3 <vkey>\ngroup Y-witnesses any Y1 Y2 Y3\n\n"
      "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";
  for (std::size_t at = text.find("<vkey>"); at != text.npos; at = text.find("<vkey>")) {
    const std::size_t line = text.rfind('\n', at) + 1;
    text.replace(at, 6, line == 1 || text.substr(line, 3) == "log" ? LogVkey() : WitnessVkey());
  }
  const Policy policy = Unwrap(Policy::Parse(text));
  CHECK(policy.logs().size() == 1);
  CHECK(policy.witnesses().size() == 6);
  // The predefined name is a quorum, and nothing else; the words of the syntax are names like others.
  REQUIRE_OK(
      Policy::Parse("witness any " + WitnessVkey() + "\ngroup log all any\ngroup quorum 1 log\nquorum quorum\n"));
  REQUIRE_OK(Policy::Parse("log " + LogVkey() + " #no-comment\n\t quorum \t none \t\n"));
}

// Those of Tessera's own tests (witness_policy_test.go), and what its parser takes beyond them.
TEST_CASE("what another program takes and the specification does not is refused with what to do", "[policy]") {
  const std::string w1 =
      "witness w1 sigsum.org+e4ade967+AZuUY6B08pW3QVHu8uvsrxWPcAv9nykap2Nb4oxCee+r https://sigsum.org/witness/";
  const std::string remora =
      "witness w4 remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2 https://example.com/remora\n";
  // Their keys of witnesses are of type 0x01, but for one.
  CHECK_FAILS(Policy::Parse(w1 + "\nquorum w1\n"), ErrorCode::kInvalid, "must be of type 0x04 or 0x06, not 0x01");
  REQUIRE_OK(Policy::Parse(remora + "group g1 1 w4\nquorum g1\n"));
  const auto hint_of = [](const std::string& file) {
    const auto policy = Policy::Parse(file);
    return policy ? std::string("taken") : policy.error().hint;
  };
  const std::string w = "witness w " + WitnessVkey() + "\n";
  CHECK(hint_of(w + "quorum w # the only one\n").find("a line of its own") != std::string::npos);
  CHECK(hint_of(w + "quorum w").find("cut off") != std::string::npos);
  CHECK(hint_of("# x\r\n" + w + "quorum w\r\n").find("tr -d") != std::string::npos);
  CHECK(hint_of(w + "quorum w\n") == "taken");
}

TEST_CASE("one public key under two names is still one", "[policy]") {
  const SigningKey key = testing::GoldenWitness(1);
  const VerifierKey renamed(Unwrap(KeyName::Parse("witness.example/w1-again")), SignatureType::kCosignature,
                            key.verifier().public_key());
  CHECK_FAILS(Policy::Parse("witness a " + key.verifier().ToText() + "\nwitness b " + renamed.ToText() +
                            "\ngroup g 2 a b\nquorum g\n"),
              ErrorCode::kInvalid, "line 2: the key of an earlier witness, \"a\"");
  const SigningKey log = testing::GoldenLogKey();
  const VerifierKey other(Unwrap(KeyName::Parse("vault.example/other")), SignatureType::kEd25519,
                          log.verifier().public_key());
  CHECK_FAILS(Policy::Parse("log " + log.verifier().ToText() + "\nlog " + other.ToText() + "\nquorum none\n"),
              ErrorCode::kInvalid, "line 2: the key of an earlier log");
}

TEST_CASE("a witness with an ML-DSA-44 key counts, or the policy is refused by its name", "[policy]") {
  const auto vectors = nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-mldsa44-cosig.json")));
  const auto policy = Policy::Parse("witness pq " + vectors.at("vkey").get<std::string>() + "\nquorum pq\n");
  if (!crypto::HasMlDsa()) {
    CHECK_FAILS(policy, ErrorCode::kUnsupported, "the key of witness.example/pq1 is of type 0x06, ML-DSA-44");
    return;
  }
  const std::string cosigned = testing::Golden("checkpoint7") + vectors.at("line").get<std::string>();
  REQUIRE_OK(policy);
  const auto seen = Unwrap(policy->CheckQuorum(Unwrap(SignedNote::Parse(cosigned))));
  CHECK(seen == std::vector<Witnessed>{{"pq", {vectors.at("timestamp").get<std::uint64_t>()}}});
  CHECK_FAILS(policy->CheckQuorum(Unwrap(SignedNote::Parse(testing::Golden("checkpoint7")))), ErrorCode::kDenied,
              "0 of 1 witnesses cosigned");
}

TEST_CASE("a key of a type that is not ours is refused by its number", "[policy]") {
  CHECK_FAILS(Policy::Parse("witness w a+00000000+Ag==\nquorum w\n"), ErrorCode::kUnsupported, "type 0x02");
  CHECK_FAILS(Policy::Parse("log " + WitnessVkey() + "\nquorum none\n"), ErrorCode::kUnsupported,
              "line 1: a log key of type 0x04 is not supported");
}

// ---- Accepting.

TEST_CASE("a two-level quorum is met by the right witnesses and no others", "[policy]") {
  const Witnesses witnesses;
  const Policy policy = Unwrap(Policy::Parse(witnesses.Lines() + "group x 2 w1 w2 w3\ngroup y any w4 w5\n"
                                                                 "group x-and-y all x y\nquorum x-and-y\n"));
  // Every subset of the five witnesses, as bits.
  for (unsigned set = 0; set < 32; ++set) {
    CAPTURE(set);
    std::vector<std::size_t> numbers;
    for (unsigned i = 0; i < 5; ++i) {
      if ((set >> i & 1) != 0) numbers.push_back(i + 1);
    }
    const int in_x = std::popcount(set & 7U);
    const int in_y = std::popcount(set >> 3);
    const auto accepted = policy.Accept(witnesses.CosignedBy(numbers));
    CHECK(static_cast<bool>(accepted) == (in_x >= 2 && in_y >= 1));
    if (accepted) {
      CHECK(accepted->witnesses.size() == numbers.size());
      CHECK(accepted->checkpoint.size == TreeSize{7});
    } else {
      CHECK_FAILS(accepted, ErrorCode::kDenied,
                  "the quorum \"x-and-y\" is not met: " + std::to_string(numbers.size()) + " of 5 witnesses");
    }
  }
}

TEST_CASE("a quorum of a single witness, and of none", "[policy]") {
  const Witnesses witnesses;
  const Policy single = Unwrap(Policy::Parse(witnesses.Lines() + "quorum w2\n"));
  REQUIRE_OK(single.Accept(witnesses.CosignedBy({2})));
  CHECK_FAILS(single.Accept(witnesses.CosignedBy({1, 3, 4, 5})), ErrorCode::kDenied,
              "the quorum \"w2\" is not met: 4 of 5 witnesses cosigned");
  const Policy none = Unwrap(Policy::Parse(witnesses.Lines() + "quorum none\n"));
  CHECK(Unwrap(none.Accept(witnesses.CosignedBy({}))).witnesses.empty());
  CHECK(Unwrap(none.Accept(witnesses.CosignedBy({3}))).witnesses == std::vector<Witnessed>{{"w3", {1'700'000'003}}});
}

TEST_CASE("a quorum had cosigned when the last that it needs had", "[policy]") {
  const Witnesses witnesses;
  const std::vector<Witnessed> cosigned = {{"w1", {10}}, {"w2", {30}}, {"w3", {20}}, {"w4", {40}}};
  const auto time = [&](const std::string& lines) {
    return Unwrap(Policy::Parse(witnesses.Lines() + lines)).QuorumTime(cosigned);
  };
  CHECK(time("quorum w2\n") == CosignatureTime{30});
  CHECK(time("group g any w1 w2 w3\nquorum g\n") == CosignatureTime{10});
  CHECK(time("group g 2 w1 w2 w3\nquorum g\n") == CosignatureTime{20});
  CHECK(time("group g all w1 w2 w3\nquorum g\n") == CosignatureTime{30});
  CHECK(time("group x 2 w1 w2 w3\ngroup y any w4 w5\ngroup g all x y\nquorum g\n") == CosignatureTime{40});
  CHECK(time("group g 2 w4 w5\nquorum g\n") == std::nullopt);
  CHECK(time("quorum none\n") == std::nullopt);
}

TEST_CASE("the same witness twice counts once", "[policy]") {
  const Witnesses witnesses;
  const Policy policy = Unwrap(Policy::Parse(witnesses.Lines() + "group g 2 w1 w2\nquorum g\n"));
  CHECK_FAILS(policy.Accept(witnesses.CosignedBy({1, 1})), ErrorCode::kDenied, "1 of 5 witnesses cosigned");
}

TEST_CASE("a listed witness whose line does not fit spoils the checkpoint, needed or not", "[policy]") {
  const Witnesses witnesses;
  const Policy policy = Unwrap(Policy::Parse(witnesses.Lines() + "quorum none\n"));
  const SignedNote good = witnesses.CosignedBy({1});
  const NoteSignature& line = good.signatures()[1];
  Bytes altered = line.bytes;
  altered.back() ^= 1;
  const NoteSignature& log = good.signatures()[0];
  const SignedNote note =
      Unwrap(SignedNote::Parse(std::string(good.text()) + "\n" + SignatureLine(log.name, log.id, log.bytes) +
                               SignatureLine(line.name, line.id, altered)));
  CHECK_FAILS(policy.Accept(note), ErrorCode::kTampered, "cosignature of witness.example/1: does not fit");
}

TEST_CASE("any one of the listed logs may have signed, and an unlisted one may not", "[policy]") {
  const SignedNote note = Unwrap(SignedNote::Parse(Golden("checkpoint7")));
  const Policy listed = Unwrap(Policy::Parse("log " + LogVkey() + "\nlog " + Golden("log_vkey") + "\nquorum none\n"));
  CHECK(Unwrap(listed.Accept(note)).log == testing::GoldenVerifier("log_vkey"));
  const Policy unlisted = Unwrap(Policy::Parse("log " + LogVkey() + "\nquorum none\n"));
  CHECK_FAILS(unlisted.Accept(note), ErrorCode::kDenied, "policy: not signed by a listed log");
  const Policy no_log = Unwrap(Policy::Parse("quorum none\n"));
  CHECK_FAILS(no_log.Accept(note), ErrorCode::kDenied, "policy: not signed by a listed log");
}

TEST_CASE("a quorum can be checked where the log is known by other means", "[policy]") {
  const SignedNote note = Unwrap(SignedNote::Parse(Golden("checkpoint7")));
  const Policy policy = Unwrap(Policy::Parse("witness w1 " + Golden("witness1_vkey") + "\nquorum w1\n"));
  CHECK(Unwrap(policy.CheckQuorum(note)) == std::vector<Witnessed>{{"w1", {1'700'000'060}}});
}

TEST_CASE("a listed log that signed an altered text, or no checkpoint at all, is refused", "[policy]") {
  const Policy policy = Unwrap(Policy::Parse("log " + Golden("log_vkey") + "\nquorum none\n"));
  const std::string altered = testing::Replaced(Golden("checkpoint7"), "\n7\n", "\n8\n");
  CHECK_FAILS(policy.Accept(Unwrap(SignedNote::Parse(altered))), ErrorCode::kTampered, "does not fit the text");
  const Bytes other = Unwrap(SignNote("not a checkpoint\n", testing::GoldenLogKey()));
  CHECK_FAILS(policy.Accept(Unwrap(SignedNote::Parse(other))), ErrorCode::kInvalid,
              "checkpoint: has fewer than three lines");
}

}  // namespace
}  // namespace exhibit::tlog
