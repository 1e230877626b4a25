// Whose a key is, in words. An entry names keys by handles that tell nobody anything; the fields of the entries that admit
// them say whose they are, to who may read those.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "vault/custody/entry.h"
#include "vault/custody/field.h"
#include "vault/custody/person_facts.h"

namespace exhibit::tell {

class People {
 public:
  struct Known {
    custody::Person person;
    custody::PersonFacts facts = {};  // as far as they are told
  };

  // In the order of the log: remembers whom a genesis, an admission or a recovery names. Others are passed over. `fields`:
  // the entry's, or null where nobody may read them.
  void Learn(const custody::Entry& entry, const custody::FieldList* fields);

  // Of a key, by its handle. Null for one that was not learned, such as the recovery key.
  const Known* Find(const custody::Actor& actor) const;
  // "Alice Examiner"; where that is not told, the handle: "k1", or the key's whole name. The text is as it was typed.
  std::string NameOf(const custody::Actor& actor) const;
  // "Alice Examiner (Acme IR)", printable.
  std::string Shown(const custody::Actor& actor) const;

 private:
  std::map<std::string, Known, std::less<>> by_handle_;
};

// "k1" of "x7.example/q4d2/k1": within one log that is enough. Any other name as it is.
std::string_view ShortHandle(std::string_view name);

}  // namespace exhibit::tell
