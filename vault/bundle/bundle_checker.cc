#include "vault/bundle/bundle_checker.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <set>
#include <utility>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/bundle/extract_files.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/note_check.h"
#include "vault/bundle/places.h"
#include "vault/bundle/renamed.h"
#include "vault/custody/item_facts.h"
#include "vault/custody/item_state.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::bundle {

using verify::Property;

BundleChecker::BundleChecker(const std::filesystem::path& folder, const VerifyRequest& request, Pool& pool)
    : request_(request),
      pool_(pool),
      believed_{request.fingerprint, request.policy, request.timestamp_roots, request.case_keys},
      context_{folder, nullptr, nullptr, nullptr, request.identities, request.written, request.interrupted},
      told_(believed_, request.interrupted, pool, report_) {}

Result<CheckedBundle> BundleChecker::Run() {
  TRY_VOID(Check());
  CheckedBundle checked{std::move(report_), {}, std::move(identity_), {}};
  checked.extracted = std::move(extracted_);
  checked.found = std::move(found_);
  if (!told_.has_begun()) return checked;
  checked.form = is_sealed() ? Form::kSealed : Form::kPlain;
  checked.leaves = told_.leaves();
  return checked;
}

// Files are hashed while the log and sealed files are checked: a large file is one stream to hash, and would leave all
// cores but one idle.
Result<void> BundleChecker::Check() {
  TRY(const FoundBag found, FindBag(context_.folder.path(), pool_, request_.interrupted));
  context_.folder = found.folder;
  report_.foreign = found.files.foreign;
  auto hashing = std::async(std::launch::async, [&] {
    return CheckBag(found.folder, found.manifests, found.files, pool_, request_.interrupted, request_.written);
  });
  ReadLog(found.files, found.manifests);
  CheckPlaces(found.files);
  Result<void> checked = CheckLog();
  const bool is_read = told_.has_begun();
  if (checked && is_read) {
    CheckNote(found.manifests);
    NameFiles();
    CheckFilesAreNamed(found.files);
    if (is_sealed()) checked = CheckSealedFiles();
  }
  TRY(const BagCheck bag, hashing.get());
  TRY_VOID(checked);
  TakeBag(found.manifests, bag);
  if (is_read) {
    if (!is_sealed()) TRY_VOID(CheckOriginals(bag.hashes));
    if (!is_sealed()) CheckItemsHaveFiles();
    RemarkStates();
    std::vector<tlog::Sequence> here;
    for (const ToldFile& file : files_) here.push_back(file.entry);
    told_.Finish(here);
  }
  if (!request_.to_find.empty()) TRY_VOID(FindFiles());
  const std::vector<tlog::Sequence> holding = HoldingItems(report_, to_check_);
  std::set<tlog::Sequence> items;
  for (const FileOfEntry& file : to_check_) items.insert(file.told.entry);
  verify::CloseFindings(report_, {items.size(), [&](tlog::Sequence entry) { return items.contains(entry); }});
  return request_.extract_to.empty() || holding.empty() ? Result<void>() : Extract(holding);
}

// --- findings ---

void BundleChecker::AddFinding(Property property, std::optional<tlog::Sequence> entry, std::string message,
                               ErrorCode because) {
  report_.findings.push_back({property, entry, {}, {}, std::move(message), {}, because});
}

void BundleChecker::FindIn(std::string_view file, const Error& error) {
  report_.findings.push_back(
      {Property::kBundle, {}, {}, {}, Format("{}: {}", file, error.message), std::string(file), error.code});
}

// It names the entry that the file belongs to, if any.
void BundleChecker::FindOfFile(const std::string& file, const std::string& what, ErrorCode because) {
  const auto of = of_.find(file);
  report_.findings.push_back({IsCompanion(file) ? Property::kCompanion : Property::kBundle,
                              of == of_.end() ? std::nullopt : std::optional(of->second),
                              {},
                              {},
                              Printable(file) + " " + what,
                              file,
                              because});
}

// --- log/ ---

// A file that is listed and missing, the bag's check names.
void BundleChecker::ReadLog(const BagFiles& files, const BagManifests& manifests) {
  const auto is_there = [&](std::string_view path) { return std::ranges::binary_search(files.files, path); };
  const auto miss = [&](std::string_view path, const Error& error) {
    log_is_read_ = log_is_read_ && !verify::IsUnread(error.code);
    const bool is_missing = error.code == ErrorCode::kNotFound;
    if (!is_missing || !manifests.Lists(path)) {
      FindOfFile(std::string(path), is_missing ? "is missing" : error.message, error.code);
    }
  };
  const auto open = [&](std::string_view path) -> LogPart {
    auto part = LogPart::Open(context_.folder.PathOf(path));
    if (part) return std::move(*part);
    miss(path, part.error());
    return {};
  };
  const auto read = [&](std::string_view path) -> std::string {
    auto text = open(path).ReadAll();
    if (text) return std::move(*text);
    miss(path, text.error());
    return {};
  };
  log_.entries = open(kEntriesFile);
  log_.hashes = read(kHashesFile);
  log_.fields = open(kFieldsFile);
  context_.fields = &log_.fields;
  log_.files = read(kFilesFile);
  log_.checkpoint = read(kCheckpointFile);
  if (is_there(kTimestampsFile)) log_.timestamps = read(kTimestampsFile);
  if (is_there(kLayoutsFile)) context_.layouts = &log_.layouts.emplace(open(kLayoutsFile));
  if (is_sealed() || is_there(kHeadersFile)) context_.headers = &log_.headers.emplace(open(kHeadersFile));
  if (!is_sealed() && log_.headers) FindOfFile(std::string(kLayoutsFile), "is missing", ErrorCode::kNotFound);
  auto told = ParseFiles(log_.files);
  if (told) {
    files_ = std::move(*told);
  } else {
    FindIn(kFilesFile, told.error());
  }
  for (const ToldFile& file : files_) of_.emplace(DataPath(file.name), file.entry);
}

// Listed or not, a file of any other name has no place: nothing checks it, and a good report would seem to vouch for it.
void BundleChecker::CheckPlaces(const BagFiles& files) {
  for (const auto* const names : {&files.files, &files.others}) {
    for (const std::string& path : *names) {
      if (!IsTagFile(path) && !IsPayload(path)) FindOfFile(path, "has no place in a bundle", ErrorCode::kTampered);
    }
  }
}

Result<void> BundleChecker::CheckLog() {
  if (!log_is_read_) return {};  // undecided, and so is all that depends on it
  TRY_VOID(told_.CheckEntries(log_.entries, log_.fields));
  if (!told_.has_begun()) return {};
  told_.CheckTree(log_.checkpoint, log_.hashes);
  if (log_.timestamps) told_.CheckTimestamps(*log_.timestamps);
  return {};
}

// --- the note ---

void BundleChecker::CheckNote(const BagManifests& manifests) {
  const auto check = [&]() -> Result<void> {
    TRY(const custody::SignedBundleNote note, ReadNote(context_.folder));
    const custody::BundleNote& said = note.said();
    const Result<void> compared = CompareNote(said, manifests, told_);
    if (report_.newer_from) return compared;  // who signs there, a newer version knows
    TRY_VOID(CheckNoteSigner(note, told_));
    if (report_.head) {
      identity_ = BundleIdentity{custody::DigestOf<custody::BundleDigest>(note.bytes()),
                                 said.fingerprint,
                                 said.made_by,
                                 said.time,
                                 ToBytes(told_.checkpoint_note()),
                                 {}};
      for (const ToldFile& file : files_) identity_->items.push_back(file.entry);
    }
    TRY_VOID(compared);
    TRY(const ExportCheck exported,
        CheckExport(said, manifests, told_, files_, is_sealed() ? Form::kSealed : Form::kPlain));
    if (is_sealed()) receivers_ = exported.receivers;
    return {};
  };
  if (const auto checked = check(); !checked) FindIn(kNoteFile, checked.error());
}

// --- data/ ---

void BundleChecker::TakeBlocks(std::string_view path, const LogPart& part,
                               std::map<tlog::Sequence, ByteRange>& blocks) {
  const auto found = FindBlocks(part);
  if (!found) return FindIn(path, found.error());
  for (const ToldBlock& block : *found) {
    const bool has_file = std::ranges::binary_search(files_, block.entry, {}, &ToldFile::entry);
    if (has_file) {
      blocks.emplace(block.entry, block.lines);
    } else {
      AddFinding(Property::kBundle, block.entry, Format("{} names it, and it has no file here", path));
    }
  }
}

void BundleChecker::NameFiles() {
  if (is_sealed()) {
    TakeBlocks(kLayoutsFile, *log_.layouts, layouts_);
    TakeBlocks(kHeadersFile, *log_.headers, headers_);
  }
  const auto find = [](const auto& blocks, tlog::Sequence at) {
    const auto found = blocks.find(at);
    return found == blocks.end() ? std::nullopt : std::optional(found->second);
  };
  for (const ToldFile& file : files_) {
    if (told_.IsNewer(file.entry)) continue;
    to_check_.push_back({file, told_.Find(file.entry), find(layouts_, file.entry), find(headers_, file.entry)});
  }
}

void BundleChecker::CheckFilesAreNamed(const BagFiles& files) {
  for (const std::string& path : files.files) {
    if (IsPayload(path) && !of_.contains(path)) FindOfFile(path, "is not named in log/files", ErrorCode::kTampered);
  }
  for (const FileOfEntry& file : to_check_) {
    const std::string path = DataPath(file.told.name);
    if (!std::ranges::binary_search(files.files, path)) {
      FindOfFile(path, "is named in log/files, and missing", ErrorCode::kNotFound);
    }
  }
}

void BundleChecker::TakeOutcome(const FileOfEntry& file, FileOutcome outcome) {
  if (is_sealed()) ++report_.items;
  report_.payload_bytes += outcome.payload_bytes;
  report_.contents += outcome.content_checked ? 1 : 0;
  report_.content_bytes += outcome.content_bytes;
  std::ranges::move(outcome.findings, std::back_inserter(report_.findings));
  if (outcome.unopened) report_.unopened.push_back(file.told.entry);
  if (receivers_ && outcome.receivers > 0 && outcome.receivers != *receivers_) {
    AddFinding(Property::kHeader, file.told.entry,
               Format("its sealed file is for {}, and the act that exported it names {}",
                      Counted(outcome.receivers, "receiver", "receivers"), *receivers_));
  }
}

Result<void> BundleChecker::CheckSealedFiles() {
  report_.depth = request_.identities.empty() ? verify::Depth::kSealed : verify::Depth::kContent;
  std::vector<FileOutcome> outcomes(to_check_.size());
  const auto is_large = [&](std::size_t i) { return SizeOf(context_, to_check_[i]) >= verify::kWorthAllThreads; };
  pool_.ForEach(to_check_.size(), [&](std::size_t i) {
    if (!IsSet(request_.interrupted) && !is_large(i)) outcomes[i] = CheckSealedFile(context_, to_check_[i], nullptr);
  });
  for (std::size_t i = 0; i < to_check_.size() && !IsSet(request_.interrupted); ++i) {
    if (is_large(i)) outcomes[i] = CheckSealedFile(context_, to_check_[i], &pool_);
  }
  // The findings of an interrupted check are not true of the file that it left.
  TRY_VOID(StopIfAsked(request_.interrupted));
  for (std::size_t i = 0; i < to_check_.size(); ++i) TakeOutcome(to_check_[i], std::move(outcomes[i]));
  // A sealed file that was not opened is not counted as checked.
  if (verify::OpensNothing(report_)) report_.depth = verify::Depth::kSealed;
  return {};
}

Result<void> BundleChecker::CheckOriginals(const BagCheck::Hashes& hashes) {
  report_.depth = verify::Depth::kContent;
  std::vector<FileOutcome> outcomes(to_check_.size());
  pool_.ForEach(to_check_.size(), [&](std::size_t i) {
    if (!IsSet(request_.interrupted)) outcomes[i] = CheckOriginal(context_, to_check_[i], hashes);
  });
  TRY_VOID(StopIfAsked(request_.interrupted));
  for (std::size_t i = 0; i < to_check_.size(); ++i) TakeOutcome(to_check_[i], std::move(outcomes[i]));
  return {};
}

// Whose fields are told, and are said to be here, has its original here.
void BundleChecker::CheckItemsHaveFiles() {
  for (const auto& [at, entry] : told_.entries()) {
    if (!entry.HasOriginal() || !entry.fields) continue;
    if (std::ranges::binary_search(files_, at, {}, &ToldFile::entry)) continue;
    const auto fields = told_.FieldsOf(at);
    const auto state = fields ? custody::ItemFactsIn(*fields).state : std::nullopt;
    if (state && state->content == custody::ContentPlace::kElsewhere) continue;
    AddFinding(Property::kContent, at, "its fields are told, and its original is not here", ErrorCode::kNotFound);
  }
}

// Who takes an original in hand is told what it is not, as the page and the table of the bundle tell it.
void BundleChecker::RemarkStates() {
  for (const auto& [at, entry] : told_.entries()) {
    if (!entry.HasOriginal() || !entry.fields) continue;
    const auto fields = told_.FieldsOf(at);
    if (!fields) continue;
    for (const std::string& word : custody::NotOrdinary(custody::ItemFactsIn(*fields)))
      report_.remarks.push_back(Format("entry {}: {}, when it was taken in", at, word));
  }
}

// --- the whole ---

// The problems of the bag come first in the report. A file that has one of the same kind already is named once.
void BundleChecker::TakeBag(const BagManifests& manifests, const BagCheck& bag) {
  std::vector<verify::Finding> of_contents = std::exchange(report_.findings, {});
  for (const auto* const problems : {&manifests.problems, &bag.problems}) {
    for (const BagProblem& problem : *problems) FindOfFile(problem.file, problem.message, problem.because);
  }
  std::set<std::string> missing;
  for (const BagProblem& problem : bag.problems) {
    if (problem.because != ErrorCode::kTampered) missing.insert(problem.file);
  }
  // What could not be read is said to be that, and not to be missing.
  std::erase_if(of_contents, [&](const verify::Finding& finding) {
    return finding.because == ErrorCode::kNotFound && missing.contains(finding.file);
  });
  std::ranges::move(of_contents, std::back_inserter(report_.findings));
}

// Fields of sealed files count as far as a key opened them.
Result<void> BundleChecker::FindFiles() {
  TRY(FileFinder finder, FileFinder::Read(request_.to_find, request_.interrupted));
  std::set<tlog::Sequence> doubtful;
  for (const verify::Finding& finding : report_.findings) {
    const bool is_of_a_file = finding.property == Property::kBundle || finding.property == Property::kCompanion ||
                              finding.property == Property::kContent || finding.property == Property::kPayload;
    if (finding.entry && !is_of_a_file) doubtful.insert(*finding.entry);
    if (!finding.entry && !is_of_a_file) {  // of the whole log
      found_ = std::move(finder).Take();
      return {};
    }
  }
  for (const auto& [at, entry] : told_.entries()) {
    if (!entry.HasOriginal() || doubtful.contains(at)) continue;
    auto fields = told_.FieldsOf(at);
    const auto file = std::ranges::find(to_check_, at, [](const FileOfEntry& one) { return one.told.entry; });
    if (!fields && is_sealed() && !request_.identities.empty() && file != to_check_.end() && file->layout) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      auto opened = FieldsOfFile(context_, *file);
      if (opened) fields = std::move(*opened);
    }
    if (fields) finder.Compare(at, *fields);
  }
  found_ = std::move(finder).Take();
  return {};
}

Result<void> BundleChecker::Extract(const std::vector<tlog::Sequence>& holding) {
  if (is_sealed() && report_.contents == 0) return {};
  TRY(Extraction extraction, Extraction::Begin(request_.extract_to));
  for (const FileOfEntry& file : to_check_) {
    if (!std::ranges::binary_search(holding, file.told.entry)) continue;
    if (std::ranges::binary_search(report_.unopened, file.told.entry)) continue;
    auto written = ExtractFile(context_, file, extraction, pool_);
    if (!written) return std::move(extraction).EndBecause(std::move(written).error());
  }
  TRY(extracted_, std::move(extraction).Finish());
  return {};
}

// Counts the items that hold.
}  // namespace exhibit::bundle
