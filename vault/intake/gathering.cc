#include "vault/intake/gathering.h"

#include <algorithm>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/intake/file_facts.h"
#include "vault/intake/velociraptor_folder.h"

namespace exhibit::intake {
namespace {

// What was said of a file, by the user and by the list of hashes.
crypto::Sha256Digest SaidOf(const crypto::Sha256Digest& said, const std::vector<custody::ClaimedDigest>& claimed) {
  std::string all(TextOf(said.view()));
  for (const custody::ClaimedDigest& claim : claimed) {
    all += custody::ToText(claim.algorithm);
    Append(all, claim.value);
  }
  return crypto::Sha256(ViewOf(all));
}

}  // namespace

Gatherer::Gatherer(EvidenceTemplate evidence, WalkOptions walk, Receiver& receiver)
    : evidence_(std::move(evidence)), walk_(std::move(walk)), receiver_(receiver) {
  walk_.left_out = [this](const std::filesystem::path& path, const std::string& pattern) { LeaveOut(path, pattern); };
}

Input Gatherer::NewInput() const {
  Input input;
  input.facts = evidence_.facts;
  input.sealing = evidence_.sealing;
  return input;
}

Result<void> Gatherer::Import(const std::vector<Start>& starts) {
  if (!evidence_.import) return {};
  if (evidence_.import->from == ImportFrom::kVelociraptor) {
    TRY(VelociraptorFolder collections, VelociraptorFolder::Look(starts, walk_, evidence_.import->interrupted));
    foreign_ = std::make_unique<VelociraptorFolder>(std::move(collections));
  } else {
    TRY(ImageFolder images, ImageFolder::Look(starts, walk_, *evidence_.import));
    foreign_ = std::make_unique<ImageFolder>(std::move(images));
  }
  return {};
}

Result<void> Gatherer::TakeFrom(const Start& start) {
  walked_folder_ = walked_folder_ || start.is_folder;
  start_ = start;
  if (!start.followed.empty()) {
    receiver_.Remark(Format("{} is a link to {}, and what it leads to is taken in", Printable(start.named.native()),
                            Printable(start.followed)));
  }
  return Walk(
      start.path, walk_, [this](Found found) { return TakeFound(std::move(found)); },
      [this](Refused refused) { receiver_.Refuse(std::move(refused)); });
}

Result<void> Gatherer::TakeFound(Found found) {
  Input input = NewInput();
  custody::ItemFacts of_file = FactsOfFile(found);
  input.facts.name = std::move(of_file.name);
  input.facts.path = std::move(of_file.path);
  input.facts.file_type = of_file.file_type;
  input.facts.link_target = std::move(of_file.link_target);
  input.facts.times = of_file.times;
  input.facts.system = std::move(of_file.system);
  if (found.type == custody::FileType::kSymbolicLink) {
    input.size_hint = found.link_target.size();
    input.look = FileLook::Of(found.path, found.status, evidence_.said);
    return receiver_.Take(std::move(input));
  }
  if (!TakeClaims(input, found.path.native())) return {};
  TRY(const bool is_clear, TakeImported(input, found));
  if (!is_clear) return {};
  input.look = FileLook::Of(found.path, found.status, SaidOf(evidence_.said, input.facts.claimed));
  // The status of a device does not have its size, and it is never small.
  input.size_hint =
      found.type == custody::FileType::kDevice ? ~std::uint64_t{0} : static_cast<std::uint64_t>(found.status.st_size);
  input.on_cut = OnCut::kKeep;
  // A log that was emptied since the command began has changed, too: keys are opened in between, and somebody may be asked.
  if (found.path == start_.path) {
    found.status.st_size = std::max(found.status.st_size, static_cast<off_t>(start_.bytes));
  }
  input.open = [path = found.path, status = found.status] { return FileSource::Open(path, status); };
  return receiver_.Take(std::move(input));
}

Result<void> Gatherer::TakeStream(const std::string& name, Input stream) {
  Input input = NewInput();
  input.facts.name = name;
  input.facts.file_type = custody::FileType::kStream;
  if (stream.facts.kind) input.facts.kind = stream.facts.kind;
  input.wanted = stream.wanted;
  input.can_retry = false;
  input.on_cut = stream.on_cut;
  input.may_be_empty = stream.may_be_empty;
  input.open = std::move(stream.open);
  input.ended = std::move(stream.ended);
  if (!TakeClaims(input, name)) return {};
  return receiver_.Take(std::move(input));
}

bool Gatherer::TakeClaims(Input& input, const std::string& path) {
  if (!evidence_.claims) return true;
  auto claimed = FindClaims(path);
  if (!claimed) {
    receiver_.Refuse({path, claimed.error()});
    return false;
  }
  if (claimed->empty()) receiver_.Remark("the list of hashes says nothing of " + Printable(path));
  input.facts.claimed = std::move(*claimed);
  return true;
}

// False if a list is ambiguous, which is a refusal.
Result<bool> Gatherer::TakeImported(Input& input, const Found& found) {
  if (!foreign_) return true;
  auto said = foreign_->Of(found);
  if (!said && said.error().code == ErrorCode::kInterrupted) return Fail(std::move(said).error());
  if (!said) {
    receiver_.Refuse({found.path, std::move(said).error()});
    return false;
  }
  AddClaims(input.facts.claimed, said->claimed);
  input.more = std::move(said->more);
  return true;
}

void Gatherer::TellFindings() {
  FolderFindings findings = foreign_->End();
  for (const std::string& remark : findings.remarks) receiver_.Remark(remark);
  for (Refused& failure : findings.failures) receiver_.Miss(std::move(failure));
  for (Refused& difference : findings.differences) receiver_.Contradict(std::move(difference));
  for (Refused& missing : findings.missing) receiver_.Refuse(std::move(missing));
}

Result<std::vector<custody::ClaimedDigest>> Gatherer::FindClaims(const std::string& path) {
  std::string_view within = path;
  const std::string& start = start_.path.native();
  if (start.empty() || !within.starts_with(start)) return evidence_.claims->Find(path);
  within.remove_prefix(start.size());
  while (within.starts_with('/')) within.remove_prefix(1);
  return evidence_.claims->Find(path, within);
}

void Gatherer::LeaveOut(const std::filesystem::path& path, const std::string& pattern) {
  // The list may name it, and then nothing is missing.
  if (evidence_.claims) IgnoreBecause("only that it is named counts", FindClaims(path.native()));
  receiver_.LeaveOut(path, "left out as asked: --exclude " + pattern);
}

void Gatherer::End() {
  for (const std::string& pattern : walk_.exclusion.Unused()) {
    receiver_.Remark("--exclude " + Printable(pattern) + " fitted nothing");
  }
  if (foreign_) TellFindings();
  if (!evidence_.claims) return;
  const std::vector<std::string> unused = evidence_.claims->Unused();
  if (unused.size() == evidence_.claims->size()) {
    receiver_.Refuse({evidence_.claims_file, {ErrorCode::kNotFound, "the list of hashes names none of the files", {}}});
  } else if (walked_folder_) {
    for (const std::string& path : unused) {
      if (walk_.exclusion.MayLeaveOut(path)) continue;
      receiver_.Refuse({path, {ErrorCode::kNotFound, "the list of hashes names it, and it was not there", {}}});
    }
  }
}

}  // namespace exhibit::intake
