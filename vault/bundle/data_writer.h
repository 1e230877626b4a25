// Writes the files of data/: originals under their names, or sealed files, a new header for the receivers and the payload
// of the vault byte for byte. Either way each item is opened to its last byte and compared with its fields, once: what
// log/ tells of it is written meanwhile, log/files, log/layouts and log/headers in their places, and its fields into a spool,
// because other entries have fields between those of items (writer.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/base/spool_file.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/log_writer.h"
#include "vault/bundle/safe_name.h"
#include "vault/custody/entry.h"
#include "vault/custody/item_facts.h"
#include "vault/seal/item_reader.h"
#include "vault/seal/recipient.h"
#include "vault/verify/source.h"

namespace exhibit::bundle {

// What is kept of an item of a bundle, until all are written.
struct WrittenItem {
  tlog::Sequence item;
  std::string file = {};  // below data/; empty if its original is kept elsewhere
  ByteRange fields = {};  // its block in the spool; in a plain bundle alone
};
using WrittenItems = std::vector<WrittenItem>;  // by position

class DataWriter {
 public:
  struct Options {
    const std::vector<seal::Recipient>& recipients;  // none: a plain bundle
    const std::vector<std::string>& withhold;        // keys of fields that are not told, and so make no names
    const std::atomic<bool>* interrupted = nullptr;
  };
  struct To {
    BagWriter& bag;
    LogWriter& log;
    SpoolFile& fields;
  };
  // The arguments, and what the options refer to, outlive this.
  DataWriter(const verify::Source& source, seal::Identities keys, const Options& options, Pool& pool, To to)
      : source_(source), keys_(keys), options_(options), pool_(pool), to_(to) {}

  // kInvalid for an act, and for an item that was shredded; kTampered for one that is not what was signed; kDenied where the
  // keys do not open it; kInterrupted; the errors of source and bag. They name the entry.
  Result<WrittenItems> Write(const std::vector<tlog::Sequence>& items) const;

 private:
  // An item that is about to be written.
  struct Looked {
    tlog::Sequence item;
    custody::SealedFile sealed;
    seal::PayloadLayout layout;
    std::string_view type;                          // of its entry
    std::string file = {};                          // as in WrittenItem
    std::optional<seal::ItemReader> opened = {};    // in a plain bundle, and what follows
    std::optional<custody::FieldList> fields = {};  // all of them
    custody::ItemFacts facts = {};
    std::optional<Bytes> header = {};  // of the vault, in a sealed bundle, unless it was destroyed
    std::string told = {};             // its block of fields, in a plain bundle; else of its layout
  };
  Result<Looked> Look(tlog::Sequence item) const;
  Result<void> WriteBatch(std::vector<Looked>& batch) const;
  Result<void> WriteOne(Looked& looked, Pool* pool) const;
  Result<void> WriteOriginal(const Looked& looked, Pool* pool) const;
  Result<void> WriteSealed(Looked& looked, Pool* pool) const;
  std::string NameOf(const Looked& looked, NamesTaken& names) const;
  // What log/ tells of it, but for its header.
  std::string TextToTell(const Looked& looked) const;
  Result<WrittenItem> Tell(const Looked& looked) const;

  const verify::Source& source_;
  seal::Identities keys_;
  Options options_;
  Pool& pool_;
  To to_;
};

}  // namespace exhibit::bundle
