#include "vault/bundle/data_writer.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/safe_name.h"
#include "vault/bundle/told_log.h"
#include "vault/custody/field_blocks.h"
#include "vault/custody/field_forms.h"
#include "vault/verify/content_check.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::bundle {
namespace {

// Calls `body` for each number below `count` on all threads, and returns the error of the first that has one. Once one
// failed, none is begun. A thread takes neighbours: they are mostly files of one folder, in which the system makes one at a
// time.
Result<void> ForEach(Pool& pool, std::size_t count, const std::function<Result<void>(std::size_t)>& body) {
  std::atomic<bool> failed{false};
  std::vector<Result<void>> results(count);
  constexpr std::size_t kNeighbours = 16;
  pool.ForEach((count + kNeighbours - 1) / kNeighbours, [&](std::size_t run) {
    const std::size_t end = std::min(count, (run + 1) * kNeighbours);
    for (std::size_t i = run * kNeighbours; i < end && !failed; ++i) {
      results[i] = body(i);
      if (!results[i]) failed = true;
    }
  });
  for (Result<void>& result : results) TRY_VOID(std::move(result));
  return {};
}

Result<void> Named(tlog::Sequence item, Result<void> result) {
  if (result) return {};
  return Fail(std::move(result).error().In(tlog::NameOf(item)));
}

}  // namespace

// An item is opened once, for its name and then for its content: few at a time are open.
Result<WrittenItems> DataWriter::Write(const std::vector<tlog::Sequence>& items) const {
  constexpr std::size_t kOpenItems = 64;
  WrittenItems all;
  NamesTaken names;
  for (std::size_t begin = 0; begin < items.size(); begin += kOpenItems) {
    std::vector<std::optional<Looked>> looked(std::min(kOpenItems, items.size() - begin));
    TRY_VOID(ForEach(pool_, looked.size(), [&](std::size_t i) -> Result<void> {
      auto one = Look(items[begin + i]);
      if (!one) return Named(items[begin + i], Fail(std::move(one).error()));
      looked[i].emplace(std::move(*one));
      return {};
    }));
    std::vector<Looked> batch;
    for (std::optional<Looked>& one : looked) {  // in order of position, as names are given
      const bool is_here = !one->fields || one->facts.state->content == custody::ContentPlace::kHere;
      if (is_here) one->file = one->fields ? NameOf(*one, names) : SealedFileName(one->item);
      batch.push_back(std::move(*one));
    }
    looked.clear();
    TRY_VOID(WriteBatch(batch));
    for (const Looked& one : batch) {
      TRY(all.emplace_back(), Tell(one));
    }
  }
  return all;
}

// What is withheld makes no name.
std::string DataWriter::NameOf(const Looked& looked, NamesTaken& names) const {
  if (options_.withhold.empty()) return names.Give(*looked.fields, looked.item);
  return names.Give(looked.fields->Without({options_.withhold.begin(), options_.withhold.end()}), looked.item);
}

Result<DataWriter::Looked> DataWriter::Look(tlog::Sequence item) const {
  TRY_VOID(StopIfAsked(options_.interrupted));
  TRY(const custody::SignedEntry entry, verify::ReadEntryAt(source_, item));
  const custody::Entry& parsed = entry.parsed();
  const custody::ActForm& form = custody::FormOf(parsed.body);
  if (form.sealed != custody::SealedRule::kContent) return Fail(ErrorCode::kInvalid, "is an act, not an item");
  const custody::SealedFile& sealed = *parsed.sealed;
  if (!options_.recipients.empty()) {
    TRY(const seal::PayloadLayout layout, verify::ReadLayoutOf(source_, item, sealed));
    return Looked{item, sealed, layout, form.type};
  }
  TRY(seal::ItemReader opened, verify::OpenSealed(source_, item, sealed, keys_));
  TRY(custody::FieldList fields, verify::FieldsOf(opened, item, sealed));
  custody::ItemFacts facts = custody::ItemFactsIn(fields);
  if (!facts.state || !facts.sha256 || !facts.size)
    return Fail(ErrorCode::kTampered, "its fields do not have state, size and sha256 in their forms");
  const seal::PayloadLayout layout = opened.layout();
  return Looked{item, sealed, layout, form.type, {}, std::move(opened), std::move(fields), std::move(facts)};
}

// Small ones side by side; a large one on all threads.
Result<void> DataWriter::WriteBatch(std::vector<Looked>& batch) const {
  const auto is_large = [](const Looked& one) { return one.layout.payload_bytes() >= verify::kWorthAllThreads; };
  TRY_VOID(ForEach(pool_, batch.size(), [&](std::size_t i) -> Result<void> {
    batch[i].told = TextToTell(batch[i]);
    if (batch[i].file.empty() || is_large(batch[i])) return {};
    return Named(batch[i].item, WriteOne(batch[i], nullptr));
  }));
  for (Looked& one : batch) {
    if (!one.file.empty() && is_large(one)) TRY_VOID(Named(one.item, WriteOne(one, &pool_)));
  }
  return {};
}

Result<void> DataWriter::WriteOne(Looked& looked, Pool* pool) const {
  TRY_VOID(StopIfAsked(options_.interrupted));
  return looked.opened ? WriteOriginal(looked, pool) : WriteSealed(looked, pool);
}

Result<void> DataWriter::WriteOriginal(const Looked& looked, Pool* pool) const {
  TRY(BagWriter::File file, to_.bag.CreateOriginal(DataPath(looked.file), custody::ZeroBlocksOf(looked.facts)));
  const auto take = [&](ByteView original) -> Result<void> {
    TRY_VOID(StopIfAsked(options_.interrupted));
    return file.Write(original);
  };
  TRY_VOID(verify::CheckContent(*looked.opened, *looked.fields, take, pool));
  return to_.bag.FinishOriginal(std::move(file), *looked.facts.sha256);
}

Result<void> DataWriter::WriteSealed(Looked& looked, Pool* pool) const {
  const tlog::Sequence item = looked.item;
  auto header = source_.ReadHeader(item);
  if (!header && header.error().code != ErrorCode::kNotFound) return Fail(std::move(header).error());
  if (header) looked.header = std::move(*header);
  TRY(const seal::FileKey key, verify::OpenFileKey(source_, item, looked.sealed, keys_));
  TRY(const Bytes own, seal::SealHeader(key, options_.recipients));
  TRY(BagWriter::File file, to_.bag.Create(DataPath(looked.file)));
  TRY_VOID(file.Write(own));
  verify::Options options;
  options.depth = verify::Depth::kContent;
  options.interrupted = options_.interrupted;
  options.open_key = [&](tlog::Sequence, const custody::SealedFile&) -> Result<seal::FileKey> {
    return key.Duplicate();
  };
  const verify::SealedEntry entry{item, looked.sealed, {}, looked.type, verify::SealedEntry::OwnHeader::kMayBeMissing};
  TRY(const verify::SealedOutcome found,
      verify::CheckAndTakeSealed(source_, options, entry, pool, [&](ByteView block) { return file.Write(block); }));
  TRY_VOID(StopIfAsked(options_.interrupted));
  if (!found.findings.empty())
    return Fail(found.findings.front().because, verify::WithoutNoun(item, verify::Describe(found.findings.front())));
  return to_.bag.Finish(std::move(file));
}

std::string DataWriter::TextToTell(const Looked& looked) const {
  if (looked.fields) {
    std::vector<std::string_view> withheld(options_.withhold.begin(), options_.withhold.end());
    withheld.push_back(custody::kPartsSeed);
    return custody::EncodeFieldBlock({looked.item, looked.fields->Without(withheld)});
  }
  std::string layout;
  AppendBlock(layout, looked.item, looked.layout.Line());
  return layout;
}

Result<WrittenItem> DataWriter::Tell(const Looked& looked) const {
  WrittenItem written{looked.item, looked.file};
  if (!written.file.empty()) {
    std::string line;
    AppendFile(line, {written.item, written.file});
    TRY_VOID(to_.log.Append(kFilesFile, line));
  }
  if (looked.fields) {
    TRY(written.fields, to_.fields.Append(looked.told));
    return written;
  }
  TRY_VOID(to_.log.Append(kLayoutsFile, looked.told));
  if (!looked.header) return written;
  std::string header;
  AppendBlock(header, looked.item, TextOf(*looked.header));
  TRY_VOID(to_.log.Append(kHeadersFile, header));
  return written;
}

}  // namespace exhibit::bundle
