#include "vault/session/failed_disk.h"

#include <mutex>
#include <set>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::failed_disk {
namespace {

namespace fs = std::filesystem;

struct Failed {
  std::mutex mutex;  // guards `stores`
  std::set<fs::path> stores;
};
Failed& AllFailed() {
  static Failed failed;
  return failed;
}

fs::path NameOf(const fs::path& store) { return fs::absolute(store).lexically_normal(); }

}  // namespace

void Note(const fs::path& store, const Error& error) {
  if (error.code != ErrorCode::kIo) return;
  const std::lock_guard lock(AllFailed().mutex);
  AllFailed().stores.insert(NameOf(store));
}

Result<void> Check(const fs::path& store) {
  const std::lock_guard lock(AllFailed().mutex);
  if (!AllFailed().stores.contains(NameOf(store))) return {};
  return Fail(ErrorCode::kIo,
              Format("the disk failed while this command wrote to {}, so that nothing more is written now",
                     Printable(store.native())),
              "read the system's log (dmesg) before you go on");
}

}  // namespace exhibit::failed_disk
