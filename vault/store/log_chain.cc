#include "vault/store/log_chain.h"

#include <algorithm>
#include <system_error>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/log_records.h"

namespace exhibit::store {
namespace {

namespace fs = std::filesystem;
using Weight = verify::MediumFault::Weight;

constexpr std::uint64_t kMostLogBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kNotSynced = 1;  // changes at the end of a log

std::uint64_t GetLittle(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
  return value;
}

// The logs in the order of their numbers.
Result<std::vector<fs::path>> ListLogs(const fs::path& store_folder) {
  std::vector<fs::path> logs;
  std::error_code error;
  for (fs::directory_iterator file(store_folder, error), end; !error && file != end; file.increment(error)) {
    if (file->path().extension() == ".log") logs.push_back(file->path());
  }
  if (error) return Fail(SystemError("list", store_folder, error.value()));
  std::ranges::sort(logs, {}, [](const fs::path& log) {
    const std::string name = log.filename().native();
    return std::pair(name.size(), name);  // numbers of six digits, later of more
  });
  return logs;
}

class ChainChecker {
 public:
  explicit ChainChecker(std::optional<std::uint64_t> sorted) {
    if (sorted) next_ = *sorted + 1;
  }

  void Take(const fs::path& log, ByteView bytes) {
    const std::string name = "store/" + Printable(log.filename().native());
    where_ = last_.empty() ? "before " + name : Format("between {} and {}", last_, name);
    const LogRecords records = CheckLogRecords(bytes, [&](ByteView start) {
      TakeRecord(start);
      where_ = "within " + name;
    });
    chain_.newest.reset();
    if (bytes.empty()) {
      chain_.newest = name + ", the newest write-ahead log, is empty";
      empty_.push_back(name);
    } else if (records.is_torn) {
      chain_.newest = Format("{}, the newest write-ahead log: {}", name, *records.fault);
    }
    if (!bytes.empty()) last_ = name;
  }

  LogChain Done() && { return std::move(chain_); }

 private:
  void TakeRecord(ByteView start) {
    if (start.size() < kRecordStart) return;
    const std::uint64_t first = GetLittle(start.first(8));
    const std::uint64_t end = first + GetLittle(start.subspan(8, 4));
    if (next_ && first > *next_) AddGap(first - *next_);
    // What the sorted files have already may be in a log that was not removed yet.
    next_ = std::max(next_.value_or(end), end);
    empty_.clear();
  }

  void AddGap(std::uint64_t changes) {
    if (changes <= kNotSynced) {
      chain_.gaps.push_back(
          {Weight::kRemark,
           Format("store: the record of a checkpoint is missing {}, as a power cut leaves it", where_)});
      return;
    }
    std::string gap = Format("store: {} changes are missing {}", changes, where_);
    for (const std::string& one : empty_) gap += Format("; {} is empty", one);
    chain_.gaps.push_back({Weight::kDamage, gap + ": a write-ahead log is gone, or was emptied or cut off"});
  }

  std::optional<std::uint64_t> next_;
  std::string last_;                // the last log that was not empty
  std::string where_;               // the next record is
  std::vector<std::string> empty_;  // logs since the last record
  LogChain chain_;
};

}  // namespace

Result<LogChain> CheckLogChain(const fs::path& store_folder, std::optional<std::uint64_t> sorted) {
  TRY(const std::vector<fs::path> logs, ListLogs(store_folder));
  ChainChecker checker(sorted);
  for (const fs::path& log : logs) {
    auto bytes = ReadFile(log, kMostLogBytes);
    if (!bytes && bytes.error().code == ErrorCode::kNotFound) continue;  // a writer was faster
    if (!bytes) return Fail(std::move(bytes).error());
    checker.Take(log, *bytes);
  }
  return std::move(checker).Done();
}

}  // namespace exhibit::store
