// Whose credentials a request to an object store is signed with, found where every S3 tool finds them:
//
//   AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN where there is one; else
//   the profile AWS_PROFILE (else "default") of AWS_SHARED_CREDENTIALS_FILE (else ~/.aws/credentials):
//
//     [default]
//     aws_access_key_id = …
//     aws_secret_access_key = …
//     aws_session_token = …
//
// They are never taken from the command line, which others can read, and never from a file that others can read.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "vault/base/error.h"
#include "vault/crypto/secret.h"

namespace exhibit::net {

struct S3Credentials {
  crypto::SecretText key;                          // "ID:SECRET" and a zero byte, as libcurl takes it
  std::optional<crypto::SecretText> token_header;  // "x-amz-security-token: …" and a zero byte

  // kDenied, naming the places, if there are none, and for a file that others can read; kInvalid for half of them.
  static Result<S3Credentials> Find();

  // From the text of a credentials file. `where` is for messages.
  static Result<S3Credentials> FromFile(std::string_view text, std::string_view profile, std::string_view where);
};

// Credentials that are looked for when the first request needs them: a command that asks nothing of the object store needs
// none. For several threads.
class FoundWhenNeeded {
 public:
  // As S3Credentials::Find, once.
  Result<const S3Credentials*> Get() const;

 private:
  mutable std::mutex mutex_;
  mutable std::optional<S3Credentials> found_;
};

}  // namespace exhibit::net
