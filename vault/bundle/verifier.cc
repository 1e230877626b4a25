#include "vault/bundle/verifier.h"

#include <unistd.h>

#include <utility>

#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/bundle/bundle_checker.h"
#include "vault/bundle/container.h"

namespace exhibit::bundle {

namespace fs = std::filesystem;

namespace {

// The folder that a container is unpacked into is gone when a message is read, so messages name the container.
class Renaming {
 public:
  Renaming(const fs::path& folder, const fs::path& container)
      : folder_(Printable(folder.native())), container_(Printable(container.native())) {}

  void In(std::string& text) const {
    for (std::size_t at = text.find(folder_); at != std::string::npos; at = text.find(folder_, at + container_.size()))
      text.replace(at, folder_.size(), container_);
  }
  Failure In(Error error) const {
    In(error.message);
    In(error.hint);
    return Fail(std::move(error));
  }
  void In(CheckedBundle& checked) const {
    for (verify::Finding& finding : checked.report.findings) In(finding.message);
    for (std::string& text : checked.report.undecided) In(text);
    for (std::string& text : checked.report.remarks) In(text);
    if (!checked.extracted) return;
    for (auto& [item, error] : checked.extracted->failed) In(error.message);
  }

 private:
  std::string folder_;
  std::string container_;
};

}  // namespace

Result<CheckedBundle> CheckBundle(const fs::path& bundle, const VerifyRequest& request, Pool& pool) {
  std::error_code error;
  if (!fs::is_regular_file(bundle, error)) {
    if (!request.keep_as.empty())
      return Fail(ErrorCode::kInvalid, Printable(bundle.native()) + " is no container",
                  "what was checked is what is in it");
    return BundleChecker(bundle, request, pool).Run();
  }
  const bool is_kept = !request.keep_as.empty();
  auto made = is_kept ? NewFolder::Make(request.keep_as, {.suffix = ".partial"})
                      : NewFolder::Make(request.unpack_in / Format("exhibit-{}", ::getpid()), {.suffix = ".unpacked"});
  if (!made && !is_kept)
    return Fail(std::move(made).error().Hint("--unpack-in, or TMPDIR, names a folder to unpack in"));
  TRY(NewFolder unpacked, std::move(made));
  TRY(const std::vector<std::string> foreign, UnpackContainer(bundle, unpacked.path(), request.interrupted));
  const Renaming container(unpacked.path(), bundle);
  auto run = BundleChecker(unpacked.path(), request, pool).Run();
  if (!run) return container.In(std::move(run).error());
  CheckedBundle checked = std::move(*run);
  container.In(checked);
  checked.report.foreign.insert(checked.report.foreign.end(), foreign.begin(), foreign.end());
  if (is_kept && checked.report.ok()) TRY_VOID(unpacked.Finish());
  return checked;
}

Result<verify::Report> VerifyBundle(const fs::path& bundle, const VerifyRequest& request, Pool& pool) {
  TRY(CheckedBundle checked, CheckBundle(bundle, request, pool));
  return std::move(checked.report);
}

}  // namespace exhibit::bundle
