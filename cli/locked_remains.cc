#include "cli/locked_remains.h"

#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/store/spent_objects.h"

namespace exhibit::cli {

void SayUntilWhenItStays(const RemoteVault& remote) {
  constexpr std::string_view kThen = "then `exhibit retain` deletes them: let a timer run it";
  const auto log = remote.Log();
  const auto seen = log ? store::LookAtSpent(**log) : Result<store::SpentSeen>(Fail(log.error()));
  if (!seen) {
    Say(Format("its bytes stay in the bucket until their locks end, and until when could not be seen: {}; {}",
               seen.error().message, kThen));
  } else if (seen->until && *seen->until > Now()) {
    Say(Format("its bytes stay in the bucket until their locks end, at the latest {}; {}", FormatTime(*seen->until),
               kThen));
  } else if (seen->there > 0) {
    Say("its bytes are still in the bucket, and their locks have ended. Delete them: exhibit retain");
  }
}

}  // namespace exhibit::cli
