#include "vault/bundle/member_reader.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "vault/base/interrupt.h"
#include "vault/base/zeros.h"

namespace exhibit::bundle {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::string_view kDamaged = "it is damaged: its unpacked bytes do not fit the container's checksum and size";

// The bytes so far, and the bytes that there must be.
class Checked {
 public:
  Checked(const Member& member, const TakePiece& take) : member_(member), take_(take) {}
  Result<void> Take(ByteView piece) {
    if (piece.size() > member_.size - bytes_) return Refuse(member_.name, kDamaged);
    bytes_ += piece.size();
    if (member_.has_crc) crc_ = ::crc32_z(crc_, piece.data(), piece.size());
    return take_(piece);
  }
  Result<void> Finish() const {
    if (bytes_ != member_.size || (member_.has_crc && crc_ != member_.crc)) return Refuse(member_.name, kDamaged);
    return {};
  }

 private:
  const Member& member_;
  const TakePiece& take_;
  std::uint64_t bytes_ = 0;
  uLong crc_ = 0;
};

// Deflated data without a header (RFC 1951), which must end where the container says.
class Inflater {
 public:
  // `size` is how many bytes it must unpack to; there is room for one more, to find out if it unpacks to more.
  explicit Inflater(std::uint64_t size)
      : stream_(new ::z_stream{}), out_(static_cast<std::size_t>(std::min<std::uint64_t>(size, kPieceBytes - 1) + 1)) {
    EXHIBIT_ASSERT(::inflateInit2(stream_.get(), -MAX_WBITS) == Z_OK);
  }
  // False if `packed` is no such data, or if bytes follow its end.
  Result<bool> Inflate(MutableByteView packed, const TakePiece& take) {
    stream_->next_in = packed.data();
    stream_->avail_in = static_cast<uInt>(packed.size());
    do {
      if (ended_) return packed.empty();
      stream_->next_out = out_.data();
      stream_->avail_out = static_cast<uInt>(out_.size());
      const int got = ::inflate(stream_.get(), Z_NO_FLUSH);
      if (got != Z_OK && got != Z_STREAM_END && got != Z_BUF_ERROR) return false;
      ended_ = got == Z_STREAM_END;
      TRY_VOID(take(ByteView(out_).first(out_.size() - stream_->avail_out)));
    } while (stream_->avail_in > 0 || (stream_->avail_out == 0 && !ended_));
    return true;
  }
  bool ended() const { return ended_; }

 private:
  struct End {
    void operator()(::z_stream* stream) const {
      ::inflateEnd(stream);
      delete stream;
    }
  };
  std::unique_ptr<::z_stream, End> stream_;
  Bytes out_;
  bool ended_ = false;
};

}  // namespace

Result<void> ReadMember(const ContainerFile& container, const Member& member, const std::atomic<bool>* interrupted,
                        const TakePiece& take) {
  Checked checked(member, take);
  const TakePiece check = [&](ByteView piece) { return checked.Take(piece); };
  std::unique_ptr<Inflater> inflater;
  if (member.method == Member::Method::kDeflated) inflater = std::make_unique<Inflater>(member.size);
  Bytes piece;
  std::size_t bytes = 0;
  for (std::uint64_t done = 0; done < member.packed; done += bytes) {
    TRY_VOID(StopIfAsked(interrupted));
    bytes = static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, member.packed - done));
    if (inflater == nullptr && container.IsHole(member.offset + done, bytes)) {
      TRY_VOID(checked.Take(Zeros(bytes)));
      continue;
    }
    piece.resize(bytes);
    TRY_VOID(container.ReadAt(member.offset + done, MutableByteView(piece)));
    if (inflater == nullptr) {
      TRY_VOID(checked.Take(piece));
      continue;
    }
    TRY(const bool is_deflated, inflater->Inflate(piece, check));
    if (!is_deflated) return Refuse(member.name, kDamaged);
  }
  if (inflater != nullptr && !inflater->ended()) return Refuse(member.name, kDamaged);
  return checked.Finish();
}

}  // namespace exhibit::bundle
