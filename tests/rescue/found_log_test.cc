// Goal: the log that is put together is the longest that its own key has signed, whatever is missing and whatever else lies
// there; and nothing is put together that nobody signed. Method: pieces of a real log, left out, doubled and mixed with those
// of another vault.
#include "vault/rescue/found_log.h"

#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

using rescue::FindLog;
using rescue::Found;

struct FoundLogFixture : VaultFixture {
  FoundLogFixture() {
    for (const char* name : {"a", "b", "c", "d"}) Add({{name, name}});
    Take(heads);
    reader = Unwrap(OpenReader());
    for (std::uint64_t at = 0; at < reader->head().size.value; ++at) entries.push_back(Unwrap(reader->ReadEntry({at})));
  }
  // The checkpoint of the present head.
  void Take(std::vector<Bytes>& into) { into.push_back(Unwrap(Unwrap(OpenReader())->ReadHead())); }

  static void Put(Found& found, ByteView bytes) {
    const std::uint32_t source = found.AddSource(ToBytes(bytes));
    found.Take(rescue::Carve(bytes, bytes.size()), source, 0, bytes, 0);
  }
  Found Without(std::initializer_list<std::size_t> missing) const {
    Found found;
    for (std::size_t at = 0; at < entries.size(); ++at) {
      if (std::ranges::find(missing, at) == missing.end()) Put(found, entries[at]);
    }
    for (const Bytes& head : heads) Put(found, head);
    return found;
  }
  void PutHash(Found& found, std::uint64_t at) const {
    rescue::Carved carved;
    carved.hashes.push_back({{at}, tlog::HashLeaf(entries[at])});
    found.Take(std::move(carved), 0, 0, {}, 0);
  }

  std::unique_ptr<VaultReader> reader;
  std::vector<Bytes> entries;
  std::vector<Bytes> heads;
};

}  // namespace

TEST_CASE_METHOD(FoundLogFixture, "all pieces make the log", "[rescue]") {
  const Found found = Without({});
  const auto log = Unwrap(FindLog(found, std::nullopt));
  CHECK(log.fingerprint() == reader->fingerprint());
  CHECK(log.head == reader->head());
  CHECK(log.entries.size() == 5);
  CHECK(std::ranges::find(log.entries, nullptr) == log.entries.end());
  CHECK(log.beyond.empty());
}

TEST_CASE_METHOD(FoundLogFixture, "an entry that is lost has its hash from the one after it", "[rescue]") {
  const Found found = Without({2});
  const auto log = Unwrap(FindLog(found, std::nullopt));
  CHECK(log.head == reader->head());
  CHECK(log.entries[2] == nullptr);
  CHECK(log.leaves[2] == tlog::HashLeaf(entries[2]));
}

TEST_CASE_METHOD(FoundLogFixture, "of two in a row the first needs a hash from elsewhere", "[rescue]") {
  Found found = Without({1, 2});
  CHECK_FAILS(FindLog(found, std::nullopt), ErrorCode::kNotFound, "nothing says what entry 1 was");
  PutHash(found, 1);
  const auto log = Unwrap(FindLog(found, std::nullopt));
  CHECK(log.head == reader->head());
  CHECK(log.entries[1] == nullptr);
  CHECK(log.entries[2] == nullptr);
}

TEST_CASE_METHOD(FoundLogFixture, "a wrong hash is found out by the root", "[rescue]") {
  Found found = Without({1, 2});
  rescue::Carved wrong;
  wrong.hashes.push_back({{1}, tlog::LeafHash()});
  found.Take(std::move(wrong), 0, 0, {}, 0);
  CHECK_FAILS(FindLog(found, std::nullopt), ErrorCode::kNotFound, "too little of the log");
  PutHash(found, 1);
  CHECK(Unwrap(FindLog(found, std::nullopt)).head == reader->head());
}

TEST_CASE_METHOD(FoundLogFixture, "an entry with a changed byte that can still be read is not taken", "[rescue]") {
  Found found = Without({2});
  std::string changed(TextOf(entries[2]));
  const std::size_t at = changed.find("\"fields\":\"") + 10;
  changed[at] = changed[at] == '0' ? '1' : '0';
  Put(found, ViewOf(changed));
  const auto log = Unwrap(FindLog(found, std::nullopt));
  CHECK(log.head == reader->head());
  CHECK(log.entries[2] == nullptr);
}

TEST_CASE_METHOD(FoundLogFixture, "the end that is lost is known by the head that was signed", "[rescue]") {
  const Bytes earlier = heads.front();
  Add({{"e", "e"}});
  Take(heads);
  const Found found = Without({});  // of the five
  const auto log = Unwrap(FindLog(found, std::nullopt));
  CHECK(Equal(log.head_note, earlier));
  REQUIRE(log.beyond.size() == 1);
  CHECK(log.beyond[0].says.size == tlog::TreeSize{6});
}

TEST_CASE_METHOD(FoundLogFixture, "entries after the last head are kept, as far as they follow it", "[rescue]") {
  Add({{"e", "e"}});
  entries.push_back(Unwrap(Unwrap(OpenReader())->ReadEntry({5})));
  const Found found = Without({});
  const auto log = Unwrap(FindLog(found, std::nullopt));
  CHECK(log.head.size == tlog::TreeSize{5});
  CHECK(log.CountAfterHead() == 1);
}

TEST_CASE_METHOD(FoundLogFixture, "another vault beside it is told apart", "[rescue]") {
  Found found = Without({});
  const VaultFixture other;
  const auto theirs = Unwrap(other.OpenReader());
  Put(found, Unwrap(theirs->ReadEntry({0})));
  // Nothing is left of the other but its beginning: no checkpoint proves it.
  CHECK(Unwrap(FindLog(found, std::nullopt)).fingerprint() == reader->fingerprint());
  Put(found, Unwrap(theirs->ReadHead()));
  CHECK_FAILS(FindLog(found, std::nullopt), ErrorCode::kInvalid, "two vaults");
  CHECK(Unwrap(FindLog(found, theirs->fingerprint())).fingerprint() == theirs->fingerprint());
  CHECK(Unwrap(FindLog(found, reader->fingerprint())).head == reader->head());
}

TEST_CASE_METHOD(FoundLogFixture, "without a beginning, or without a signed head, nothing is put together",
                 "[rescue]") {
  CHECK_FAILS(FindLog(Without({0}), std::nullopt), ErrorCode::kNotFound, "entry 0");
  heads.clear();
  CHECK_FAILS(FindLog(Without({}), std::nullopt), ErrorCode::kNotFound, "no checkpoint");
  CHECK_FAILS(FindLog(Found(), std::nullopt), ErrorCode::kNotFound, "entry 0");
}

TEST_CASE_METHOD(FoundLogFixture, "an entry that claims a position far away costs nothing", "[rescue]") {
  Found found = Without({});
  rescue::Carved far;
  far.entries.push_back(
      {0, 0, {(std::uint64_t{1} << 53) - 1}, std::string(kVaultOrigin), "item", tlog::LeafHash(), {}});
  found.Take(std::move(far), 0, 0, {}, 0);
  CHECK(Unwrap(FindLog(found, std::nullopt)).head == reader->head());
}

}  // namespace exhibit::testing
