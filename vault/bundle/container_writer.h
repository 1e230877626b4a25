// Writes containers that all unpackers read in the same way: a tar in GNU's form, a zip without compression.
//
// Both are the plainest form, which all tools have read for decades. In the tar a name of more than 100 bytes is in
// a header of type L, and a size of 8 GiB or more is binary. In the zip, sizes and offsets of 4 GiB or more are in the
// fields of zip64, and a name that is not ASCII is marked as UTF-8.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/bundle/container.h"

namespace exhibit::bundle {

// Writes the files `names` of `folder`, in this order and below a folder `top`, into the new file `container`, and
// syncs it. The errors are PackContainer's.
Result<void> WriteContainer(const std::filesystem::path& folder, const std::vector<std::string>& names,
                            const std::string& top, ContainerForm form, const std::filesystem::path& container,
                            const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
