// Receives a sealed file while it is made: its header first, then its payload, in order.
//
// The header comes first, so that any age tool can open what was sealed before a kill.
#pragma once

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::seal {

class SealedSink {
 public:
  virtual ~SealedSink() = default;
  // Begins a sealed file with its age header. An error ends the sealing with it, here and in Put.
  virtual Result<void> Begin(ByteView header) = 0;
  // The next bytes of the payload; the view is valid during the call only.
  virtual Result<void> Put(ByteView bytes) = 0;
};

}  // namespace exhibit::seal
