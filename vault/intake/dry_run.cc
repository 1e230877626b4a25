#include "vault/intake/dry_run.h"

#include "vault/base/interrupt.h"

namespace exhibit::intake {

Result<void> DryRun::Take(Input input) {
  TRY_VOID(StopIfAsked(interrupted_));
  Would would;
  would.path = input.facts.path ? *input.facts.path : input.facts.name.value_or("");
  would.type = input.facts.file_type.value_or(custody::FileType::kRegular);
  // Opening a stream would take something out of it, or start its program.
  if (input.can_retry && input.open) {
    if (const auto opened = input.open(); !opened) {
      Refuse({would.path, opened.error()});
      return {};
    }
  }
  const bool is_sized = would.type == custody::FileType::kRegular || would.type == custody::FileType::kSymbolicLink;
  if (is_sized) would.size = input.size_hint;
  listener_.would_add(would);
  return {};
}

}  // namespace exhibit::intake
