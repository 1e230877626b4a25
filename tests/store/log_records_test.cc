// Goal: every byte of a log file counts. Method: RFC 3720's checksums; files of records made here, each byte flipped and
// each length cut; logs that RocksDB wrote are looked at in medium_test.cc.
#include "vault/store/log_records.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

void PutLittle(Bytes& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

Bytes Record(std::uint8_t type, ByteView data) {
  Bytes covered{type};
  Append(covered, data);
  const std::uint32_t crc = store::Crc32c(covered);
  Bytes record;
  PutLittle(record, ((crc >> 15) | (crc << 17)) + 0xa282ead8U, 4);
  PutLittle(record, static_cast<std::uint32_t>(data.size()), 2);
  Append(record, covered);
  return record;
}

// One that fills a block but for `left` bytes, those, and one in two parts.
Bytes LogFile(std::size_t left) {
  Bytes file = Record(1, Bytes(32'768 - 7 - left, 'a'));
  file.resize(32'768, 0);
  Append(file, Record(1, ViewOf("one")));
  Append(file, Record(2, ViewOf("first")));
  Append(file, Record(3, ViewOf("middle")));
  Append(file, Record(4, ViewOf("last")));
  return file;
}

}  // namespace

TEST_CASE("CRC-32C is that of RFC 3720", "[log_records]") {
  CHECK(store::Crc32c(Bytes(32, 0)) == 0x8a9136aaU);
  CHECK(store::Crc32c(Bytes(32, 0xff)) == 0x62a8ab43U);
  Bytes ascending(32);
  for (std::size_t i = 0; i < 32; ++i) ascending[i] = static_cast<std::uint8_t>(i);
  CHECK(store::Crc32c(ascending) == 0x46dd794eU);
  CHECK(store::Crc32c(ViewOf("456789"), store::Crc32c(ViewOf("123"))) == 0xe3069283U);
}

TEST_CASE("a file of whole records has no fault", "[log_records]") {
  CHECK(store::CheckLogRecords({}).whole == 0);
  for (const std::size_t left : {0U, 3U, 6U}) {
    const auto records = store::CheckLogRecords(LogFile(left));
    CHECK(records.whole == 3);
    CHECK(records.good_bytes == LogFile(left).size());
    CHECK_FALSE(records.fault);
  }
}

TEST_CASE("each flipped bit of a log is a fault", "[log_records]") {
  const Bytes good = LogFile(6);
  for (std::size_t at = 32'700; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes bad = good;
      bad[at] = static_cast<std::uint8_t>(bad[at] ^ (1 << bit));
      CAPTURE(at, bit);
      REQUIRE(store::CheckLogRecords(bad).fault);
    }
  }
}

TEST_CASE("a log that was cut is torn, and says up to where it is good", "[log_records]") {
  const Bytes good = LogFile(0);
  for (std::size_t size = 32'769; size < good.size(); ++size) {
    const auto records = store::CheckLogRecords(ByteView(good).first(size));
    CAPTURE(size);
    const bool after_one = size >= 32'768 + 10;
    CHECK(records.good_bytes == (after_one ? 32'778 : 32'768));
    const bool is_whole = size == 32'778;
    CHECK(records.is_torn == !is_whole);
    CHECK(records.fault.has_value() == !is_whole);
  }
}

TEST_CASE("records that do not follow each other are a fault", "[log_records]") {
  for (const std::vector<std::uint8_t>& types :
       std::vector<std::vector<std::uint8_t>>{{3}, {4}, {2, 1}, {2, 2}, {1, 4}, {9}, {0}}) {
    Bytes file;
    for (const std::uint8_t type : types) Append(file, Record(type, ViewOf("x")));
    const auto records = store::CheckLogRecords(file);
    REQUIRE(records.fault);
    CHECK_FALSE(records.is_torn);
  }
}

}  // namespace exhibit::testing
