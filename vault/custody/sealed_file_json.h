// The two keys that say of a sealed file what is signed of it:
//
//   "header":"<SHA-256 of the age header, hex>","payload":{"bytes":…,"tail":…,"root":"<hex>"}
#pragma once

#include "vault/custody/json_fields.h"
#include "vault/custody/sealed_file.h"

namespace exhibit::custody {

void PutSealedFile(Json& json, const SealedFile& sealed);
// kInvalid for what is of another form, or where no payload has these sizes.
Result<SealedFile> ReadSealedFile(const Fields& fields);

}  // namespace exhibit::custody
