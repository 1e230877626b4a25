// A bundle as one file: a tar or a zip around the bag's folder (RFC 8493, section 4).
//
//   handover.tar:   handover/bagit.txt, handover/data/3.age, ...
//
// A container is only a wrapping. It is not signed, and nothing of it is believed: what is in it is unpacked and
// checked as a folder is. But whoever receives it unpacks it with a tool of his own, and must get what was checked. So
// every byte of it is accounted for (zip_index.h, tar_index.h), by our own parsers, before anything is unpacked; what
// two unpackers could read in two ways is refused; and the form is the one that the name's ending says, because by
// that a receiver chooses his tool. What ordinary tools pack of a bundle's folder is read, or refused with what to do.
//
// It must do no harm on the way either: names are those of bundle_place.h; of files there are at most a million; what
// is deflated unpacks to at most 64 times the container and 16 MiB, which must be free.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/error.h"

namespace exhibit::bundle {

enum class ContainerForm : std::uint8_t { kTar, kZip };

// By how the name ends, ".tar" or ".zip"; nothing for any other, which is a folder's.
std::optional<ContainerForm> ContainerFormOf(const std::filesystem::path& target);

// Whether a bundle can be made under this name.
//   kInvalid  it ends as a form does that is not written (.tgz), or a container's folder cannot be called so
Result<void> CheckTargetName(const std::filesystem::path& target);

// Writes the plain files below `folder` into the new file `container`, as they stand below a folder `top`, in the
// order of their names, in constant memory; reads it back and compares every byte; and syncs it. Its folder is the
// caller's to sync. REQUIRES: CheckTargetName accepted `top` with the form's ending; nothing changes in `folder` meanwhile.
//   kExists       `container` is there
//   kIo           the disk refused, or gave back something else
//   kInterrupted  the caller asked to stop; as after any error, a part of `container` may be left
Result<void> PackContainer(const std::filesystem::path& folder, const std::string& top, ContainerForm form,
                           const std::filesystem::path& container, const std::atomic<bool>* interrupted);

// Unpacks the bundle's files out of `container` into the empty folder `into`, where the caller removes what an error
// leaves. Nothing is written anywhere else. Gives the names of what an operating system left in the container, which is
// not unpacked.
//   kInvalid      it cannot be looked at in this form, and the hint says what to do
//   kTampered     it is damaged, or holds what is refused
//   kIo           there is no room for it, or the disk refused
Result<std::vector<std::string>> UnpackContainer(const std::filesystem::path& container,
                                                 const std::filesystem::path& into,
                                                 const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
