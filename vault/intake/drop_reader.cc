#include "vault/intake/drop_reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/tlog/merkle.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 1'000'000;

// "1a2b3c4d-17" in front of `ending`.
std::optional<DropPlace> PlaceOf(std::string_view name, std::string_view ending) {
  if (!name.ends_with(ending)) return std::nullopt;
  name.remove_suffix(ending.size());
  if (name.size() < 10 || name[8] != '-') return std::nullopt;
  const std::string_view id = name.substr(0, 8);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const auto number = FromDecimal(name.substr(9));
  if (!std::ranges::all_of(id, is_hex) || !number || *number == 0) return std::nullopt;
  return DropPlace{std::string(id), *number};
}

}  // namespace

std::string StemOf(const DropPlace& place) { return Format("{}-{}", place.id, place.number); }

Result<DropListing> ListDrop(const fs::path& drop) {
  DropListing listing;
  std::error_code error;
  std::size_t files = 0;
  std::set<DropPlace> sealed;
  for (fs::directory_iterator file(drop, error), end; !error && file != end; file.increment(error)) {
    if (++files > kMaxFiles) return Fail(ErrorCode::kInvalid, "the drop has more than a million files");
    const std::string name = file->path().filename().native();
    if (const auto place = PlaceOf(name, ".collected")) {
      listing.complete.insert(*place);
    } else if (const auto of = PlaceOf(name, ".age")) {
      sealed.insert(*of);
    } else if (name.ends_with(".part") || name.ends_with(".collected.new")) {
      listing.remarks.push_back(Printable(name) + " was never finished, and is not taken in");
    } else {
      listing.remarks.push_back(Printable(name) + " has no place in a drop, and is not taken in");
    }
  }
  if (error) return Fail(SystemError("list", drop, error.value()));
  for (const DropPlace& place : sealed) {
    if (listing.complete.contains(place)) continue;
    listing.remarks.push_back(StemOf(place) + ".age was never finished: its collector's statement is missing");
  }
  return listing;
}

Result<custody::SignedCollected> ReadStatement(const fs::path& drop, const DropPlace& place) {
  TRY(Bytes bytes, ReadFile(drop / (StemOf(place) + ".collected"), custody::kMaxCollectedBytes));
  TRY(custody::SignedCollected collected, custody::SignedCollected::Parse(std::move(bytes)));
  const custody::CollectedNumber& of = collected.statement().of;
  if (of.number != place.number || !of.collector.ends_with("+" + place.id)) {
    return Fail(ErrorCode::kInvalid,
                Format("it is number {} of {}, which its name does not say", of.number, Printable(of.collector)));
  }
  return collected;
}

Result<SealedReader> SealedReader::Open(const fs::path& path, const custody::SealedFile& wanted) {
  TRY(FileDescriptor file, OpenForReading(path));
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, "it is no plain file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  Bytes beginning(static_cast<std::size_t>(std::min<std::uint64_t>(size, seal::kMaxHeaderBytes)));
  TRY(const std::size_t got, ReadFull(file, beginning, path));
  beginning.resize(got);
  TRY(const seal::ParsedHeader parsed, seal::ParseHeader(beginning));
  beginning.resize(parsed.size_bytes);
  if (custody::DigestOfHeader(beginning) != wanted.header) {
    return Fail(ErrorCode::kTampered, "its age header is not the one that the collector signed");
  }
  if (parsed.header.stanzas.size() != 1 || parsed.header.stanzas.front().arguments.front() != "X25519") {
    return Fail(ErrorCode::kInvalid, "its age header is not for one X25519 recipient");
  }
  if (size != parsed.size_bytes + wanted.payload_bytes) {
    return Fail(ErrorCode::kTampered,
                Format("it has {} bytes, and the collector signed {}", size, parsed.size_bytes + wanted.payload_bytes));
  }
  if (::lseek(file.get(), static_cast<off_t>(parsed.size_bytes), SEEK_SET) < 0) {
    return Fail(SystemError("read", path, errno));
  }
  TRY(const seal::PayloadLayout layout, seal::PayloadLayout::Create(wanted.payload_bytes, wanted.tail_bytes));
  return SealedReader(std::move(file), path, wanted, layout, std::move(beginning));
}

Result<store::SealedItem> SealedReader::Read(const std::function<Result<void>(ByteView)>& sink,
                                             const std::atomic<bool>* interrupted) {
  std::vector<tlog::LeafHash> hashes;
  tlog::CompactRange range;
  Bytes bytes;
  for (std::uint64_t block = 0; block < layout_.block_count(); ++block) {
    TRY_VOID(StopIfAsked(interrupted));
    bytes.resize(static_cast<std::size_t>(layout_.block(block).bytes));
    TRY(const std::size_t got, ReadFull(file_, bytes, path_));
    if (got != bytes.size()) return Fail(ErrorCode::kTampered, "it ends early");
    hashes.push_back(tlog::HashLeaf(bytes));
    range.Append(hashes.back());
    TRY_VOID(sink(bytes));
  }
  if (range.Root() != wanted_.payload_root) {
    return Fail(ErrorCode::kTampered, "its payload is not the one that the collector signed");
  }
  return store::SealedItem{std::move(header_), wanted_, std::move(hashes), {}};
}

}  // namespace exhibit::intake
