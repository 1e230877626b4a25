// Where sealed files go while they are made, under the name that the store uses.
#pragma once

#include "vault/seal/sealed_sink.h"

namespace exhibit::store {

using seal::SealedSink;

}  // namespace exhibit::store
