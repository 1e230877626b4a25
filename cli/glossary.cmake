# Writes docs/GLOSSARY.md as C++ for cli/glossary.h.
file(READ ${INPUT} text)
string(FIND "${text}" ")words\"" end)
string(LENGTH "${text}" length)
if(NOT end EQUAL -1 OR length GREATER 60000)
  message(FATAL_ERROR "${INPUT} does not fit into one string literal")
endif()
file(WRITE ${OUTPUT} "#include \"cli/glossary.h\"\n\nnamespace exhibit::cli {\n\n"
  "std::string_view GlossaryText() { return R\"words(${text})words\"; }\n\n}  // namespace exhibit::cli\n")
