// Stores what it is told, past every rule: a vault's folder as its dishonest owner could make it.
//
//   forged_store INPUT VAULT
//
//   INPUT/checkpoint   the head, as it stands
//   INPUT/<N>.entry    what stands at position N of the log, from 0; whatever it is
//   INPUT/<N>.age      the sealed file that lies there, and
//   INPUT/<N>.layout   its layout line; "no layout" where there is none
//   INPUT/no-acts      if there is such a file, the index of acts has no rows
//
// Tiles are made of what stands there, and the index of acts of what can be parsed. VAULT/store and VAULT/HEAD are
// made; keys are for the caller to put there.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/file.h"
#include "vault/custody/act_index.h"
#include "vault/custody/entry.h"
#include "vault/seal/age_header.h"
#include "vault/seal/layout.h"
#include "vault/store/kept_heads.h"
#include "vault/store/rocks_store.h"
#include "vault/tlog/note.h"
#include "vault/tlog/tree.h"

namespace {

using namespace exhibit;
namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = 64 << 20;

// A layout line is the store's to keep, and the verifier's to judge.
constexpr std::string_view kNoLayout = "no layout\n";

// The leaf hashes of its blocks, cut as the layout line says or, where that says nothing that could be, into its nonce and
// the rest.
std::vector<tlog::LeafHash> HashesOf(ByteView payload, std::string_view line) {
  std::vector<tlog::LeafHash> hashes;
  const auto layout = seal::PayloadLayout::Parse(line);
  if (layout && layout->payload_bytes() == payload.size()) {
    for (std::uint64_t number = 0; number < layout->block_count(); ++number) {
      const ByteRange block = layout->block(number).range();
      hashes.push_back(tlog::HashLeaf(
          payload.subspan(static_cast<std::size_t>(block.offset), static_cast<std::size_t>(block.bytes))));
    }
    return hashes;
  }
  const std::size_t nonce = std::min<std::size_t>(16, payload.size());
  return {tlog::HashLeaf(payload.first(nonce)), tlog::HashLeaf(payload.subspan(nonce))};
}

// What a place must have so that the store takes it: a header, and a layout line where there is a payload.
Result<store::SealedPlace> PutSealed(store::SealedStage& stage, ByteView file, std::string_view layout) {
  const auto parsed = seal::ParseHeader(file);
  const std::size_t header_bytes = parsed ? parsed->size_bytes : std::min<std::size_t>(file.size(), 1);
  const ByteView payload = file.subspan(header_bytes);
  TRY_VOID(stage.Begin(file.first(header_bytes)));
  TRY_VOID(stage.Put(payload));
  TRY(store::SealedPlace place, payload.empty() ? stage.End({}, {}) : stage.End(HashesOf(payload, layout), layout));
  TRY_VOID(stage.Sync());
  return place;
}

Result<void> PutOne(store::Store& store, tlog::GrowingTree& tree, tlog::Sequence at, const fs::path& stem,
                    bool with_acts) {
  TRY(const Bytes bytes, ReadFile(stem.native() + ".entry", kMostBytes));
  tree.Append(tlog::HashLeaf(bytes));
  const auto tiles = tree.TakeChangedTiles();
  store::AppendBatch batch;
  batch.entries.push_back({at, bytes});
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  const auto entry = custody::SignedEntry::Parse(bytes);
  if (entry && with_acts) batch.acts = custody::ActRowsOf(at, entry->parsed().body);
  TRY(const auto stage, store.NewStage());
  if (const auto file = ReadFile(stem.native() + ".age", kMostBytes)) {
    const auto line = ReadFile(stem.native() + ".layout", kMostBytes);
    TRY(store::SealedPlace place, PutSealed(*stage, *file, line && !line->empty() ? TextOf(*line) : kNoLayout));
    batch.sealed.push_back({at, std::move(place)});
  }
  return store.Append(batch);
}

Result<void> Make(const fs::path& input, const fs::path& vault) {
  std::error_code error;
  fs::create_directories(vault, error);
  TRY(const auto store, store::RocksEngine().Create(vault / "store"));
  tlog::GrowingTree tree;
  const bool with_acts = !fs::exists(input / "no-acts");
  for (std::uint64_t at = 0;; ++at) {
    const fs::path stem = input / std::to_string(at);
    if (!fs::exists(stem.native() + ".entry")) break;
    TRY_VOID(PutOne(*store, tree, {at}, stem, with_acts));
  }
  TRY(const Bytes head, ReadFile(input / "checkpoint", kMostBytes));
  const auto note = tlog::SignedNote::Parse(head);
  const auto checkpoint = note ? tlog::DecodeCheckpoint(note->text()) : Result<tlog::Checkpoint>(Fail(note.error()));
  if (checkpoint) TRY_VOID(store->PutCheckpoint(checkpoint->size, head));
  TRY_VOID(store->Append({}));
  return store::HeadFile(vault / "HEAD").Replace(head);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s INPUT VAULT\n", argv[0]);
    return 2;
  }
  const auto made = Make(argv[1], argv[2]);
  if (made) return 0;
  std::fprintf(stderr, "%s: %s\n", argv[0], made.error().message.c_str());
  return 1;
}
