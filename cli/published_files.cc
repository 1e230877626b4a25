#include "cli/published_files.h"

#include "cli/interrupt.h"
#include "vault/net/bucket_log.h"
#include "vault/net/http_files.h"

namespace exhibit::cli {

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
    return std::unique_ptr<publish::Files>(std::make_unique<publish::FolderFiles>(place));
  }
  TRY(net::Url url, net::Url::Parse(place));
  return std::unique_ptr<publish::Files>(
      std::make_unique<net::HttpFiles>(std::move(url), net::Asking{0, &Interrupted(), ca_file}));
}

}  // namespace exhibit::cli
