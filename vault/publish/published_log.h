// A published copy of a log (publisher.h), read for verification from a folder or a server.
//
// Everything in it comes from a stranger: sizes are bounded before anything is read, and nothing is trusted that
// the verifier does not derive again. A file that could not be read proves nothing about the log (kIo). After a
// server did not answer for one file, it is not asked for others.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "vault/verify/source.h"

namespace exhibit::publish {

// The files of a copy, by their paths. From several threads at once.
class Files {
 public:
  // In a local folder, an absent file is missing, and a short file was cut. A server may be out
  // of order, or answer with something else, for a while: it is asked once more, and then the answer is unknown.
  enum class Place : std::uint8_t { kHere, kElsewhere };
  virtual Place place() const = 0;
  // How long it is waited before a file that is elsewhere is asked for again.
  virtual std::chrono::milliseconds pause() const { return std::chrono::milliseconds(500); }

  virtual ~Files() = default;
  // kNotFound if there is none; kInvalid if it is longer than `limit_bytes`; kIo otherwise.
  virtual Result<Bytes> Read(std::string_view path, std::size_t limit_bytes) const = 0;
};

class FolderFiles final : public Files {
 public:
  explicit FolderFiles(std::filesystem::path root) : root_(std::move(root)) {}
  Place place() const override { return Place::kHere; }
  Result<Bytes> Read(std::string_view path, std::size_t limit_bytes) const override;

 private:
  std::filesystem::path root_;
};

class PublishedLog final : public verify::Source {
 public:
  // Reads the checkpoint, once; everything else is read for this checkpoint. kInvalid if it is none; kNotFound
  // or kIo if it cannot be read.
  static Result<std::unique_ptr<PublishedLog>> Open(const Files& files);
  ~PublishedLog() override;

  // What the checkpoint says. The verifier checks its signatures.
  const tlog::Checkpoint& claimed() const { return claimed_; }

  Result<Bytes> ReadHead() const override { return head_; }
  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override;
  Result<Bytes> ReadTile(const tlog::TileId& id) const override;
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects) const override;
  Result<Bytes> ReadHeader(tlog::Sequence) const override;
  Result<Bytes> ReadRewrapped(tlog::Sequence, tlog::Sequence) const override;
  Result<Bytes> ReadLayout(tlog::Sequence sequence) const override;
  Result<Bytes> ReadBlockHashes(tlog::Sequence) const override;
  Result<Bytes> ReadPayload(tlog::Sequence, ByteRange range) const override;

 private:
  class Cache;
  PublishedLog(const Files& files, Bytes head, tlog::Checkpoint claimed);
  // The width of the copy's tile at this place: full, or that of its right edge.
  std::uint32_t WidthAt(std::uint32_t level, std::uint64_t index) const;

  const Files& files_;
  Bytes head_;
  tlog::Checkpoint claimed_;
  std::unique_ptr<Cache> cache_;
};

}  // namespace exhibit::publish
