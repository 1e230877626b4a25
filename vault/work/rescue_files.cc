#include "vault/work/rescue_files.h"

#include <algorithm>
#include <map>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/hash.h"
#include "vault/rescue/hay.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = 1 << 20;
constexpr std::string_view kSums = "SHA256SUMS";

std::string DigestOf(ByteView bytes) { return ToHex(crypto::Sha256(bytes).view()); }

// The bytes of a small file; nothing if it is none or cannot be read.
std::optional<Bytes> ReadSmall(const fs::path& path) {
  const auto file = rescue::HayFile::Open(path);
  if (!file || file->size() > kMostBytes) return std::nullopt;
  return file->Read({0, file->size()});
}

// A name that a vault writes, or could: whoever damaged this one may have put others there.
bool IsPlain(const std::string& name) {
  constexpr std::size_t kMostBytesOfName = 100;
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= kMostBytesOfName && name.front() != '.' && name != kSums &&
         name.find_first_not_of(kAllowed) == std::string::npos;
}

std::set<std::string> NamesIn(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (IsPlain(at->path().filename().native())) names.insert(at->path().filename().native());
  }
  return names;
}

// What the list of digests says of each file; its lines that are damaged say nothing.
std::multimap<std::string, std::string> SumsIn(const fs::path& folder) {
  std::multimap<std::string, std::string> sums;
  const auto bytes = ReadSmall(folder / kSums);
  if (!bytes) return sums;
  for (std::string_view rest = TextOf(*bytes); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.size() > 66 && line.substr(64, 2) == "  " && FromHex(line.substr(0, 64)) && IsUtf8(line))
      sums.emplace(line.substr(66), line.substr(0, 64));
  }
  return sums;
}

class KeyRescue {
 public:
  KeyRescue(const std::vector<fs::path>& places, const VaultPaths& target,
            const std::optional<custody::KeyFileDigest>& reader_key)
      : places_(places), target_(target), wanted_(SumsIn(places.front() / "keys")) {
    if (!reader_key) return;
    wanted_.erase("reader.age");
    wanted_.emplace("reader.age", ToHex(reader_key->view()));
  }

  Result<void> Run(SmallFiles& done) {
    std::set<std::string> names = NamesIn(places_.front() / "keys");
    for (const auto& [name, digest] : wanted_) {
      if (IsPlain(name)) names.insert(name);
    }
    // Without the damaged folder nothing says which there were.
    for (const std::string_view name : {"log.key", "log-pq.key", "label.key", "reader.age", "recovery.age"}) {
      if (std::ranges::any_of(places_, [&](const fs::path& at) { return ReadSmall(at / "keys" / name).has_value(); }))
        names.insert(std::string(name));
    }
    TRY_VOID(CreateFolders(target_.keys));
    std::string sums;
    for (const std::string& name : names) TRY_VOID(RescueOne(name, sums, done));
    return WriteNewFile(target_.keys / kSums, ViewOf(sums), 0644);
  }

 private:
  bool Fits(const std::string& name, ByteView bytes) const {
    const auto [first, last] = wanted_.equal_range(name);
    const std::string digest = DigestOf(bytes);
    return first == last || std::any_of(first, last, [&](const auto& one) { return one.second == digest; });
  }

  Result<void> RescueOne(const std::string& name, std::string& sums, SmallFiles& done) {
    std::optional<Bytes> found;
    bool fits = false;
    for (const fs::path& place : places_) {
      auto bytes = ReadSmall(place / "keys" / name);
      if (!bytes) continue;
      fits = Fits(name, *bytes);
      if (!found || fits) found = std::move(bytes);
      if (fits) break;
    }
    if (found) TRY_VOID(WriteNewFile(target_.keys / name, *found, 0600));
    if (fits) {
      sums += DigestOf(*found) + "  " + name + "\n";
      return {};
    }
    const auto [first, last] = wanted_.equal_range(name);
    for (auto one = first; one != last; ++one) sums += one->second + "  " + name + "\n";
    done.lost.push_back(
        Format("keys/{}: {}", Printable(name), found ? "is not the file that was written" : "is missing"));
    return {};
  }

  const std::vector<fs::path>& places_;
  const VaultPaths& target_;
  std::multimap<std::string, std::string> wanted_;
};

Result<void> RescueCosigned(const fs::path& damaged, const VaultPaths& target, const custody::LogKeys& keys,
                            SmallFiles& done) {
  const std::set<std::string> names = NamesIn(damaged);
  std::string sums;
  for (const std::string& name : names) {
    const auto note = ReadSmall(damaged / name);
    if (!note || !keys.Open(*note)) {
      done.remarks.push_back(Format("cosigned/{} is not a checkpoint of this log, and was left out", Printable(name)));
      continue;
    }
    TRY_VOID(CreateFolders(target.cosigned));
    TRY_VOID(WriteNewFile(target.cosigned / name, *note, 0644));
    sums += DigestOf(*note) + "  " + name + "\n";
  }
  return sums.empty() ? Result<void>() : WriteNewFile(target.cosigned / kSums, ViewOf(sums), 0644);
}

// What is left of streams that were killed: as it is.
Result<void> RescueCut(const fs::path& damaged, const VaultPaths& target) {
  for (const std::string& name : NamesIn(damaged)) {
    const auto file = rescue::HayFile::Open(damaged / name);
    if (!file) continue;
    TRY_VOID(CreateFolders(target.cut));
    const fs::path path = target.cut / name;
    TRY(const FileDescriptor copy, CreateNew(path, 0600));
    constexpr std::uint64_t kAtOnce = 1 << 20;
    for (std::uint64_t at = 0; at < file->size(); at += kAtOnce)
      TRY_VOID(WriteFull(copy, file->Read({at, kAtOnce}), path));
  }
  return {};
}

}  // namespace

Result<SmallFiles> RescueSmallFiles(const std::vector<fs::path>& places, const VaultPaths& target,
                                    const std::optional<custody::KeyFileDigest>& reader_key,
                                    const custody::LogKeys& keys) {
  SmallFiles done;
  TRY_VOID(KeyRescue(places, target, reader_key).Run(done));
  TRY_VOID(RescueCosigned(places.front() / "cosigned", target, keys, done));
  TRY_VOID(RescueCut(places.front() / "cut", target));
  return done;
}

}  // namespace exhibit::work
