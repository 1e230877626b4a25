// The files of a published log: in a folder, at a URL of http or https, or in a bucket, s3://HOST/BUCKET/PREFIX.
#pragma once

#include <memory>
#include <string>

#include "vault/base/error.h"
#include "vault/publish/published_log.h"

namespace exhibit::cli {

// kInvalid for a URL that is none. Nothing is read yet. `ca_file`: ca_file.h.
Result<std::unique_ptr<publish::Files>> FilesOf(const std::string& place, const std::string& ca_file);

}  // namespace exhibit::cli
