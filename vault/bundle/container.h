// A bundle as one file: a tar or a zip around the bag's folder (RFC 8493, section 4), read and written by libarchive.
//
//   handover.tar:   handover/bagit.txt, handover/data/3.age, ...   one folder on top, and in it the bag
//
// A container is only a wrapping. It is not signed, and nothing of it is believed: what is in it is unpacked and
// checked as a folder is. So it must do no harm on the way, and is refused, by the name of the file in it, for
//   - a name that leaves the folder, is absolute, deeper than a bag, not printable ASCII, or a device's elsewhere;
//   - a name that comes twice, or that differs from another in its case alone;
//   - anything but plain files and folders: no links of either kind, no devices, no sparse or encrypted files;
//   - a size that is not the one stated, more than a million files;
//   - more bytes unpacked than the container has itself: what is sealed is compressed already, so that ours store,
//     and no bomb fits into one that does.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "vault/base/error.h"

namespace exhibit::bundle {

enum class ContainerForm : std::uint8_t { kTar, kZip };

// By how the name ends, ".tar" or ".zip"; nothing for any other, which is a folder's.
std::optional<ContainerForm> ContainerFormOf(const std::filesystem::path& target);

// Writes the plain files below `folder` into the new file `container`, as they stand below a folder `top`, in the
// order of their names, in constant memory; reads it back and compares every byte; and syncs it. Its folder is the
// caller's to sync. REQUIRES: nothing changes in `folder` meanwhile.
//   kExists       `container` is there
//   kIo           the disk refused, or gave back something else
//   kInterrupted  the caller asked to stop; as after any error, a part of `container` may be left
Result<void> PackContainer(const std::filesystem::path& folder, const std::string& top, ContainerForm form,
                           const std::filesystem::path& container, const std::atomic<bool>* interrupted);

// Unpacks `container` into the empty folder `into`, where the caller removes what an error leaves. Gives the folder
// on top, below `into`. Nothing is written anywhere else.
//   kInvalid      it is neither tar nor zip
//   kTampered     it is damaged, or holds what is refused above
Result<std::filesystem::path> UnpackContainer(const std::filesystem::path& container, const std::filesystem::path& into,
                                              const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
