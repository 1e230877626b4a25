#include "vault/bundle/bundle_place.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/foreign_files.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Names that Windows treats as devices, whatever follows a dot.
bool IsDevice(std::string_view part) {
  const std::string stem = Lower(part.substr(0, part.find('.')));
  if (stem == "con" || stem == "prn" || stem == "aux" || stem == "nul") return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

bool IsPrintableAscii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

template <typename Visit>
bool AnyPart(std::string_view path, Visit visit) {
  for (;;) {
    const std::size_t slash = path.find('/');
    if (visit(path.substr(0, slash))) return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

// Why a name is refused, and how whoever meant no harm packs anew; nothing for a good name.
struct Wrong {
  std::string_view why = {};
  std::string_view hint = {};
};

// Names by which some unpacker would write outside the folder.
Wrong Leaves(std::string_view path) {
  if (path.size() > kMaxPathBytes) return {"its name is too long"};
  if (path.starts_with('/')) {
    return {"its name is absolute and leaves the folder, as after tar -P (--absolute-names)",
            "pack it anew without -P, in the folder above the bundle's: tar -cf handover.tar handover"};
  }
  if (path.find('\\') != std::string_view::npos) {
    return {"its name has a \"\\\", which is a folder on some systems; programs of .NET before 4.6.1 write such zips",
            "pack it anew with another tool, such as 7-Zip, or zip -r handover.zip handover"};
  }
  if (path.find(':') != std::string_view::npos) return {"its name has a \":\", which is a disk on some systems"};
  if (path.starts_with("../")) {
    return {"its name leaves the folder, as after zip -r handover.zip ../handover",
            "pack it anew in the folder above the bundle's: zip -r handover.zip handover"};
  }
  if (AnyPart(path, [](std::string_view part) { return part.empty() || part == "." || part == ".."; }))
    return {"its name leaves the folder"};
  return {};
}

std::string_view WrongWithPath(std::string_view path) {
  if (!IsPrintableAscii(path) || path.find('%') != std::string_view::npos)
    return "its name is not of printable ASCII alone, or has a \"%\"";
  if (static_cast<std::size_t>(std::ranges::count(path, '/')) >= kMaxPathParts)
    return "it lies deeper than a bundle's files";
  if (AnyPart(path, IsDevice)) return "its name is a device's on some systems";
  return {};
}

// A name without "./" in front. The folder "." is the empty name.
std::string_view Plain(std::string_view name) {
  if (name == ".") return {};
  if (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

bool IsForeign(const Member& member, std::string_view name) {
  return member.kind == Member::Kind::kFolder ? IsForeignFolder(name) : IsForeignFile(name);
}

// The folders above bagit.txt with a slash at the end, or nothing if there is none. The highest is the bundle's.
std::optional<std::string> FindTop(const std::vector<Member>& members) {
  std::optional<std::string_view> top;
  for (const Member& member : members) {
    const std::string_view name = Plain(member.name);
    if (member.kind != Member::Kind::kFile || IsForeign(member, name)) continue;
    if (name != kBagitFile && !(name.ends_with(kBagitFile) && name[name.size() - kBagitFile.size() - 1] == '/'))
      continue;
    const std::string_view above = name.substr(0, name.size() - kBagitFile.size());
    if (!top || std::ranges::count(above, '/') < std::ranges::count(*top, '/')) top = above;
  }
  return top ? std::optional<std::string>(*top) : std::nullopt;
}

class Placer {
 public:
  Placer(std::optional<std::string> top, std::string_view container) : top_(std::move(top)), container_(container) {}

  Result<void> Place(const Member& member) {
    const std::string_view name = Plain(member.name);
    if (name.empty() && member.kind == Member::Kind::kFolder) return {};
    if (const Wrong wrong = Leaves(name); !wrong.why.empty()) return Refuse(member.name, wrong.why, wrong.hint);
    if (!names_.emplace(Lower(name), name).second) return RefuseSecond(member, name);
    if (IsForeign(member, name)) {
      if (member.kind == Member::Kind::kFile) place_.foreign.push_back(&member);
      return {};
    }
    if (!top_) return {};
    if (!name.starts_with(*top_)) return PlaceBeside(member, name);
    const std::string_view path = name.substr(top_->size());
    if (const std::string_view why = WrongWithPath(path); !why.empty()) return Refuse(member.name, why);
    if (member.kind == Member::Kind::kFolder) return {};
    files_.insert(Lower(path));
    place_.files.push_back({&member, std::string(path)});
    return {};
  }

  Result<BundlePlace> Finish() {
    if (!top_) return CannotRead(container_, Format("it holds no bundle: there is no {} in it", kBagitFile));
    for (const Placed& file : place_.files) {
      const std::string lower = Lower(file.path);
      for (std::size_t slash = lower.find('/'); slash != std::string::npos; slash = lower.find('/', slash + 1)) {
        if (files_.contains(lower.substr(0, slash))) return Refuse(file.path, "the folder that it is in is a file");
      }
    }
    return std::move(place_);
  }

 private:
  // The folders above the bundle's, and it.
  Result<void> PlaceBeside(const Member& member, std::string_view name) const {
    if (member.kind == Member::Kind::kFolder && top_->starts_with(std::string(name) + "/")) return {};
    return CannotRead(container_,
                      Format("it holds more than a bundle: \"{}\" lies beside it", PrintableUpTo(200, name)));
  }

  std::optional<std::string> top_;
  std::string_view container_;
  // Unpackers keep the first or the second.
  Failure RefuseSecond(const Member& member, std::string_view name) const {
    if (names_.at(Lower(name)) != name)
      return Refuse(member.name, "the name is there already, and differs only in upper and lower case");
    return Refuse(member.name, "the name is there already: tar -r and tar -u add a file a second time",
                  "pack it anew into a new file: tar -cf handover.tar handover");
  }

  std::map<std::string, std::string> names_;  // all names, by what they are in lower case
  std::set<std::string> files_;               // the bundle's, in lower case
  BundlePlace place_;
};

}  // namespace

std::string_view WrongWithTop(std::string_view name) {
  if (const Wrong wrong = Leaves(name); !wrong.why.empty()) return wrong.why;
  if (!IsUtf8(name) || HasControl(name) || name.find('%') != std::string_view::npos)
    return "it is not of printable characters, or has a \"%\"";
  if (name.find('/') != std::string_view::npos) return "it has a \"/\"";
  if (IsDevice(name)) return "it is a device's on some systems";
  if (IsForeignFolder(name)) return "systems call folders so that they make for themselves";
  return {};
}

Result<BundlePlace> FindBundle(const std::vector<Member>& members, std::string_view container) {
  Placer placer(FindTop(members), container);
  // A name that does harm is reported even if there is no bundle.
  for (const Member& member : members) TRY_VOID(placer.Place(member));
  return placer.Finish();
}

}  // namespace exhibit::bundle
