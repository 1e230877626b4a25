#include "vault/bundle/bag_files.h"

#include <algorithm>

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/bundle/foreign_files.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

class Lister {
 public:
  Lister(const fs::path& folder, const std::function<bool(std::string_view)>& is_listed)
      : folder_(folder), is_listed_(is_listed) {}

  Result<BagFiles> Run() {
    TRY_VOID(ListFolder({}));
    while (!pending_.empty()) {
      const std::string below = std::move(pending_.back());
      pending_.pop_back();
      const Result<void> listed = ListFolder(below);
      if (!listed && listed.error().code == ErrorCode::kInvalid) return Fail(listed.error());
      if (listed) continue;
      // A system's own folder is often closed to other users; that is no problem of the bag.
      if (IsForeign(below)) {
        found_.foreign.push_back(below);
      } else {
        found_.unread.push_back({below, listed.error().message, listed.error().code});
      }
    }
    std::ranges::sort(found_.files);
    std::ranges::sort(found_.others);
    std::ranges::sort(found_.foreign);
    return std::move(found_);
  }

 private:
  // `below` is a folder of the bag with a slash at the end, or empty.
  Result<void> ListFolder(const std::string& below) {
    std::error_code error;
    fs::directory_iterator entry(folder_ / below, error);
    const bool is_empty = !error && entry == fs::directory_iterator();
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      Take(below + entry->path().filename().native(), entry->symlink_status(error).type());
      if (++count_ > kMaxBagFiles) {
        return Fail(ErrorCode::kInvalid,
                    Printable(folder_.native()) + " holds more than 1,000,000 files, and no bundle does");
      }
    }
    if (error) return Fail(SystemError("look into", folder_ / below, error.value()));
    const bool is_of_a_bundle = below.empty() || below == kDataFolder || below == "log/";
    if (is_empty && !is_of_a_bundle) found_.foreign.push_back(below);
    return {};
  }

  void Take(std::string name, fs::file_type type) {
    if (type == fs::file_type::directory) {
      pending_.push_back(std::move(name) + "/");
    } else if (IsForeign(name) || (type == fs::file_type::regular && IsForeignFile(name) && !is_listed_(name))) {
      found_.foreign.push_back(std::move(name));
    } else {
      (type == fs::file_type::regular ? found_.files : found_.others).push_back(std::move(name));
    }
  }

  // Whether it is in a folder that a system made.
  bool IsForeign(std::string_view name) const {
    const std::size_t slash = name.rfind('/');
    return slash != std::string_view::npos && IsForeignFolder(name.substr(0, slash)) && !is_listed_(name);
  }

  const fs::path& folder_;
  const std::function<bool(std::string_view)>& is_listed_;
  std::vector<std::string> pending_;
  std::size_t count_ = 0;
  BagFiles found_;
};

}  // namespace

Result<BagFiles> ListBag(const fs::path& folder, const std::function<bool(std::string_view)>& is_listed) {
  return Lister(folder, is_listed).Run();
}

}  // namespace exhibit::bundle
