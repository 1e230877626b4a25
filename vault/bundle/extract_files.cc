#include "vault/bundle/extract_files.h"

#include <algorithm>
#include <set>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/sparse_file.h"
#include "vault/bundle/layout.h"
#include "vault/custody/field_forms.h"
#include "vault/seal/age_header.h"
#include "vault/verify/content_check.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/original_check.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;
using verify::Property;

// A sealed file of data/, opened by the header for the receivers. REQUIRES: `file` has a layout and an entry.
class OpenedFile {
 public:
  static Result<OpenedFile> Open(const FileContext& context, const FileOfEntry& file) {
    const fs::path path = context.folder.PathOf(DataPath(file.told.name));
    std::error_code error;
    const std::uint64_t size = fs::file_size(path, error);
    if (error) return Fail(SystemError("look at", path, error.value()));
    TRY(const Bytes beginning, ReadFileRange(path, 0, std::min<std::uint64_t>(size, seal::kMaxHeaderBytes)));
    TRY(const seal::ParsedHeader header, seal::ParseHeader(beginning));
    TRY(const seal::FileKey key, seal::OpenHeader(header.header, context.identities));
    TRY(SealedFileSource parts, SourceOf(context, file, header.size_bytes));
    auto source = std::make_unique<SealedFileSource>(std::move(parts));
    const tlog::Sequence entry = file.told.entry;
    TRY(const seal::PayloadLayout layout, verify::ReadLayoutOf(*source, entry, *file.entry->sealed));
    const auto read = [of = source.get(), entry](ByteRange range) { return of->ReadPayload(entry, range); };
    TRY(seal::ItemReader reader,
        seal::ItemReader::Open(key, {verify::CommitmentOf(*file.entry->sealed), layout, read}));
    TRY(custody::FieldList fields, verify::FieldsOf(reader, entry, *file.entry->sealed));
    return OpenedFile{std::move(source), std::move(reader), std::move(fields)};
  }

  std::unique_ptr<SealedFileSource> source;  // which the reader reads
  seal::ItemReader reader;
  custody::FieldList fields;
};

Result<custody::FieldList> ToldFields(const FileContext& context, const FileOfEntry& file) {
  TRY(custody::FieldList fields, ReadFields(*context.fields, *file.entry));
  TRY_VOID(custody::CheckTold(custody::Showing::kOriginal, fields));
  return fields;
}

Result<void> ReadPlain(const FileContext& context, const FileOfEntry& file, const custody::FieldList& fields,
                       const Extraction::Sink& sink) {
  const fs::path path = context.folder.PathOf(DataPath(file.told.name));
  TRY(PieceReader reader, PieceReader::Open(path));
  verify::OriginalCheck check(fields);
  for (;;) {
    TRY_VOID(StopIfAsked(context.interrupted));
    TRY(const ByteView piece, reader.Next());
    if (piece.empty()) break;
    check.Update(piece);
    TRY_VOID(sink(piece));
  }
  const std::vector<std::string> problems = check.Finish();
  if (problems.empty()) return {};
  return Fail(ErrorCode::kTampered, "the original: " + problems.front() + "; it changed since it was checked");
}

Result<void> ExtractSealed(const FileContext& context, const FileOfEntry& file, Extraction& extraction, Pool& pool) {
  auto opened = OpenedFile::Open(context, file);
  if (!opened) {
    extraction.NoteFailed(file.told.entry, std::move(opened).error());
    return {};
  }
  const auto produce = [&](const Extraction::Sink& sink) -> Result<void> {
    const auto take = [&](ByteView piece) -> Result<void> {
      TRY_VOID(StopIfAsked(context.interrupted));
      return sink(piece);
    };
    TRY_VOID(verify::CheckContent(opened->reader, opened->fields, take, &pool));
    return {};
  };
  return extraction.Write(file.told.entry, opened->fields, produce);
}

}  // namespace

std::vector<tlog::Sequence> HoldingItems(const verify::Report& report, const std::vector<FileOfEntry>& files) {
  if (report.newer_from) return {};  // whose keys sign the checkpoint is not known
  std::set<tlog::Sequence> items;
  for (const FileOfEntry& file : files) {
    if (file.entry != nullptr) items.insert(file.told.entry);
  }
  for (const verify::Finding& finding : report.findings) {
    const bool is_of_a_file = finding.property == Property::kBundle || finding.property == Property::kCompanion ||
                              finding.property == Property::kMedium;
    const bool is_of_an_item =
        finding.entry &&
        std::ranges::binary_search(files, *finding.entry, {}, [](const FileOfEntry& file) { return file.told.entry; });
    if (finding.entry) items.erase(*finding.entry);
    if (!is_of_an_item && !is_of_a_file) return {};
  }
  return {items.begin(), items.end()};
}

Result<custody::FieldList> FieldsOfFile(const FileContext& context, const FileOfEntry& file) {
  if (!file.layout) return ToldFields(context, file);
  TRY(OpenedFile opened, OpenedFile::Open(context, file));
  return std::move(opened.fields);
}

Result<void> ExtractFile(const FileContext& context, const FileOfEntry& file, Extraction& extraction, Pool& pool) {
  if (file.layout) return ExtractSealed(context, file, extraction, pool);
  auto fields = ToldFields(context, file);
  if (!fields) {
    extraction.NoteFailed(file.told.entry, std::move(fields).error());
    return {};
  }
  return extraction.Write(file.told.entry, *fields,
                          [&](const Extraction::Sink& sink) { return ReadPlain(context, file, *fields, sink); });
}

}  // namespace exhibit::bundle
