#include "vault/bundle/file_check.h"

#include <algorithm>
#include <filesystem>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/sparse_file.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/safe_name.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/item_facts.h"
#include "vault/seal/stanza_rules.h"
#include "vault/verify/original_check.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;
using verify::Property;

// What is common to both: findings about one file of one entry.
class FileCheck {
 public:
  FileCheck(const FileContext& context, const FileOfEntry& file)
      : context_(context), file_(file), name_(DataPath(file.told.name)), path_(context.folder.PathOf(name_)) {}

 protected:
  void Add(Property property, std::string message, ErrorCode because = ErrorCode::kTampered) {
    outcome_.findings.push_back({property, file_.told.entry, {}, {}, std::move(message), name_, because});
  }
  void Add(Property property, const Error& error) { Add(property, error.message, error.code); }

  // False if no file may be of this entry.
  bool CheckEntry() {
    if (file_.entry == nullptr) {
      Add(Property::kBundle, Printable(name_) + " is of it, and it is not told");
    } else if (!file_.entry->HasOriginal()) {
      Add(Property::kBundle, Format("{} is of it, and a {} has no original", Printable(name_), file_.entry->type));
    }
    return outcome_.findings.empty();
  }
  // Nothing of a file that is not there: that is said where files are compared with the manifests.
  std::optional<std::uint64_t> Size() const {
    std::error_code error;
    const std::uint64_t size = fs::file_size(path_, error);
    return error ? std::nullopt : std::optional(size);
  }
  void CheckName(bool is_right) {
    if (!is_right) Add(Property::kBundle, Printable(name_) + " is not how a bundle calls a file of this entry");
  }

  const FileContext& context_;
  const FileOfEntry& file_;
  std::string name_;
  fs::path path_;
  FileOutcome outcome_;
};

class OriginalFile : FileCheck {
 public:
  using FileCheck::FileCheck;

  FileOutcome Run(const BagCheck::Hashes& hashes) {
    if (!CheckEntry()) return std::move(outcome_);
    const auto fields = ReadFields(*context_.fields, *file_.entry);
    if (!fields) {
      Add(Property::kFields, fields.error());
      return std::move(outcome_);
    }
    if (const auto told = custody::CheckTold(custody::Showing::kOriginal, *fields); !told) {
      Add(Property::kFields, told.error().message);
      return std::move(outcome_);
    }
    CheckName(file_.told.name == Format("{}", file_.told.entry) ||
              file_.told.name == SafeNameIn(*fields, file_.told.entry));
    const custody::ItemFacts facts = custody::ItemFactsIn(*fields);
    if (facts.state->content == custody::ContentPlace::kElsewhere) {
      Add(Property::kContent, "is kept elsewhere, as its fields say, and has a file here");
    }
    Compare(*fields, facts, hashes);
    return std::move(outcome_);
  }

 private:
  void Compare(const custody::FieldList& fields, const custody::ItemFacts& facts, const BagCheck::Hashes& hashes) {
    const auto size = Size();
    const auto hash = hashes.find(name_);
    if (!size) return;  // missing, and said to be
    const std::size_t before = outcome_.findings.size();
    if (hash == hashes.end()) {
      if (!OpenForReading(path_)) return;  // said to be
      CompareAll(fields);                  // its list was cut short, so that nobody hashed it
      return Take(before, *size);
    }
    if (*size != *facts.size) {
      Add(Property::kContent, Format("the original has {} bytes, and its fields say {}", *size, *facts.size));
    }
    if (hash->second != *facts.sha256) {
      Add(Property::kContent, Format("the SHA-256 of the original is {}, and its fields say {}",
                                     ToHex(hash->second.view()), ToHex(facts.sha256->view())));
    }
    if (outcome_.findings.size() == before && (facts.sha512 || facts.sha1 || facts.md5)) CompareAll(fields);
    Take(before, *size);
  }

  void Take(std::size_t findings_before, std::uint64_t size) {
    if (outcome_.findings.size() > findings_before) return;
    outcome_.content_checked = true;
    outcome_.content_bytes = size;
  }

  // The digests that the bag's check did not compute.
  void CompareAll(const custody::FieldList& fields) {
    const auto read = [&]() -> Result<void> {
      verify::OriginalCheck check(fields);
      TRY(PieceReader reader, PieceReader::Open(path_));
      for (;;) {
        TRY_VOID(StopIfAsked(context_.interrupted));
        TRY(const ByteView piece, reader.Next());
        if (piece.empty()) break;
        check.Update(piece);
      }
      for (std::string& problem : check.Finish()) Add(Property::kContent, "the original: " + problem);
      return {};
    };
    if (const auto done = read(); !done) Add(Property::kContent, done.error());
  }
};

class SealedFile : FileCheck {
 public:
  using FileCheck::FileCheck;

  FileOutcome Run(Pool* pool) {
    if (!CheckEntry()) return std::move(outcome_);
    CheckName(file_.told.name == SealedFileName(file_.told.entry));
    if (!file_.layout) {
      Add(Property::kLayout, "has no layout in log/layouts");
      return std::move(outcome_);
    }
    const auto size = Size();
    if (!size) return std::move(outcome_);
    const auto header = ReadHeader(*size);
    if (!header) {
      Add(Property::kHeader, "the sealed file: " + header.error().message, header.error().code);
      return std::move(outcome_);
    }
    outcome_.receivers = header->header.stanzas.size();
    const auto source = SourceOf(context_, file_, header->size_bytes);
    if (!source) {
      Add(Property::kLayout, source.error());
    } else if (CheckSize(source->layout(), *size - header->size_bytes)) {
      CheckPayload(*source, *header, pool);
    }
    return std::move(outcome_);
  }

 private:
  Result<seal::ParsedHeader> ReadHeader(std::uint64_t size) const {
    TRY(const Bytes beginning, ReadFileRange(path_, 0, std::min<std::uint64_t>(size, seal::kMaxHeaderBytes)));
    TRY(seal::ParsedHeader header, seal::ParseHeader(beginning));
    TRY_VOID(seal::CheckBundleHeader(header.header));
    return header;
  }

  // A layout that cannot be read, or is another, is a finding of the payload's check.
  bool CheckSize(std::string_view line, std::uint64_t payload_bytes) {
    const auto layout = seal::PayloadLayout::Parse(line);
    if (!layout || layout->payload_bytes() == payload_bytes) return true;
    const std::string is_cut =
        payload_bytes < layout->payload_bytes() ? "the sealed file was cut short: it" : "the sealed file";
    Add(Property::kPayload,
        Format("{} has a payload of {} bytes, and its layout says {}", is_cut, payload_bytes, layout->payload_bytes()));
    return false;
  }

  void CheckPayload(const SealedFileSource& source, const seal::ParsedHeader& header, Pool* pool) {
    verify::Options options;
    options.depth = context_.identities.empty() ? verify::Depth::kSealed : verify::Depth::kContent;
    options.interrupted = context_.interrupted;
    options.open_key = [&](tlog::Sequence, const custody::SealedFile&) {
      return seal::OpenHeader(header.header, context_.identities);
    };
    verify::SealedEntry entry{
        file_.told.entry, *file_.entry->sealed, {}, file_.entry->type, verify::SealedEntry::OwnHeader::kMayBeMissing};
    const bool is_known = context_.written != nullptr && context_.written->contains(name_);
    verify::SealedOutcome found =
        is_known ? verify::CheckHeadersAndLayout(source, entry) : verify::CheckSealed(source, options, entry, pool);
    for (verify::Finding& finding : found.findings) {
      if (finding.file.empty()) finding.file = name_;
      outcome_.findings.push_back(std::move(finding));
    }
    outcome_.unopened = std::move(found.unopened);
    outcome_.payload_bytes = found.payload_bytes;
    outcome_.content_checked = found.content_checked;
    outcome_.content_bytes = found.content_bytes;
  }
};

}  // namespace

Result<SealedFileSource> SourceOf(const FileContext& context, const FileOfEntry& file, std::size_t header_bytes) {
  SealedFileSource::Parts parts{context.folder.PathOf(DataPath(file.told.name)), header_bytes, {}};
  TRY(parts.layout, context.layouts->Read(*file.layout));
  if (file.header) {
    TRY(parts.header, context.headers->Read(*file.header));
  }
  return SealedFileSource(std::move(parts));
}

FileOutcome CheckOriginal(const FileContext& context, const FileOfEntry& file, const BagCheck::Hashes& hashes) {
  return OriginalFile(context, file).Run(hashes);
}

std::uint64_t SizeOf(const FileContext& context, const FileOfEntry& file) {
  std::error_code error;
  const std::uint64_t size = fs::file_size(context.folder.PathOf(DataPath(file.told.name)), error);
  return error ? 0 : size;
}

FileOutcome CheckSealedFile(const FileContext& context, const FileOfEntry& file, Pool* pool) {
  return SealedFile(context, file).Run(pool);
}

}  // namespace exhibit::bundle
