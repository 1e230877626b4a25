// One writer at a time: an advisory lock on a file in the vault's folder, held while it is open for
// adding. The system releases it when the process ends, however it ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "vault/base/error.h"
#include "vault/base/file.h"

namespace exhibit::store {

class WriterLock {
 public:
  // Fails as Acquire would if nobody may write there: for who wants to know it before anything is asked. Says
  // nothing of other writers.
  static Result<void> CheckPlace(const std::filesystem::path& file);

  // Waits at most `patience` for another writer to finish, then fails with kBusy, naming the process
  // that holds the lock where it can be told. Zero does not wait.
  static Result<WriterLock> Acquire(const std::filesystem::path& file, std::chrono::milliseconds patience);

 private:
  explicit WriterLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

// Whether somebody writes, for readers that want to know if what they saw may be work in progress.
// Takes no lock, so that no writer is ever kept out by a reader.
struct WriterSign {
  bool active = false;
  std::int64_t last_started_ns = 0;  // changes when a writer takes the lock
  bool operator==(const WriterSign&) const = default;
};
WriterSign LookForWriter(const std::filesystem::path& file);

}  // namespace exhibit::store
