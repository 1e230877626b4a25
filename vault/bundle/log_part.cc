#include "vault/bundle/log_part.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/log_files.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint64_t kPiece = 256 << 10;

}  // namespace

Result<LogPart> LogPart::Open(const std::filesystem::path& path) {
  LogPart part;
  part.path_ = path;
  TRY(part.file_, OpenForReading(path));
  struct ::stat status {};
  if (::fstat(part.file_.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, Printable(path.native()) + " is no plain file");
  part.bytes_ = static_cast<std::uint64_t>(status.st_size);
  if (part.bytes_ <= kMaxLogFileBytes) return part;
  return Fail(ErrorCode::kInvalid, Format("{} is longer than {} bytes", Printable(path.native()), kMaxLogFileBytes));
}

Result<std::string> LogPart::Read(ByteRange range) const {
  EXHIBIT_ASSERT(range.offset <= bytes_ && range.bytes <= bytes_ - range.offset);
  const auto size = static_cast<std::size_t>(range.bytes);
  if (!file_) return text_.substr(static_cast<std::size_t>(range.offset), size);
  Bytes bytes(size);
  TRY(const std::size_t got, ReadFullAt(file_, range.offset, bytes, path_));
  if (got == size) return std::string(TextOf(bytes));
  return Fail(ErrorCode::kIo, Printable(path_.native()) + " became shorter while it was read");
}

// False at the end.
Result<bool> EntryReader::ReadMore() {
  const std::uint64_t bytes = std::min(kPiece, part_.bytes() - read_);
  TRY(const std::string piece, part_.Read({read_, bytes}));
  buffer_.erase(0, std::exchange(at_, 0));
  buffer_ += piece;
  read_ += bytes;
  return bytes > 0;
}

Result<std::string> EntryReader::Next() {
  if (at_ == buffer_.size()) TRY_VOID(ReadMore());
  if (at_ == buffer_.size()) return std::string();
  if (buffer_[at_] != '{') return Fail(ErrorCode::kInvalid, "does not begin with an entry");
  std::size_t feed = buffer_.find("\n{", at_);
  while (feed == std::string::npos) {
    const std::size_t looked_at = buffer_.size() - 1 - at_;  // whose last byte may be the line feed
    TRY(const bool has_more, ReadMore());
    if (!has_more) {
      at_ = 0;
      return std::exchange(buffer_, {});
    }
    feed = buffer_.find("\n{", looked_at);
  }
  const std::size_t begin = std::exchange(at_, feed + 1);
  return buffer_.substr(begin, at_ - begin);
}

Result<std::optional<LineReader::Line>> LineReader::Next() {
  Line line;
  bool has_begun = false;
  for (;;) {
    if (at_ == piece_.size()) {
      const std::uint64_t bytes = std::min(kPiece, part_.bytes() - read_);
      if (bytes == 0 && has_begun) return Fail(ErrorCode::kInvalid, "ends within a line");
      if (bytes == 0) return std::optional<Line>();
      TRY(piece_, part_.Read({read_, bytes}));
      read_ += bytes;
      at_ = 0;
    }
    has_begun = true;
    const std::size_t feed = piece_.find('\n', at_);
    const std::size_t end = std::min(feed, piece_.size());
    line.begins += piece_.substr(at_, std::min(end - at_, kKeptBytes - line.begins.size()));
    at_ = feed == std::string::npos ? end : end + 1;
    if (feed == std::string::npos) continue;
    line.end = read_ - (piece_.size() - at_);
    return std::optional(std::move(line));
  }
}

}  // namespace exhibit::bundle
