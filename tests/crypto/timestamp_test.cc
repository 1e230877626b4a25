// Goal: a token is believed if and only if every rule of RFC 3161 holds, at the time it names, for the
// bytes, the nonce and the roots that the verifier brought. Method: authorities made by
// tests/support/make_tsa.sh answer through the openssl command; each rule is broken alone, with the
// signature made anew where it would hide the rule; `openssl ts -verify` is asked for its opinion.
#include "vault/crypto/timestamp.h"

#include <cstdlib>
#include <filesystem>
#include <random>

#include "tests/support/check.h"
#include "vault/base/file.h"

namespace exhibit::crypto {
namespace {

using testing::Unwrap;
namespace fs = std::filesystem;

constexpr std::string_view kData = "stmary.example/ir-2025-014\n4\nroot\n";
constexpr std::string_view kFirstPolicy = "1.3.6.1.4.1.99999.1.1";
constexpr std::string_view kSecondPolicy = "1.3.6.1.4.1.99999.1.2";

// A folder with the authorities, made once for all tests of this program.
class Authorities {
 public:
  static const Authorities& Get() {
    static const Authorities authorities;
    return authorities;
  }
  ~Authorities() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  // Runs a shell command in the folder; false if it fails.
  bool Try(const std::string& command) const {
    return std::system(("cd " + folder_.native() + " && { " + command + "; } > said 2>&1").c_str()) == 0;
  }
  void Run(const std::string& command) const {
    if (!Try(command)) FAIL(command << "\n" << Text("said"));
  }
  Bytes Read(const std::string& name) const { return Unwrap(ReadFile(folder_ / name, 1 << 20)); }
  std::string Text(const std::string& name) const { return ToText(Read(name)); }
  void Write(const std::string& name, ByteView bytes) const {
    fs::remove(folder_ / name);
    REQUIRE_OK(WriteNewFile(folder_ / name, bytes, 0600));
  }

 private:
  Authorities() {
    std::string name = (fs::temp_directory_path() / "exhibit-tsa-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) FAIL("no temporary folder");
    folder_ = name;
    Run("sh " EXHIBIT_SOURCE_DIR "/tests/support/make_tsa.sh .");
    Write("data", ViewOf(kData));
  }
  fs::path folder_;
};

const Authorities& Folder() { return Authorities::Get(); }

Sha256Digest Imprint() { return Sha256(ViewOf(kData)); }

TimestampRoots Roots(std::initializer_list<const char*> names = {"root"}) {
  TimestampRoots roots;
  for (const std::string name : names) REQUIRE_OK(roots.AddPem(Folder().Text(name + ".crt")));
  return roots;
}

// What the authority says to a request.
Bytes Ask(const std::string& authority, const TimestampRequest& request, const std::string& more = "") {
  Folder().Write("query.tsq", request.der());
  Folder().Run("openssl ts -reply -config " + authority + ".cnf -section tsa -queryfile query.tsq -out answer.tsr " +
               more);
  return Folder().Read("answer.tsr");
}

TimestampToken TokenOf(const std::string& authority) {
  return Unwrap(TimestampToken::Parse(Ask(authority, TimestampRequest::Make(Imprint()))));
}

Result<VerifiedTimestamp> Verify(ByteView bytes, const TimestampRoots& roots = Roots(),
                                 TimestampDemands demands = {Imprint(), {}, {}}) {
  TRY(const TimestampToken token, TimestampToken::Parse(bytes));
  return VerifyTimestamp(token, demands, roots);
}

Bytes Replaced(ByteView bytes, std::string_view from, std::string_view to) {
  std::string text = ToText(bytes);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return ToBytes(ViewOf(text.replace(at, from.size(), to)));
}

// The content of a token that names no authority, so that any can sign it.
Bytes Statement() {
  Folder().Run("sed 's/^tsa_name.*/tsa_name = no/' p256.cnf > nameless.cnf");
  Ask("nameless", TimestampRequest::Make(Imprint()), "-token_out");
  Folder().Run("openssl cms -verify -noverify -inform DER -in answer.tsr -out statement");
  return Folder().Read("statement");
}

// The statement signed by any key, with what `openssl ts` would refuse to sign.
Bytes Signed(ByteView statement, const std::string& authority, const std::string& options = "-cades",
             const std::string& type = "1.2.840.113549.1.9.16.1.4") {
  Folder().Write("content", statement);
  Folder().Run("openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -econtent_type " + type +
               " -in content -signer " + authority + ".crt -inkey " + authority + ".key -outform DER -out signed.tst " +
               options);
  return Folder().Read("signed.tst");
}

// The content with another genTime of the same length.
Bytes AtTime(ByteView statement, std::string_view time) {
  Bytes changed = ToBytes(statement);
  const std::string_view text = TextOf(statement);
  for (std::size_t at = 0; at + 17 <= text.size(); ++at) {
    if (text.substr(at, 4) !=
            "\x18\x0f"
            "20" ||
        text[at + 16] != 'Z')
      continue;
    REQUIRE(time.size() == 15);
    std::ranges::copy(time, changed.begin() + static_cast<std::ptrdiff_t>(at) + 2);
    return changed;
  }
  FAIL("no time in the statement");
  return {};
}

bool OpensslAccepts(const std::string& name, ByteView answer, const std::string& options) {
  Folder().Write(name, answer);
  return Folder().Try("openssl ts -verify -data data -in " + name + " " + options);
}

TEST_CASE("a request is what openssl reads as one, and is read again", "[timestamp]") {
  const TimestampRequest request = TimestampRequest::Make(Imprint());
  CHECK(request.imprint() == Imprint());
  REQUIRE(request.nonce());
  CHECK(request.nonce()->bytes.size() == 8);
  CHECK(!request.policy());
  CHECK(!Equal(TimestampRequest::Make(Imprint()).der(), request.der()));
  Folder().Write("query.tsq", request.der());
  Folder().Run("openssl ts -query -in query.tsq -text -out query.txt");
  const std::string text = Folder().Text("query.txt");
  CAPTURE(text);
  CHECK(text.find("Hash Algorithm: sha256") != std::string::npos);
  CHECK(text.find("Certificate required: yes") != std::string::npos);
  std::string nonce = ToHex(request.nonce()->bytes);
  std::ranges::transform(nonce, nonce.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  CHECK(text.find("Nonce: 0x" + nonce) != std::string::npos);
  const TimestampRequest again = Unwrap(TimestampRequest::Parse(request.der()));
  CHECK(again.nonce() == request.nonce());
  CHECK(Equal(again.der(), request.der()));
}

TEST_CASE("requests that openssl makes are read", "[timestamp]") {
  Folder().Run("openssl ts -query -data data -sha256 -no_nonce -tspolicy 1.3.6.1.4.1.99999.1.2 -out other.tsq");
  const TimestampRequest request = Unwrap(TimestampRequest::Parse(Folder().Read("other.tsq")));
  CHECK(!request.nonce());
  REQUIRE(request.policy());
  CHECK(request.policy()->text() == kSecondPolicy);
  Folder().Run("openssl ts -query -data data -sha512 -out other.tsq");
  CHECK_FAILS(TimestampRequest::Parse(Folder().Read("other.tsq")), ErrorCode::kUnsupported, "not SHA-256");
}

TEST_CASE("a broken request is refused at every length", "[timestamp]") {
  const TimestampRequest request = TimestampRequest::Make(Imprint());
  for (std::size_t size = 0; size < request.der().size(); ++size) {
    CHECK_FAILS(TimestampRequest::Parse(request.der().first(size)), ErrorCode::kInvalid, "the request is cut off");
  }
  Bytes longer = ToBytes(request.der());
  longer.push_back(0);
  CHECK_FAILS(TimestampRequest::Parse(longer), ErrorCode::kInvalid, "the request has bytes behind its end");
}

TEST_CASE("good tokens hold, and openssl agrees", "[timestamp]") {
  const std::string authority = GENERATE("p256", "rsa", "below");
  CAPTURE(authority);
  const TimestampRequest request = TimestampRequest::Make(Imprint());
  const Moment before = Now();
  const Bytes answer = Ask(authority, request);
  const Moment after = Now();
  const VerifiedTimestamp stamp =
      Unwrap(Verify(answer, Roots(), {Imprint(), request.nonce(), Unwrap(TimestampPolicy::Parse(kFirstPolicy))}));
  CHECK(stamp.time.milliseconds >= before.milliseconds - 1000);
  CHECK(stamp.time <= after);
  CHECK(stamp.accuracy_us == 1'500'100);
  CHECK(stamp.authority == (authority == "p256"  ? "CN=Test Authority P-256,O=Test"
                            : authority == "rsa" ? "CN=Test Authority RSA,O=Test"
                                                 : "CN=Test Authority below,O=Test"));
  CHECK(stamp.policy.text() == kFirstPolicy);
  CHECK(stamp.serial.size() == 2);
  REQUIRE(stamp.chain.size() == (authority == "below" ? 3 : 2));
  CHECK(FormatTime(stamp.chain_end) ==
        (authority == "below" ? "2097-01-01T00:00:00.000Z" : "2098-01-01T00:00:00.000Z"));
  Folder().Run("openssl x509 -in " + authority +
               ".crt -outform DER | sha256sum > print; openssl x509 -in root.crt -outform DER | sha256sum >> print");
  const std::string prints = Folder().Text("print");
  CHECK(prints.starts_with(ToHex(stamp.chain.front().view())));
  CHECK(prints.find(ToHex(stamp.chain.back().view())) > 60);
  CHECK(OpensslAccepts("good.tsr", answer, "-CAfile root.crt"));
  CHECK(Folder().Try("openssl ts -verify -queryfile query.tsq -in good.tsr -CAfile root.crt"));
}

TEST_CASE("a token without the answer around it holds as well, and is what is kept", "[timestamp]") {
  const Bytes answer = Ask("p256", TimestampRequest::Make(Imprint()));
  const TimestampToken token = Unwrap(TimestampToken::Parse(answer));
  REQUIRE_OK(Verify(token.der()));
  CHECK(Equal(Unwrap(TimestampToken::Parse(token.der())).der(), token.der()));
  CHECK(OpensslAccepts("token.tst", token.der(), "-token_in -CAfile root.crt"));
  CHECK(TextOf(answer).ends_with(TextOf(token.der())));
}

TEST_CASE("fractions of a second are kept to the millisecond", "[timestamp]") {
  // The authority drops zeros at the end, so that one in ten has fewer digits.
  for (int i = 0; i < 3; ++i) {
    const Bytes answer = Ask("rsa", TimestampRequest::Make(Imprint()));
    Folder().Run("openssl ts -reply -in answer.tsr -text | grep 'Time stamp' > time");
    const std::string text = Folder().Text("time");  // Time stamp: Nov 25 12:54:19.269857 2026 GMT
    const std::size_t point = text.find('.');
    std::string fraction = point == std::string::npos ? "" : text.substr(point + 1, text.find(' ', point) - point - 1);
    fraction.resize(3, '0');
    const std::string time = FormatTime(Unwrap(Verify(answer)).time);
    CAPTURE(text, time);
    CHECK(time.substr(20, 3) == fraction);
    CHECK(time.substr(11, 8) == text.substr(text.find(':', 11) - 2, 8));
  }
}

TEST_CASE("a token is for its own bytes, nonce and policy", "[timestamp]") {
  const TimestampRequest request = TimestampRequest::Make(Imprint());
  const Bytes answer = Ask("p256", request);
  CHECK_FAILS(Verify(answer, Roots(), {Sha256(ViewOf("other")), {}, {}}), ErrorCode::kTampered,
              "it is for other bytes");
  CHECK_FAILS(Verify(answer, Roots(), {Imprint(), TimestampRequest::Make(Imprint()).nonce(), {}}), ErrorCode::kTampered,
              "its nonce is not the request's");
  CHECK_FAILS(Verify(answer, Roots(), {Imprint(), {}, Unwrap(TimestampPolicy::Parse(kSecondPolicy))}),
              ErrorCode::kDenied, "its policy is 1.3.6.1.4.1.99999.1.1, not 1.3.6.1.4.1.99999.1.2");
  Folder().Run("openssl ts -query -data data -sha256 -cert -no_nonce -out other.tsq");
  const Bytes without = Ask("p256", Unwrap(TimestampRequest::Parse(Folder().Read("other.tsq"))));
  REQUIRE_OK(Verify(without));
  CHECK_FAILS(Verify(without, Roots(), {Imprint(), request.nonce(), {}}), ErrorCode::kTampered,
              "does not repeat the request's nonce");
}

TEST_CASE("an authority's refusal is shown as one", "[timestamp]") {
  Folder().Run("openssl ts -query -data data -sha256 -cert -tspolicy 1.2.3.4.5 -out other.tsq");
  CHECK_FAILS(Verify(Ask("p256", Unwrap(TimestampRequest::Parse(Folder().Read("other.tsq"))))), ErrorCode::kDenied,
              "the authority refused with status 2: it does not have the policy");
  // An Ed25519 key: openssl ends well, and has signed nothing.
  Folder().Run(
      "openssl genpkey -algorithm ed25519 -out p256.other && cp p256.cnf other.cnf && "
      "openssl req -new -x509 -config ca.cnf -extensions good -key p256.other -subj /CN=x -out other.crt && "
      "sed -i 's/p256.crt/other.crt/; s/p256.key/p256.other/' other.cnf");
  CHECK_FAILS(Verify(Ask("other", TimestampRequest::Make(Imprint()))), ErrorCode::kDenied,
              "the authority refused with status 2");
}

TEST_CASE("granted with modifications is granted", "[timestamp]") {
  Bytes answer = Ask("p256", TimestampRequest::Make(Imprint()));
  const std::string_view text = TextOf(answer);
  const std::size_t at = text.find(std::string_view("\x30\x03\x02\x01\x00", 5));
  REQUIRE(at < 8);
  answer[at + 4] = 1;
  REQUIRE_OK(Verify(answer));
  answer[at + 4] = 2;
  CHECK_FAILS(Verify(answer), ErrorCode::kInvalid, "the answer is cut off, or not what RFC 3161 describes");
}

// The same thing with an end mark in the place of its outermost length.
Bytes AsBer(ByteView der) {
  REQUIRE(der.size() > 256);
  REQUIRE(der[1] == 0x82);
  Bytes ber = {der[0], 0x80};
  Append(ber, der.subspan(4));
  ber.insert(ber.end(), {0, 0});
  return ber;
}

TEST_CASE("what is encoded as BER is refused by that name, and what the hint says makes it good", "[timestamp]") {
  const Bytes answer = Ask("p256", TimestampRequest::Make(Imprint()));
  const Bytes token = ToBytes(Unwrap(TimestampToken::Parse(answer)).der());
  const auto refused = TimestampToken::Parse(AsBer(answer));
  CHECK_FAILS(refused, ErrorCode::kInvalid, "the answer is encoded as BER, not as DER");
  CHECK(refused.error().hint.find("openssl ts -reply") != std::string::npos);
  CHECK_FAILS(TimestampToken::Parse(AsBer(token)), ErrorCode::kInvalid, "the token is encoded as BER, not as DER");
  Folder().Write("answer.ber", AsBer(answer));
  Folder().Run("openssl ts -reply -in answer.ber -token_out -out token.tst");
  CHECK(Equal(Folder().Read("token.tst"), token));
  REQUIRE_OK(Verify(Folder().Read("token.tst")));
  Folder().Write("token.ber", AsBer(token));
  Folder().Run("openssl pkcs7 -inform DER -in token.ber -outform DER -out again.tst");
  CHECK(Equal(Folder().Read("again.tst"), token));
}

TEST_CASE("bytes behind the end are refused", "[timestamp]") {
  const Bytes answer = Ask("p256", TimestampRequest::Make(Imprint()));
  const TimestampToken token = Unwrap(TimestampToken::Parse(answer));
  Bytes longer = answer;
  longer.push_back(0);
  CHECK_FAILS(Verify(longer), ErrorCode::kInvalid, "the answer has bytes behind its end");
  longer = ToBytes(token.der());
  Append(longer, ViewOf("junk"));
  CHECK_FAILS(Verify(longer), ErrorCode::kInvalid, "the token has bytes behind its end");
}

TEST_CASE("what is cut off is refused at every length", "[timestamp]") {
  const Bytes answer = Ask("rsa", TimestampRequest::Make(Imprint()));
  const TimestampToken token = Unwrap(TimestampToken::Parse(answer));
  for (const ByteView whole : {ByteView(answer), token.der()}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto parsed = TimestampToken::Parse(whole.first(size));
      if (parsed) FAIL("accepted at " << size);
      CHECK(static_cast<int>(parsed.error().code) == static_cast<int>(ErrorCode::kInvalid));
    }
  }
}

TEST_CASE("too much is refused before it is parsed", "[timestamp]") {
  const Bytes much(kMaxTimestampBytes + 1, 0x30);
  CHECK_FAILS(TimestampToken::Parse(much), ErrorCode::kInvalid, "longer than 32 KiB");
  CHECK_FAILS(TimestampRequest::Parse(much), ErrorCode::kInvalid, "longer than 32 KiB");
}

TEST_CASE("a token with any byte changed is refused", "[timestamp]") {
  const std::string authority = GENERATE("p256", "rsa");
  CAPTURE(authority);
  const TimestampToken token = TokenOf(authority);
  const TimestampRoots roots = Roots();
  const char* const given = std::getenv("EXHIBIT_TEST_SEED");
  const std::uint64_t seed = given == nullptr ? std::random_device()() : std::strtoull(given, nullptr, 10);
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (std::size_t at = 0; at < token.der().size(); ++at) {
    // One bit, and one byte at random.
    for (const std::uint8_t change :
         {static_cast<std::uint8_t>(1U << (random() % 8)), static_cast<std::uint8_t>(1 + random() % 255)}) {
      Bytes changed = ToBytes(token.der());
      changed[at] ^= change;
      if (Verify(changed, roots)) {
        FAIL_CHECK("accepted with byte " << at << " of " << changed.size() << " changed by " << int{change});
      }
    }
  }
}

TEST_CASE("roots are the verifier's", "[timestamp]") {
  const Bytes stranger = Ask("stranger", TimestampRequest::Make(Imprint()));
  CHECK_FAILS(Verify(stranger), ErrorCode::kDenied, "ends at none of the roots that were named");
  CHECK(!OpensslAccepts("stranger.tsr", stranger, "-CAfile root.crt"));
  REQUIRE_OK(Verify(stranger, Roots({"foreign"})));
  REQUIRE_OK(Verify(stranger, Roots({"root", "foreign"})));
  CHECK_FAILS(Verify(stranger, TimestampRoots()), ErrorCode::kDenied, "no root was named");
  // One that is inside of the token is no root.
  Folder().Run("sed 's/^signer_key/certs = foreign.crt\\n&/' stranger.cnf > bringing.cnf");
  CHECK_FAILS(Verify(Ask("bringing", TimestampRequest::Make(Imprint()))), ErrorCode::kDenied,
              "ends at none of the roots that were named");
}

TEST_CASE("roots are read from PEM, and nothing else", "[timestamp]") {
  TimestampRoots roots;
  CHECK_FAILS(roots.AddPem(""), ErrorCode::kInvalid, "roots: no certificate in PEM");
  CHECK_FAILS(roots.AddPem("not a certificate\n"), ErrorCode::kInvalid, "roots: no certificate in PEM");
  CHECK_FAILS(roots.AddPem(Folder().Text("root.key")), ErrorCode::kInvalid, "roots: no certificate in PEM");
  const std::string root = Folder().Text("root.crt");
  CHECK_FAILS(roots.AddPem(root.substr(0, root.size() / 2)), ErrorCode::kInvalid, "roots: certificate 1 is broken PEM");
  CHECK_FAILS(roots.AddPem(root + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
              ErrorCode::kInvalid, "roots: certificate 2 is not an X.509 certificate");
  CHECK_FAILS(roots.AddPem(std::string(kMaxRootsBytes + 1, ' ')), ErrorCode::kInvalid, "roots: longer than 1 MiB");
  CHECK(roots.certificates().empty());
  REQUIRE_OK(roots.AddPem("a comment\n" + root + Folder().Text("foreign.crt")));
  CHECK(roots.certificates().size() == 2);
}

TEST_CASE("the certificate is judged at the token's time", "[timestamp]") {
  const Bytes statement = Statement();
  const Bytes then = Signed(AtTime(statement, "20200601123456Z"), "ended");
  const VerifiedTimestamp stamp = Unwrap(Verify(then));
  CHECK(FormatTime(stamp.time) == "2020-06-01T12:34:56.000Z");
  CHECK(FormatTime(stamp.chain_end) == "2021-01-01T00:00:00.000Z");
  CHECK(OpensslAccepts("ended.tst", then, "-token_in -CAfile root.crt -attime 1591014896"));
  CHECK(!OpensslAccepts("ended.tst", then, "-token_in -CAfile root.crt"));
  CHECK_FAILS(Verify(Signed(AtTime(statement, "20210101000001Z"), "ended")), ErrorCode::kDenied,
              "the signing certificate had ended at 2021-01-01T00:00:01.000Z");
  CHECK_FAILS(Verify(Signed(AtTime(statement, "20181231235959Z"), "ended")), ErrorCode::kDenied,
              "did not hold yet at 2018-12-31");
  CHECK_FAILS(Verify(Ask("ended", TimestampRequest::Make(Imprint()))), ErrorCode::kDenied,
              "the signing certificate had ended at");
}

TEST_CASE("a time that is none is refused", "[timestamp]") {
  const std::string_view time = GENERATE("20201301123456Z", "20200230123456Z", "20200601243456Z", "20200601120060Z",
                                         "2020060112345.Z", "202006011234.5Z", "202006011200+1Z", "2020-060112345Z");
  CAPTURE(time);
  CHECK_FAILS(Verify(Signed(AtTime(Statement(), time), "ended")), ErrorCode::kInvalid, "the time is not of the form");
}

TEST_CASE("who signs must be there for timestamps, and for nothing else", "[timestamp]") {
  const Bytes statement = Statement();
  REQUIRE_OK(Verify(Signed(statement, "p256")));
  CHECK_FAILS(Verify(Signed(statement, "lax")), ErrorCode::kDenied, "usage timeStamping is not critical");
  CHECK_FAILS(Verify(Signed(statement, "wide")), ErrorCode::kDenied, "usage is not timeStamping alone");
  CHECK_FAILS(Verify(Signed(statement, "plain")), ErrorCode::kDenied, "no extended key usage");
  CHECK_FAILS(Verify(Signed(statement, "root")), ErrorCode::kDenied, "no extended key usage");
}

TEST_CASE("a token must be complete and signed as RFC 3161 says", "[timestamp]") {
  const Bytes statement = Statement();
  CHECK_FAILS(Verify(Signed(statement, "p256", "")), ErrorCode::kInvalid,
              "does not name its certificate (ESS signing certificate)");
  CHECK_FAILS(Verify(Signed(statement, "p256", "-cades -nocerts")), ErrorCode::kInvalid,
              "does not carry the certificate that signed it");
  CHECK_FAILS(Verify(Signed(statement, "p256", "-noattr")), ErrorCode::kInvalid,
              "does not cover the timestamp's type and digest");
  CHECK_FAILS(Verify(Signed(statement, "p256", "-cades -md sha1")), ErrorCode::kUnsupported, "digest");
  CHECK_FAILS(Verify(Signed(statement, "p256", "-cades", "1.2.3.4")), ErrorCode::kInvalid, "not a timestamp (TSTInfo)");
  CHECK_FAILS(Verify(Signed(statement, "p256", "-cades -signer rsa.crt -inkey rsa.key")), ErrorCode::kInvalid,
              "exactly one signature");
  CHECK_FAILS(Verify(Signed(ViewOf("text"), "p256")), ErrorCode::kInvalid, "the timestamp in the token is cut off");
  Bytes longer = statement;
  longer.push_back(0);
  CHECK_FAILS(Verify(Signed(longer, "p256")), ErrorCode::kInvalid,
              "the timestamp in the token has bytes behind its end");
}

TEST_CASE("the certificate that a signature names cannot be changed for another with its key", "[timestamp]") {
  // A second certificate for the same key and name; then it takes the first one's place in the token.
  Folder().Run(
      "openssl ca -batch -notext -config ca.cnf -name ca -cert root.crt -keyfile root.key -in p256.csr -out twin.crt "
      "-extfile ca.cnf -extensions good -startdate 20190101000000Z -enddate 20980101000000Z && cp p256.key twin.key");
  const Bytes statement = Statement();
  REQUIRE_OK(Verify(Signed(statement, "twin")));
  // No attribute for this in the openssl command: sign with one and let the attribute name the other.
  const Bytes of_first = Signed(statement, "p256", "-cades");
  Folder().Run(
      "openssl x509 -in p256.crt -outform DER | openssl dgst -sha256 -binary > first; "
      "openssl x509 -in twin.crt -outform DER | openssl dgst -sha256 -binary > second");
  const Bytes swapped = Replaced(of_first, Folder().Text("first"), Folder().Text("second"));
  CHECK_FAILS(Verify(swapped), ErrorCode::kTampered, "the signature does not fit");
}

TEST_CASE("the authority's name is its certificate's", "[timestamp]") {
  Ask("rsa", TimestampRequest::Make(Imprint()), "-token_out");
  Folder().Run("openssl cms -verify -noverify -inform DER -in answer.tsr -out named");
  CHECK_FAILS(Verify(Signed(Folder().Read("named"), "p256")), ErrorCode::kTampered,
              "the authority's name in the timestamp");
}

TEST_CASE("a policy has one spelling", "[timestamp]") {
  CHECK(Unwrap(TimestampPolicy::Parse("2.999.3")).text() == "2.999.3");
  for (const std::string_view text :
       {"", "1", "1.", ".1", "1..2", "3.1", "1.40.1", "1.2.03", "1.2.3 ", "sha256", "-1.2", "1.2.-3"}) {
    CAPTURE(text);
    CHECK_FAILS(TimestampPolicy::Parse(text), ErrorCode::kInvalid, "a policy is an object identifier");
  }
  CHECK_FAILS(TimestampPolicy::Parse("1.2." + std::string(300, '1')), ErrorCode::kInvalid,
              "a policy is an object identifier");
}

}  // namespace
}  // namespace exhibit::crypto
