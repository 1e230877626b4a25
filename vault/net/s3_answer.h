// What a server of S3 says in XML, read as far as it is needed: a page of a list, a lock, and why a request was refused.
//
// The server is not trusted: what cannot be read is kInvalid, every text is bounded, and what a list names is compared
// with what the log names. No document type, no entity but the five of XML, no nesting beyond what a list has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/net/object_store.h"

namespace exhibit::net {

// Of ListObjectsV2. Names are as the server says them, with the prefix.
Result<ObjectStore::Page> ReadListAnswer(std::string_view xml);

// Of ListObjectVersions. Likewise.
Result<ObjectStore::VersionPage> ReadVersionsAnswer(std::string_view xml);

// Of GetObjectRetention: nothing for a lock in another mode than COMPLIANCE.
Result<std::optional<LockedUntil>> ReadRetentionAnswer(std::string_view xml);

// "AccessDenied"; empty if the answer has no such word.
std::string_view CodeOfRefusal(std::string_view xml);

// "AccessDenied: the words", or as much of it as there is; one short printable line.
std::string WordsOfRefusal(std::string_view xml);

}  // namespace exhibit::net
