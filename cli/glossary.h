// docs/GLOSSARY.md, as it was when the program was built: the document is the only copy of its words.
#pragma once

#include <string_view>

namespace exhibit::cli {

// The document's Markdown: paragraphs, headings that begin with #, and words between ** and **.
std::string_view GlossaryText();

}  // namespace exhibit::cli
