#include "vault/tlog/sequence.h"

#include "vault/base/format.h"

namespace exhibit::tlog {

std::string NameOf(Sequence sequence) { return Format("entry {}", sequence); }

}  // namespace exhibit::tlog
