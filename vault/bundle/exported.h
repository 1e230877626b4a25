// What is told of a bundle beside its evidence: of the whole, and of each of its entries as it is written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vault/base/clock.h"
#include "vault/bundle/layout.h"
#include "vault/custody/state.h"
#include "vault/seal/metadata.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::bundle {

enum class Form : std::uint8_t { kPlain, kSealed };

// Positions from the first item that was asked for to the last.
using LogRange = tlog::SequenceRange;

// An item that was asked for and is not in the bundle.
struct Missing {
  tlog::Sequence item;
  std::string why;
};

struct BundleHead {
  Timestamp made;
  Form form = Form::kPlain;
  tlog::Checkpoint log;
  custody::Fingerprint fingerprint;
  std::string custodian;  // who exports, as "actor" writes a key
  std::string program;    // what makes it, such as "exhibit 1.0"
  LogRange range;
};

struct ExportedEntry {
  const custody::SignedEntry& entry;
  enum class Part : std::uint8_t {
    kItem,  // was asked for
    kAct,   // tells of one, or of who might act
  } part = Part::kAct;
  const seal::Metadata* metadata = nullptr;  // of what has a sealed file, where the bundle is plain
  std::string sealed_sha256 = {};            // of data/<N>.age in this bundle, hex; of what has one
};

}  // namespace exhibit::bundle
