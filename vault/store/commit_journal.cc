#include "vault/store/commit_journal.h"

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/commit_object.h"

namespace exhibit::store {
namespace {

constexpr std::uint64_t kMaxNumberLine = 32;

}  // namespace

Result<std::optional<CommitJournal::Sent>> CommitJournal::Read() const {
  auto read = ReadFile(file_, kMaxCommitBytes + kMaxNumberLine);
  if (!read && read.error().code == ErrorCode::kNotFound) return std::optional<Sent>();
  TRY(const Bytes bytes, std::move(read));
  const std::string_view text = TextOf(bytes);
  const std::size_t end = text.find('\n');
  const auto number = FromDecimal(text.substr(0, end));
  if (end == std::string_view::npos || !number) {
    return Fail(
        ErrorCode::kTampered, Format("{} is no journal of a commit", Printable(file_.native())),
        "it says what was last sent to the log: keep a copy of it; without it, what was sent may come in twice");
  }
  return std::optional(Sent{*number, ToBytes(ViewOf(text.substr(end + 1)))});
}

Result<void> CommitJournal::Write(std::uint64_t commit, ByteView bytes) const {
  Bytes all = ToBytes(ViewOf(Format("{}\n", commit)));
  Append(all, bytes);
  return ReplaceFile(file_, all, 0600);
}

Result<void> CommitJournal::Drop() const {
  std::error_code error;
  std::filesystem::remove(file_, error);
  if (error) return Fail(SystemError("remove", file_, error.value()));
  return {};
}

}  // namespace exhibit::store
