// The bytes of one file in a container, in pieces and in constant memory.
#pragma once

#include <functional>

#include "vault/bundle/container_file.h"

namespace exhibit::bundle {

using TakePiece = std::function<Result<void>(ByteView)>;

// Calls `take` with the file's bytes: as many as the index says, never more, and with the checksum that it says.
//   kTampered  the bytes are different ones
Result<void> ReadMember(const ContainerFile& container, const Member& member, const std::atomic<bool>* interrupted,
                        const TakePiece& take);

}  // namespace exhibit::bundle
