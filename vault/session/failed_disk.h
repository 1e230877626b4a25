// Stores whose disk failed while this process wrote to them.
//
// After a sync that failed, the system may say of the next one that all is well, while what the first was to make durable is in
// its memory alone. A writer that this process opens afterwards would read that memory, build on it, and acknowledge what a
// power cut takes. So it opens none (VaultWriter::Open). All calls may be made from several threads at once.
#pragma once

#include <filesystem>

#include "vault/base/error.h"

namespace exhibit::failed_disk {

// Notes it, if the error is one of the disk.
void Note(const std::filesystem::path& store, const Error& error);

// kIo where a disk failed before.
Result<void> Check(const std::filesystem::path& store);

// Hands the result on, and notes what failed.
template <typename T>
Result<T> Noted(const std::filesystem::path& store, Result<T> result) {
  if (!result) Note(store, result.error());
  return result;
}

}  // namespace exhibit::failed_disk
