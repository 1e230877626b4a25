// What companions need to know of a bundle: of the whole, and of each of its entries as it is told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vault/base/clock.h"
#include "vault/bundle/layout.h"
#include "vault/custody/field.h"
#include "vault/custody/item_facts.h"
#include "vault/custody/state.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::bundle {

enum class Form : std::uint8_t { kPlain, kSealed };

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
  tlog::Sequence exported;   // the act that says what the bundle has
  custody::Actor custodian;  // who signs that act, and the bundle's note
  std::string program;       // what makes it, such as "exhibit 1.0"
};

struct ExportedEntry {
  const custody::SignedEntry& entry;
  enum class Part : std::uint8_t {
    kItem,  // its original, or its sealed file, is in the bundle
    kAct,   // every other entry that is told
  } part = Part::kAct;
  const custody::FieldList* fields = nullptr;  // as the bundle tells them; null if it tells none
  std::string file = {};                       // its path, such as "data/7.age", of an item; empty if there is none
  custody::ItemFacts facts = {};               // of an item: what these fields say
};

}  // namespace exhibit::bundle
