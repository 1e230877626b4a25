// Text files that people bring: key files, lists of recipients, lists of hashes. Editors and shells of Windows write them
// in UTF-16, with a byte order mark and with CRLF, and hands leave blanks at the ends of lines. None of that has a meaning.
//
// What we wrote ourselves, and what is signed, is never read through this.
#pragma once

#include "vault/base/bytes.h"

namespace exhibit {

// The same text in UTF-8, without a byte order mark. Text that begins with no mark of UTF-16 is taken as it is, whatever its
// bytes are.
Bytes Utf8TextOf(ByteView file);

// The same, without blanks, tabs and carriage returns at the ends of its lines. Not for lists of names, which may end in a
// blank. The caller wipes the result if the text is secret.
Bytes PlainTextOf(ByteView file);

}  // namespace exhibit
