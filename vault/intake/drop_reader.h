// A drop read back: every name, size and byte in it is chosen by whoever carried it (intake/drop.h draws the folder, and
// work/bucket_drop.h a bucket). Nothing in the drop is changed.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "vault/custody/statements/collected.h"
#include "vault/intake/drop_files.h"
#include "vault/seal/layout.h"
#include "vault/store/entry_sealer.h"

namespace exhibit::intake {

// The common part of the names of an item's files.
struct DropPlace {
  std::string id;  // of the collector's key, eight hex digits
  std::uint64_t number = 0;
  std::string run =
      {};  // the folder that they are in, in a bucket: "0123456789abcdef/"; empty in a drop that is a folder
  auto operator<=>(const DropPlace&) const = default;
};

// "1a2b3c4d-17".
std::string StemOf(const DropPlace& place);

struct DropListing {
  std::set<DropPlace> items;                            // whose statement is there
  std::set<DropPlace> ends;                             // of runs
  std::map<DropPlace, std::set<std::uint64_t>> pieces;  // of sealed files that are in pieces, by their numbers
  // Sealed files without a statement, of which a later statement of the same key says that they were finished.
  std::set<DropPlace> unsigned_files;
  std::vector<std::string> remarks;  // about files that are not taken in; printable
};
// An empty folder is an empty drop. Errors as of DropFiles::List; and kInvalid where there are things in it, and nothing that a
// collector wrote.
Result<DropListing> ListDrop(DropFiles& drop);

// What `.collected` holds.
struct DroppedItem {
  seal::PayloadLayout layout;
  custody::SignedCollected statement;
};
// Well formed, with the number that the name says, and the layout whose hash the statement names. This does not check
// whether the collector may sign.
Result<DroppedItem> ReadItem(const DropFiles& drop, const DropPlace& place);
Result<custody::SignedClosedRun> ReadEnd(const DropFiles& drop, const DropPlace& place);

// The sealed file of an item, whole or in pieces, checked block by block while it is read.
class SealedReader {
 public:
  // A file in pieces ends with the piece that makes it whole: those after it are foreign (pieces()).
  //   kTampered  header or size are not those that were signed
  //   kInvalid   no vault of this kind may have the header; or its pieces are of one file cut in two ways
  //   kNotFound  it, or a piece of it, is missing
  // REQUIRES: `drop` outlives it.
  static Result<SealedReader> Open(const DropFiles& drop, const DropPlace& place, const DroppedItem& wanted);

  ByteView header() const { return header_; }
  const seal::PayloadLayout& layout() const { return layout_; }
  // How many pieces it is in: numbers 1 to this one. 0 for a file that is not cut.
  std::uint64_t pieces() const { return pieces_.is_cut() ? pieces_.count() : 0; }
  // Passes each block to `sink`; kTampered at the end if they are not those that were signed. The result has no fields,
  // which only a reader of the vault opens. Call it once.
  Result<store::SealedEntry> Read(const std::function<Result<void>(ByteView)>& sink,
                                  const std::atomic<bool>* interrupted);

 private:
  // One file, or pieces one after another.
  class Pieces {
   public:
    static Result<Pieces> Open(const DropFiles& drop, const DropPlace& place, std::uint64_t most_bytes);
    std::uint64_t size() const { return size_; }
    std::uint64_t count() const { return names_.size(); }
    bool is_cut() const { return is_cut_; }
    // Leaves out the pieces after the first that make it so long. What it says where pieces do not, or not exactly, are
    // honest mistakes. REQUIRES: it is cut.
    Result<void> EndAt(std::uint64_t bytes);
    Error Incomplete() const;
    // Fills `buffer`; fewer bytes only at the end.
    Result<std::size_t> Read(MutableByteView buffer);

   private:
    explicit Pieces(const DropFiles& drop) : drop_(&drop) {}
    const DropFiles* drop_;
    std::vector<std::string> names_;
    std::vector<std::uint64_t> ends_;  // how long it is with each
    std::size_t next_ = 0;             // to be opened
    std::unique_ptr<DropStream> file_;
    std::uint64_t size_ = 0;
    bool is_cut_ = false;
  };

  SealedReader(Pieces pieces, const custody::SealedFile& wanted, const seal::PayloadLayout& layout, Bytes header,
               Bytes read_ahead)
      : pieces_(std::move(pieces)),
        wanted_(wanted),
        layout_(layout),
        header_(std::move(header)),
        read_ahead_(std::move(read_ahead)) {}
  Result<std::size_t> Fill(MutableByteView buffer);

  Pieces pieces_;
  custody::SealedFile wanted_;
  seal::PayloadLayout layout_;
  Bytes header_;
  Bytes read_ahead_;  // of the payload, that came with the header
  std::size_t used_ = 0;
};

}  // namespace exhibit::intake
