// All that was found in a damaged store and in the places that may fill its gaps, by what it proves to be.
//
// Places are folders or files: a vault (the damaged one, or a copy of it), a published log, a bundle, a proof, a kit, or a
// tar of one of them. Nobody is asked which it is: whatever is signed is found wherever it lies (carve.h). Nothing is
// written, and no database is opened.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "vault/custody/digests.h"
#include "vault/rescue/carve.h"
#include "vault/rescue/hay.h"
#include "vault/seal/layout.h"

namespace exhibit::rescue {

struct FoundEntry {
  Piece piece;
  const std::string* origin;  // empty of an entry that this version cannot read
  std::string_view type;
  tlog::LeafHash leaf;
  std::optional<tlog::LeafHash> previous;
};

// Where a sealed file lies, or some of it: its bytes say nothing until they were compared.
struct SealedCopy {
  std::size_t packs = 0;  // which of Found::packs
  std::vector<store::Extent> extents;
  std::uint64_t header_bytes = 0;
};

struct FoundLayout {
  std::string line;
  std::vector<SealedCopy> copies;
};

// A header in a pack, or at the beginning of a loose file.
struct FoundHeader {
  std::size_t packs = 0;
  std::uint64_t pack = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

class Found {
 public:
  std::map<std::uint64_t, std::vector<FoundEntry>> entries;     // by position; no two of one have the same hash
  std::map<std::uint64_t, std::vector<tlog::LeafHash>> hashes;  // of leaves, by position
  std::vector<CarvedCheckpoint> checkpoints;                    // each once
  std::map<custody::PayloadDigest, FoundLayout> layouts;
  std::map<custody::HeaderDigest, Piece> headers;  // in files that are no packs
  std::vector<PackFiles> packs;
  std::vector<std::string> remarks;  // what could not be looked at
  // The origins of what was found in the damaged store itself, and how often.
  std::map<std::string, std::uint64_t> origins_here;

  Bytes Read(const Piece& piece) const;

  void Take(Carved carved, std::uint32_t source, std::uint64_t window_begin, ByteView window, std::size_t packs_here);
  std::uint32_t AddSource(std::filesystem::path path);
  std::uint32_t AddSource(Bytes bytes);

 private:
  struct Source {
    std::filesystem::path path;
    Bytes bytes;  // where the path is empty
  };
  std::vector<Source> sources_;
  std::set<std::string> origins_;  // of entries
};

struct Search {
  std::filesystem::path damaged;
  std::vector<std::filesystem::path> also;
  const std::atomic<bool>* interrupted = nullptr;
  std::atomic<std::uint64_t>* bytes_read = nullptr;
};

// kPermission, naming the file, if this user may not read one: it would be called lost. kNotFound of a place that is not
// there. Links and devices are not followed or opened, and remarked.
Result<Found> SearchPlaces(const Search& search);

// Every age header in the packs and loose files, which are read whole. By digest; of several, each.
Result<std::multimap<custody::HeaderDigest, FoundHeader>> SearchHeaders(const Found& found, const Search& search);

}  // namespace exhibit::rescue
