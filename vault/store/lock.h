// One writer at a time: an advisory lock on a file in the vault's folder, held while it is open for
// adding. The system releases it when the process ends, however it ends.
#pragma once

#include <chrono>
#include <filesystem>

#include "vault/base/error.h"
#include "vault/base/file.h"

namespace exhibit::store {

class WriterLock {
 public:
  // Waits at most `patience` for another writer to finish, then fails with kBusy, naming the process
  // that holds the lock where it can be told. Zero does not wait.
  static Result<WriterLock> Acquire(const std::filesystem::path& file, std::chrono::milliseconds patience);

 private:
  explicit WriterLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace exhibit::store
