// Stores what it is told, past every rule: a vault's folder as its dishonest owner could make it.
//
//   forged_store INPUT VAULT
//
//   INPUT/checkpoint   the head, as it stands
//   INPUT/<N>.entry    what stands at position N of the log, from 0; whatever it is
//   INPUT/<N>.age      the sealed file that lies there
//   INPUT/no-acts      if there is such a file, the index of acts has no rows
//
// Tiles are made of what stands there, and the index of acts of what can be parsed. VAULT/store and VAULT/HEAD are
// made; keys are for the caller to put there.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
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

// The leaf hashes of its blocks, cut as its entry says or, where that says nothing that could be, into its nonce and
// the rest.
std::vector<tlog::LeafHash> HashesOf(ByteView payload, const custody::SealedFile* said) {
  std::vector<tlog::LeafHash> hashes;
  const auto layout = said == nullptr ? Result<seal::PayloadLayout>(Fail(ErrorCode::kInvalid, "no layout"))
                                      : seal::PayloadLayout::Create(said->payload_bytes, said->tail_bytes);
  if (layout && layout->payload_bytes() == payload.size()) {
    for (std::uint64_t block = 0; block < layout->block_count(); ++block) {
      const auto place = layout->block(block);
      hashes.push_back(tlog::HashLeaf(payload.subspan(place.offset, place.bytes)));
    }
    return hashes;
  }
  const std::size_t nonce = std::min<std::size_t>(16, payload.size());
  return {tlog::HashLeaf(payload.first(nonce)), tlog::HashLeaf(payload.subspan(nonce))};
}

Result<store::SealedPlace> PutSealed(store::SealedStage& stage, ByteView file, const custody::SealedFile* said) {
  const auto header = seal::ParseHeader(file);
  const std::size_t header_bytes = header ? header->size_bytes : 0;
  TRY_VOID(stage.Begin(file.first(header_bytes)));
  TRY_VOID(stage.Put(file.subspan(header_bytes)));
  TRY(store::SealedPlace place, stage.End(HashesOf(file.subspan(header_bytes), said)));
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
    TRY(store::SealedPlace place,
        PutSealed(*stage, *file, entry ? custody::SealedFileOf(entry->parsed().body) : nullptr));
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
