#include "vault/work/bucket_sending.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/read_if_there.h"
#include "vault/base/text.h"
#include "vault/crypto/random.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxSentBytes = 512 << 20;
constexpr std::uint64_t kMaxKeptBytes = 64 << 20;
constexpr std::string_view kKeptPrefix = "journal.unsent-";
constexpr std::string_view kClosed = "closed";

// What is before the next `end`, which is taken away with it; nothing if there is none.
std::optional<std::string_view> TakeUpTo(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return taken;
}

std::string Encode(std::string_view place, const std::vector<Unsent>& statements) {
  std::string text = Format("{}\n", place);
  for (const Unsent& one : statements) text += Format("{} {}\n{}", one.name, one.bytes.size(), TextOf(one.bytes));
  return text;
}

struct Kept {
  std::string place;
  std::vector<Unsent> statements;
};
Result<Kept> Decode(std::string_view text) {
  Kept kept;
  const auto place = TakeUpTo(text, '\n');
  if (!place) return Fail(ErrorCode::kInvalid, "it names no place");
  kept.place = *place;
  while (!text.empty()) {
    const auto name = TakeUpTo(text, ' ');
    const auto size = TakeUpTo(text, '\n');
    if (!name || !size) return Fail(ErrorCode::kInvalid, "it ends early");
    TRY(const std::uint64_t bytes, FromDecimal(*size));
    if (bytes > text.size()) return Fail(ErrorCode::kInvalid, "it ends early");
    kept.statements.push_back({std::string(*name), ToBytes(ViewOf(text.substr(0, static_cast<std::size_t>(bytes))))});
    text.remove_prefix(static_cast<std::size_t>(bytes));
  }
  return kept;
}

}  // namespace

fs::path BucketSending::SentFile() const { return folder_ / "journal.sent"; }

Result<BucketSending> BucketSending::Open(fs::path collector_folder, std::string place) {
  BucketSending opened(std::move(collector_folder), std::move(place));
  TRY_VOID(opened.ReadSent());
  return opened;
}

// A line that cannot be read proves nothing: its item is collected again.
Result<void> BucketSending::ReadSent() {
  TRY(const auto file, ReadIfThere(SentFile(), kMaxSentBytes));
  if (!file) return {};
  std::string_view text = TextOf(*file);
  while (auto line = TakeUpTo(text, '\n')) {
    const auto number_text = TakeUpTo(*line, ' ');
    const auto what = TakeUpTo(*line, ' ');
    if (!number_text || !what || *line != place_) continue;
    const auto number = FromDecimal(*number_text);
    if (!number) continue;
    if (*what == kClosed) {
      closed_.insert(*number);
    } else if (const auto header = FixedFromHex<custody::HeaderDigest>(*what, "header")) {
      sent_.insert_or_assign(*number, *header);
    }
  }
  is_torn_ = !text.empty();
  return {};
}

Result<std::vector<BucketSending::Left>> BucketSending::ReadLeft() const {
  std::vector<Left> left;
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end; file.increment(error)) {
    const std::string name = file->path().filename().native();
    // What ends otherwise was never renamed: none of it was put.
    if (!name.starts_with(kKeptPrefix) || !FromHex(std::string_view(name).substr(kKeptPrefix.size()))) continue;
    TRY(const Bytes bytes, ReadFile(file->path(), kMaxKeptBytes));
    auto kept = Decode(TextOf(bytes));
    if (!kept) return Fail(std::move(kept).error().In(Printable(file->path().native())));
    if (kept->place == place_) left.push_back({file->path(), std::move(kept->statements)});
  }
  if (error) return Fail(SystemError("list", folder_, error.value()));
  return left;
}

Result<fs::path> BucketSending::Keep(const std::vector<Unsent>& statements) const {
  fs::path path = folder_ / Format("{}{:016x}", kKeptPrefix, crypto::RandomNumber());
  TRY_VOID(ReplaceFile(path, ViewOf(Encode(place_, statements)), 0600));
  return path;
}

Result<void> BucketSending::Done(const fs::path& kept, const std::vector<Acknowledged>& all) {
  std::string lines = is_torn_ ? "\n" : "";
  for (const Acknowledged& one : all)
    lines += Format("{} {} {}\n", one.number, one.header ? ToHex(one.header->view()) : std::string(kClosed), place_);
  const fs::path path = SentFile();
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return Fail(SystemError("open", path, errno));
  TRY_VOID(WriteFull(file, ViewOf(lines), path));
  TRY_VOID(SyncFile(file, path));
  TRY_VOID(SyncFolder(folder_));
  is_torn_ = false;
  for (const Acknowledged& one : all) {
    if (one.header) {
      sent_.insert_or_assign(one.number, *one.header);
    } else {
      closed_.insert(one.number);
    }
  }
  if (::unlink(kept.c_str()) != 0) return Fail(SystemError("remove", kept, errno));
  return {};
}

std::optional<custody::HeaderDigest> BucketSending::HeaderOf(std::uint64_t number) const {
  const auto found = sent_.find(number);
  return found == sent_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace exhibit::work
