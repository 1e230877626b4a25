#include "vault/verify/acts_by_fields.h"

#include <optional>
#include <string_view>
#include <utility>

#include "vault/base/interrupt.h"

namespace exhibit::verify {
namespace {

// The word of an entry's type, which every entry begins with (docs/FORMAT.md). What is no entry is not parsed to know it.
std::string_view TypeOf(ByteView entry) {
  constexpr std::string_view kBegin = R"({"v":1,"type":")";
  const std::string_view text = TextOf(entry);
  if (!text.starts_with(kBegin)) return {};
  const std::string_view rest = text.substr(kBegin.size());
  const std::size_t end = rest.find('"');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

Result<std::vector<custody::ActRow>> ReadThrough(const LogSource& source, tlog::TreeSize size, Pool& pool,
                                                 const std::atomic<bool>* interrupted) {
  constexpr std::uint64_t kBatch = 4096;
  using Looked = Result<std::optional<custody::ActRow>>;
  std::vector<custody::ActRow> found;
  const auto look = [&](std::uint64_t at) -> Looked {
    TRY_VOID(StopIfAsked(interrupted));
    const auto entry = source.ReadEntry({at});
    if (!entry && entry.error().code == ErrorCode::kNotFound) return std::optional<custody::ActRow>();
    if (!entry) return Fail(entry.error());
    const std::string_view type = TypeOf(*entry);
    if (!custody::MayNameItemsInFields(type)) return std::optional<custody::ActRow>();
    return std::optional(custody::ActRow{custody::kByFieldsSubject, {at}, std::string(type)});
  };
  const auto take = [&](std::uint64_t at, Looked row) -> Result<void> {
    if (!row) return Fail(std::move(row).error().In(NameOf(tlog::Sequence{at})));
    if (*row) found.push_back(std::move(**row));
    return {};
  };
  TRY_VOID(MakeAndTake<Looked>(pool, size.value, kBatch, look, take));
  return found;
}

}  // namespace

Result<std::vector<custody::ActRow>> FindActsByFields(const LogSource& source, tlog::TreeSize size, Pool& pool,
                                                      const std::atomic<bool>* interrupted) {
  auto rows = source.ReadActs({custody::kByFieldsSubject, custody::kByFieldsSubject});
  if (!rows && rows.error().code != ErrorCode::kNotFound) return rows;
  if (!rows || rows->empty() || rows->front().sequence.value != 0) return ReadThrough(source, size, pool, interrupted);
  std::erase_if(*rows, [&](const custody::ActRow& row) {
    return row.sequence.value >= size.value || !custody::MayNameItemsInFields(row.type);
  });
  return rows;
}

}  // namespace exhibit::verify
