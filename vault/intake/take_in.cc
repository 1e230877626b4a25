// A drop read back: every name, size and byte in it is whoever carried it's to choose.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/intake/drop.h"
#include "vault/seal/layout.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 1'000'000;
constexpr std::uint64_t kLargePayload = 8 << 20;  // is staged; less is held in memory until its group is committed
constexpr std::size_t kGroupItems = 256;
constexpr std::uint64_t kGroupBytes = 16 << 20;

struct Place {
  std::string id;
  std::uint64_t number = 0;
  auto operator<=>(const Place&) const = default;
};

// "1a2b3c4d-17" in front of `ending`.
std::optional<Place> PlaceOf(std::string_view name, std::string_view ending) {
  if (!name.ends_with(ending)) return std::nullopt;
  name.remove_suffix(ending.size());
  if (name.size() < 10 || name[8] != '-') return std::nullopt;
  const std::string_view id = name.substr(0, 8);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const auto number = FromDecimal(name.substr(9));
  if (!std::ranges::all_of(id, is_hex) || !number || *number == 0) return std::nullopt;
  return Place{std::string(id), *number};
}

std::string StemOf(const Place& place) { return place.id + "-" + std::to_string(place.number); }

// The sealed file of an item, checked block by block on its way.
class SealedReader {
 public:
  static Result<SealedReader> Open(const fs::path& path, const custody::SealedFile& wanted) {
    TRY(FileDescriptor file, OpenForReading(path));
    struct ::stat status {};
    if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
    if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, "it is no plain file");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    Bytes beginning(static_cast<std::size_t>(std::min<std::uint64_t>(size, seal::kMaxHeaderBytes)));
    TRY(const std::size_t got, ReadFull(file, beginning, path));
    beginning.resize(got);
    TRY(const seal::ParsedHeader parsed, seal::ParseHeader(beginning));
    beginning.resize(parsed.size_bytes);
    if (custody::DigestOfHeader(beginning) != wanted.header) {
      return Fail(ErrorCode::kTampered, "its age header is not the one that the collector signed");
    }
    if (parsed.header.stanzas.size() != 1 || parsed.header.stanzas.front().arguments.front() != "X25519") {
      return Fail(ErrorCode::kInvalid, "its age header is not for one X25519 recipient");
    }
    if (size != parsed.size_bytes + wanted.payload_bytes) {
      return Fail(ErrorCode::kTampered, "it has " + std::to_string(size) + " bytes, and the collector signed " +
                                            std::to_string(parsed.size_bytes + wanted.payload_bytes));
    }
    if (::lseek(file.get(), static_cast<off_t>(parsed.size_bytes), SEEK_SET) < 0) {
      return Fail(SystemError("read", path, errno));
    }
    TRY(const seal::PayloadLayout layout, seal::PayloadLayout::Create(wanted.payload_bytes, wanted.tail_bytes));
    return SealedReader(std::move(file), path, wanted, layout, std::move(beginning));
  }

  ByteView header() const { return header_; }
  // Gives each block to `sink`; kTampered at the end if they are not those that were signed.
  Result<store::SealedItem> Read(const std::function<Result<void>(ByteView)>& sink,
                                 const std::atomic<bool>* interrupted) {
    std::vector<tlog::LeafHash> hashes;
    tlog::CompactRange range;
    Bytes bytes;
    for (std::uint64_t block = 0; block < layout_.block_count(); ++block) {
      TRY_VOID(StopIfAsked(interrupted));
      bytes.resize(static_cast<std::size_t>(layout_.block(block).bytes));
      TRY(const std::size_t got, ReadFull(file_, bytes, path_));
      if (got != bytes.size()) return Fail(ErrorCode::kTampered, "it ends early");
      hashes.push_back(tlog::HashLeaf(bytes));
      range.Append(hashes.back());
      TRY_VOID(sink(bytes));
    }
    if (range.Root() != wanted_.payload_root) {
      return Fail(ErrorCode::kTampered, "its payload is not the one that the collector signed");
    }
    return store::SealedItem{std::move(header_), wanted_, std::move(hashes), {}};
  }

 private:
  SealedReader(FileDescriptor file, fs::path path, const custody::SealedFile& wanted, const seal::PayloadLayout& layout,
               Bytes header)
      : file_(std::move(file)), path_(std::move(path)), wanted_(wanted), layout_(layout), header_(std::move(header)) {}
  FileDescriptor file_;
  fs::path path_;
  custody::SealedFile wanted_;
  seal::PayloadLayout layout_;
  Bytes header_;
};

class DropTaker {
 public:
  DropTaker(VaultWriter& vault, const TakeInRequest& request) : vault_(vault), request_(request) {}

  Result<TakeInOutcome> Run() {
    TRY_VOID(List());
    auto taken = TakeAll();
    // What was checked is taken in, though somebody asked to stop.
    if (taken || taken.error().code == ErrorCode::kInterrupted) TRY_VOID(CommitGroup());
    if (!taken) return Fail(std::move(taken).error());
    RemarkGaps();
    return outcome_;
  }

 private:
  void Remark(const std::string& text) const { request_.on_remark(text); }
  void Refuse(const Place& place, Error reason) {
    ++outcome_.refused;
    request_.on_refused({request_.drop / (StemOf(place) + ".collected"), std::move(reason)});
  }

  Result<void> List() {
    std::error_code error;
    std::size_t files = 0;
    std::set<Place> sealed;
    for (fs::directory_iterator file(request_.drop, error), end; !error && file != end; file.increment(error)) {
      if (++files > kMaxFiles) return Fail(ErrorCode::kInvalid, "the drop has more than a million files");
      const std::string name = file->path().filename().native();
      if (const auto place = PlaceOf(name, ".collected")) {
        places_.insert(*place);
      } else if (const auto of = PlaceOf(name, ".age")) {
        sealed.insert(*of);
      } else if (name.ends_with(".part") || name.ends_with(".collected.new")) {
        Remark(Printable(name) + " was never finished, and is not taken in");
      } else {
        Remark(Printable(name) + " has no place in a drop, and is not taken in");
      }
    }
    if (error) return Fail(SystemError("list", request_.drop, error.value()));
    for (const Place& place : sealed) {
      if (places_.contains(place)) continue;
      Remark(StemOf(place) + ".age was never finished: its collector's statement is missing");
    }
    return {};
  }

  Result<void> TakeAll() {
    for (const Place& place : places_) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      vault_result_ = {};
      auto taken = TakeOne(place);
      TRY_VOID(vault_result_);
      if (taken) continue;
      if (taken.error().code == ErrorCode::kInterrupted) return taken;
      Refuse(place, std::move(taken).error());
    }
    return {};
  }

  Result<custody::SignedCollected> ReadStatement(const Place& place) const {
    TRY(Bytes bytes, ReadFile(request_.drop / (StemOf(place) + ".collected"), custody::kMaxCollectedBytes));
    TRY(custody::SignedCollected collected, custody::SignedCollected::Parse(std::move(bytes)));
    const custody::CollectedNumber& of = collected.statement().of;
    if (of.number != place.number || !of.collector.ends_with("+" + place.id)) {
      return Fail(ErrorCode::kInvalid, "it is number " + std::to_string(of.number) + " of " + Printable(of.collector) +
                                           ", which its name does not say");
    }
    return collected;
  }

  // True if the log has this very item already.
  Result<bool> IsThereAlready(const custody::SignedCollected& collected) {
    auto found = vault_.FindCollected(collected.statement().of);
    if (!found) vault_result_ = Fail(found.error());
    TRY(const std::optional<tlog::Sequence> at, std::move(found));
    if (!at) return false;
    TRY(Bytes bytes, vault_.store().ReadEntry(*at));
    TRY(const custody::SignedEntry entry, custody::SignedEntry::Parse(std::move(bytes)));
    const auto* const item = std::get_if<custody::Item>(&entry.entry().body);
    const std::string number = std::to_string(at->value);
    if (item == nullptr || !item->collected || !Equal(item->collected->bytes(), collected.bytes())) {
      return Fail(ErrorCode::kTampered, "another item with this number of its collector is entry " + number);
    }
    return true;
  }

  // Who signed it might, here and now; nothing is read of what strangers sealed.
  Result<custody::Item> Check(custody::SignedCollected collected) {
    custody::Item item{collected.statement().sealed, std::move(collected)};
    auto signers = vault_.appender().MayCommit(item, nullptr);
    if (!signers) {
      Error error = std::move(signers).error();
      if (error.message.find("sealed to another key") != std::string::npos) {
        error.hint =
            "the vault was resealed: make the collector's folder anew (exhibit collector new) and collect again";
      }
      return Fail(std::move(error));
    }
    TRY_VOID(custody::CheckStatement(item, *signers));
    return item;
  }

  Result<void> TakeOne(const Place& place) {
    TRY(custody::SignedCollected collected, ReadStatement(place));
    TRY(const bool already, IsThereAlready(collected));
    seen_[collected.statement().of.collector].insert(place.number);
    if (already) {
      ++outcome_.already;
      return {};
    }
    TRY(custody::Item item, Check(std::move(collected)));
    const fs::path path = request_.drop / (StemOf(place) + ".age");
    auto reader = SealedReader::Open(path, item.sealed);
    if (!reader) return Fail(std::move(reader).error().In("the sealed file"));
    const bool is_large = item.sealed.payload_bytes >= kLargePayload;
    return is_large ? TakeLarge(std::move(item), *reader) : TakeSmall(std::move(item), *reader);
  }

  Result<void> TakeSmall(custody::Item item, SealedReader& reader) {
    std::vector<Bytes> blocks;
    auto sealed = reader.Read(
        [&](ByteView bytes) -> Result<void> {
          blocks.push_back(ToBytes(bytes));
          return {};
        },
        request_.interrupted);
    if (!sealed) return Fail(Failed(std::move(sealed).error()));
    group_bytes_ += item.sealed.payload_bytes;
    group_.push_back({std::move(item), std::move(*sealed), std::move(blocks), {}});
    if (group_.size() < kGroupItems && group_bytes_ < kGroupBytes) return {};
    vault_result_ = CommitGroup();
    return vault_result_;
  }

  Result<void> TakeLarge(custody::Item item, SealedReader& reader) {
    vault_result_ = CommitGroup();  // one stage at a time
    TRY_VOID(vault_result_);
    auto stage = vault_.store().NewStage();
    if (!stage) vault_result_ = Fail(stage.error());
    TRY_VOID(vault_result_);
    vault_result_ = (*stage)->Begin(reader.header());
    TRY_VOID(vault_result_);
    auto sealed = reader.Read(
        [&](ByteView bytes) -> Result<void> {
          vault_result_ = (*stage)->Put(bytes);
          return vault_result_;
        },
        request_.interrupted);
    if (!sealed) return Fail(Failed(std::move(sealed).error()));
    auto place = (*stage)->End(sealed->block_hashes);
    if (!place) vault_result_ = Fail(place.error());
    TRY_VOID(vault_result_);
    group_.push_back({std::move(item), std::move(*sealed), {}, std::move(*place)});
    vault_result_ = CommitGroup(std::move(*stage));
    return vault_result_;
  }

  static Error Failed(Error error) {
    return error.code == ErrorCode::kInterrupted ? std::move(error) : std::move(error).In("the sealed file");
  }

  Result<void> CommitGroup(std::unique_ptr<store::SealedStage> stage = nullptr) {
    if (group_.empty()) return {};
    std::vector<TakenIn> taken;
    for (const store::Pending& pending : group_) {
      taken.push_back({{}, *custody::CollectedNumberOf(pending.body), pending.sealed.sealed.payload_bytes});
    }
    TRY(store::Committed committed, vault_.appender().Commit(std::move(group_), std::move(stage)));
    group_.clear();
    group_bytes_ = 0;
    outcome_.checkpoint = std::move(committed.checkpoint);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      taken[i].entry = {committed.first.value + i};
      ++outcome_.taken;
      request_.on_taken(taken[i]);
    }
    return {};
  }

  // Between the numbers of this drop, and right before them: what else is missing, `verify` says.
  void RemarkGaps() const {
    for (const auto& [collector, numbers] : seen_) {
      std::uint64_t expected = *numbers.begin() > 1 ? *numbers.begin() - 1 : 1;
      for (const std::uint64_t number : numbers) {
        for (; expected < number; ++expected) {
          const auto found = vault_.FindCollected({collector, expected});
          if (found && *found) continue;
          const std::string to = number - expected > 1 ? " to " + std::to_string(number - 1) : "";
          Remark("number " + std::to_string(expected) + to + " of " + Printable(collector) +
                 " is neither in this drop nor in the log");
          break;
        }
        expected = number + 1;
      }
    }
  }

  VaultWriter& vault_;
  const TakeInRequest& request_;
  std::set<Place> places_;
  std::map<std::string, std::set<std::uint64_t>> seen_;  // numbers of this drop, by collector
  std::vector<store::Pending> group_;
  std::uint64_t group_bytes_ = 0;
  Result<void> vault_result_;  // an error of the vault's own, which ends everything
  TakeInOutcome outcome_;
};

}  // namespace

Result<TakeInOutcome> TakeIn(VaultWriter& vault, const TakeInRequest& request) {
  return DropTaker(vault, request).Run();
}

}  // namespace exhibit::intake
