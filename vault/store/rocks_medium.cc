#include "vault/store/rocks_medium.h"

#include <rocksdb/file_checksum.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/log_chain.h"
#include "vault/store/log_records.h"
#include "vault/store/rocks_keys.h"
#include "vault/store/rocks_options.h"

namespace exhibit::store {
namespace {

namespace fs = std::filesystem;
using verify::MediumFault;
using Weight = MediumFault::Weight;

constexpr std::uint64_t kMostLogBytes = std::uint64_t{1} << 30;

// "000123.sst" of its ending.
bool IsNumbered(std::string_view name, std::string_view ending) {
  return name.ends_with(ending) && name.size() > ending.size() &&
         name.find_first_not_of("0123456789") == name.size() - ending.size();
}

// The number of the newest change in sorted files. Merging all of them to one forgets the numbers (they become 0): then
// it is not known until the next file is written.
std::optional<std::uint64_t> NewestSorted(rocksdb::DB& database) {
  std::vector<rocksdb::LiveFileMetaData> runs;
  database.GetLiveFilesMetaData(&runs);
  std::uint64_t newest = 0;
  for (const rocksdb::LiveFileMetaData& run : runs) newest = std::max<std::uint64_t>(newest, run.largest_seqno);
  if (newest == 0 && !runs.empty()) return std::nullopt;
  return newest;
}

class MediumChecker {
 public:
  MediumChecker(const fs::path& folder, rocksdb::DB& database, const Packs& packs)
      : folder_(folder), database_(database), packs_(packs) {}

  Result<std::vector<MediumFault>> Run() {
    TRY_VOID(CheckRuns());
    TRY_VOID(CheckOtherFiles());
    TRY(const LogChain chain, CheckLogChain(folder_, NewestSorted(database_)));
    std::ranges::copy(chain.gaps, std::back_inserter(faults_));
    TRY_VOID(CheckPacks());
    return std::move(faults_);
  }

 private:
  void Damage(std::string message) { faults_.push_back({Weight::kDamage, std::move(message)}); }
  void Remark(std::string message) { faults_.push_back({Weight::kRemark, std::move(message)}); }

  // Each sorted file against the checksum that was kept of it when it was written.
  Result<void> CheckRuns() {
    std::vector<rocksdb::LiveFileMetaData> runs;
    database_.GetLiveFilesMetaData(&runs);
    for (const rocksdb::LiveFileMetaData& run : runs) {
      const std::string name = run.name.substr(run.name.rfind('/') + 1);
      runs_.insert(name);
      TRY(const std::string checksum, ChecksumOf(name));
      if (checksum != run.file_checksum) {
        Damage(Format("store/{}: not the file that was written, by its checksum", Printable(name)));
      }
    }
    return {};
  }

  Result<std::string> ChecksumOf(const std::string& name) const {
    const auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({name, {}});
    const fs::path path = folder_ / name;
    TRY(const FileDescriptor file, OpenForReading(path));
    Bytes buffer(1 << 20);
    for (std::size_t got = buffer.size(); got == buffer.size();) {
      TRY(got, ReadFull(file, buffer, path));
      generator->Update(reinterpret_cast<const char*>(buffer.data()), got);
    }
    generator->Finalize();
    return generator->GetChecksum();
  }

  Result<void> CheckOtherFiles() {
    TRY(const Bytes current, ReadFile(folder_ / "CURRENT", kMostLogBytes));
    const std::string_view manifest = TextOf(current).substr(0, TextOf(current).find('\n'));
    std::error_code error;
    for (fs::directory_iterator file(folder_, error), end; !error && file != end; file.increment(error)) {
      const std::string name = file->path().filename().native();
      if (name == "CURRENT" || name == "LOCK" || name == "IDENTITY" || name == "packs") continue;
      if (IsNumbered(name, ".log")) {
        TRY_VOID(CheckLog(name));
      } else if (name == manifest) {
        TRY_VOID(CheckLog(name));
      } else if (!runs_.contains(name)) {
        Remark(Format("store/{} is no part of the store", Printable(name)));
      }
    }
    if (error) return Fail(SystemError("list", folder_, error.value()));
    return {};
  }

  Result<void> CheckLog(const std::string& name) {
    auto bytes = ReadFile(folder_ / name, kMostLogBytes);
    if (!bytes && bytes.error().code == ErrorCode::kNotFound) return {};  // a writer was faster
    if (!bytes) return Fail(std::move(bytes).error());
    const LogRecords records = CheckLogRecords(*bytes);
    if (!records.fault) return {};
    const std::string message = "store/" + Printable(name) + ": " + *records.fault;
    if (!records.is_torn) {
      Damage(message);
    } else {
      Remark(message + ", as a power cut leaves it; the checks above say whether anything is missing");
    }
    return {};
  }

  // Every byte of the packs lies in a place that an entry names.
  Result<void> CheckPacks() {
    std::map<std::uint64_t, std::uint64_t> named;  // bytes, by pack
    TRY_VOID(SumPlaces(named));
    TRY(const Packs::Listing found, packs_.List());
    for (const std::string& name : found.others) {
      Remark(Format("store/packs/{} is no part of the store", Printable(name)));
    }
    for (const auto& [pack, size] : found.sizes) {
      const auto entry = named.find(pack);
      const std::uint64_t bytes = entry == named.end() ? 0 : entry->second;
      if (size > bytes) {
        Remark(
            Format("store/packs: pack {} has {} bytes that no entry names, as a command leaves them that was killed; "
                   "the next writer takes them back",
                   pack, size - bytes));
      } else if (size < bytes) {
        Damage(Format("store/packs: pack {} has {} bytes, and entries name {}", pack, size, bytes));
      }
    }
    for (const auto& [pack, bytes] : named) {
      if (!found.sizes.contains(pack)) Damage(Format("store/packs: pack {} is missing", pack));
    }
    return {};
  }

  Result<void> SumPlaces(std::map<std::uint64_t, std::uint64_t>& named) {
    const std::unique_ptr<rocksdb::Iterator> places(database_.NewIterator(rocksdb::ReadOptions()));
    const std::string first(1, static_cast<char>(KeyKind::kPlace));
    for (places->Seek(first); places->Valid() && places->key().starts_with(first); places->Next()) {
      const auto stored = DecodePlace({places->value().data(), places->value().size()});
      if (!stored) {
        Damage("store: " + stored.error().message);
        continue;
      }
      for (const Extent& extent : stored->place.extents) named[extent.pack] += extent.bytes;
    }
    if (!places->status().ok()) return Fail(ErrorOf(places->status(), "the places of sealed files"));
    return {};
  }

  const fs::path& folder_;
  rocksdb::DB& database_;
  const Packs& packs_;
  std::set<std::string> runs_;
  std::vector<MediumFault> faults_;
};

}  // namespace

std::string DescribeLostLogs(const fs::path& store_folder, rocksdb::DB& database) {
  const auto chain = CheckLogChain(store_folder, NewestSorted(database));
  if (!chain) return {};
  const auto gap = std::ranges::find(chain->gaps, Weight::kDamage, &MediumFault::weight);
  return gap != chain->gaps.end() ? gap->message : chain->newest.value_or("");
}

Result<std::vector<MediumFault>> CheckRocksMedium(const fs::path& store_folder, rocksdb::DB& database,
                                                  const Packs& packs) {
  return MediumChecker(store_folder, database, packs).Run();
}

}  // namespace exhibit::store
