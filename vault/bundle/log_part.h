// A file of log/ as it is read: from front to back in pieces, and a stretch of it again where it is needed. It may have
// 2 GiB, so what is in a file stays there. Parts of a proof, which is small, are texts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/file.h"

namespace exhibit::bundle {

class LogPart {
 public:
  LogPart() = default;  // of no bytes
  explicit LogPart(std::string text) : text_(std::move(text)), bytes_(text_.size()) {}
  // kInvalid if it has more than kMaxLogFileBytes, or is no file; errors of the system.
  static Result<LogPart> Open(const std::filesystem::path& path);

  std::uint64_t bytes() const { return bytes_; }
  // Several threads may call this at once. kIo if the file was cut meanwhile. REQUIRES: range within bytes().
  Result<std::string> Read(ByteRange range) const;
  Result<std::string> ReadAll() const { return Read({0, bytes_}); }

 private:
  std::string text_;
  FileDescriptor file_;  // empty where it is a text
  std::filesystem::path path_;
  std::uint64_t bytes_ = 0;
};

// log/entries from front to back. `part` outlives it.
class EntryReader {
 public:
  explicit EntryReader(const LogPart& part) : part_(part) {}
  // The bytes of the next; empty at the end. A line that begins with "{" begins one. kInvalid if the text does not begin so.
  Result<std::string> Next();

 private:
  Result<bool> ReadMore();
  const LogPart& part_;
  std::string buffer_;
  std::size_t at_ = 0;      // where the next begins in it
  std::uint64_t read_ = 0;  // bytes of the part
};

// Lines from front to back, which may be long. `part` outlives it.
class LineReader {
 public:
  explicit LineReader(const LogPart& part) : part_(part) {}

  struct Line {
    std::string begins;     // its first bytes, without the line feed: kKeptBytes of them at most
    std::uint64_t end = 0;  // behind its line feed
  };
  static constexpr std::size_t kKeptBytes = 128;
  // Nothing at the end. kInvalid if the last line has no line feed.
  Result<std::optional<Line>> Next();

 private:
  const LogPart& part_;
  std::string piece_;
  std::size_t at_ = 0;      // in the piece
  std::uint64_t read_ = 0;  // bytes of the part
};

}  // namespace exhibit::bundle
