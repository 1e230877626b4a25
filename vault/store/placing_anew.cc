#include "vault/store/placing_anew.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace exhibit::store {
namespace {

using Placed = SealedPlaces::Placed;
using What = AppendBatch::Destroyed::What;

// The commit that follows is to fit all that the log says, signed or not.
constexpr tlog::TreeSize kAll{std::numeric_limits<std::uint64_t>::max()};
constexpr std::size_t kPackBytes = 8 << 20;

SealedPlace WithoutHeader(SealedPlace place) {
  std::uint64_t left = std::exchange(place.header_bytes, 0);
  for (Extent& extent : place.extents) {
    const std::uint64_t cut = std::min(left, extent.bytes);
    extent.offset += cut;
    extent.bytes -= cut;
    left -= cut;
  }
  std::erase_if(place.extents, [](const Extent& extent) { return extent.bytes == 0; });
  place.header = SealedPlace::Header::kDestroyed;
  return place;
}

// Those that are not where they are after it: a payload stays where it is when its header goes.
std::vector<Extent> ExtentsLeft(const SealedPlace& place, const SealedPlace& after) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> stay;
  for (const Extent& extent : after.extents) stay.emplace(extent.pack, extent.offset);
  std::vector<Extent> left;
  std::ranges::copy_if(place.extents, std::back_inserter(left), [&](const Extent& one) {
    return !stay.contains({one.pack, one.offset});
  });
  return left;
}

void Destroy(std::vector<Placed>& all, const AppendBatch::Destroyed& said) {
  for (Placed& one : all) {
    const bool is_file = !one.key.under;
    if (said.what == What::kSealedFile) {
      one.place = {};
    } else if (is_file) {
      one.place = WithoutHeader(std::move(one.place));
    } else if (*one.key.under < said.under) {
      one.place = {};
    }
  }
}

class Placing {
 public:
  Placing(const ObjectLog& log, std::span<const AppendBatch::Destroyed> destroyed)
      : log_(log), objects_(log.objects()), destroyed_(destroyed) {}

  Result<PlacedAnew> Run() {
    log_.Look([&](const CommitIndex& index) {
      Plan(index);
      return 0;
    });
    for (const auto& [object, items] : shared_) TRY_VOID(MoveOutOf(object, items));
    for (Filling* const pack : {&payloads_, &headers_}) TRY_VOID(Put(*pack));
    for (const auto& [sequence, item] : items_) {
      for (const Placed& one : item.placed) {
        result_.rows.push_back({sequence, item.under, one.place});
        if (!one.key.under && IsDestroyed(one.place)) break;
      }
    }
    return std::move(result_);
  }

 private:
  struct Item {
    tlog::Sequence under;
    std::vector<Placed> placed;  // as it will be
  };
  // A pack that is being filled. Its id is known before it is put, because places name it.
  struct Filling {
    NamedObject::Kind kind;
    std::uint64_t id = 0;
    Bytes bytes;
  };

  // --- what is to be done

  void Plan(const CommitIndex& index) {
    const SealedPlaces& places = index.places();
    for (const AppendBatch::Destroyed& said : destroyed_) {
      const auto found = items_.find(said.sequence);
      if (found == items_.end()) {
        std::vector<Placed> placed = places.Of(said.sequence, kAll);
        if (placed.empty()) continue;  // it was destroyed before it was copied here
        items_.emplace(said.sequence, Item{said.under, std::move(placed)});
      }
      Item& item = items_.at(said.sequence);
      item.under = std::max(item.under, said.under);
      Destroy(item.placed, said);
    }
    if (items_.empty()) return;
    FindShared(index);
  }

  // What a sealed file or header has after this commit.
  const SealedPlace& After(const SealedPlaces::History& history) const {
    const auto item = items_.find(history.key.sequence);
    if (item == items_.end()) return history.now;
    return std::ranges::find(item->second.placed, history.key, &Placed::key)->place;
  }

  void FindShared(const CommitIndex& index) {
    struct Use {
      bool is_left = false;  // by something
      std::vector<tlog::Sequence> stays = {};
    };
    std::unordered_map<std::uint64_t, Use> uses;
    index.places().ForEach(kAll, [&](const SealedPlaces::History& history) {
      const SealedPlace& after = After(history);
      for (const Extent& extent : after.extents) {
        std::vector<tlog::Sequence>& stays = uses[extent.pack].stays;
        if (stays.empty() || stays.back() != history.key.sequence) stays.push_back(history.key.sequence);
      }
      const auto leave = [&](const SealedPlace& place) {
        if (place == after) return;
        for (const Extent& extent : ExtentsLeft(place, after)) uses[extent.pack].is_left = true;
      };
      leave(history.now);
      for (const SealedPlace& before : history.before) leave(before);
    });
    const tlog::Sequence under = destroyed_.front().under;
    for (const auto& [id, use] : uses) {
      if (!use.is_left || use.stays.empty()) continue;
      shared_.emplace_back(*index.FindObject(id), use.stays);
      for (const tlog::Sequence at : use.stays) {
        if (!items_.contains(at)) items_.emplace(at, Item{under, index.places().Of(at, kAll)});
      }
    }
    // What lies together stays together.
    std::ranges::sort(shared_, {}, [](const auto& one) { return std::pair(one.second.front(), one.first.id); });
  }

  // --- doing it

  Result<void> MoveOutOf(const NamedObject& object, const std::vector<tlog::Sequence>& items) {
    const auto bytes = objects_.ReadRange(object, {0, object.bytes});
    if (!bytes && bytes.error().code != ErrorCode::kNotFound) return Fail(bytes.error());
    // It stays as it is. The rows of its items say what the log said before.
    if (!bytes || crypto::Sha256(*bytes) != object.digest) return {};
    Filling& pack = object.kind == NamedObject::Kind::kPayload ? payloads_ : headers_;
    for (const tlog::Sequence at : items) {
      for (Placed& one : items_.at(at).placed) {
        for (Extent& extent : one.place.extents) {
          if (extent.pack != object.id) continue;
          const ByteView piece =
              ByteView(*bytes).subspan(static_cast<std::size_t>(extent.offset), static_cast<std::size_t>(extent.bytes));
          if (pack.bytes.size() + piece.size() > kPackBytes) TRY_VOID(Put(pack));
          if (pack.bytes.empty()) pack.id = NewPackId();
          extent = {pack.id, pack.bytes.size(), piece.size()};
          Append(pack.bytes, piece);
        }
      }
    }
    return {};
  }

  Result<void> Put(Filling& pack) {
    if (pack.bytes.empty()) return {};
    TRY(NamedObject object, objects_.PutPack(pack.kind, pack.id, std::exchange(pack.bytes, {})));
    result_.objects.push_back(std::move(object));
    return {};
  }

  const ObjectLog& log_;
  const VaultObjects& objects_;
  std::span<const AppendBatch::Destroyed> destroyed_;
  std::map<tlog::Sequence, Item> items_;  // of which something is destroyed or placed anew
  std::vector<std::pair<NamedObject, std::vector<tlog::Sequence>>> shared_;
  Filling payloads_{NamedObject::Kind::kPayload, 0, {}};
  Filling headers_{NamedObject::Kind::kHeaders, 0, {}};
  PlacedAnew result_;
};

}  // namespace

Result<PlacedAnew> PlaceAnew(const ObjectLog& log, std::span<const AppendBatch::Destroyed> destroyed) {
  return Placing(log, destroyed).Run();
}

}  // namespace exhibit::store
