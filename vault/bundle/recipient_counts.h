// Compares the number of receivers of a sealed file with the entries that announced an export of it: a bundle that
// opens for one more than the log names went to somebody whom the log does not name.
//
// An item may have been exported more than once; its file must fit one of the entries that the bundle holds. If none
// names it, there is no finding: only items that were asked for are announced.
#pragma once

#include <map>
#include <vector>

#include "vault/custody/entry.h"

namespace exhibit::bundle {

class RecipientCounts {
 public:
  // REQUIRES: the rules allow the entry.
  void NoteExport(const custody::Access& access);
  // How many recipients data/<N>.age has.
  void NoteSealedFile(tlog::Sequence sequence, std::size_t recipients) { found_[sequence] = recipients; }

  struct Odd {
    tlog::Sequence sequence;
    std::size_t recipients = 0;
  };
  // Ascending. The cost grows with the length of the entries plus the number of files, not with their product.
  std::vector<Odd> Find() const;

 private:
  struct Export {
    custody::ItemSet items;
    std::size_t recipients;
  };
  std::vector<Export> exports_;
  std::map<tlog::Sequence, std::size_t> found_;
};

}  // namespace exhibit::bundle
