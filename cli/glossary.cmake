# Writes docs/GLOSSARY.md as C++ for cli/glossary.h.
include(${CMAKE_CURRENT_LIST_DIR}/../vault/base/raw_literal.cmake)
read_raw_literal(${INPUT} words literal)
file(WRITE ${OUTPUT} "#include \"cli/glossary.h\"\n\nnamespace exhibit::cli {\n\n"
  "std::string_view GlossaryText() { return ${literal}; }\n\n}  // namespace exhibit::cli\n")
