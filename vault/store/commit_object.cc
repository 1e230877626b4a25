#include "vault/store/commit_object.h"

#include <map>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"

namespace exhibit::store {
namespace {

constexpr std::size_t kHashBytes = tlog::NodeHash::kSize;
constexpr std::uint32_t kMostLevel = 63;

constexpr std::string_view kPayloads = "pay/";
constexpr std::string_view kHeaders = "hdr/";

// --- writing

void WriteNumbers(CanonicalWriter& out, std::initializer_list<std::uint64_t> numbers) {
  for (const std::uint64_t number : numbers) {
    out.Element();
    out.Number(number);
  }
}

void WriteText(CanonicalWriter& out, std::string_view text) {
  out.Element();
  out.Text(text);
}

template <typename Things, typename Write>
void WriteList(CanonicalWriter& out, std::string_view name, const Things& things, Write write) {
  out.Member(name);
  out.Raw("[");
  for (const auto& thing : things) {
    out.Element();
    write(thing);
  }
  out.Raw("]");
}

using Indexes = std::map<std::uint64_t, std::uint64_t>;  // of objects, by their ids

void WritePlace(CanonicalWriter& out, const CommitRecord::Place& at, const Indexes& objects) {
  out.Raw("[");
  WriteNumbers(out, {at.sequence.value});
  WriteText(out, at.under ? std::to_string(at.under->value) : std::string());
  WriteNumbers(out, {at.place.header_bytes, at.place.payload_bytes, at.place.hashes_bytes});
  out.Element();
  out.Raw("[");
  for (const Extent& extent : at.place.extents) {
    const auto index = objects.find(extent.pack);
    EXHIBIT_ASSERT(index != objects.end());
    out.Element();
    out.Raw("[");
    WriteNumbers(out, {index->second, extent.offset, extent.bytes});
    out.Raw("]");
  }
  out.Raw("]");
  WriteText(out, at.place.layout);
  out.Raw("]");
}

// --- reading

// Reads `[element,element…]`.
template <typename Read>
Result<void> ReadList(CanonicalReader& in, Read read) {
  TRY_VOID(in.Expect("["));
  bool is_first = true;
  while (!in.Accept("]")) {
    if (!is_first) TRY_VOID(in.Expect(","));
    is_first = false;
    TRY_VOID(read());
  }
  return {};
}

Result<std::uint64_t> NextNumber(CanonicalReader& in) {
  TRY_VOID(in.Expect(","));
  return in.Number();
}
Result<std::string> NextText(CanonicalReader& in) {
  TRY_VOID(in.Expect(","));
  TRY(const std::string_view text, in.Text());
  return std::string(text);
}

Result<custody::ActRow> ReadAct(CanonicalReader& in) {
  custody::ActRow row;
  TRY_VOID(in.Expect("["));
  TRY(const std::string_view subject, in.Text());
  TRY(row.subject, FromDecimal(subject));
  TRY(row.sequence.value, NextNumber(in));
  TRY(row.type, NextText(in));
  TRY_VOID(in.Expect("]"));
  return row;
}

Result<NamedObject> ReadObject(CanonicalReader& in) {
  NamedObject object;
  TRY_VOID(in.Expect("["));
  TRY(const std::string_view name, in.Text());
  const bool is_payload = name.starts_with(kPayloads);
  if (!is_payload && !name.starts_with(kHeaders)) return in.Refuse("an object is of pay/ or of hdr/");
  object.kind = is_payload ? NamedObject::Kind::kPayload : NamedObject::Kind::kHeaders;
  TRY(const Bytes id, FromHex(name.substr(kPayloads.size())));
  if (id.size() != 8) return in.Refuse("the name of an object ends with 16 hex digits");
  object.id = GetU64(id);
  TRY(object.bytes, NextNumber(in));
  TRY(const std::string digest, NextText(in));
  TRY(object.digest, FixedFromHex<crypto::Sha256Digest>(digest, "the digest of an object"));
  TRY(object.version, NextText(in));
  TRY_VOID(in.Expect("]"));
  return object;
}

Result<Extent> ReadExtent(CanonicalReader& in, const std::vector<NamedObject>& objects) {
  TRY_VOID(in.Expect("["));
  TRY(const std::uint64_t index, in.Number());
  if (index >= objects.size()) return in.Refuse("names an object that the commit does not list");
  Extent extent{objects[index].id, 0, 0};
  TRY(extent.offset, NextNumber(in));
  TRY(extent.bytes, NextNumber(in));
  TRY_VOID(in.Expect("]"));
  if (extent.offset > objects[index].bytes || extent.bytes > objects[index].bytes - extent.offset) {
    return in.Refuse("goes past the end of its object");
  }
  return extent;
}

Result<CommitRecord::Place> ReadPlace(CanonicalReader& in, const std::vector<NamedObject>& objects) {
  CommitRecord::Place at;
  TRY_VOID(in.Expect("["));
  TRY(at.sequence.value, in.Number());
  TRY(const std::string under, NextText(in));
  if (!under.empty()) {
    at.under.emplace();
    TRY(at.under->value, FromDecimal(under));
  }
  TRY(at.place.header_bytes, NextNumber(in));
  TRY(at.place.payload_bytes, NextNumber(in));
  TRY(at.place.hashes_bytes, NextNumber(in));
  TRY_VOID(in.Expect(","));
  std::uint64_t extents_bytes = 0;
  TRY_VOID(ReadList(in, [&]() -> Result<void> {
    TRY(const Extent extent, ReadExtent(in, objects));
    extents_bytes += extent.bytes;
    at.place.extents.push_back(extent);
    return {};
  }));
  TRY(at.place.layout, NextText(in));
  TRY_VOID(in.Expect("]"));
  // Each is at most 2^53 - 1.
  if (at.place.bytes() != extents_bytes) return in.Refuse("the parts of a sealed file are not as long as its extents");
  if (at.place.layout.empty() != (at.place.payload_bytes == 0)) return in.Refuse("a layout line goes with a payload");
  return at;
}

Result<CommitRecord::Hashes> ReadHashes(CanonicalReader& in) {
  CommitRecord::Hashes hashes;
  TRY_VOID(in.Expect("["));
  TRY(const std::uint64_t level, in.Number());
  if (level > kMostLevel) return in.Refuse("no tree has this level");
  hashes.level = static_cast<std::uint32_t>(level);
  TRY(hashes.first, NextNumber(in));
  TRY(const std::string text, NextText(in));
  TRY(hashes.hashes, FromBase64(text, Base64::kPadded));
  TRY_VOID(in.Expect("]"));
  if (hashes.hashes.empty() || hashes.hashes.size() % kHashBytes != 0) return in.Refuse("hashes are of 32 bytes each");
  return hashes;
}

// A list of things, each read by itself.
template <typename Thing, typename Read>
Result<void> ReadThings(CanonicalReader& in, std::string_view name, std::vector<Thing>& things, Read read) {
  TRY_VOID(in.ExpectMember(name));
  return ReadList(in, [&]() -> Result<void> {
    TRY(Thing thing, read());
    things.push_back(std::move(thing));
    return {};
  });
}

// What holds between the members.
Result<void> CheckRecord(const CanonicalReader& in, const CommitRecord& record) {
  if (record.entry_bytes.empty() || record.entry_bytes.back() == 0) return in.Refuse("the last entry is there");
  const auto is_here = [&](tlog::Sequence at) { return at >= record.first && at.value < record.end(); };
  for (const custody::ActRow& row : record.acts) {
    if (!is_here(row.sequence)) return in.Refuse("a row is of an entry of another commit");
  }
  for (const CommitRecord::Place& at : record.places) {
    if (!is_here(at.under.value_or(at.sequence)) || (at.under && at.sequence >= *at.under)) {
      return in.Refuse("a sealed file is of an entry of another commit");
    }
  }
  // Each level gains what the entries bring, and nothing else.
  std::size_t next = 0;
  for (std::uint32_t level = 0; level <= kMostLevel; ++level) {
    const std::uint64_t before = tlog::HashesAtLevel(record.first.value, level);
    const std::uint64_t after = tlog::HashesAtLevel(record.end(), level);
    if (after == before) continue;
    if (next == record.tiles.size()) return in.Refuse("hashes of the tree are missing");
    const CommitRecord::Hashes& hashes = record.tiles[next++];
    if (hashes.level != level || hashes.first != before || hashes.hashes.size() / kHashBytes != after - before) {
      return in.Refuse("the hashes are not those that the tree gains");
    }
  }
  if (next != record.tiles.size()) return in.Refuse("there are more hashes than the tree gains");
  return {};
}

Result<CommitRecord> ReadRecord(std::string_view line) {
  CanonicalReader in(line);
  CommitRecord record;
  TRY_VOID(in.Expect("{"));
  TRY_VOID(in.ExpectMember("v"));
  TRY(const std::uint64_t version, in.Number());
  if (version != 1) {
    return Fail(ErrorCode::kUnsupported, Format("the commit is of version {}, and this program knows 1", version),
                "use the version of exhibit that wrote it, or a newer one");
  }
  TRY_VOID(in.ExpectMember("commit"));
  TRY(record.commit, in.Number());
  TRY_VOID(in.ExpectMember("prev"));
  TRY(const std::string_view previous, in.Text());
  if (previous.empty() != (record.commit == 0))
    return in.Refuse("commit 0 has none before it, and every other has one");
  if (!previous.empty()) {
    TRY(record.previous, FixedFromHex<crypto::Sha256Digest>(previous, "the digest of the commit before"));
  }
  TRY_VOID(in.ExpectMember("first"));
  TRY(record.first.value, in.Number());
  TRY_VOID(ReadThings(in, "entries", record.entry_bytes, [&] { return in.Number(); }));
  TRY_VOID(ReadThings(in, "acts", record.acts, [&] { return ReadAct(in); }));
  TRY_VOID(ReadThings(in, "objects", record.objects, [&] { return ReadObject(in); }));
  TRY_VOID(ReadThings(in, "sealed", record.places, [&] { return ReadPlace(in, record.objects); }));
  TRY_VOID(ReadThings(in, "tiles", record.tiles, [&] { return ReadHashes(in); }));
  TRY_VOID(in.Expect("}"));
  TRY_VOID(in.End());
  TRY_VOID(CheckRecord(in, record));
  return record;
}

}  // namespace

std::string_view PrefixOf(NamedObject::Kind kind) { return kind == NamedObject::Kind::kPayload ? kPayloads : kHeaders; }

std::string KeyOf(const NamedObject& object) {
  Bytes id(8);
  PutU64(id, object.id);
  return std::string(PrefixOf(object.kind)) + ToHex(id);
}

Result<Bytes> EncodeCommit(const CommitRecord& record, const std::vector<AppendBatch::Entry>& entries) {
  EXHIBIT_ASSERT(entries.size() == record.entry_bytes.size());
  CanonicalWriter out;
  out.Raw("{");
  out.Member("v");
  out.Number(1);
  out.Member("commit");
  out.Number(record.commit);
  out.Member("prev");
  out.Text(record.previous ? ToHex(record.previous->view()) : std::string());
  out.Member("first");
  out.Number(record.first.value);
  WriteList(out, "entries", record.entry_bytes, [&](std::uint64_t bytes) { out.Number(bytes); });
  WriteList(out, "acts", record.acts, [&](const custody::ActRow& row) {
    out.Raw("[");
    WriteText(out, std::to_string(row.subject));
    WriteNumbers(out, {row.sequence.value});
    WriteText(out, row.type);
    out.Raw("]");
  });
  WriteList(out, "objects", record.objects, [&](const NamedObject& object) {
    out.Raw("[");
    WriteText(out, KeyOf(object));
    WriteNumbers(out, {object.bytes});
    WriteText(out, ToHex(object.digest.view()));
    WriteText(out, object.version);
    out.Raw("]");
  });
  Indexes indexes;
  for (const NamedObject& object : record.objects) indexes.emplace(object.id, indexes.size());
  EXHIBIT_ASSERT(indexes.size() == record.objects.size());
  WriteList(out, "sealed", record.places, [&](const CommitRecord::Place& at) { WritePlace(out, at, indexes); });
  WriteList(out, "tiles", record.tiles, [&](const CommitRecord::Hashes& hashes) {
    out.Raw("[");
    WriteNumbers(out, {hashes.level, hashes.first});
    WriteText(out, ToBase64(hashes.hashes, Base64::kPadded));
    out.Raw("]");
  });
  out.Raw("}\n");
  Bytes commit = ToBytes(ViewOf(out.written()));
  for (const AppendBatch::Entry& entry : entries) exhibit::Append(commit, entry.bytes);
  if (commit.size() > kMaxCommitBytes) {
    return Fail(ErrorCode::kInvalid,
                Format("a commit of {} bytes is longer than the {} that one may have", commit.size(), kMaxCommitBytes));
  }
  return commit;
}

Result<ParsedCommit> ParseCommit(ByteView commit) {
  if (commit.size() > kMaxCommitBytes) return Fail(ErrorCode::kInvalid, "the commit is longer than one may be");
  const std::string_view text = TextOf(commit);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return Fail(ErrorCode::kInvalid, "the commit's record does not end");
  TRY(CommitRecord record, ReadRecord(text.substr(0, end)));
  std::uint64_t left = commit.size() - end - 1;
  for (const std::uint64_t bytes : record.entry_bytes) {
    if (bytes > left) return Fail(ErrorCode::kInvalid, "the commit ends before its last entry");
    left -= bytes;
  }
  if (left != 0) return Fail(ErrorCode::kInvalid, Format("{} bytes follow the commit's last entry", left));
  return ParsedCommit{std::move(record), end + 1};
}

}  // namespace exhibit::store
