#include "vault/intake/journal.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSecond = 1'000'000'000;
// Two changes within it may leave the same time: of most file systems, and of those that have no parts of a second.
constexpr std::int64_t kTick = kSecond / 50;
constexpr std::int64_t kCoarseTick = 2 * kSecond;

std::int64_t Nanoseconds(const timespec& time) {
  // Times that do not fit are far away from now, and that is all that is asked of them.
  constexpr std::int64_t kFarthest = 9'000'000'000;
  return std::clamp<std::int64_t>(time.tv_sec, -kFarthest, kFarthest) * kSecond + time.tv_nsec;
}

bool IsSettled(const struct ::stat& status) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const bool is_coarse = status.st_mtim.tv_nsec == 0 && status.st_ctim.tv_nsec == 0;
  const std::int64_t changed =
      is_coarse ? std::max(Nanoseconds(status.st_mtim), Nanoseconds(status.st_ctim)) : Nanoseconds(status.st_ctim);
  return changed < Nanoseconds(now) - (is_coarse ? kCoarseTick : kTick);
}

void AppendNumber(std::string& text, std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  PutU64(bytes, number);
  Append(text, bytes);
}

// Signatures are deterministic, and this text is no note that anybody signs: it holds a NUL and no line feed.
crypto::DerivedKey KeyOf(const tlog::SigningKey& key, const custody::Fingerprint& vault) {
  using namespace std::string_view_literals;
  std::string message("exhibit journal\0"sv);
  Append(message, vault.view());
  crypto::Ed25519Signature signature = key.Sign(ViewOf(message));
  crypto::DerivedKey derived = crypto::HkdfSha256(signature.view(), {}, "exhibit journal");
  crypto::Wipe(signature.mutable_view());
  return derived;
}

JournalMark MarkOf(const custody::HeaderDigest& header) {
  return *JournalMark::From(header.view().first(JournalMark::kSize));
}

}  // namespace

std::optional<FileLook> FileLook::Of(const fs::path& path, const struct ::stat& status,
                                     const crypto::Sha256Digest& said) {
  if (!(S_ISREG(status.st_mode) || S_ISLNK(status.st_mode)) || !IsSettled(status)) return std::nullopt;
  std::error_code error;
  const fs::path whole = fs::absolute(path, error).lexically_normal();
  if (error) return std::nullopt;
  std::string bytes;
  Append(bytes, said.view());
  for (const std::int64_t number :
       {static_cast<std::int64_t>(status.st_size), static_cast<std::int64_t>(status.st_mtim.tv_sec),
        static_cast<std::int64_t>(status.st_mtim.tv_nsec), static_cast<std::int64_t>(status.st_ctim.tv_sec),
        static_cast<std::int64_t>(status.st_ctim.tv_nsec)}) {
    AppendNumber(bytes, static_cast<std::uint64_t>(number));
  }
  bytes += whole.native();
  return FileLook(std::move(bytes));
}

bool Place::IsOf(const custody::HeaderDigest& header) const { return mark == MarkOf(header); }

Result<Journal> Journal::Open(const fs::path& path, const tlog::SigningKey& key, const custody::Fingerprint& vault) {
  crypto::DerivedKey derived = KeyOf(key, vault);
  TRY(JournalTable table, JournalTable::Open(path, derived.Duplicate()));
  return Journal(std::move(table), std::move(derived));
}

JournalTag Journal::TagOf(std::string_view what, ByteView bytes) const {
  const crypto::Mac mac = crypto::HmacSha256(key_, {ViewOf(what), bytes});
  return *JournalTag::From(mac.view().first(JournalTag::kSize));
}

std::optional<Place> Journal::FindTag(const JournalTag& tag) {
  const auto row = table_.Find(tag);
  return row ? std::optional(Place{{row->entry}, row->mark}) : std::nullopt;
}

std::optional<Place> Journal::Find(const FileLook& look) { return FindTag(TagOf("file", look.bytes())); }
std::optional<Place> Journal::Find(const crypto::Sha256Digest& original) {
  return FindTag(TagOf("bytes", original.view()));
}

Result<void> Journal::Put(std::span<const Note> notes, Lasting lasting) {
  std::vector<JournalRow> rows;
  for (const Note& note : notes) {
    const JournalMark mark = MarkOf(note.header);
    if (note.look) rows.push_back({TagOf("file", note.look->bytes()), note.entry.value, mark});
    if (note.original) rows.push_back({TagOf("bytes", note.original->view()), note.entry.value, mark});
  }
  return rows.empty() ? Result<void>() : table_.Put(rows, lasting);
}

}  // namespace exhibit::intake
