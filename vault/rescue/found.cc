#include "vault/rescue/found.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/tlog/tile.h"

namespace exhibit::rescue {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kWindow = 8 << 20;
constexpr std::uint64_t kMostLogBytes = std::uint64_t{1} << 30;

// "packs/000001" of a store.
std::optional<std::uint64_t> PackNumber(const fs::path& file) {
  if (file.parent_path().filename() != "packs") return std::nullopt;
  const std::string name = file.filename().native();
  if (name.size() < 6 || name.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  const auto number = FromDecimal(std::string_view(name).substr(std::min(name.find_first_not_of('0'), name.size())));
  return number && *number > 0 ? std::optional(*number) : std::nullopt;
}

class Searcher {
 public:
  explicit Searcher(const Search& search) : search_(search) {}

  Result<Found> Run() {
    TRY_VOID(LookInto(search_.damaged));
    for (const auto& [position, known] : found_.entries) {
      for (const FoundEntry& entry : known) ++found_.origins_here[*entry.origin];
    }
    for (const CarvedCheckpoint& one : found_.checkpoints) ++found_.origins_here[std::string(one.says.origin.text())];
    found_.origins_here.erase("");
    for (const fs::path& place : search_.also) {
      if (IsAbsent(place)) return Fail(ErrorCode::kNotFound, Printable(place.native()) + " does not exist");
      TRY_VOID(LookInto(place));
    }
    return std::move(found_);
  }

 private:
  Result<void> LookInto(const fs::path& place) {
    // Packs of one place go on into one another, so each place has its own.
    found_.packs.emplace_back();
    store_packs_ = found_.packs.size() - 1;
    std::error_code error;
    if (!fs::is_directory(place, error)) return LookAt(place);
    std::set<fs::path> files;  // in one order, whatever the system's
    fs::recursive_directory_iterator at(place, error);
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
      std::error_code ignored;
      if (at->symlink_status(ignored).type() != fs::file_type::directory) files.insert(at->path());
    }
    if (error) return Fail(SystemError("list", place, error.value()));
    for (const fs::path& file : files) TRY_VOID(LookAt(file));
    return {};
  }

  Result<void> LookAt(const fs::path& path) {
    TRY_VOID(StopIfAsked(search_.interrupted));
    if (path.filename() == "LOCK") return {};
    auto file = HayFile::Open(path);
    if (!file && (file.error().code == ErrorCode::kInvalid || file.error().code == ErrorCode::kNotFound)) {
      found_.remarks.push_back("not looked at: " + file.error().message);
      return {};
    }
    if (!file) return Fail(std::move(file).error());
    if (const auto pack = PackNumber(path)) {
      found_.packs[store_packs_].Add(*pack, path);
      return {};
    }
    // Both as records and as bytes: a damaged record would tear what lies in it.
    if (path.extension() == ".log" && file->size() <= kMostLogBytes) LookIntoLog(*file);
    TakeTile(path, *file);
    return LookIntoFile(*file);
  }

  Result<void> LookIntoFile(const HayFile& file) {
    const std::uint32_t source = found_.AddSource(file.path());
    std::size_t packs = store_packs_;
    if (file.path().extension() == ".age" && file.size() > 0) {  // a loose sealed file
      packs = found_.packs.size();
      found_.packs.emplace_back();
      found_.packs.back().Add(1, file.path());
    }
    for (std::uint64_t begin = 0; begin < file.size(); begin += kWindow) {
      TRY_VOID(StopIfAsked(search_.interrupted));
      // What lies before it is seen too: a place lies before its layout line, and a checkpoint before its signatures.
      const std::uint64_t from = begin - std::min<std::uint64_t>(begin, kOverlap);
      const Bytes window = file.Read({from, begin - from + kWindow + kOverlap});
      const auto before = static_cast<std::size_t>(begin - from + kWindow);
      found_.Take(Carve(window, std::min(before, window.size())), source, from, window, packs);
      if (search_.bytes_read != nullptr) *search_.bytes_read += std::min(kWindow, file.size() - begin);
    }
    return {};
  }

  void LookIntoLog(const HayFile& file) {
    const Bytes joined = JoinRecords(file.Read({0, file.size()}));
    found_.Take(Carve(joined, joined.size()), found_.AddSource(joined), 0, joined, store_packs_);
  }

  // A published tile of the lowest level is the hashes of leaves.
  void TakeTile(const fs::path& path, const HayFile& file) {
    const std::string& name = path.native();
    const std::size_t at = name.rfind("tile/0/");
    if (at == std::string::npos) return;
    const auto id = tlog::ParseTilePath(std::string_view(name).substr(at));
    if (!id || file.size() != std::uint64_t{id->width} * tlog::LeafHash::kSize) return;
    const Bytes hashes = file.Read({0, file.size()});
    Carved carved;
    for (std::uint64_t i = 0; i < id->width; ++i) {
      const ByteView hash = ByteView(hashes).subspan(i * tlog::LeafHash::kSize, tlog::LeafHash::kSize);
      carved.hashes.push_back({{id->index * tlog::kTileWidth + i}, *tlog::LeafHash::From(hash)});
    }
    found_.Take(std::move(carved), 0, 0, {}, store_packs_);
  }

  const Search& search_;
  Found found_;
  std::size_t store_packs_ = 0;
};

}  // namespace

std::uint32_t Found::AddSource(fs::path path) {
  sources_.push_back({std::move(path), {}});
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

std::uint32_t Found::AddSource(Bytes bytes) {
  sources_.push_back({{}, std::move(bytes)});
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

Bytes Found::Read(const Piece& piece) const {
  const Source& source = sources_[piece.source];
  if (source.path.empty()) return ToBytes(ByteView(source.bytes).subspan(piece.offset, piece.bytes));
  const auto file = HayFile::Open(source.path);
  return file ? file->Read({piece.offset, piece.bytes}) : Bytes();
}

void Found::Take(Carved carved, std::uint32_t source, std::uint64_t window_begin, ByteView window,
                 std::size_t packs_here) {
  for (const CarvedEntry& entry : carved.entries) {
    auto& known = entries[entry.sequence.value];
    if (std::ranges::find(known, entry.leaf, &FoundEntry::leaf) != known.end()) continue;
    known.push_back({{source, window_begin + entry.at, entry.bytes},
                     &*origins_.insert(entry.origin).first,
                     entry.type,
                     entry.leaf,
                     entry.previous});
  }
  for (const CarvedHash& row : carved.hashes) {
    auto& known = hashes[row.leaf.value];
    if (std::ranges::find(known, row.hash) == known.end()) known.push_back(row.hash);
  }
  for (CarvedCheckpoint& checkpoint : carved.checkpoints) {
    if (std::ranges::find(checkpoints, checkpoint.note, &CarvedCheckpoint::note) == checkpoints.end())
      checkpoints.push_back(std::move(checkpoint));
  }
  for (const CarvedLayout& layout : carved.layouts) {
    FoundLayout& known = layouts[custody::DigestOf<custody::PayloadDigest>(ViewOf(layout.line))];
    known.line = layout.line;
    if (!layout.place) continue;
    const store::SealedPlace& place = *layout.place;
    const bool is_known = std::ranges::any_of(known.copies, [&](const SealedCopy& copy) {
      return copy.packs == packs_here && copy.extents == place.extents;
    });
    if (!is_known) known.copies.push_back({packs_here, place.extents, place.header_bytes});
  }
  for (const CarvedHeader& header : carved.headers) {
    headers.try_emplace(custody::DigestOf<custody::HeaderDigest>(window.subspan(header.at, header.bytes)),
                        Piece{source, window_begin + header.at, header.bytes});
  }
}

Result<Found> SearchPlaces(const Search& search) { return Searcher(search).Run(); }

Result<std::multimap<custody::HeaderDigest, FoundHeader>> SearchHeaders(const Found& found, const Search& search) {
  std::multimap<custody::HeaderDigest, FoundHeader> headers;
  for (std::size_t packs = 0; packs < found.packs.size(); ++packs) {
    const PackFiles& files = found.packs[packs];
    for (const auto& [pack, path] : files.paths()) {
      const std::uint64_t size = files.SizeOf(pack);
      for (std::uint64_t begin = 0; begin < size; begin += kWindow) {
        TRY_VOID(StopIfAsked(search.interrupted));
        // A header may go on in the next pack.
        const auto extents = files.From(pack, begin, kWindow + kOverlap);
        std::uint64_t bytes = 0;
        for (const store::Extent& extent : extents) bytes += extent.bytes;
        const Bytes window = files.Read(extents, {0, bytes});
        const auto here = static_cast<std::size_t>(std::min(kWindow, size - begin));
        for (const CarvedHeader& header : CarveHeaders(window, here)) {
          const ByteView view = ByteView(window).subspan(header.at, header.bytes);
          headers.emplace(custody::DigestOf<custody::HeaderDigest>(view),
                          FoundHeader{packs, pack, begin + header.at, header.bytes});
        }
        if (search.bytes_read != nullptr) *search.bytes_read += here;
      }
    }
  }
  return headers;
}

}  // namespace exhibit::rescue
