// For how many receivers a sealed file was made, against the entries that announced an export of it: a bundle that
// opens for one more than the log names went to somebody whom nobody speaks of.
//
// An item may have been exported more than once; its file must fit one of the entries that the bundle holds. Where none
// names it, nothing is said: what a bundle holds beside the items that were asked for is not announced.
#pragma once

#include <map>
#include <vector>

#include "vault/custody/entry.h"

namespace exhibit::bundle {

class RecipientCounts {
 public:
  // Of an entry that was done by who might.
  void NoteExport(const custody::Access& access);
  // What was found of data/<N>.age.
  void NoteSealedFile(tlog::Sequence sequence, std::size_t recipients) { found_[sequence] = recipients; }

  struct Odd {
    tlog::Sequence sequence;
    std::size_t recipients = 0;
  };
  // Ascending. Its cost follows the length of the entries and the number of the files, not their product.
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
