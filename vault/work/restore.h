// Getting originals out of a vault as a tree of files (bundle/extraction.h): recorded first, then written as they are opened.
//
//   1  the items that are meant are looked at, and their fields opened: what cannot be opened is not recorded as read
//   2  an entry (`read`) says who reads which items and why
//   3  each original is written, and gets its name once all of it was compared with its fields
//
// One item that is damaged does not keep the others inside.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vault/bundle/extraction.h"
#include "vault/work/access.h"

namespace exhibit::work {

struct RestoreJob {
  std::filesystem::path target;  // a new folder
  std::function<Result<std::vector<tlog::Sequence>>(const VaultReader&)> choose;
  std::string purpose;  // for the record
  std::function<Result<std::unique_ptr<VaultReader>>()> open_reader;
  OpenWriter open_writer;
  const std::atomic<bool>* interrupted = nullptr;
};

struct Restored {
  bundle::Extracted extracted;       // with the items that were not opened, or not written
  std::vector<tlog::Sequence> acts;  // among those chosen: they have no original
  tlog::Sequence entry;              // that says what was read
};

//   kInvalid   nothing is chosen that has an original
//   kExists    the target is there
//   kDenied, kWrongKey, kTampered, kNotFound  none of the items can be opened; nothing is recorded
//   else as of RecordAccess and bundle::Extraction::Write
Result<Restored> Restore(const RestoreJob& job, seal::Identities keys);

}  // namespace exhibit::work
