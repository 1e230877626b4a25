// What a commit does where bytes cannot be overwritten: it says what is destroyed, and places anew what shares an object with
// that (sealed_places.h has the rows).
//
//   1  which objects hold bytes that are destroyed, and others that stay
//   2  of each of these: read whole, compare with the digest that the log names, put what stays into new objects, read back
//   3  rows for each item of which something was destroyed or placed anew
//
// It is done before the commit is sent. Killed, it leaves objects that no commit names; a commit that comes second begins it
// anew, because what others destroyed meanwhile must not be placed again.
//
// An object that is gone or damaged is left as it is, with what stays in it: nobody puts damaged bytes into the place of
// others. Then it goes on holding bytes that are destroyed, and `verify` says so; the next commit that destroys something
// tries again.
#pragma once

#include <span>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/store/object_log.h"
#include "vault/store/store.h"

namespace exhibit::store {

struct PlacedAnew {
  std::vector<CommitRecord::Place> rows;
  std::vector<NamedObject> objects;  // that were put for it
};

// For the commit after those that `log` knows. Memory: two objects, and what is known of their items. Costs two requests for
// an object that is read or put, whatever the number of items in it.
Result<PlacedAnew> PlaceAnew(const ObjectLog& log, std::span<const AppendBatch::Destroyed> destroyed);

}  // namespace exhibit::store
