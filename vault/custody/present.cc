#include "vault/custody/present.h"

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

std::string NotAdmitted(const Actor& actor, const Membership* before) {
  const std::string who = "key " + Printable(actor.text());
  if (before == nullptr || !before->until) return who + " was never admitted to this vault";
  if (!before->replaced_by) return Format("{} was retired in {}", who, NameOf(*before->until));
  return Format("{} was replaced in {} by {}", who, NameOf(*before->until), Printable(before->replaced_by->text()));
}

}  // namespace

Result<const Membership*> Present(const Facts& facts, const Actor& actor) {
  if (const Membership* const member = facts.FindPresent(actor)) return member;
  return Fail(ErrorCode::kDenied, NotAdmitted(actor, facts.Find(actor)),
              "name another with --key: `exhibit custodian list` shows who may act");
}

}  // namespace exhibit::custody
