#include "cli/published_files.h"

#include <string_view>

#include "cli/interrupt.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/folder_kind.h"
#include "vault/net/bucket_log.h"
#include "vault/net/http_files.h"

namespace exhibit::cli {
namespace {

std::string_view WhoChecks(std::string_view kind) {
  if (kind == custody::kVaultFolder) return "exhibit verify --log checks a vault's log; exhibit publish publishes it";
  if (kind == custody::kKitFolder) return "exhibit kit --check says what it opens";
  if (kind == custody::kBundleFolder) return "exhibit verify-bundle checks it";
  if (kind == custody::kLogOfBundle) return "exhibit verify-bundle checks it: name the bundle's own folder";
  return "";
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
    if (const std::string_view kind = custody::KindOfFolder(place); !kind.empty()) {
      return Fail(ErrorCode::kInvalid, Format("{} is {}, and no published log", Printable(place), kind),
                  std::string(WhoChecks(kind)));
    }
    return std::unique_ptr<publish::Files>(std::make_unique<publish::FolderFiles>(place));
  }
  TRY(net::Url url, net::Url::Parse(place));
  return std::unique_ptr<publish::Files>(
      std::make_unique<net::HttpFiles>(std::move(url), net::Asking{0, &Interrupted(), ca_file}));
}

}  // namespace exhibit::cli
