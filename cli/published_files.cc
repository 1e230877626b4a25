#include "cli/published_files.h"

#include <filesystem>
#include <string_view>
#include <system_error>

#include "cli/interrupt.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/net/bucket_log.h"
#include "vault/net/http_files.h"

namespace exhibit::cli {
namespace {

namespace fs = std::filesystem;

// What else has a checkpoint and entries: read as a published log it would be a damaged one, and nobody damaged it.
Result<void> RefuseOtherFolder(const fs::path& folder) {
  struct Other {
    fs::path mark;
    std::string_view what;
    std::string_view hint;
  };
  std::error_code unknown;
  const fs::path whole = (fs::absolute(folder, unknown) / "").lexically_normal().parent_path();
  const Other others[] = {
      {folder / "HEAD", "a vault",
       "exhibit verify --log checks a vault's log; exhibit publish makes a log that is published"},
      {folder / "bagit.txt", "a bundle", "exhibit verify-bundle checks it"},
      {folder / "law.proof", "a kit", "exhibit kit --check says what it opens"},
      {whole.filename() == "log" ? whole.parent_path() / "bagit.txt" : fs::path(), "the log of a bundle",
       "exhibit verify-bundle checks it: name the bundle's own folder"},
  };
  for (const Other& other : others) {
    if (other.mark.empty() || IsAbsent(other.mark)) continue;
    return Fail(ErrorCode::kInvalid, Format("{} is {}, and no published log", Printable(folder.native()), other.what),
                std::string(other.hint));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<publish::Files>> FilesOf(const std::string& place, const std::string& ca_file) {
  if (net::S3Place::LooksLikeOne(place)) {
    if (!ca_file.empty()) {
      return Fail(ErrorCode::kInvalid, "--ca-file is for a URL of https",
                  "of a place on an object store: s3://HOST/BUCKET/PREFIX?ca-file=FILE");
    }
    TRY(const net::S3Place bucket, net::S3Place::Parse(place));
    return std::unique_ptr<publish::Files>(
        std::make_unique<net::BucketLogFiles>(net::BucketFiles::At(bucket, &Interrupted())));
  }
  if (!net::Url::LooksLikeOne(place)) {
    TRY_VOID(RefuseOtherFolder(place));
    return std::unique_ptr<publish::Files>(std::make_unique<publish::FolderFiles>(place));
  }
  TRY(net::Url url, net::Url::Parse(place));
  return std::unique_ptr<publish::Files>(
      std::make_unique<net::HttpFiles>(std::move(url), net::Asking{0, &Interrupted(), ca_file}));
}

}  // namespace exhibit::cli
