#include "vault/work/read.h"

#include <optional>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/sparse_file.h"

namespace exhibit::work {
namespace {

bool HasOriginal(const custody::EntryBody& body) {
  return custody::FormOf(body).sealed == custody::SealedRule::kContent;
}

Result<custody::AccessGrant> Record(const VaultReader& vault, const OpenWriter& open_writer, seal::Identities keys,
                                    const ReadRequest& request) {
  Pool pool;
  TRY(const auto writer, open_writer(custody::Access::kForm, pool));
  return RecordAccess(
      *writer,
      {custody::AccessWay::kRead, {request.entry}, request.purpose, {}, CasesOf(vault, keys, {request.entry}, pool)});
}

// Opens a sealed file that was cut, while its bytes come.
class CutOpener {
 public:
  CutOpener(seal::Identities keys, const seal::ItemReader::Sink& sink) : keys_(keys), sink_(sink) {}

  Result<void> Push(ByteView bytes) {
    if (reader_) return reader_->Push(bytes);
    Append(beginning_, bytes);
    const std::size_t wanted = seal::kMaxHeaderBytes;
    return beginning_.size() < wanted ? Result<void>() : Begin();
  }
  Result<seal::CutReader::End> Finish() {
    if (!reader_) TRY_VOID(Begin());
    return reader_->Finish();
  }

 private:
  Result<void> Begin() {
    auto parsed = seal::ParseHeader(beginning_);
    if (!parsed) return Fail(std::move(parsed).error().In("what the item holds is no sealed file"));
    TRY(seal::FileKey file_key, seal::OpenHeader(parsed->header, keys_));
    reader_.emplace(std::move(file_key), sink_);
    const Bytes payload(beginning_.begin() + static_cast<std::ptrdiff_t>(parsed->size_bytes), beginning_.end());
    beginning_ = {};
    return reader_->Push(payload);
  }

  seal::Identities keys_;
  const seal::ItemReader::Sink& sink_;
  Bytes beginning_;  // until its header is whole
  std::optional<seal::CutReader> reader_;
};

}  // namespace

Result<custody::SignedEntry> FindItem(const VaultReader& vault, tlog::Sequence entry) {
  TRY(custody::SignedEntry found, vault.Entry(entry));
  if (HasOriginal(found.parsed().body)) return found;
  return Fail(ErrorCode::kInvalid, Format("entry {} is no item: it is of type {}, and has no original", entry,
                                          custody::FormOf(found.parsed().body).type));
}

Result<custody::ItemFacts> Read(const VaultReader& vault, const OpenWriter& open_writer, seal::Identities keys,
                                const ReadRequest& request, const seal::ItemReader::Sink& sink) {
  TRY(const custody::SignedEntry entry, FindItem(vault, request.entry));
  TRY(const custody::AccessGrant grant, Record(vault, open_writer, keys, request));
  if (request.range) return vault.ReadContentRange(grant, entry, keys, *request.range, sink);
  return vault.ReadContent(grant, entry, keys, sink);
}

Result<seal::CutReader::End> ReadCut(const VaultReader& vault, const OpenWriter& open_writer, seal::Identities keys,
                                     const ReadRequest& request, const seal::ItemReader::Sink& sink) {
  CutOpener opener(keys, sink);
  TRY_VOID(Read(vault, open_writer, keys, request, [&](ByteView bytes) { return opener.Push(bytes); }));
  return opener.Finish();
}

Result<void> ReadIntoNewFile(const VaultReader& vault, seal::Identities keys, tlog::Sequence entry,
                             const std::filesystem::path& target,
                             const std::function<Result<void>(const seal::ItemReader::Sink&)>& read) {
  TRY(const custody::SignedEntry item, FindItem(vault, entry));
  TRY(const custody::FieldList fields, vault.ReadFields(item, keys));
  TRY(NewFolder partial, NewFolder::Make(target, {.suffix = ".partial"}));
  const std::filesystem::path path = partial.path() / "original";
  TRY(FileDescriptor created, CreateNew(path, 0600));
  SparseWriter file(std::move(created), path, custody::ZeroBlocksOf(custody::ItemFactsIn(fields)));
  TRY_VOID(read([&](ByteView original) { return file.Write(original); }));
  TRY_VOID(file.Finish());
  return partial.FinishAsFile(path);
}

}  // namespace exhibit::work
