// All acts of custody, in the order of docs/FORMAT.md's table. A new act is a file in acts/ and a row here; what it lacks
// does not compile.
#pragma once

#include <variant>

#include "vault/custody/acts/access.h"
#include "vault/custody/acts/admit.h"
#include "vault/custody/acts/case.h"
#include "vault/custody/acts/closed.h"
#include "vault/custody/acts/genesis.h"
#include "vault/custody/acts/hold.h"
#include "vault/custody/acts/item.h"
#include "vault/custody/acts/lift.h"
#include "vault/custody/acts/log_key.h"
#include "vault/custody/acts/lost_head.h"
#include "vault/custody/acts/note.h"
#include "vault/custody/acts/omission.h"
#include "vault/custody/acts/reader.h"
#include "vault/custody/acts/receipt.h"
#include "vault/custody/acts/recovery.h"
#include "vault/custody/acts/release.h"
#include "vault/custody/acts/reseal.h"
#include "vault/custody/acts/retire.h"
#include "vault/custody/acts/rotate.h"
#include "vault/custody/acts/rule.h"
#include "vault/custody/acts/run.h"
#include "vault/custody/acts/shred.h"
#include "vault/custody/acts/statement.h"
#include "vault/custody/acts/succeed.h"
#include "vault/custody/acts/suspend.h"
#include "vault/custody/acts/timestamp.h"
#include "vault/custody/acts/transfer.h"
#include "vault/custody/acts/upgrade.h"

namespace exhibit::custody {

template <typename... Acts>
struct ActList {
  static_assert((CompleteAct<Acts> && ...), "an act forgets a part: see act.h");
  using Body = std::variant<Acts...>;
  // Calls `visit` with each act's type.
  template <typename Visit>
  static void ForEach(Visit visit) {
    (visit.template operator()<Acts>(), ...);
  }
};
using AllActs = ActList<Genesis, Item, Omission, Note, CaseRecord, Access, Transfer, Received, Hold, Release, Shred,
                        Admit, Retire, Rotate, Succeed, Suspend, Lift, Rule, ReaderChange, Reseal, LogKeyChange,
                        Recovery, LostHead, Timestamped, Run, StatementAct, Upgrade, Closed>;
using EntryBody = AllActs::Body;

const ActForm& FormOf(const EntryBody& body);
// "admit", "item": what messages call it.
std::string_view WordFor(const EntryBody& body);
// Whether it changes who may do what, or which keys sign or read.
bool IsLaw(const EntryBody& body);
// Whether one who is stopped by a suspension may not sign it.
bool RefusesStopped(const EntryBody& body);
// The earlier entries that it names in public; null for none.
const ItemSet* NamedItemsOf(const EntryBody& body);
// The statement that it carries, as its note; empty for none.
ByteView StatementNoteOf(const EntryBody& body);
// Whether it has a sealed file. An upgrade's is not known.
bool HasSealedFile(const EntryBody& body);
// How many signature lines follow those of actor and cosigner.
std::size_t MoreSignatures(const EntryBody& body);

}  // namespace exhibit::custody
