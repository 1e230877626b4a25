#include "vault/intake/salvage.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace exhibit::intake {
namespace {

// What file systems and drivers say of a place that cannot be read, while others can.
bool IsOfPlace(int error) {
  constexpr std::array kOfPlace = {EIO, ENODATA, EILSEQ, EBADMSG, EUCLEAN, EREMOTEIO, ETIMEDOUT};
  return std::ranges::find(kOfPlace, error) != kOfPlace.end();
}

// Where the file ends, as the system says: also of a device. The place from which others read stays.
std::uint64_t EndOf(const FileDescriptor& file) {
  const off_t here = ::lseek(file.get(), 0, SEEK_CUR);
  const off_t end = ::lseek(file.get(), 0, SEEK_END);
  (void)::lseek(file.get(), here, SEEK_SET);
  return end < 0 ? 0 : static_cast<std::uint64_t>(end);
}

}  // namespace

void Salvage::AddGap(ByteRange gap) {
  unread_ += gap.bytes;
  if (!gaps_.empty() && gaps_.back().offset + gaps_.back().bytes == gap.offset) {
    gaps_.back().bytes += gap.bytes;
    return;
  }
  gaps_.push_back(gap);
  if (gaps_.size() <= kMostGaps) return;
  // The two that are nearest to each other become one, with what was read between them.
  std::size_t nearest = 1;
  const auto distance = [&](std::size_t at) { return gaps_[at].offset - gaps_[at - 1].offset - gaps_[at - 1].bytes; };
  for (std::size_t at = 2; at < gaps_.size(); ++at) nearest = distance(at) < distance(nearest) ? at : nearest;
  gaps_[nearest - 1].bytes = gaps_[nearest].offset + gaps_[nearest].bytes - gaps_[nearest - 1].offset;
  gaps_.erase(gaps_.begin() + static_cast<std::ptrdiff_t>(nearest));
}

std::size_t Salvage::ReadAt(const FileDescriptor& file, std::uint64_t offset, MutableByteView buffer,
                            const std::filesystem::path& path) {
  const std::uint64_t end = EndOf(file);
  std::size_t done = 0;
  while (done < buffer.size()) {
    const std::uint64_t at = offset + done;
    const auto to_next_block = static_cast<std::size_t>(kBlockBytes - at % kBlockBytes);
    const std::size_t wanted = std::min(to_next_block, buffer.size() - done);
    const ssize_t got = ::pread(file.get(), buffer.data() + done, wanted, static_cast<off_t>(at));
    if (got == 0) break;
    if (got > 0) {
      done += static_cast<std::size_t>(got);
      continue;
    }
    if (errno == EINTR) continue;
    const int why = errno;
    Error error = SystemError("read", path, why);
    if (!IsOfPlace(why)) {
      broken_off_ = std::move(error);
      break;
    }
    if (!first_error_) first_error_ = std::move(error);
    if (at >= end) break;
    const auto lost = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, end - at));
    std::ranges::fill(buffer.subspan(done, lost), std::uint8_t{0});
    AddGap({at, lost});
    done += lost;
  }
  return done;
}

custody::FieldValue GapsField(const std::vector<ByteRange>& gaps) {
  custody::FieldValue::Array list;
  const auto number = [](std::uint64_t value) { return custody::FieldValue::Number(static_cast<std::int64_t>(value)); };
  for (const ByteRange& gap : gaps) {
    list.push_back(
        custody::FieldValue(custody::FieldValue::Object{{"at", number(gap.offset)}, {"bytes", number(gap.bytes)}}));
  }
  return {std::move(list)};
}

}  // namespace exhibit::intake
