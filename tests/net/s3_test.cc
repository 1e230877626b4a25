// Goal: where a vault is, whose credentials are used and what a server says are read strictly, and what is sent is what every
// version of libcurl signs rightly.
// Method: texts, good and bad. tests/end_to_end/object_store.py checks each signature that the real program makes.
#include <sys/stat.h>

#include <cstdlib>

#include "tests/net/serving.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/net/http_server.h"
#include "vault/net/s3_answer.h"
#include "vault/net/s3_bucket.h"

namespace exhibit::testing {
namespace {

using net::S3Credentials;
using net::S3Place;

// A variable of the environment, as it was before once this goes.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* const before = std::getenv(name)) before_ = before;
    value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
  }
  ~Variable() { before_.empty() ? ::unsetenv(name_) : ::setenv(name_, before_.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::string before_;
};

}  // namespace

TEST_CASE("a place says all of itself, and the environment what it leaves open", "[net][s3]") {
  const Variable region("AWS_REGION", "eu-central-1");
  const auto place = Unwrap(S3Place::Parse("s3://s3.example.org:7480/evidence/cases/q4d2/"));
  CHECK(place.host() == "s3.example.org:7480");
  CHECK(place.bucket() == "evidence");
  CHECK(place.log_bucket() == "evidence-log");
  CHECK(place.prefix() == "cases/q4d2");
  CHECK(place.region() == "eu-central-1");
  CHECK(place.scheme() == "https");
  CHECK(place.Name() == "s3://s3.example.org:7480/evidence/cases/q4d2");
  const auto other = Unwrap(S3Place::Parse(
      "s3://10.0.0.1/evidence?scheme=http&log-bucket=log-of-it&region=r1&ca-file=/etc/ca.pem&seconds=9&patience=0"));
  CHECK(other.prefix().empty());
  CHECK(other.log_bucket() == "log-of-it");
  CHECK(other.region() == "r1");
  CHECK(other.scheme() == "http");
  CHECK(other.ca_file() == "/etc/ca.pem");
  CHECK(other.seconds().count() == 9);
  CHECK(other.patience().count() == 0);
}

TEST_CASE("a place of a wrong form is refused, and the rule is named", "[net][s3]") {
  struct Row {
    const char* text;
    const char* words;
  };
  const auto row = GENERATE(values<Row>({
      {"https://host/bucket", "does not begin with s3://"},
      {"s3://", "names no host"},
      {"s3://host", "names no bucket"},
      {"s3://host/ab", "names no bucket"},
      {"s3://host/Bucket", "names no bucket"},
      {"s3://key:secret@host/bucket", "credentials have no place"},
      {"s3://host/bucket/a b", "prefix of other characters"},
      {"s3://host/bucket/a//b", "prefix of other characters"},
      {"s3://host/bucket/../b", "prefix of other characters"},
      {"s3://host/bucket?colour=red", "is no setting"},
      {"s3://host/bucket?region=", "a setting without a value"},
      {"s3://host/bucket?region=a&region=b", "a setting twice"},
      {"s3://host/bucket?scheme=ftp", "neither https nor http"},
      {"s3://host/bucket?log-bucket=bucket", "one bucket for both"},
      {"s3://host/bucket?seconds=0", "seconds is 1 at least"},
      {"s3://host/bucket?seconds=4000", "a number of seconds up to 3600"},
  }));
  CAPTURE(row.text);
  CHECK_FAILS(S3Place::Parse(row.text), ErrorCode::kInvalid, row.words);
}

TEST_CASE("credentials come from the environment first, then from a profile", "[net][s3]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "credentials";
  WriteText(file,
            "# of two\n[default]\naws_access_key_id = ONE\naws_secret_access_key=first/secret\n\n"
            "[other]\naws_access_key_id=TWO\naws_secret_access_key = second\naws_session_token = token\n");
  const Variable place("AWS_SHARED_CREDENTIALS_FILE", file.c_str());
  const Variable no_key("AWS_ACCESS_KEY_ID", nullptr);
  const Variable no_secret("AWS_SECRET_ACCESS_KEY", nullptr);
  const Variable no_profile("AWS_PROFILE", nullptr);
  // As libcurl reads it: up to the zero byte.
  const auto text = [](const crypto::SecretText& secret) { return std::string(secret.ExposeSecret().data()); };
  ::chmod(file.c_str(), 0600);
  const auto by_default = Unwrap(S3Credentials::Find());
  CHECK(text(by_default.key) == "ONE:first/secret");
  CHECK_FALSE(by_default.token_header);
  {
    const Variable profile("AWS_PROFILE", "other");
    const auto other = Unwrap(S3Credentials::Find());
    CHECK(text(other.key) == "TWO:second");
    CHECK(text(*other.token_header) == "x-amz-security-token: token");
  }
  {
    const Variable profile("AWS_PROFILE", "third");
    CHECK_FAILS(S3Credentials::Find(), ErrorCode::kDenied, "no profile \"third\"");
  }
  {
    const Variable key("AWS_ACCESS_KEY_ID", "THREE");
    CHECK_FAILS(S3Credentials::Find(), ErrorCode::kInvalid, "without its secret");
    const Variable secret("AWS_SECRET_ACCESS_KEY", "third");
    CHECK(text(Unwrap(S3Credentials::Find()).key) == "THREE:third");
  }
  ::chmod(file.c_str(), 0644);
  CHECK_FAILS(S3Credentials::Find(), ErrorCode::kDenied, "others can read");
  std::filesystem::remove(file);
  CHECK_FAILS(S3Credentials::Find(), ErrorCode::kDenied, "no credentials");
}

TEST_CASE("names are encoded as they are signed", "[net][s3]") {
  using net::PercentEncoded;
  using net::Slashes;
  CHECK(PercentEncoded("log/0000-._~", Slashes::kKept) == "log/0000-._~");
  CHECK(PercentEncoded("a/b", Slashes::kEncoded) == "a%2Fb");
  CHECK(PercentEncoded("a b+c=d&e\xC3\xA9", Slashes::kKept) == "a%20b%2Bc%3Dd%26e%C3%A9");
}

TEST_CASE("a page of a list is read, and what is no list is refused", "[net][s3]") {
  const auto page = Unwrap(net::ReadListAnswer(
      "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><Name>b</Name><IsTruncated>true</IsTruncated>"
      "<Contents><Key>a&amp;b</Key><Size>7</Size></Contents><Contents><Key>c</Key><Size>0</Size></Contents>"
      "</ListBucketResult>"));
  CHECK_FALSE(page.is_last);
  REQUIRE(page.objects.size() == 2);
  CHECK(page.objects[0].key == "a&b");
  CHECK(page.objects[0].bytes == 7);
  const auto list = [](std::string_view truncated, std::string_view contents) {
    return net::ReadListAnswer("<ListBucketResult><IsTruncated>" + std::string(truncated) + "</IsTruncated>" +
                               std::string(contents) + "</ListBucketResult>");
  };
  CHECK(Unwrap(list("false", "")).objects.empty());
  CHECK_FAILS(net::ReadListAnswer("<html>"), ErrorCode::kInvalid, "no list");
  CHECK_FAILS(list("maybe", ""), ErrorCode::kInvalid, "no list");
  CHECK_FAILS(list("true", ""), ErrorCode::kInvalid, "without end");
  CHECK_FAILS(list("false", "<Contents><Key>a</Key></Contents>"), ErrorCode::kInvalid, "without a name or a size");
  CHECK_FAILS(list("false", "<Contents><Key>a&b;</Key><Size>1</Size></Contents>"), ErrorCode::kInvalid,
              "cannot be read");
  CHECK_FAILS(
      list("false", "<Contents><Key>b</Key><Size>1</Size></Contents><Contents><Key>a</Key><Size>1</Size></Contents>"),
      ErrorCode::kInvalid, "not in the order");
  CHECK(net::WordsOfRefusal("<Error><Code>AccessDenied</Code><Message>no \x1b[1m</Message></Error>") ==
        "AccessDenied: no \\x1b[1m");
  CHECK(net::WordsOfRefusal("nothing").empty());
}

TEST_CASE("a page of versions is read, delete markers too, and what is none is refused", "[net][s3]") {
  const auto list = [](std::string_view rows, std::string_view truncated = "false") {
    return net::ReadVersionsAnswer("<ListVersionsResult xmlns=\"x\"><IsTruncated>" + std::string(truncated) +
                                   "</IsTruncated>" + std::string(rows) + "</ListVersionsResult>");
  };
  const std::string marker =
      "<DeleteMarker><Key>a</Key><VersionId>v2</VersionId><IsLatest>true</IsLatest>"
      "<LastModified>2026-11-30T14:22:20.144Z</LastModified></DeleteMarker>";
  const std::string version =
      "<Version><Key>a</Key><VersionId>v1</VersionId><LastModified>2026-11-30T14:22:18Z</LastModified><Size>7</Size></"
      "Version>";
  const auto page = Unwrap(list(marker + version));
  CHECK(page.is_last);
  REQUIRE(page.versions.size() == 2);
  CHECK(page.versions[0].is_marker);
  CHECK(page.versions[0].name == net::ObjectName{"a", "v2"});
  CHECK(FormatTime(page.versions[0].put) == "2026-11-30T14:22:20.144Z");
  CHECK_FALSE(page.versions[1].is_marker);
  CHECK(page.versions[1].bytes == 7);
  CHECK(Unwrap(list("")).versions.empty());
  CHECK_FAILS(list("", "true"), ErrorCode::kInvalid, "without end");
  CHECK_FAILS(net::ReadVersionsAnswer("<ListBucketResult><IsTruncated>false</IsTruncated>"), ErrorCode::kInvalid,
              "no list of versions");
  CHECK_FAILS(list("<Version><Key>a</Key><VersionId>v</VersionId><Size>7</Size></Version>"), ErrorCode::kInvalid,
              "without a name, a size or a time");
  CHECK_FAILS(list("<Version><Key>a</Key><VersionId>v</VersionId><LastModified>2026-11-30</LastModified></Version>"),
              ErrorCode::kInvalid, "without a name, a size or a time");
  std::string before = version;
  before.replace(before.find("<Key>a"), 6, "<Key>A");
  CHECK_FAILS(list(version + before), ErrorCode::kInvalid, "not in the order");
}

TEST_CASE("a lock is one in COMPLIANCE mode", "[net][s3]") {
  const auto lock = Unwrap(
      net::ReadRetentionAnswer("<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2026-12-01T14:22:18.000000000Z</"
                               "RetainUntilDate></Retention>"));
  REQUIRE(lock.has_value());
  CHECK(FormatTime(lock->time) == "2026-12-01T14:22:18.000Z");
  CHECK_FALSE(Unwrap(net::ReadRetentionAnswer("<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2026-12-01T14:22:18Z"
                                              "</RetainUntilDate></Retention>"))
                  .has_value());
  CHECK_FAILS(net::ReadRetentionAnswer("<Retention></Retention>"), ErrorCode::kInvalid, "no lock");
  CHECK_FAILS(net::ReadRetentionAnswer("<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>soon</RetainUntilDate>"),
              ErrorCode::kInvalid, "");
}

TEST_CASE("an object is compared as it comes, and is not kept", "[net][s3]") {
  const Variable key("AWS_ACCESS_KEY_ID", "ONE");
  const Variable secret("AWS_SECRET_ACCESS_KEY", "first");
  const Bytes bytes(3'000'000, 7);
  const Serving serving([&](const std::atomic<bool>& stop, const Serving::Ready& ready) {
    net::HttpService service;
    service.refuse = [](std::string_view, std::string_view) { return std::optional<net::HttpReply>(); };
    service.answer = [&](std::string_view, std::string_view path, std::string_view) -> net::HttpReply {
      if (path != "/evidence/there") return {.status = 404, .body = std::string(bytes.size(), 7)};
      return {.status = 200, .body = std::string(TextOf(bytes))};
    };
    return net::ServeHttp(service, {"127.0.0.1", 0}, stop, ready);
  });
  const auto place =
      Unwrap(S3Place::Parse("s3://127.0.0.1:" + std::to_string(serving.port()) + "/evidence?scheme=http&seconds=9"));
  net::S3Bucket bucket(place, place.bucket(), std::make_shared<net::FoundWhenNeeded>(), nullptr);
  const auto same = Unwrap(bucket.Compare({"there"}, bytes));
  CHECK(same.is_same);
  CHECK(same.facts.bytes == bytes.size());
  // One byte more, one less, another at either end; much more than it is.
  const auto differs = [&](Bytes other) { return !Unwrap(bucket.Compare({"there"}, other)).is_same; };
  Bytes other = bytes;
  other.push_back(7);
  CHECK(differs(other));
  other.resize(bytes.size() - 1);
  CHECK(differs(other));
  for (const std::size_t at : {std::size_t{0}, bytes.size() - 1}) {
    other = bytes;
    other[at] ^= 1;
    CHECK(differs(other));
  }
  CHECK_FAILS(bucket.Compare({"there"}, ByteView(bytes).first(100)), ErrorCode::kInvalid, "longer than the");
  // A refusal is not taken for the object, be it the same bytes.
  CHECK_FAILS(bucket.Compare({"absent"}, bytes), ErrorCode::kNotFound, "404");
}

}  // namespace exhibit::testing
