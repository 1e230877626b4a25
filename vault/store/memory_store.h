// A store in memory: for tests that need no disk, and for tests in which a disk fails or loses its power.
//
// It keeps the promises of store.h, and is stricter than a disk: what was not made durable is surely gone after a power
// cut, and a batch that names what was not synced stops the program. It is not meant to be large or fast.
//
//   MemoryDisk   what a disk would hold; stores are opened over it, one after another
#pragma once

#include <cstdint>
#include <functional>

#include "vault/store/engine.h"

namespace exhibit::store {

class MemoryDisk final : public Engine {
 public:
  // No store is there yet.
  MemoryDisk();

  // Engine. The folder means nothing: there is one store.
  Result<std::unique_ptr<Store>> Create(const std::filesystem::path& folder = {}) const override;
  Result<std::unique_ptr<Store>> Open(const std::filesystem::path& folder = {}) const override;
  Result<std::unique_ptr<ReadableStore>> OpenForReading(const std::filesystem::path& folder = {}) const override;

  // What a disk would hold that lost its power now. Stores over the present one go on with it.
  MemoryDisk AfterPowerCut() const;

  // One call of a store or a stage over this disk goes wrong: the first that is chosen by what it is called in its error
  // ("append to the store"), or the one after `calls` others. Reads count too.
  enum class Fault : std::uint8_t {
    kNotDone,  // it fails with kIo, and nothing happened
    kDone,     // it fails with kIo, and yet all of it happened, as where only the answer was lost
    kChanged,  // it does not fail; where it gives bytes, one bit of them is another
  };
  // An empty chooser chooses none.
  using Chooser = std::function<bool(std::string_view call)>;
  void FailAt(Chooser chooser, Fault fault) const;
  void FailAfter(std::uint64_t calls, Fault fault) const;
  // Whether it came to that call. REQUIRES: one was chosen.
  bool HasFailed() const;

 private:
  friend class MemoryStore;
  friend class MemoryStage;
  struct Contents;
  explicit MemoryDisk(std::shared_ptr<Contents> contents) : contents_(std::move(contents)) {}
  std::shared_ptr<Contents> contents_;  // shared with the stores over it
};

}  // namespace exhibit::store
