// The commit that this machine is about to send, durable before it is sent: without it nobody could tell later whether
// bytes that turn up in the log are those of a command that was killed (a model of the protocol shows an item that is in
// the log twice otherwise; tests/object_model/). It is no part of the cache.
//
//   journal        commit LF bytes of the commit
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::store {

class CommitJournal {
 public:
  explicit CommitJournal(std::filesystem::path file) : file_(std::move(file)) {}

  struct Sent {
    std::uint64_t commit = 0;
    Bytes bytes;
  };
  // Nothing if no commit is under way. kTampered if the file is damaged.
  Result<std::optional<Sent>> Read() const;
  // Durable when it returns.
  Result<void> Write(std::uint64_t commit, ByteView bytes) const;
  // It was decided.
  Result<void> Drop() const;

 private:
  std::filesystem::path file_;
};

}  // namespace exhibit::store
