#include "vault/bundle/writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/new_folder.h"
#include "vault/base/spool_file.h"
#include "vault/base/text.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/container.h"
#include "vault/bundle/data_writer.h"
#include "vault/bundle/hidden_subtrees.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/told_choice.h"
#include "vault/bundle/told_log.h"
#include "vault/bundle/verifier.h"
#include "vault/custody/field_blocks.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/statements/bundle_note.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/read_entry.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

Result<void> CheckGrant(const custody::AccessGrant& grant, const verify::Source& source, const ExportRequest& request) {
  TRY(const Bytes genesis, source.ReadEntry({0}));
  const auto is_covered = [&](tlog::Sequence item) { return grant.Covers(item); };
  if (Equal(grant.vault().view(), tlog::HashLeaf(genesis).view()) && grant.way() == custody::AccessWay::kExport &&
      std::ranges::all_of(request.items, is_covered) && grant.recipients() == NamesOf(request.recipients)) {
    return {};
  }
  return Fail(ErrorCode::kDenied,
              Format("entry {} does not say that these items are exported to these recipients", grant.entry()));
}

Result<void> CheckWithheld(const std::vector<std::string>& withhold) {
  const std::vector<std::string_view> needed = custody::MustBeTold(custody::Showing::kOriginal);
  for (const std::string& key : withhold) {
    TRY_VOID(custody::FieldKey::Parse(key));
    if (std::ranges::find(needed, key) != needed.end())
      return Fail(ErrorCode::kInvalid, Format("the field {} must be told where the original is handed over", key));
  }
  return {};
}

Result<void> CheckNotShredded(const custody::ActRow& row) {
  if (row.type != custody::Shred::kForm.type) return {};
  return Fail(ErrorCode::kInvalid, Format("item {} was shredded under entry {}", row.subject, row.sequence));
}

std::vector<tlog::Sequence> EachOnce(std::vector<tlog::Sequence> items) {
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

}  // namespace

class BundleWriter::Making {
 public:
  Making(ExportRequest request, seal::Identities keys, tlog::Sequence begun, NewFolder partial, Pool& pool)
      : request_(std::move(request)),
        keys_(keys),
        begun_(begun),
        container_(ContainerFormOf(request_.target)),
        partial_(std::move(partial)),
        folder_(container_ ? partial_.path() / "bundle" : partial_.path()),
        pool_(pool),
        bag_(std::make_unique<BagWriter>(folder_, request_.digests)),
        log_(*bag_) {}

  Result<void> WriteData(const verify::Source& source) {
    if (container_) TRY_VOID(CreateFolders(folder_));
    const std::vector<tlog::Sequence> items = EachOnce(request_.items);
    TRY_VOID(ForEachActOn(source, items, CheckNotShredded));
    TRY(fields_, SpoolFile::Make(partial_.path()));
    for (const std::string_view name : NamesOfLog()) TRY_VOID(log_.Append(name, {}));
    const DataWriter writer(source, keys_, {request_.recipients, request_.withhold, request_.interrupted}, pool_,
                            {*bag_, log_, *fields_});
    TRY(items_, writer.Write(items));
    TRY_VOID(fields_->Finish());
    TRY(manifest_, bag_->ClosePayload());
    return {};
  }

  const crypto::Sha256Digest& manifest() const { return manifest_; }

  Result<void> Finish(const verify::Source& source, const Handover& handover, Companion& companion) {
    TRY_VOID(ReadHead(source));
    TRY_VOID(WriteRest(source, handover, companion));
    const HashesByName written = bag_->large_files();
    // The check, which follows, needs the memory.
    bag_.reset();
    fields_.reset();
    items_ = {};
    TRY_VOID(CheckAsReceiver(written));
    return PutInPlace();
  }

 private:
  Form form() const { return request_.recipients.empty() ? Form::kPlain : Form::kSealed; }

  // Those that a bundle has in any case, empty or not.
  std::vector<std::string_view> NamesOfLog() const {
    std::vector<std::string_view> names = {kEntriesFile, kHashesFile, kFieldsFile, kFilesFile, kCheckpointFile};
    if (form() == Form::kSealed) names.insert(names.end(), {kLayoutsFile, kHeadersFile});
    return names;
  }

  Result<void> WriteRest(const verify::Source& source, const Handover& handover, Companion& companion) {
    ToldChoice choice(source, head_->size, keys_, form(), request_.interrupted, pool_);
    TRY(const Chosen acts, choice.Run({handover.exported, begun_}, items_));
    TRY_VOID(CheckActs(acts, handover));
    const std::vector<Telling> told = InOrder(acts);
    TRY_VOID(WriteProofs(source, told, handover));
    if (request_.policy != nullptr)
      TRY_VOID(bag_->WriteWhole(std::string(kPolicyFile), ViewOf(request_.policy->ToText())));
    Contents contents{{}, items_.size(), request_.missing};
    for (const Telling& one : told) contents.entries.insert(one.at);
    TRY_VOID(companion.Begin(*bag_, HeadOf(handover), contents));
    TRY_VOID(TellEntries(source, told, companion));
    TRY_VOID(log_.Finish());
    TRY(const BagInfo bag_info, companion.Finish(*bag_, log_.copy() ? &*log_.copy() : nullptr));
    TRY(const FileHashes tags, bag_->Close(bag_info));
    return SignNote(tags, handover);
  }

  Result<void> ReadHead(const verify::Source& source) {
    TRY(const Bytes note, source.ReadHead());
    TRY(const custody::SignedEntry genesis, verify::ReadEntryAt(source, {0}));
    TRY(const custody::LogKeys::Head head, verify::LearnLogKeys(source, genesis, {}).Open(note));
    head_.emplace(head.checkpoint);
    fingerprint_ = *custody::Fingerprint::From(genesis.leaf().view());
    checkpoint_ = std::string(TextOf(note));
    return {};
  }

  // What a receiver would find, said before anything of it is written.
  Result<void> CheckActs(const Chosen& chosen, const Handover& handover) const {
    const ChosenEntry& exported = chosen.at(handover.exported);
    const auto is = [&](std::string_view key, const custody::FieldValue& value) {
      const custody::FieldValue* const told = exported.fields->Find(key);
      return told != nullptr && *told == value;
    };
    if (is("act", custody::ToText(custody::AccessWay::kExported)) &&
        is("export", custody::FieldValue::Number(static_cast<std::int64_t>(begun_.value))) &&
        is("manifest", ToHex(manifest_.view())) &&
        exported.entry.parsed().actor == custody::ActorOf(handover.signer.verifier())) {
      return {};
    }
    return Fail(ErrorCode::kInvalid,
                Format("entry {} is not the act that this bundle was exported by, under this key", handover.exported));
  }

  // What is told, in the order of the log: an item of the bundle, or another entry.
  struct Telling {
    tlog::Sequence at;
    const WrittenItem* item = nullptr;
    const ChosenEntry* act = nullptr;
  };
  std::vector<Telling> InOrder(const Chosen& acts) const {
    std::vector<Telling> told;
    for (const WrittenItem& item : items_) told.push_back({item.item, &item, nullptr});
    for (const auto& [at, act] : acts) told.push_back({at, nullptr, &act});
    std::ranges::sort(told, {}, &Telling::at);
    return told;
  }

  Result<void> WriteProofs(const verify::Source& source, const std::vector<Telling>& told, const Handover& handover) {
    std::vector<std::uint64_t> positions;
    for (const Telling& one : told) positions.push_back(one.at.value);
    TRY(const std::vector<tlog::HiddenSubtree> hidden, FindSubtrees(source, head_->size, positions));
    TRY_VOID(log_.Append(kHashesFile, EncodeSubtrees(hidden)));
    TRY_VOID(log_.Append(kCheckpointFile, checkpoint_));
    std::string tokens;
    for (const crypto::TimestampToken& token : handover.timestamps) AppendToken(tokens, token.der());
    return tokens.empty() ? Result<void>() : log_.Append(kTimestampsFile, tokens);
  }

  // An item's entry and fields as they are read again, where they are needed.
  struct Read {
    std::optional<custody::SignedEntry> entry;
    std::string block;
    std::optional<custody::FieldList> fields;
    custody::ItemFacts facts;
  };
  Result<Read> ReadAgain(const verify::Source& source, const Telling& one) const {
    TRY_VOID(StopIfAsked(request_.interrupted));
    if (one.act != nullptr) return Read{};
    Read read;
    TRY(read.entry, verify::ReadEntryAt(source, one.at));
    if (form() == Form::kSealed) return read;
    TRY(read.block, fields_->Read(one.item->fields));
    const std::string_view lines = std::string_view(read.block).substr(read.block.find('\n') + 1);
    TRY(read.fields, custody::FieldList::ParseBlock(lines));
    read.facts = custody::ItemFactsIn(*read.fields);
    return read;
  }

  Result<void> TellEntries(const verify::Source& source, const std::vector<Telling>& told, Companion& companion) {
    constexpr std::uint64_t kAtOnce = 256;
    const auto read = [&](std::uint64_t i) { return ReadAgain(source, told[static_cast<std::size_t>(i)]); };
    const auto tell = [&](std::uint64_t i, Result<Read> again) -> Result<void> {
      const Telling& one = told[static_cast<std::size_t>(i)];
      if (!again) return Fail(std::move(again).error().In(tlog::NameOf(one.at)));
      return one.act != nullptr ? TellAct(one, companion) : TellItem(*one.item, std::move(*again), companion);
    };
    return MakeAndTake<Result<Read>>(pool_, told.size(), kAtOnce, read, tell);
  }

  Result<void> TellItem(const WrittenItem& item, Read again, Companion& companion) {
    TRY_VOID(log_.Append(kEntriesFile, TextOf(again.entry->bytes())));
    TRY_VOID(log_.Append(kFieldsFile, again.block));
    return companion.Add({*again.entry, ExportedEntry::Part::kItem, again.fields ? &*again.fields : nullptr,
                          item.file.empty() ? std::string() : DataPath(item.file), std::move(again.facts)});
  }

  Result<void> TellAct(const Telling& one, Companion& companion) {
    const ChosenEntry& act = *one.act;
    TRY_VOID(log_.Append(kEntriesFile, TextOf(act.entry.bytes())));
    if (act.fields) TRY_VOID(log_.Append(kFieldsFile, custody::EncodeFieldBlock({one.at, *act.fields})));
    return companion.Add({act.entry, ExportedEntry::Part::kAct, act.fields ? &*act.fields : nullptr});
  }

  BundleHead HeadOf(const Handover& handover) const {
    return {
        Now(),           form(), *head_, fingerprint_, handover.exported, custody::ActorOf(handover.signer.verifier()),
        request_.program};
  }

  Result<void> SignNote(const FileHashes& tags, const Handover& handover) {
    const custody::BundleNote note{
        head_->origin,
        fingerprint_,
        head_->size.value,
        handover.exported,
        custody::ActorOf(handover.signer.verifier()),
        custody::EntryTimeOf(Now()),
        *custody::TagManifestDigest::From(tags.sha256.view()),
        tags.sha512 ? custody::TagManifest512Digest::From(tags.sha512->view()) : std::nullopt};
    TRY(const custody::SignedBundleNote signed_note, custody::SignedBundleNote::Sign(note, handover.signer));
    return bag_->WriteWhole(std::string(kNoteFile), signed_note.bytes());
  }

  // The bundle must hold for its receiver before anybody can receive it.
  Result<void> CheckAsReceiver(const HashesByName& written) {
    VerifyRequest request;
    request.fingerprint = fingerprint_;
    request.interrupted = request_.interrupted;
    request.policy = request_.policy;
    request.written = &written;
    TRY(const verify::Report report, VerifyBundle(folder_, request, pool_));
    if (report.ok()) return {};
    return Fail(ErrorCode::kTampered, verify::FirstProblem(report),
                "exhibit verify --content names everything that is wrong");
  }

  Result<void> PutInPlace() {
    if (!container_) return partial_.Finish();
    const fs::path container = partial_.path() / ("container" + request_.target.extension().native());
    TRY_VOID(PackContainer(folder_, request_.target.stem().native(), *container_, container, request_.interrupted));
    return partial_.FinishAsFile(container);
  }

  ExportRequest request_;
  seal::Identities keys_;
  tlog::Sequence begun_;
  std::optional<ContainerForm> container_;
  NewFolder partial_;
  fs::path folder_;
  Pool& pool_;
  std::unique_ptr<BagWriter> bag_;
  LogWriter log_;
  std::optional<SpoolFile> fields_;  // of items
  WrittenItems items_;
  crypto::Sha256Digest manifest_;
  std::optional<tlog::Checkpoint> head_;
  custody::Fingerprint fingerprint_;
  std::string checkpoint_;  // the note
};

BundleWriter::BundleWriter(std::unique_ptr<Making> making) : making_(std::move(making)) {}
BundleWriter::BundleWriter(BundleWriter&&) noexcept = default;
BundleWriter& BundleWriter::operator=(BundleWriter&&) noexcept = default;
BundleWriter::~BundleWriter() = default;

Result<BundleWriter> BundleWriter::Begin(const custody::AccessGrant& grant, const verify::Source& source,
                                         seal::Identities keys, const ExportRequest& request, Pool& pool) {
  if (request.items.empty()) return Fail(ErrorCode::kInvalid, "no items to export", "name them by their numbers");
  TRY_VOID(CheckGrant(grant, source, request));
  TRY_VOID(CheckTargetName(request.target));
  TRY_VOID(CheckWithheld(request.withhold));
  TRY(NewFolder partial, NewFolder::Make(request.target, {.suffix = ".partial"}));
  auto making = std::make_unique<Making>(request, keys, grant.entry(), std::move(partial), pool);
  TRY_VOID(making->WriteData(source));
  return BundleWriter(std::move(making));
}

const crypto::Sha256Digest& BundleWriter::manifest() const { return making_->manifest(); }

Result<void> BundleWriter::Finish(const verify::Source& source, const Handover& handover, Companion& companion) {
  return making_->Finish(source, handover, companion);
}

std::vector<std::string> NamesOf(const std::vector<seal::Recipient>& recipients) {
  std::vector<std::string> names;
  for (const seal::Recipient& recipient : recipients) {
    std::string text = seal::RecipientText(recipient);
    // A hybrid one has some 2,000 characters.
    if (text.size() > custody::kMaxRecipientBytes)
      text = Format("{}\u2026 SHA-256 {}", text.substr(0, 64), ToHex(crypto::Sha256(ViewOf(text)).view()));
    names.push_back(std::move(text));
  }
  return names;
}

}  // namespace exhibit::bundle
