// The check of a bundle's folder: in which order its parts are checked, and what each needs of the others. verifier.h is how
// others call it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vault/bundle/bag_check.h"
#include "vault/bundle/file_check.h"
#include "vault/bundle/log_part.h"
#include "vault/bundle/told_log_check.h"
#include "vault/bundle/verifier.h"

namespace exhibit::bundle {

class BundleChecker {
 public:
  // The arguments outlive this.
  BundleChecker(const std::filesystem::path& folder, const VerifyRequest& request, Pool& pool);

  // Once.
  Result<CheckedBundle> Run();

 private:
  Result<void> Check();
  void ReadLog(const BagFiles& files, const BagManifests& manifests);
  void CheckPlaces(const BagFiles& files);
  Result<void> CheckLog();
  void CheckNote(const BagManifests& manifests);
  void NameFiles();
  void CheckFilesAreNamed(const BagFiles& files);
  void TakeBlocks(std::string_view path, const LogPart& part, std::map<tlog::Sequence, ByteRange>& blocks);
  Result<void> CheckSealedFiles();
  Result<void> CheckOriginals(const BagCheck::Hashes& hashes);
  void CheckItemsHaveFiles();
  void RemarkStates();
  void TakeBag(const BagManifests& manifests, const BagCheck& bag);
  void TakeOutcome(const FileOfEntry& file, FileOutcome outcome);
  Result<void> FindFiles();
  Result<void> Extract(const std::vector<tlog::Sequence>& holding);

  void AddFinding(verify::Property property, std::optional<tlog::Sequence> entry, std::string message,
                  ErrorCode because = ErrorCode::kTampered);
  void FindIn(std::string_view file, const Error& error);
  void FindOfFile(const std::string& file, const std::string& what, ErrorCode because);
  bool is_sealed() const { return log_.layouts.has_value(); }

  const VerifyRequest& request_;
  Pool& pool_;
  Believed believed_;
  verify::Report report_;
  FileContext context_;
  // The files of log/ (log_files.h).
  struct Log {
    LogPart entries;
    LogPart fields;
    std::string hashes;
    std::string files;
    std::string checkpoint;
    std::optional<std::string> timestamps;
    std::optional<LogPart> layouts;
    std::optional<LogPart> headers;
  };
  Log log_;
  bool log_is_read_ = true;  // false if the system did not let us read one of its files
  ToldLogCheck told_;
  std::vector<ToldFile> files_;               // of log/files
  std::map<std::string, tlog::Sequence> of_;  // by path
  std::vector<FileOfEntry> to_check_;         // without those that need a newer version
  std::map<tlog::Sequence, ByteRange> layouts_;
  std::map<tlog::Sequence, ByteRange> headers_;
  std::optional<std::size_t> receivers_;  // that a sealed bundle is for, as its export act says
  std::optional<BundleIdentity> identity_;
  std::optional<Extracted> extracted_;
  std::vector<FoundFile> found_;
};

}  // namespace exhibit::bundle
