// A message holds no secret, and its values fit its form (vault/base/format.h). Program 0 is right.
#include "vault/base/format.h"

#include "vault/crypto/secret.h"
#include "vault/tlog/sequence.h"

namespace exhibit {

std::string Message(const crypto::SecretText& passphrase, tlog::Sequence sequence) {
#if PROGRAM == 0
  (void)passphrase;
  return Format("entry {} of {}", sequence, "a log");
#elif PROGRAM == 1  // prints a secret
  return Format("entry {} of {}", sequence, passphrase);
#elif PROGRAM == 2  // forgets a value
  return Format("entry {} of {}", sequence);
#elif PROGRAM == 3  // a form that somebody else made
  const std::string form = "entry {}";
  return Format(form, sequence);
#endif
}

}  // namespace exhibit
