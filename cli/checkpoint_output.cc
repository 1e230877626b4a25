#include "cli/checkpoint_output.h"

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {

std::string CheckpointLine(const tlog::Checkpoint& checkpoint) {
  return Format("checkpoint   {}, {}\n", Printable(checkpoint.origin.text()), tlog::Describe(checkpoint));
}

Json JsonOf(const tlog::Checkpoint& checkpoint) {
  return {
      {"origin", checkpoint.origin.text()}, {"size", checkpoint.size.value}, {"root", tlog::RootText(checkpoint.root)}};
}

}  // namespace exhibit::cli
