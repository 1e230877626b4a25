// A bundle as one file: a tar or a zip around the bag's folder (RFC 8493, section 4).
//
//   handover.tar:   handover/bagit.txt, handover/data/3.age, ...
//
// A container is only a wrapping. It is not signed, and proves nothing: the bundle in it is unpacked and
// checked as a folder is. But its receiver unpacks it with another tool, and must get the files that were checked. So
// our own parsers account for every byte of it (zip_index.h, tar_index.h) before anything is unpacked; a container that
// two unpackers could read in two ways is refused; and its form must be the one that its name's ending says, because by
// that a receiver chooses a tool. A container that ordinary tools pack of a bundle's folder is read, or refused with a hint.
//
// Unpacking must do no harm: names are those of bundle_place.h; there are at most a million files; deflated data
// unpack to at most 64 times the container plus 16 MiB, and the disk must have that room.
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

// By the end of the name, ".tar" or ".zip"; nothing for any other, which names a folder.
std::optional<ContainerForm> ContainerFormOf(const std::filesystem::path& target);

// Whether a bundle can be made under this name.
//   kInvalid  its ending is that of a form that we do not write (.tgz), or a container's folder cannot have this name
Result<void> CheckTargetName(const std::filesystem::path& target);

// Writes the plain files below `folder` into the new file `container`, under the same names below a folder `top`, in the
// order of their names, in constant memory; reads it back and compares every byte; and syncs it. The caller syncs its
// folder. REQUIRES: CheckTargetName accepted `top` with the form's ending; nothing changes in `folder` meanwhile.
//   kExists       `container` is there
//   kIo           the disk refused, or gave back something else
//   kInterrupted  the caller asked to stop; as after any error, a part of `container` may be left
Result<void> PackContainer(const std::filesystem::path& folder, const std::string& top, ContainerForm form,
                           const std::filesystem::path& container, const std::atomic<bool>* interrupted);

// Unpacks the bundle's files from `container` into the empty folder `into`. After an error the caller removes what is
// left there. Writes nothing anywhere else. Returns the names of files that an operating system left in the container;
// they are not unpacked.
//   kInvalid      it cannot be read in this form, and the hint says what to do
//   kTampered     it is damaged, or holds something that is refused
//   kIo           there is no room for it, or the disk refused
Result<std::vector<std::string>> UnpackContainer(const std::filesystem::path& container,
                                                 const std::filesystem::path& into,
                                                 const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
