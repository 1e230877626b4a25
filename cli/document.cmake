# Writes a document as C++ for cli/documents.h.
include(${CMAKE_CURRENT_LIST_DIR}/../vault/base/raw_literal.cmake)
read_raw_literal(${INPUT} words literal)
file(WRITE ${OUTPUT} "#include \"cli/documents.h\"\n\nnamespace exhibit::cli {\n\n"
  "std::string_view ${NAME}Text() { return ${literal}; }\n\n}  // namespace exhibit::cli\n")
