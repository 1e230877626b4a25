// What companions need to know of a bundle: of the whole, and of each of its entries as it is written.
#pragma once

#include <cstdint>
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

// From the number of the first item that was asked for to that of the last.
using LogRange = tlog::SequenceRange;

// An item that was asked for and is not in the bundle.
struct Missing {
  tlog::Sequence item;
  std::string why;
};

struct BundleHead {
  Moment made;
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
    kAct,   // names one, or says who may act
  } part = Part::kAct;
  const seal::Metadata* metadata = nullptr;  // if it has a sealed file and the bundle is plain
  std::string sealed_sha256 = {};            // of data/<N>.age in this bundle, hex; empty if there is none
};

}  // namespace exhibit::bundle
