#include "vault/verify/tree_check.h"

#include <algorithm>
#include <iterator>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/verify/tile_check.h"

namespace exhibit::verify {

Result<void> TreeCheck::CheckTiles() {
  for (auto& tile : tree_.TakeChangedTiles()) {
    if (tile.id.width < tlog::kTileWidth) {
      edge_.insert_or_assign(tile.id.level, std::move(tile));
    } else if (is_complete_) {
      TRY_VOID(CheckTile(tile));
    }
  }
  if (!is_complete_ || tree_.size() != report_.head->size) return {};
  for (const auto& [level, tile] : edge_) {
    if (tile.id.width == tlog::PartialWidth(tree_.size().value, level)) TRY_VOID(CheckTile(tile));
  }
  return {};
}

Result<void> TreeCheck::CheckTile(const tlog::GrowingTree::Tile& computed) {
  auto findings = CompareTile(source_, computed);
  if (!findings && IsUnread(findings.error().code)) return Fail(std::move(findings).error());
  if (!findings) {
    report_.Add(Property::kTile, {}, findings.error());
    return {};
  }
  std::ranges::move(*findings, std::back_inserter(report_.findings));
  return {};
}

void TreeCheck::CheckRoot() {
  const auto add_finding = [this](std::string message) {
    report_.findings.push_back({Property::kTree, {}, {}, {}, std::move(message)});
  };
  if (!is_complete_) return add_finding("the root cannot be computed, because entries are missing");
  if (tree_.Root() == report_.head->root) return;
  add_finding(Format("the entries make the root {}, and the head that was signed has {}", tlog::RootText(tree_.Root()),
                     tlog::RootText(report_.head->root)));
}

}  // namespace exhibit::verify
